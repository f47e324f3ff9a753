//! Nodes that can be and those that can't.

use super::*;
use crate::name::Line;

fn node(json: &str) -> Result<Node, serde_json::Error> {
    serde_json::from_str(json)
}

fn cart(id: &str, address: &str) -> Node {
    let form = NodeForm::new(
        ServiceName::parse("cart").unwrap(),
        NodeId::parse(id).unwrap(),
        Version::parse("2.1.0").unwrap(),
        Address::parse(address).unwrap(),
    );
    Node::new(form).unwrap()
}

#[test]
fn the_least_that_a_node_says_is_enough() {
    let least = r#"{"service":"cart","id":"cart-1","version":"2.1.0","addresses":["http://10.0.0.7:8080"]}"#;
    let read = node(least).unwrap();
    assert_eq!(read, cart("cart-1", "http://10.0.0.7:8080"));
    assert_eq!(
        (read.weight, read.ttl.ms(), read.environment.as_str()),
        (100, 30_000, "default")
    );
    assert!(read.is_usable());
    let again = serde_json::to_string(&read).unwrap();
    assert_eq!(node(&again).unwrap(), read);
}

#[test]
fn what_a_newer_peer_adds_is_ignored() {
    let more = r#"{"service":"cart","id":"1","version":"2.1.0","addresses":["http://a:1"],"colour":"blue"}"#;
    assert!(node(more).is_ok());
}

#[test]
fn wrong_fields_are_told() {
    let cases = [
        (r#""version":"2.1","addresses":["http://a:1"]"#, "such as 2.1.0"),
        (r#""version":"2.1.0","addresses":[]"#, "addresses: has 0. Give 1 to 8"),
        (
            r#""version":"2.1.0","addresses":["http://a:1","http://a:1"]"#,
            "addresses[1]: http://a:1 is there twice",
        ),
        (
            r#""version":"2.1.0","addresses":["http://a:1"],"weight":10001"#,
            "weight: is 10001. Write 0 to 10000",
        ),
        (
            r#""version":"2.1.0","addresses":["http://a:1"],"ttl_ms":999"#,
            "ttl_ms: is 999. Write 1000 to 3600000",
        ),
        (
            r#""version":"2.1.0","addresses":["http://a:1"],"health":{"status":"fine"}"#,
            "unknown variant `fine`",
        ),
    ];
    for (fields, told) in cases {
        let error = node(&format!(r#"{{"service":"cart","id":"1",{fields}}}"#))
            .unwrap_err()
            .to_string();
        assert!(error.contains(told), "{error}");
    }
}

#[test]
fn labels_are_bounded() {
    let labels = |n: usize| -> Result<Labels, _> {
        let fields: Vec<String> = (0..n).map(|i| format!("\"k{i}\":\"v\"")).collect();
        serde_json::from_str(&format!("{{{}}}", fields.join(",")))
    };
    assert!(labels(32).is_ok_and(|labels| labels.get("k3") == Some("v")));
    assert!(labels(33).is_err());
}

#[test]
fn addresses_have_three_parts() {
    for good in [
        "http://10.0.0.7:8080",
        "grpc://cart.internal:9090",
        "https://[::1]:443",
        "tcp://redis_1:6379",
    ] {
        assert_eq!(Address::parse(good).unwrap().to_string(), good);
    }
    let address = Address::parse("grpcs://[FE80::1]:9090").unwrap();
    assert_eq!(
        (address.host(), address.port(), address.protocol()),
        ("fe80::1", 9090, Protocol::Grpcs)
    );
    assert_eq!(address.authority(), "[fe80::1]:9090");
    let cases = [
        ("10.0.0.7:8080", "names no protocol"),
        ("ftp://a:1", "\"ftp\" is no protocol"),
        ("http://a", "names no port"),
        ("http://a:0", "\"0\" is no port"),
        ("http://a:+80", "\"+80\" is no port"),
        ("http://a:65536", "is no port"),
        ("http://a:80/x", "\"80/x\" is no port"),
        ("http://:80", "\"\" is no host"),
        ("http://user@a:80", "is no host"),
        ("http://::1:80", "is no host"),
        ("http://a..b:80", "is no host"),
    ];
    for (wrong, told) in cases {
        let error = Address::parse(wrong).unwrap_err().to_string();
        assert!(error.contains(told), "{wrong}: {error}");
    }
}

#[test]
fn who_gets_no_requests() {
    let node = cart("1", "http://a:1");
    let why = Line::parse("slow disk").unwrap();
    assert!(node.with_health(Health::warning(why.clone())).is_usable());
    assert!(!node.with_health(Health::critical(why)).is_usable());
    assert!(!node.with_drain(true).is_usable());
    assert!(!node.with_weight(0).unwrap().is_usable());
    assert!(node.with_weight(MAX_WEIGHT + 1).is_err());
}

#[test]
fn the_same_id_or_the_same_address_replaces() {
    let old = cart("1", "http://a:1");
    assert!(cart("1", "http://b:1").replaces(&old));
    assert!(cart("2", "grpc://a:1").replaces(&old));
    assert!(!cart("2", "http://a:2").replaces(&old));
    let mut form = old.form().clone();
    form.environment = Environment::parse("ada").unwrap();
    assert!(!Node::new(form).unwrap().replaces(&old));
}
