//! What is wrong with a draft in itself: everything at once, each with the path of its field.

mod policy;
mod route;

use std::fmt::Display;
use std::ops::RangeInclusive;

use super::balance::MAX_RING;
use super::{Draft, HeaderPredicate, LoadBalancing, MAX_RULES, MAX_TIMEOUT_MS, MAX_VERSIONS, Match};
use crate::Invalid;
use crate::invalid::join;

/// Everything that is wrong; nothing where the draft is a strategy.
pub(super) fn draft(draft: &Draft) -> Vec<Invalid> {
    let mut found = Found::default();
    found.at_most("rules", draft.rules.len(), MAX_RULES);
    for (at, rule) in draft.rules.iter().enumerate().take(MAX_RULES) {
        let path = format!("rules[{at}]");
        let earlier = draft.rules[..at].iter().position(|other| other.name == rule.name);
        if let Some(earlier) = earlier {
            let wrong = format!("rules[{earlier}] is called {} too", rule.name);
            found.add(&join(&path, "name"), wrong, "Give each rule its own name");
        }
        matches(&mut found, &join(&path, "match"), &rule.matches);
        route::check(&mut found, &join(&path, "route"), &rule.route);
    }
    route::check(&mut found, "default", &draft.default);
    found.at_most("versions", draft.versions.len(), MAX_VERSIONS);
    for (at, one) in draft.versions.iter().enumerate().take(MAX_VERSIONS) {
        let path = format!("versions[{at}]");
        if draft.versions[..at].iter().any(|other| other.version == one.version) {
            found.add(&join(&path, "version"), "has a policy already", "Put both into one");
        }
        policy::check(&mut found, &path, one);
    }
    match draft.load_balancing {
        LoadBalancing::LeastRequest { choice_count } => {
            found.within("load_balancing.choice_count", choice_count, 2..=100);
        }
        LoadBalancing::RingHash {
            minimum_ring_size,
            maximum_ring_size,
        } => {
            found.within("load_balancing.minimum_ring_size", minimum_ring_size, 1..=MAX_RING);
            let least = minimum_ring_size.clamp(1, MAX_RING);
            found.within("load_balancing.maximum_ring_size", maximum_ring_size, least..=MAX_RING);
        }
        LoadBalancing::RoundRobin {} | LoadBalancing::Random {} => {}
    }
    found.at_most("zone_priority", draft.zone_priority.len(), 10);
    found.once("zone_priority", &draft.zone_priority);
    if let Some(ms) = draft.slow_start_window_ms {
        found.within("slow_start_window_ms", ms, 1..=MAX_TIMEOUT_MS);
    }
    found.0
}

fn matches(found: &mut Found, path: &str, matches: &Match) {
    found.at_most(&join(path, "methods"), matches.methods.len(), 10);
    found.once(&join(path, "methods"), &matches.methods);
    found.at_most(&join(path, "callers"), matches.callers.len(), 50);
    found.once(&join(path, "callers"), &matches.callers);
    found.at_most(&join(path, "headers"), matches.headers.len(), 20);
    for (at, header) in matches.headers.iter().enumerate() {
        if let HeaderPredicate::Range { start, end } = header.predicate
            && start >= end
        {
            let path = join(path, &format!("headers[{at}].match.range"));
            let wrong = format!("{start} to {end} has no number in it");
            found.add(&path, wrong, "Give an end that is more than the start");
        }
    }
}

/// What is wrong so far.
#[derive(Default)]
struct Found(Vec<Invalid>);

impl Found {
    fn add(&mut self, path: &str, wrong: impl Into<String>, remedy: impl Into<String>) {
        self.0.push(Invalid::new(path, wrong, remedy));
    }

    fn within<T: PartialOrd + Display + Copy>(&mut self, path: &str, value: T, range: RangeInclusive<T>) {
        if !range.contains(&value) {
            let remedy = format!("Write {} to {}", range.start(), range.end());
            self.add(path, format!("is {value}"), remedy);
        }
    }

    fn at_most(&mut self, path: &str, len: usize, most: usize) {
        if len > most {
            self.add(path, format!("has {len}"), format!("Give at most {most}"));
        }
    }

    /// Lists are short: each is compared with those before it.
    fn once<T: PartialEq + Display>(&mut self, path: &str, list: &[T]) {
        for (at, one) in list.iter().enumerate() {
            if list[..at].contains(one) {
                self.add(
                    &format!("{path}[{at}]"),
                    format!("{one} is there twice"),
                    "Give it once",
                );
            }
        }
    }
}
