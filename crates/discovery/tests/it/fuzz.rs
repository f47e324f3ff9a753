//! Whatever is sent, nothing panics: a frame, or an error that says what is wrong.

use pointsman_discovery::frame::{ClientFrame, ServerFrame};
use pointsman_discovery::node::Address;
use pointsman_discovery::strategy::Pattern;
use pointsman_discovery::{Draft, Request, Requirement, Version};
use proptest::prelude::*;
use serde_json::{Map, Value};

/// Words that frames have, and some that they don't.
const WORDS: [&str; 40] = [
    "type",
    "hello",
    "register",
    "heartbeat",
    "health",
    "node_error",
    "log",
    "deregister",
    "subscribe",
    "ack",
    "node",
    "nodes",
    "service",
    "id",
    "version",
    "addresses",
    "protocol",
    "client",
    "revision",
    "to",
    "from",
    "table",
    "services",
    "status",
    "passing",
    "snapshot",
    "delta",
    "changes",
    "change",
    "put_node",
    "put_strategy",
    "strategy",
    "strategies",
    "split",
    "weight",
    "default",
    "2.1.0",
    "http://a:1",
    "x",
    "",
];

fn json() -> impl Strategy<Value = Value> {
    let word = || prop::sample::select(WORDS.to_vec()).prop_map(str::to_owned);
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        (-1_000..1_000_i32).prop_map(|n| Value::from(f64::from(n) / 8.0)),
        word().prop_map(Value::from),
        ".{0,20}".prop_map(Value::from),
    ];
    leaf.prop_recursive(5, 60, 8, move |inner| {
        let object = prop::collection::vec((word(), inner.clone()), 0..8)
            .prop_map(|pairs| Value::Object(pairs.into_iter().collect()));
        prop_oneof![prop::collection::vec(inner, 0..4).prop_map(Value::Array), object]
    })
}

/// One place of a good message becomes something else.
fn mutate(value: &mut Value, steps: &[usize], put: Value) {
    let Some((step, rest)) = steps.split_first() else {
        *value = put;
        return;
    };
    match value {
        Value::Array(list) if !list.is_empty() => {
            let len = list.len();
            mutate(&mut list[step % len], rest, put);
        }
        Value::Object(map) if !map.is_empty() => mutate(nth(map, *step), rest, put),
        leaf => *leaf = put,
    }
}

fn nth(map: &mut Map<String, Value>, step: usize) -> &mut Value {
    let len = map.len();
    map.values_mut().nth(step % len).unwrap()
}

fn read(text: &str) {
    if let Ok(frame) = ClientFrame::from_json(text) {
        assert_eq!(ClientFrame::from_json(&frame.to_json()).as_ref(), Ok(&frame));
    }
    if let Ok(frame) = ServerFrame::from_json(text) {
        assert_eq!(ServerFrame::from_json(&frame.to_json()).as_ref(), Ok(&frame));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn any_json_is_read_without_panic(value in json()) {
        read(&value.to_string());
        if let Ok(draft) = serde_json::from_value::<Draft>(value) {
            let _ = draft.check();
        }
    }

    /// Every example of the document, with one place of it changed.
    #[test]
    fn a_frame_that_is_almost_one_is_read_without_panic(
        pick in any::<prop::sample::Index>(),
        steps in prop::collection::vec(0..10_usize, 1..8),
        put in json(),
    ) {
        let examples = crate::protocol::examples();
        let (_, _, example) = &examples[pick.index(examples.len())];
        let mut value = serde_json::from_str(example).unwrap();
        mutate(&mut value, &steps, put);
        read(&value.to_string());
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn any_text_is_read_without_panic(text in ".{0,200}") {
        read(&text);
        let _ = serde_saphyr::from_str::<Draft>(&text);
        let _ = (Version::parse(&text), Requirement::parse(&text), Address::parse(&text), Pattern::parse(&text));
        let request = Request::new(&text, &text).with_header(&text, &text).with_header("baggage", &text).with_header("cookie", &text);
        let _ = (request.session(), request.cookie("a"));
    }
}
