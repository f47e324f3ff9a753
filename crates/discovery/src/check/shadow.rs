//! Rules that no request meets: earlier ones take all of theirs, or their conditions exclude each other.
//!
//! What is found is certain: each condition of the earlier rule follows from one of the later. What is not found may still be there, such as a pattern that
//! is part of another.

mod implies;

use super::{Code, Finding, Severity, finding};
use crate::Strategy;
use crate::strategy::{HeaderMatch, Match, Rule};

pub(super) fn check(strategy: &Strategy, found: &mut Vec<Finding>) {
    for (at, rule) in strategy.rules.iter().enumerate() {
        let path = format!("rules[{at}].match");
        if let Some(header) = contradiction(&rule.matches.headers) {
            let message = format!("no request meets it: its conditions on the header {header} exclude each other");
            let remedy = "Take one of them away, or make two rules of it";
            found.push(finding(Severity::Warning, Code::ImpossibleRule, &path, message, remedy));
            continue;
        }
        let takers = takers(&strategy.rules[..at], &rule.matches);
        if !takers.is_empty() {
            let names: Vec<&str> = takers.iter().map(|at| strategy.rules[*at].name.as_str()).collect();
            let message = format!(
                "no request comes so far: {} before it takes all of them",
                names.join(" and ")
            );
            let remedy = "Move it up, make the earlier rule narrower, or take it away";
            found.push(finding(
                Severity::Warning,
                Code::UnreachableRule,
                &path,
                message,
                remedy,
            ));
        }
    }
}

/// Whether every request that the later match is for is one that the earlier is for: as far as one sees, never wrongly so.
pub fn covers(earlier: &Match, later: &Match) -> bool {
    let methods = earlier.methods.is_empty()
        || (!later.methods.is_empty() && later.methods.iter().all(|m| earlier.methods.contains(m)));
    let callers = earlier.callers.is_empty()
        || (!later.callers.is_empty() && later.callers.iter().all(|c| earlier.callers.contains(c)));
    methods && callers && covers_rest(earlier, later)
}

/// The same, methods and callers set aside.
fn covers_rest(earlier: &Match, later: &Match) -> bool {
    let path = earlier
        .path
        .as_ref()
        .is_none_or(|wanted| implies::path(later.path.as_ref(), wanted));
    let session = || {
        let wanted = earlier.session.as_ref();
        wanted.is_none_or(|wanted| {
            later
                .session
                .as_ref()
                .is_some_and(|session| implies::text(session, wanted))
        })
    };
    let headers = || {
        let mut wanted = earlier.headers.iter();
        wanted.all(|wanted| later.headers.iter().any(|header| implies::header(header, wanted)))
    };
    path && session() && headers()
}

/// The earlier rules that together take all requests of the match; none where some request is left. Each pair of a method and a caller is looked at by
/// itself, so that rules for GET and for POST together take one that is for both.
fn takers(earlier: &[Rule], later: &Match) -> Vec<usize> {
    let similar: Vec<usize> = (0..earlier.len())
        .filter(|at| covers_rest(&earlier[*at].matches, later))
        .collect();
    let mut takers = Vec::new();
    for method in each(&later.methods) {
        for caller in each(&later.callers) {
            let takes = |at: &&usize| {
                let earlier = &earlier[**at].matches;
                let by_method =
                    earlier.methods.is_empty() || method.is_some_and(|method| earlier.methods.contains(method));
                let by_caller =
                    earlier.callers.is_empty() || caller.is_some_and(|caller| earlier.callers.contains(caller));
                by_method && by_caller
            };
            match similar.iter().find(takes) {
                Some(at) if takers.contains(at) => {}
                Some(at) => takers.push(*at),
                None => return Vec::new(),
            }
        }
    }
    takers
}

/// Each of a list; of an empty one, which is any, nothing in particular.
fn each<T>(list: &[T]) -> Vec<Option<&T>> {
    if list.is_empty() {
        vec![None]
    } else {
        list.iter().map(Some).collect()
    }
}

/// The header on which two conditions exclude each other.
fn contradiction(headers: &[HeaderMatch]) -> Option<&str> {
    let same = |one: &HeaderMatch| {
        headers
            .iter()
            .filter(move |other| other.name == one.name)
            .cloned()
            .collect::<Vec<_>>()
    };
    let header = headers
        .iter()
        .find(|one| same(one).iter().any(|other| implies::excludes(one, other)));
    header.map(|header| header.name.as_str())
}
