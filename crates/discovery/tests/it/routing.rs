//! Strategies route as they say: by properties, and over many draws.

use std::collections::BTreeMap;

use pointsman_discovery::check::{Code, covers};
use pointsman_discovery::{Context, Percent, Request, Strategy as Routing, Version, check, route};
use proptest::prelude::*;

use crate::random::{matches, request, strategy};

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]

    /// A rule that is said to be never met is never met.
    #[test]
    fn shadowed_rules_never_match(strategy in strategy(), requests in prop::collection::vec(request(), 30)) {
        let context = Context::default();
        let never = |code| code == Code::UnreachableRule || code == Code::ImpossibleRule;
        let found = check(&strategy, &context);
        let shadowed: Vec<&str> = found.iter().filter(|finding| never(finding.code)).map(|finding| finding.path.as_str()).collect();
        for request in &requests {
            if let Some((at, _)) = route(&strategy, request, 0).rule {
                let path = format!("rules[{at}].match");
                prop_assert!(!shadowed.contains(&path.as_str()), "{request:?} meets {path}");
            }
        }
    }

    /// Where one match covers another, no request tells otherwise.
    #[test]
    fn a_cover_is_one(wide in matches(), narrow in matches(), requests in prop::collection::vec(request(), 30)) {
        if covers(&wide, &narrow) {
            for request in &requests {
                prop_assert!(!narrow.is_match(request) || wide.is_match(request), "{request:?}");
            }
        }
        prop_assert!(covers(&narrow, &narrow));
    }

    /// The rule that is met is the first that matches, and the version is one that has a weight.
    #[test]
    fn a_decision_is_what_the_strategy_says(strategy in strategy(), request in request(), draw in any::<u64>()) {
        let decision = route(&strategy, &request, draw);
        let first = strategy.rules.iter().position(|rule| rule.matches.is_match(&request));
        prop_assert_eq!(decision.rule.map(|(at, _)| at), first);
        let arm = decision.route.split.iter().find(|arm| arm.version.as_ref() == decision.version);
        prop_assert!(arm.is_some_and(|arm| arm.weight > Percent::ZERO));
        let sum: u32 = decision.odds().iter().map(|odds| u32::from(odds.percent.parts())).sum();
        prop_assert_eq!(sum, 10_000);
        prop_assert!(decision.odds().iter().any(|odds| odds.version.as_ref() == decision.version));
        prop_assert!(decision.mirrors().count() <= decision.route.mirrors.len());
    }

    #[test]
    fn strategies_go_through_json_and_yaml(strategy in strategy()) {
        let json = serde_json::to_string(&strategy).unwrap();
        prop_assert_eq!(&serde_json::from_str::<Routing>(&json).unwrap(), &strategy);
        let yaml = serde_saphyr::to_string(&strategy).unwrap();
        prop_assert_eq!(&serde_saphyr::from_str::<Routing>(&yaml).unwrap(), &strategy, "{}", yaml);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// All 10,000 draws in a row give each version its weight, exactly.
    #[test]
    fn draws_give_the_weights(strategy in strategy(), start in any::<u64>()) {
        let request = Request::new("TRACE", "/none");
        let mut counted: BTreeMap<Option<Version>, u16> = BTreeMap::new();
        // Aligned, so that the draws end with the whole.
        let start = (start / 10_000).saturating_sub(1) * 10_000;
        for draw in start..start + 10_000 {
            *counted.entry(route(&strategy, &request, draw).version.cloned()).or_default() += 1;
        }
        for arm in &route(&strategy, &request, 0).route.split {
            prop_assert_eq!(counted.get(&arm.version).copied().unwrap_or_default(), arm.weight.parts());
        }
    }
}

/// Chi-square over random draws, for a strategy of three versions: under 13.8 (two degrees of freedom) in 999 of 1,000 cases; the draws are fixed.
#[test]
fn many_draws_follow_the_weights() {
    let yaml = "
service: cart
default:
  split: [{ version: 1.0.0, weight: 89.5 }, { version: 2.0.0, weight: 10 }, { version: 3.0.0, weight: 0.5 }]";
    let strategy: Routing = serde_saphyr::from_str(yaml).unwrap();
    let request = Request::new("GET", "/");
    let mut state = 0x853c_49e6_748f_ea9b_u64;
    let mut counted: BTreeMap<String, f64> = BTreeMap::new();
    let draws = 200_000;
    for _ in 0..draws {
        // Xorshift (Marsaglia 2003).
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        let version = route(&strategy, &request, state).version.unwrap().to_string();
        *counted.entry(version).or_default() += 1.0;
    }
    let expected = [("1.0.0", 0.895), ("2.0.0", 0.1), ("3.0.0", 0.005)];
    let term = |(version, share): &(&str, f64)| {
        let expected = share * f64::from(draws);
        (counted[*version] - expected).powi(2) / expected
    };
    let chi_square: f64 = expected.iter().map(term).sum();
    assert!(chi_square < 13.8, "{chi_square}");
}
