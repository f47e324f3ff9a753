//! Requests and where they go.

use super::*;
use crate::ServiceName;

fn strategy(yaml: &str) -> Strategy {
    serde_saphyr::from_str(yaml).unwrap()
}

const CANARY: &str = "
service: checkout
rules:
  - name: testers
    match: { headers: [{ name: x-user-group, match: { exact: testers } }], callers: [web] }
    route: { split: [{ version: 2.2.0, weight: 100 }] }
  - name: orders
    match: { path: { prefix: /orders }, methods: [POST], session: { prefix: qa- } }
    route: { split: [{ version: 2.2.0, weight: 50 }, { version: 2.1.3, weight: 50 }], sticky: { header: { name: x-user } } }
default:
  split: [{ version: 2.1.3, weight: 97.5 }, { version: 2.2.0, weight: 2.5 }]
  mirrors: [{ version: 2.3.0, percentage: 20 }]
  fault: { delay: { fixed_delay_ms: 7, percentage: 30 }, abort: { http_status: 503, percentage: 0.1 } }
";

fn met(strategy: &Strategy, request: &Request) -> Option<usize> {
    route(strategy, request, 0).rule.map(|(at, _)| at)
}

#[test]
fn the_first_rule_that_matches_decides() {
    let strategy = strategy(CANARY);
    let web = || ServiceName::parse("web").unwrap();
    let tester = || Request::new("GET", "/").with_header("X-User-Group", "testers");
    assert_eq!(met(&strategy, &tester().with_caller(web())), Some(0));
    assert_eq!(met(&strategy, &tester()), None);
    let order = || Request::new("POST", "/orders/7?x=1");
    assert_eq!(met(&strategy, &order().with_session("qa-1")), Some(1));
    assert_eq!(met(&strategy, &order().with_session("x")), None);
    assert_eq!(met(&strategy, &order()), None);
    assert_eq!(
        met(&strategy, &Request::new("GET", "/orders").with_session("qa-1")),
        None
    );
}

#[test]
fn the_draw_falls_on_the_weights_exactly() {
    let strategy = strategy(CANARY);
    let request = Request::new("GET", "/");
    let new = (0..10_000).filter(|draw| {
        route(&strategy, &request, *draw)
            .version
            .map(ToString::to_string)
            .as_deref()
            == Some("2.2.0")
    });
    assert_eq!(new.count(), 250);
    let decision = route(&strategy, &request, 0);
    let odds: Vec<String> = decision
        .odds()
        .iter()
        .map(|odds| format!("{} {}", odds.version.as_ref().unwrap(), odds.percent))
        .collect();
    assert_eq!(odds, ["2.1.3 97.5", "2.2.0 2.5"]);
    assert_eq!(decision.by, DecidedBy::Draw);
}

/// XXH64 as its reference has it, so that Envoy comes to the same version.
#[test]
fn who_is_sticky_stays_whatever_is_drawn() {
    assert_eq!(xxh64(b"", 0), 0xef46_db37_51d8_e999);
    let strategy = strategy(CANARY);
    let mut seen = std::collections::BTreeSet::new();
    for user in 0..50 {
        let request = Request::new("POST", "/orders")
            .with_session("qa-1")
            .with_header("x-user", &user.to_string());
        let one = route(&strategy, &request, 1);
        let other = route(&strategy, &request, u64::MAX);
        assert_eq!((one.version, one.by), (other.version, DecidedBy::Sticky));
        assert_eq!(one.odds().len(), 1);
        seen.insert(one.version.map(ToString::to_string));
    }
    assert_eq!(seen.len(), 2, "both arms have their users");
}

#[test]
fn a_share_that_grows_at_the_end_keeps_its_users() {
    let at = |percent: u32| {
        let split = format!(
            "[{{ version: 1.0.0, weight: {} }}, {{ version: 2.0.0, weight: {percent} }}]",
            100 - percent
        );
        strategy(&format!(
            "service: cart\ndefault: {{ split: {split}, sticky: {{ cookie: {{ name: s }} }} }}"
        ))
    };
    let users = |strategy: &Strategy| -> Vec<u32> {
        let new = Version::parse("2.0.0").unwrap();
        let is_new = |user: &u32| {
            let request = Request::new("GET", "/").with_header("cookie", &format!("s={user}"));
            route(strategy, &request, 0).version == Some(&new)
        };
        (0..1_000).filter(is_new).collect()
    };
    let (few, more) = (users(&at(10)), users(&at(30)));
    assert!(few.iter().all(|user| more.contains(user)) && few.len() < more.len());
}

#[test]
fn an_override_goes_before_where_it_is_allowed() {
    let request = Request::new("GET", "/").with_header("baggage", "pointsman.route.checkout=2.9.0");
    let allowed = strategy(CANARY);
    let decision = route(&allowed, &request, 0);
    assert_eq!(
        (decision.by, decision.version.unwrap().to_string().as_str()),
        (DecidedBy::Override, "2.9.0")
    );
    assert_eq!(
        route(&allowed, &request.clone().without_overrides(), 0).by,
        DecidedBy::Draw
    );
    let refused = strategy(&format!("{CANARY}\nroute_override: false"));
    assert_eq!(route(&refused, &request, 0).by, DecidedBy::Draw);
}

#[test]
fn mirrors_and_faults_have_draws_of_their_own() {
    let strategy = strategy(CANARY);
    let request = Request::new("GET", "/");
    let (mut mirrored, mut delayed, mut aborted, mut both, mut canary_mirrored) = (0, 0, 0, 0, 0);
    for number in 0..100_000_u64 {
        let decision = route(&strategy, &request, number.wrapping_mul(0x2545_f491_4f6c_dd1d));
        let mirror = decision.mirrors().count();
        let delay = decision.delay_ms().is_some();
        mirrored += mirror;
        delayed += usize::from(delay);
        both += mirror * usize::from(delay);
        aborted += usize::from(decision.abort().is_some());
        if decision.version.unwrap().to_string() == "2.2.0" {
            canary_mirrored += mirror;
        }
    }
    // Six standard deviations around what is expected.
    let near = |found: usize, expected: f64| (found as f64 - expected).abs() < 6.0 * expected.sqrt();
    assert!(near(mirrored, 20_000.0), "{mirrored}");
    assert!(near(delayed, 30_000.0), "{delayed}");
    assert!(near(both, 6_000.0), "{both}");
    assert!(near(aborted, 100.0), "{aborted}");
    assert!(near(canary_mirrored, 500.0), "{canary_mirrored}");
}
