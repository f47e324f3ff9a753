//! Tables, what differs, and what does not fit.

use super::*;
use crate::node::{Address, NodeForm};
use crate::{Invalid, NodeId, Strategy, Version};

fn node(id: &str, address: &str) -> Node {
    let form = NodeForm::new(
        ServiceName::parse("cart").unwrap(),
        NodeId::parse(id).unwrap(),
        Version::parse("2.1.0").unwrap(),
        Address::parse(address).unwrap(),
    );
    Node::new(form).unwrap()
}

fn revision(number: u64) -> Revision {
    Revision::new(number).unwrap()
}

fn published(number: u64, yaml: &str) -> Published {
    Published::new(revision(number), serde_saphyr::from_str::<Strategy>(yaml).unwrap())
}

fn at(number: u64, nodes: &[Node]) -> Table {
    let mut table = Table::default();
    for node in nodes {
        table.put_node(node.clone());
    }
    table.set_revision(revision(number)).unwrap();
    table
}

#[test]
fn a_client_follows_by_deltas() {
    let old = at(5, &[node("a", "http://a:1"), node("b", "http://b:1")]);
    let mut new = at(7, &[node("a", "http://a:2"), node("c", "http://c:1")]);
    new.put_strategy(published(1, "service: cart"));
    let delta = diff(&old, &new).unwrap();
    assert_eq!((delta.from().get(), delta.to().get(), delta.changes().len()), (5, 7, 4));
    let mut followed = old.clone();
    followed.apply(&delta).unwrap();
    assert_eq!(followed, new);
    let json = serde_json::to_string(&delta).unwrap();
    assert_eq!(serde_json::from_str::<Delta>(&json).unwrap(), delta);
}

#[test]
fn a_gap_is_seen_and_the_table_is_as_it_was() {
    let changes = || {
        vec![Change::PutNode {
            node: node("a", "http://a:1"),
        }]
    };
    let delta = |from, to| Delta::new(revision(from), revision(to), changes()).unwrap();
    let mut table = at(5, &[]);
    let gap = ApplyError::Gap {
        have: revision(5),
        from: revision(6),
        to: revision(7),
    };
    assert_eq!(table.apply(&delta(6, 7)), Err(gap));
    assert_eq!(
        table.apply(&delta(3, 5)),
        Err(ApplyError::Stale {
            have: revision(5),
            to: revision(5)
        })
    );
    assert!(matches!(table.apply(&delta(3, 9)), Err(ApplyError::Gap { .. })));
    assert_eq!(table, at(5, &[]));
    assert!(table.apply(&delta(5, 6)).is_ok());
}

#[test]
fn a_revision_never_goes_back() {
    let mut table = at(5, &[]);
    assert!(table.set_revision(revision(4)).is_err());
    assert!(table.replace(at(4, &[node("a", "http://a:1")])).is_err());
    assert_eq!(table, at(5, &[]));
    assert!(table.replace(at(9, &[])).is_ok());
    assert!(diff(&at(5, &[]), &at(4, &[])).is_err());
    assert!(diff(&at(5, &[]), &at(5, &[node("a", "http://a:1")])).is_err());
    assert!(Delta::new(revision(5), revision(4), vec![]).is_err());
    assert_eq!(
        (Revision::MAX.next(), Revision::new(1 << 53).is_err()),
        (Revision::MAX, true)
    );
}

#[test]
fn nothing_stays_of_a_service_that_is_gone() {
    let mut table = at(1, &[node("a", "http://a:1")]);
    assert!(table.remove_node(&node("a", "http://a:1").key()).is_some());
    assert!(table.remove_node(&node("a", "http://a:1").key()).is_none());
    assert_eq!(table, at(1, &[]));
    assert_eq!(table.services().count(), 0);
}

#[test]
fn who_had_the_address_is_named() {
    let table = at(1, &[node("a", "http://a:1"), node("b", "http://b:1")]);
    let new = node("c", "grpc://a:1");
    assert_eq!(table.replaced_by(&new), [node("a", "http://a:1").key()]);
    assert_eq!(table.replaced_by(&node("a", "http://a:1")), []);
}

#[test]
fn a_part_of_the_table_is_of_some_services() {
    let mut table = at(3, &[node("a", "http://a:1")]);
    table.put_strategy(published(1, "service: other"));
    let part = table.of_services(&[ServiceName::parse("cart").unwrap()]);
    assert_eq!(part, at(3, &[node("a", "http://a:1")]));
}

#[test]
fn a_table_has_nothing_twice() {
    let twice = r#"{"revision":1,"nodes":[NODE,NODE]}"#
        .replace("NODE", &serde_json::to_string(&node("a", "http://a:1")).unwrap());
    let error = serde_json::from_str::<Table>(&twice).unwrap_err().to_string();
    assert!(error.contains("nodes[1]: cart/default/a is there twice"), "{error}");
    let form = TableForm {
        nodes: vec![node("a", "http://a:1"); MAX_NODES + 1],
        ..TableForm::default()
    };
    assert_eq!(
        Table::try_from(form).unwrap_err(),
        Invalid::new("nodes", "has 100001", "Give at most 100000")
    );
}

/// A server that is newer than the client knows more of strategies.
#[test]
fn a_strategy_that_can_not_be_read_leaves_the_last_one_in_force() {
    let mut table = Table::default();
    let known = published(1, "service: cart\ndefault: { timeout_ms: 100 }");
    table.put_strategy(known.clone());
    let newer = r#"{"revision":REV,"nodes":[],"strategies":[
        {"service":"cart","revision":2,"strategy":{"service":"cart","default":{"teleport":true}}}]}"#;
    let snapshot: Table = serde_json::from_str(&newer.replace("REV", "4")).unwrap();
    let check = |table: &Table| {
        let got = table.strategy("cart", &Environment::default()).unwrap();
        assert!(got.strategy().unwrap_err().reason.contains("teleport"));
        assert_eq!(got.in_force(), known.strategy().ok());
        assert_eq!(got.revision(), revision(2));
    };
    let mut by_delta = table.clone();
    by_delta.apply(&diff(&table, &snapshot).unwrap()).unwrap();
    check(&by_delta);
    table.replace(snapshot.clone()).unwrap();
    check(&table);
    // And stays so over the next ones.
    table
        .replace(serde_json::from_str(&newer.replace("REV", "5")).unwrap())
        .unwrap();
    check(&table);
    // It is passed on as it came.
    let json = serde_json::to_string(&by_delta).unwrap();
    assert!(json.contains(r#""teleport":true"#) && serde_json::from_str::<Table>(&json).unwrap() == snapshot);
}

#[test]
fn a_strategy_of_another_service_is_not_taken_for_this_one() {
    let json = r#"{"service":"cart","revision":2,"strategy":{"service":"payments"}}"#;
    let read: Published = serde_json::from_str(json).unwrap();
    assert!(read.strategy().is_err() && read.in_force().is_none());
}

#[test]
fn changes_of_newer_servers_are_passed_over() {
    let json = r#"{"from":1,"to":2,"changes":[{"change":"put_quota","service":"cart","per_second":5}]}"#;
    let delta: Delta = serde_json::from_str(json).unwrap();
    let mut table = at(1, &[]);
    table.apply(&delta).unwrap();
    assert_eq!(table, at(2, &[]));
}
