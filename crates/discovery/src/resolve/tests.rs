//! Which nodes are found.

use super::*;
use crate::name::Line;
use crate::node::{Address, Health};
use crate::{NodeForm, NodeId, Zone};

fn node(environment: &str, id: &str, version: &str) -> Node {
    let mut form = NodeForm::new(
        ServiceName::parse("cart").unwrap(),
        NodeId::parse(id).unwrap(),
        Version::parse(version).unwrap(),
        Address::parse(&format!("http://{environment}.{id}:80")).unwrap(),
    );
    form.environment = Environment::parse(environment).unwrap();
    Node::new(form).unwrap()
}

fn critical(node: &Node) -> Node {
    node.with_health(Health::critical(Line::parse("no answer").unwrap()))
}

fn table(nodes: &[Node]) -> Table {
    let mut table = Table::default();
    for node in nodes {
        table.put_node(node.clone());
    }
    table
}

fn found(table: &Table, requirement: &str, chain: &[&str]) -> (Option<String>, Vec<String>) {
    let chain: Vec<Environment> = chain.iter().map(|name| Environment::parse(name).unwrap()).collect();
    let environments = Environments::new(chain).unwrap();
    let resolved = resolve(
        table,
        &ServiceName::parse("cart").unwrap(),
        &Requirement::parse(requirement).unwrap(),
        &environments,
    );
    let ids = resolved.nodes.iter().map(|node| node.id.to_string()).collect();
    (resolved.environment.map(ToString::to_string), ids)
}

#[test]
fn compatible_nodes_that_get_requests_are_found() {
    let table = table(&[
        node("prod", "a", "2.0.0"),
        node("prod", "b", "2.1.0"),
        node("prod", "c", "2.4.1"),
        critical(&node("prod", "d", "2.1.0")),
        node("prod", "e", "2.1.0").with_drain(true),
        node("prod", "f", "2.1.0").with_weight(0).unwrap(),
    ]);
    assert_eq!(found(&table, "2.1", &["prod"]).1, ["b", "c"]);
    assert_eq!(found(&table, "=2.1.0", &["prod"]).1, ["b"]);
    assert_eq!(found(&table, "", &["prod"]).1, ["a", "b", "c"]);
    let chain = Environments::from(Environment::parse("prod").unwrap());
    let cart = ServiceName::parse("cart").unwrap();
    let resolved = resolve(&table, &cart, &Requirement::parse("2.1").unwrap(), &chain);
    let expected = LeftOut {
        version: 1,
        critical: 1,
        drained: 1,
        weightless: 1,
    };
    assert_eq!(resolved.left_out, expected);
}

#[test]
fn what_is_not_here_is_found_where_one_falls_back_to() {
    let mut nodes = vec![node("staging", "s", "2.1.0"), node("ada", "mine", "2.2.0-ada.1")];
    assert_eq!(
        found(&table(&nodes), "", &["ada", "staging"]),
        (Some("ada".to_owned()), vec!["mine".to_owned()])
    );
    // Its own does not answer, or is not well: the shared one does.
    assert_eq!(
        found(&table(&nodes), "2.1", &["ada", "staging"]).0.as_deref(),
        Some("staging")
    );
    nodes[1] = critical(&nodes[1]);
    assert_eq!(
        found(&table(&nodes), "", &["ada", "staging"]).0.as_deref(),
        Some("staging")
    );
    assert_eq!(found(&table(&nodes), "", &["ada"]), (None, vec![]));
    assert_eq!(found(&table(&nodes), "3", &["ada", "staging"]), (None, vec![]));
    assert_eq!(found(&Table::default(), "", &["ada"]), (None, vec![]));
}

#[test]
fn the_strategy_of_the_environment_that_serves_holds() {
    let cart = ServiceName::parse("cart").unwrap();
    let chain: Environments = serde_json::from_str(r#"["ada","staging"]"#).unwrap();
    let name = |table: &Table| environment_of(table, &cart, &chain).map(ToString::to_string);
    let shared = node("staging", "s", "2.1.0");
    assert_eq!(name(&table(std::slice::from_ref(&shared))).as_deref(), Some("staging"));
    assert_eq!(
        name(&table(&[shared, node("ada", "mine", "2.2.0")])).as_deref(),
        Some("ada")
    );
    assert_eq!(name(&Table::default()), None);
}

#[test]
fn a_version_without_nodes_fails_over_and_zones_have_an_order() {
    let yaml = "
service: cart
environment: prod
versions: [{ version: 2.2.0, failover: [2.3.0, 2.1.0] }]
zone_priority: [near, far]";
    let strategy: Strategy = serde_saphyr::from_str(yaml).unwrap();
    let in_zone = |node: Node, zone: &str| {
        let mut form = node.form().clone();
        form.zone = Some(Zone::parse(zone).unwrap());
        Node::new(form).unwrap()
    };
    let new = in_zone(node("prod", "new", "2.2.0"), "far");
    let far = in_zone(node("prod", "far", "2.1.0"), "far");
    let near = in_zone(node("prod", "near", "2.1.0"), "near");
    let version = Version::parse("2.2.0").unwrap();
    let ids = |table: &Table, version: Option<&Version>| {
        let to = destination(table, &strategy, version);
        let ids: Vec<String> = to.nodes.iter().map(|node| node.id.to_string()).collect();
        (ids.join(" "), to.failed_over)
    };
    let all = table(&[new.clone(), far.clone(), near.clone()]);
    assert_eq!(ids(&all, Some(&version)), ("new".to_owned(), false));
    assert_eq!(ids(&all, None), ("near".to_owned(), false));
    let failing = table(&[critical(&new), far.clone(), near.clone()]);
    assert_eq!(ids(&failing, Some(&version)), ("near".to_owned(), true));
    assert_eq!(
        ids(&table(&[critical(&new), far, critical(&near)]), Some(&version)),
        ("far".to_owned(), true)
    );
    assert_eq!(
        ids(&table(&[new]), Some(&Version::parse("9.0.0").unwrap())),
        (String::new(), false)
    );
}
