//! docs/registry-protocol.md says what the code does: each of its examples is read and written again.

use pointsman_discovery::frame::{ClientFrame, ServerFrame};
use serde_json::Value;

const DOCUMENT: &str = include_str!("../../../../docs/registry-protocol.md");

/// Who sends a frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sender {
    Client,
    Server,
}

/// The examples: who sends it, what its heading says, its JSON.
pub fn examples() -> Vec<(Sender, String, String)> {
    let mut sender = None;
    let mut heading = String::new();
    let mut examples = Vec::new();
    let mut lines = DOCUMENT.lines();
    while let Some(line) = lines.next() {
        if let Some(title) = line.strip_prefix("## ") {
            sender = match title {
                "What the client sends" => Some(Sender::Client),
                "What the server sends" => Some(Sender::Server),
                _ => None,
            };
        } else if let Some(title) = line.strip_prefix("### ") {
            title.trim_matches('`').clone_into(&mut heading);
        } else if line == "```json" {
            let json: Vec<&str> = lines.by_ref().take_while(|line| *line != "```").collect();
            if let Some(sender) = sender {
                examples.push((sender, heading.clone(), json.join("\n")));
            }
        }
    }
    examples
}

#[test]
fn every_example_is_what_it_says() {
    for (sender, heading, json) in examples() {
        let written: Value = serde_json::from_str(&json).unwrap_or_else(|error| panic!("{heading}: {error}"));
        assert_eq!(written["type"], *heading, "{json}");
        let again = match sender {
            Sender::Client => {
                let frame = ClientFrame::from_json(&json).unwrap_or_else(|error| panic!("{heading}: {error}"));
                assert_ne!(frame, ClientFrame::Unknown, "{heading}");
                frame.to_json()
            }
            Sender::Server => {
                let frame = ServerFrame::from_json(&json).unwrap_or_else(|error| panic!("{heading}: {error}"));
                assert_ne!(frame, ServerFrame::Unknown, "{heading}");
                frame.to_json()
            }
        };
        contains(&serde_json::from_str(&again).unwrap(), &written, &heading);
    }
}

/// Every field of the example is one that the frame has: what was read is all that was written.
fn contains(frame: &Value, written: &Value, path: &str) {
    match (frame, written) {
        (Value::Object(frame), Value::Object(written)) => {
            for (key, value) in written {
                let there = frame
                    .get(key)
                    .unwrap_or_else(|| panic!("{path}.{key} is no field of the frame"));
                contains(there, value, &format!("{path}.{key}"));
            }
        }
        (Value::Array(frame), Value::Array(written)) => {
            assert_eq!(frame.len(), written.len(), "{path}");
            for (at, (one, other)) in frame.iter().zip(written).enumerate() {
                contains(one, other, &format!("{path}[{at}]"));
            }
        }
        _ => assert_eq!(frame, written, "{path}"),
    }
}

#[test]
fn the_document_names_the_limits() {
    use pointsman_discovery::frame::{MAX_CLIENT_FRAME, MAX_SERVER_FRAME, MAX_SUBSCRIBED};
    for told in [
        format!("{} KiB", MAX_CLIENT_FRAME / 1024),
        format!("{} MiB", MAX_SERVER_FRAME / 1024 / 1024),
        format!("{MAX_SUBSCRIBED} services"),
    ] {
        assert!(DOCUMENT.contains(&told), "{told}");
    }
}
