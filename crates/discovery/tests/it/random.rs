//! Random nodes, strategies, tables and requests, of few words, so that they meet.

use pointsman_discovery::name::{Line, RuleName};
use pointsman_discovery::node::{Address, Health, Labels};
use pointsman_discovery::strategy::{
    Arm, HeaderMatch, HeaderPredicate, HeaderValue, Match, Method, Mirror, PathMatch, PathText, Pattern, Retry,
    RetryOn, Route, Rule, Sticky, TextMatch,
};
use pointsman_discovery::table::Published;
use pointsman_discovery::{
    Draft, Environment, HeaderName, Node, NodeForm, NodeId, Percent, Request, Revision, ServiceName,
    Strategy as Routing, Table, Version, Zone,
};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;

const VERSIONS: [&str; 6] = ["1.0.0", "1.1.0", "2.0.0-rc.1", "2.0.0", "2.1.3", "2.1.3+4f2a"];
const PATHS: [&str; 6] = ["/", "/cart", "/cart/", "/cart/7", "/cart/7/items", "/orders"];
const VALUES: [&str; 6] = ["a", "ab", "abc", "b", "5", "10"];
const HEADERS: [&str; 3] = ["x-a", "x-b", "x-user"];
const METHODS: [&str; 3] = ["GET", "POST", "PUT"];

pub fn service() -> impl Strategy<Value = ServiceName> {
    select(vec!["cart", "orders", "web"]).prop_map(|name| ServiceName::parse(name).unwrap())
}

pub fn environment() -> impl Strategy<Value = Environment> {
    select(vec!["default", "staging"]).prop_map(|name| Environment::parse(name).unwrap())
}

pub fn version() -> impl Strategy<Value = Version> {
    select(VERSIONS.to_vec()).prop_map(|text| Version::parse(text).unwrap())
}

fn value() -> impl Strategy<Value = HeaderValue> {
    select(VALUES.to_vec()).prop_map(|text| HeaderValue::parse(text).unwrap())
}

fn health() -> impl Strategy<Value = Health> {
    let why = || Line::parse("slow").unwrap();
    select(vec![Health::passing(), Health::warning(why()), Health::critical(why())])
}

pub fn node() -> impl Strategy<Value = Node> {
    let who = (service(), environment(), 0..4_u8, version());
    let how = (
        0..4_u8,
        option::of(Just("eu-1")),
        0..3_u32,
        any::<bool>(),
        health(),
        option::of(select(VALUES.to_vec())),
    );
    (who, how).prop_map(
        |((service, environment, id, version), (port, zone, weight, drain, health, label))| {
            let id = NodeId::parse(&format!("n{id}")).unwrap();
            let address = Address::parse(&format!("http://10.0.0.1:{}", 8080 + u16::from(port))).unwrap();
            let mut form = NodeForm::new(service, id, version, address);
            form.environment = environment;
            form.zone = zone.map(|zone| Zone::parse(zone).unwrap());
            let labels = label.map(|label| ("commit".parse().unwrap(), label.parse().unwrap()));
            form.labels = Labels::new(labels.into_iter().collect()).unwrap();
            (form.weight, form.drain, form.health) = (weight * 50, drain, health);
            Node::new(form).unwrap()
        },
    )
}

fn pattern() -> impl Strategy<Value = Pattern> {
    select(vec![".*", "a.*", "[ab]+", "/cart/[0-9]+", "/.*"]).prop_map(|text| Pattern::parse(text).unwrap())
}

fn path() -> impl Strategy<Value = PathMatch> {
    let text = || select(PATHS.to_vec()).prop_map(|text| PathText::parse(text).unwrap());
    prop_oneof![
        text().prop_map(PathMatch::Exact),
        text().prop_map(PathMatch::Prefix),
        pattern().prop_map(PathMatch::Regex)
    ]
}

fn header() -> impl Strategy<Value = HeaderMatch> {
    let range = (0..6_i64, 1..8_i64).prop_map(|(start, length)| HeaderPredicate::Range {
        start,
        end: start + length,
    });
    let predicate = prop_oneof![
        value().prop_map(HeaderPredicate::Exact),
        value().prop_map(HeaderPredicate::Prefix),
        value().prop_map(HeaderPredicate::Suffix),
        pattern().prop_map(HeaderPredicate::Regex),
        range,
        Just(HeaderPredicate::Present),
    ];
    (select(HEADERS.to_vec()), predicate, any::<bool>()).prop_map(|(name, predicate, invert)| HeaderMatch {
        name: HeaderName::parse(name).unwrap(),
        predicate,
        invert,
    })
}

