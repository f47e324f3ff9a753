//! docs/registry-protocol.schema.json is the schema of the types, and each of its frames has an example in the document.

use std::path::Path;

use pointsman_discovery::frame::schema;

use crate::protocol::{Sender, examples};

/// Written anew with `POINTSMAN_WRITE_SCHEMA=1`.
#[test]
fn the_golden_file_is_the_schema() {
    let mut made = serde_json::to_string_pretty(&schema()).unwrap();
    made.push('\n');
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/registry-protocol.schema.json");
    if std::env::var_os("POINTSMAN_WRITE_SCHEMA").is_some() {
        std::fs::write(&path, &made).unwrap();
    }
    let golden = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        made == golden,
        "the types have changed: look at the protocol's document, then POINTSMAN_WRITE_SCHEMA=1"
    );
}

#[test]
fn every_frame_has_an_example() {
    let schema = serde_json::to_value(schema()).unwrap();
    let examples = examples();
    for (sender, definition) in [(Sender::Client, "ClientFrame"), (Sender::Server, "ServerFrame")] {
        let variants = schema["$defs"][definition]["oneOf"].as_array().unwrap();
        assert!(variants.len() >= 9, "{variants:?}");
        for variant in variants {
            let name = variant["properties"]["type"]["const"].as_str().unwrap();
            let has = examples.iter().any(|(by, heading, _)| *by == sender && heading == name);
            assert!(has, "{name} has no example in docs/registry-protocol.md");
        }
    }
}
