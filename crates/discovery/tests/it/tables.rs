//! Tables follow each other: by properties.

use pointsman_discovery::node::NodeKey;
use pointsman_discovery::table::{ApplyError, diff};
use pointsman_discovery::{Delta, Environments, Requirement, Revision, ServiceName, Table, resolve};
use proptest::prelude::*;

use crate::random::{environment, node, table, version};

proptest! {
    /// Who has the old table and the difference has the new table, on the wire too.
    #[test]
    fn the_difference_leads_from_one_to_the_other(old in table(3), new in table(8)) {
        let delta = diff(&old, &new).unwrap();
        let sent = serde_json::to_string(&delta).unwrap();
        let got: Delta = serde_json::from_str(&sent).unwrap();
        prop_assert_eq!(&got, &delta);
        let mut followed = old.clone();
        followed.apply(&got).unwrap();
        prop_assert_eq!(&followed, &new);
        prop_assert!(diff(&followed, &new).unwrap().changes().is_empty());
    }

    /// Two differences are one.
    #[test]
    fn differences_compose(one in table(1), two in table(2), three in table(3)) {
        let (first, second) = (diff(&one, &two).unwrap(), diff(&two, &three).unwrap());
        let both = first.clone().then(second.clone()).unwrap();
        let mut followed = one.clone();
        followed.apply(&both).unwrap();
        prop_assert_eq!(&followed, &three);
        prop_assert!(second.then(first).is_err());
    }

    /// Whatever comes, in whatever order, a client's revision never goes back, and its table is one that the server had at that revision.
    #[test]
    fn revisions_never_go_back(
        tables in (table(1), table(2), table(3), table(4)),
        messages in prop::collection::vec((0..4_usize, 0..4_usize), 0..30),
    ) {
        let tables = [tables.0, tables.1, tables.2, tables.3];
        let mut mine = Table::default();
        for (from, to) in messages {
            let before = mine.clone();
            let taken = if from == to {
                mine.replace(tables[to].clone()).is_ok()
            } else {
                let Ok(delta) = diff(&tables[from], &tables[to]) else { continue };
                match mine.apply(&delta) {
                    Ok(()) => true,
                    Err(ApplyError::Stale { to, .. }) => { prop_assert!(to <= before.revision()); false }
                    Err(ApplyError::Gap { have, .. }) => { prop_assert_eq!(have, before.revision()); false }
                }
            };
            prop_assert!(mine.revision() >= before.revision());
            if taken {
                prop_assert_eq!(&mine, &tables[to]);
            } else {
                prop_assert_eq!(&mine, &before);
            }
        }
    }

    #[test]
    fn tables_go_through_json(table in table(9)) {
        let json = serde_json::to_string(&table).unwrap();
        prop_assert_eq!(serde_json::from_str::<Table>(&json).unwrap(), table);
    }

    /// A part of the table differs as the part of the difference.
    #[test]
    fn a_part_of_the_table_is_followed_too(old in table(1), new in table(2)) {
        let cart = [ServiceName::parse("cart").unwrap()];
        let mut followed = old.of_services(&cart);
        followed.apply(&diff(&followed, &new.of_services(&cart)).unwrap()).unwrap();
        prop_assert_eq!(followed, new.of_services(&cart));
    }

    /// Who is resolved is in the table, gets requests, answers to the requirement, and is of the first environment that has such a node.
    #[test]
    fn who_is_resolved_is_there(table in table(1), wanted in version(), own in environment(), exact in any::<bool>()) {
        let requirement = if exact { Requirement::exactly(&wanted) } else { Requirement::parse(&wanted.to_string()).unwrap() };
        let mut chain = vec![own.clone()];
        let other = if own.as_str() == "default" { "staging" } else { "default" };
        chain.push(other.parse().unwrap());
        let environments = Environments::new(chain).unwrap();
        let cart = ServiceName::parse("cart").unwrap();
        let resolved = resolve(&table, &cart, &requirement, &environments);
        let good = |node: &pointsman_discovery::Node| node.service == cart && node.is_usable() && requirement.matches(&node.version);
        for node in &resolved.nodes {
            prop_assert!(good(node) && Some(&node.environment) == resolved.environment);
            prop_assert_eq!(table.node(&node.key()), Some(*node));
        }
        let in_own = table.nodes().filter(|node| good(node) && node.environment == own).count();
        prop_assert!(in_own == 0 || (resolved.nodes.len() == in_own && resolved.environment == Some(&own)));
        let anywhere = table.nodes().filter(|node| good(node)).count();
        prop_assert_eq!(resolved.nodes.is_empty(), anywhere == 0);
    }

    /// Whoever comes takes the places of those it can't live beside, and of no others.
    #[test]
    fn no_address_is_there_twice(nodes in prop::collection::vec(node(), 0..20)) {
        let mut table = Table::default();
        for node in nodes {
            for key in table.replaced_by(&node) {
                table.remove_node(&key);
            }
            table.put_node(node);
        }
        let all: Vec<_> = table.nodes().collect();
        for (at, one) in all.iter().enumerate() {
            prop_assert!(all[..at].iter().all(|other| !one.replaces(other)));
        }
        let keys: std::collections::BTreeSet<NodeKey> = all.iter().map(|node| node.key()).collect();
        prop_assert_eq!(keys.len(), all.len());
    }
}

#[test]
fn the_first_table_is_at_nothing() {
    assert_eq!(Table::default().revision(), Revision::new(0).unwrap());
}