pub fn matches() -> impl Strategy<Value = Match> {
    let session = prop_oneof![
        value().prop_map(TextMatch::Exact),
        value().prop_map(TextMatch::Prefix),
        value().prop_map(TextMatch::Suffix)
    ];
    let methods = proptest::sample::subsequence(METHODS.to_vec(), 0..3);
    let callers = proptest::sample::subsequence(vec!["cart", "orders", "web"], 0..2);
    let parts = (
        option::weighted(0.4, path()),
        methods,
        vec(header(), 0..3),
        option::weighted(0.2, session),
        callers,
    );
    parts.prop_map(|(path, methods, headers, session, callers)| Match {
        path,
        methods: methods
            .into_iter()
            .map(|method| Method::parse(method).unwrap())
            .collect(),
        headers,
        session,
        callers: callers
            .into_iter()
            .map(|caller| ServiceName::parse(caller).unwrap())
            .collect(),
    })
}

fn split() -> impl Strategy<Value = Vec<Arm>> {
    let versions = proptest::sample::subsequence(VERSIONS.to_vec(), 1..4);
    (versions, vec(0..=10_000_u16, 3)).prop_map(|(versions, cuts)| {
        let mut cuts: Vec<u16> = cuts[..versions.len() - 1].to_vec();
        cuts.push(10_000);
        cuts.sort_unstable();
        let mut before = 0;
        let arm = |(version, cut): (&str, u16)| {
            let weight = Percent::from_parts(cut - std::mem::replace(&mut before, cut)).unwrap();
            Arm {
                version: Some(Version::parse(version).unwrap()),
                weight,
            }
        };
        versions.into_iter().zip(cuts).map(arm).collect()
    })
}

pub fn route() -> impl Strategy<Value = Route> {
    let percent = || (0..=10_000_u16).prop_map(|parts| Percent::from_parts(parts).unwrap());
    let mirror = option::of((version(), percent()).prop_map(|(version, percentage)| Mirror { version, percentage }));
    let retry = (1..=10_u32, option::of(1..=1_000_u32)).prop_map(|(num_retries, per_try_timeout_ms)| Retry {
        num_retries,
        retry_on: vec![RetryOn::ServerError, RetryOn::Unavailable],
        retriable_status_codes: vec![],
        per_try_timeout_ms,
        retry_back_off: pointsman_discovery::strategy::BackOff::default(),
    });
    let sticky = option::of(Just(Sticky::Header {
        name: HeaderName::parse("x-user").unwrap(),
    }));
    (split(), mirror, option::of(1_000..9_999_u32), option::of(retry), sticky).prop_map(
        |(split, mirror, timeout_ms, retry, sticky)| Route {
            split,
            mirrors: mirror.into_iter().collect(),
            timeout_ms,
            retry,
            sticky,
            ..Route::default()
        },
    )
}

pub fn strategy() -> impl Strategy<Value = Routing> {
    (service(), environment(), vec((matches(), route()), 0..6), route()).prop_map(
        |(service, environment, rules, default)| {
            let mut draft = Draft::new(service, environment);
            let rule = |(at, (matches, route)): (usize, (Match, Route))| Rule {
                name: RuleName::parse(&format!("r{at}")).unwrap(),
                matches,
                route,
            };
            draft.rules = rules.into_iter().enumerate().map(rule).collect();
            draft.default = default;
            draft.check().unwrap()
        },
    )
}

pub fn request() -> impl Strategy<Value = Request> {
    let headers = vec((select(HEADERS.to_vec()), select(VALUES.to_vec())), 0..4);
    let session = option::of(select(VALUES.to_vec()));
    let parts = (
        select(METHODS.to_vec()),
        select(PATHS.to_vec()),
        headers,
        session,
        option::of(service()),
    );
    parts.prop_map(|(method, path, headers, session, caller)| {
        let mut request = Request::new(method, path);
        for (name, value) in headers {
            request = request.with_header(name, value);
        }
        if let Some(session) = session {
            request = request.with_session(session);
        }
        caller.map_or_else(|| request.clone(), |caller| request.clone().with_caller(caller))
    })
}

/// A table at a revision.
pub fn table(revision: u64) -> impl Strategy<Value = Table> {
    let published =
        (strategy(), 1..5_u64).prop_map(|(strategy, number)| Published::new(Revision::new(number).unwrap(), strategy));
    (vec(node(), 0..12), vec(published, 0..3)).prop_map(move |(nodes, strategies)| {
        let mut table = Table::default();
        for node in nodes {
            table.put_node(node);
        }
        for published in strategies {
            table.put_strategy(published);
        }
        table.set_revision(Revision::new(revision).unwrap()).unwrap();
        table
    })
}
