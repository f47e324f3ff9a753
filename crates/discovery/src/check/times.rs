//! Tries that don't fit the timeout, and timeouts that don't fit the callers.

use super::{Code, Context, Finding, Severity, finding};
use crate::invalid::join;
use crate::strategy::{Retry, Route};
use crate::{ServiceName, Strategy};

pub(super) fn check(strategy: &Strategy, context: &Context, found: &mut Vec<Finding>) {
    for (at, rule) in strategy.rules.iter().enumerate() {
        route(
            &format!("rules[{at}].route"),
            &rule.route,
            &rule.matches.callers,
            context,
            found,
        );
    }
    route("default", &strategy.draft().default, &[], context, found);
}

fn route(path: &str, route: &Route, callers: &[ServiceName], context: &Context, found: &mut Vec<Finding>) {
    let tries = route.retry.as_ref().and_then(all_tries_ms);
    if let (Some(tries), Some(timeout)) = (tries, route.timeout())
        && tries > u64::from(timeout)
    {
        let message = format!("all tries may take {tries} ms, and the timeout cuts them off at {timeout} ms");
        let remedy = "Retry less often, give each try less time, or raise the timeout";
        let path = join(path, "retry.per_try_timeout_ms");
        found.push(finding(
            Severity::Warning,
            Code::RetriesOverTimeout,
            &path,
            message,
            remedy,
        ));
    }
    // The timeout is over all tries.
    let longest = [tries, route.timeout().map(u64::from)].into_iter().flatten().min();
    for (caller, deadline) in &context.deadlines_ms {
        let concerned = callers.is_empty() || callers.contains(caller);
        if !concerned || longest.is_some_and(|longest| longest <= u64::from(*deadline)) {
            continue;
        }
        let takes = longest.map_or_else(|| "as long as it likes".to_owned(), |longest| format!("{longest} ms"));
        let message = format!("{caller} waits {deadline} ms, and a request may take {takes} with all its tries");
        let remedy = "Lower the timeout or the retries, so that the caller hears of a failure";
        found.push(finding(
            Severity::Warning,
            Code::OverDeadline,
            &join(path, "timeout_ms"),
            message,
            remedy,
        ));
    }
}

/// How long all tries take at most with the waits in between, in milliseconds; `None` where a try has no timeout of its own.
fn all_tries_ms(retry: &Retry) -> Option<u64> {
    let one = u64::from(retry.per_try_timeout_ms?);
    let wait = |n: u32| {
        let grown = u64::from(retry.retry_back_off.base_interval_ms) * ((1 << n) - 1);
        grown.min(u64::from(retry.retry_back_off.max_interval_ms))
    };
    let waits: u64 = (1..=retry.num_retries).map(wait).sum();
    Some(one * (u64::from(retry.num_retries) + 1) + waits)
}
