//! What is wrong with a route in itself.

use super::Found;
use crate::Percent;
use crate::invalid::join;
use crate::strategy::{Abort, Arm, Fault, HeaderChanges, MAX_TIMEOUT_MS, MAX_VERSIONS, Retry, RetryOn, Route, Sticky};

/// What no strategy changes: it belongs to the connection or to the request's framing.
const UNTOUCHED: [&str; 8] = [
    "connection",
    "content-length",
    "host",
    "keep-alive",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
];
const YEAR_S: u32 = 31_536_000;

pub(super) fn check(found: &mut Found, path: &str, route: &Route) {
    split(found, &join(path, "split"), &route.split);
    found.at_most(&join(path, "mirrors"), route.mirrors.len(), 4);
    for (at, mirror) in route.mirrors.iter().enumerate() {
        if route.mirrors[..at].iter().any(|other| other.version == mirror.version) {
            let path = join(path, &format!("mirrors[{at}].version"));
            found.add(&path, format!("{} is there twice", mirror.version), "Mirror to it once");
        }
    }
    if let Some(ms) = route.timeout_ms {
        found.within(&join(path, "timeout_ms"), ms, 0..=MAX_TIMEOUT_MS);
    }
    if let Some(again) = &route.retry {
        retry(found, &join(path, "retry"), again, route.timeout());
    }
    if let Some(Sticky::Cookie { ttl_s: Some(ttl), .. }) = &route.sticky {
        found.within(&join(path, "sticky.cookie.ttl_s"), *ttl, 0..=YEAR_S);
    }
    headers(found, &join(path, "request_headers"), &route.request_headers);
    headers(found, &join(path, "response_headers"), &route.response_headers);
    if let Some(made) = &route.fault {
        fault(found, &join(path, "fault"), made);
    }
}

fn split(found: &mut Found, path: &str, arms: &[Arm]) {
    if arms.is_empty() {
        found.add(
            path,
            "has no version",
            "Give at least one, with weights that sum to 100",
        );
        return;
    }
    found.at_most(path, arms.len(), MAX_VERSIONS);
    let sum: u64 = arms.iter().map(|arm| u64::from(arm.weight.parts())).sum();
    if sum != u64::from(Percent::WHOLE) {
        let wrong = format!("weights sum to {}", sum as f64 / 100.0);
        found.add(path, wrong, "Weights sum exactly to 100");
    }
    for (at, arm) in arms.iter().enumerate() {
        let path = join(path, &format!("[{at}].version"));
        match &arm.version {
            None if arms.len() > 1 => {
                found.add(&path, "is missing", "Name the version: only a split of one is for all");
            }
            Some(version) if arms[..at].iter().any(|other| other.version == arm.version) => {
                found.add(&path, format!("{version} is there twice"), "Put both weights into one");
            }
            _ => {}
        }
    }
}

fn retry(found: &mut Found, path: &str, retry: &Retry, timeout: Option<u32>) {
    found.within(&join(path, "num_retries"), retry.num_retries, 1..=10);
    let on = join(path, "retry_on");
    if retry.retry_on.is_empty() {
        found.add(&on, "is empty", "Say after which failures, such as connect-failure");
    }
    found.at_most(&on, retry.retry_on.len(), 12);
    for (at, one) in retry.retry_on.iter().enumerate() {
        if retry.retry_on[..at].contains(one) {
            found.add(&format!("{on}[{at}]"), "is there twice", "Give it once");
        }
    }
    let codes = join(path, "retriable_status_codes");
    let wanted = retry.retry_on.contains(&RetryOn::RetriableStatusCodes);
    if wanted == retry.retriable_status_codes.is_empty() {
        let wrong = if wanted { "is empty" } else { "is not asked for" };
        found.add(
            &codes,
            wrong,
            "Give codes together with retriable-status-codes in retry_on",
        );
    }
    found.at_most(&codes, retry.retriable_status_codes.len(), 20);
    found.once(&codes, &retry.retriable_status_codes);
    for (at, code) in retry.retriable_status_codes.iter().enumerate() {
        found.within(&format!("{codes}[{at}]"), *code, 400..=599);
    }
    if let Some(ms) = retry.per_try_timeout_ms {
        let most = timeout.unwrap_or(MAX_TIMEOUT_MS).max(1);
        found.within(&join(path, "per_try_timeout_ms"), ms, 1..=most);
    }
    let wait = &retry.retry_back_off;
    found.within(
        &join(path, "retry_back_off.base_interval_ms"),
        wait.base_interval_ms,
        1..=60_000,
    );
    let least = wait.base_interval_ms.clamp(1, 60_000);
    found.within(
        &join(path, "retry_back_off.max_interval_ms"),
        wait.max_interval_ms,
        least..=60_000,
    );
}

fn headers(found: &mut Found, path: &str, changes: &HeaderChanges) {
    let lists = [
        ("set", changes.set.len()),
        ("add", changes.add.len()),
        ("remove", changes.remove.len()),
    ];
    for (name, len) in lists {
        found.at_most(&join(path, name), len, 20);
    }
    found.once(&join(path, "remove"), &changes.remove);
    let set = changes.set.keys().map(|name| ("set", name));
    let add = changes.add.keys().map(|name| ("add", name));
    let remove = changes.remove.iter().map(|name| ("remove", name));
    for (list, name) in set.chain(add).chain(remove) {
        if UNTOUCHED.contains(&name.as_str()) {
            let path = join(path, &format!("{list}.{name}"));
            found.add(&path, "belongs to the connection", "Leave it as it is");
        }
    }
    for name in changes.set.keys() {
        if changes.add.contains_key(name) || changes.remove.contains(name) {
            let path = join(path, &format!("set.{name}"));
            found.add(
                &path,
                "is added or removed too",
                "Give it once: set takes the place of what is there",
            );
        }
    }
}

fn fault(found: &mut Found, path: &str, fault: &Fault) {
    if fault.delay.is_none() && fault.abort.is_none() {
        found.add(path, "makes none", "Give a delay, an abort, or no fault");
    }
    if let Some(delay) = &fault.delay {
        found.within(
            &join(path, "delay.fixed_delay_ms"),
            delay.fixed_delay_ms,
            1..=MAX_TIMEOUT_MS,
        );
    }
    match &fault.abort {
        Some(Abort {
            http_status: Some(status),
            grpc_status: None,
            ..
        }) => {
            found.within(&join(path, "abort.http_status"), *status, 200..=599);
        }
        Some(Abort {
            grpc_status: Some(status),
            http_status: None,
            ..
        }) => {
            found.within(&join(path, "abort.grpc_status"), *status, 0..=16);
        }
        Some(_) => found.add(
            &join(path, "abort"),
            "has none or two statuses",
            "Give an http_status or a grpc_status",
        ),
        None => {}
    }
}
