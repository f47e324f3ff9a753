//! Rows for the tables of the tests: half an hour of one-minute windows that ended a while ago.

use std::time::Duration;

use pointsman_domain::Text;
use pointsman_domain::rollup::{Counts, EdgeKey, Endpoint, NodeKey, NodeKind, Resolution, SECOND_NS, SeriesKey};
use pointsman_domain::telemetry::{SpanKind, UnixNanos};
use pointsman_domain::time::TimeRange;

use super::edges::EdgeRow;
use super::services::{NodeRow, SeriesRow};
use super::windows::Windows;

/// A whole minute.
pub(crate) const START_S: u64 = 1_700_000_040;
/// Long after the range.
pub(crate) const NOW_NS: UnixNanos = (START_S + 86_400) * SECOND_NS;
/// A healthy latency.
pub(crate) const FAST_NS: u64 = 20_000_000;

/// The range: half an hour, so that windows are of a minute.
pub(crate) fn windows() -> Windows {
    let range = TimeRange {
        from_ns: START_S * SECOND_NS,
        to_ns: (START_S + 1800) * SECOND_NS,
    };
    Windows::new(range, NOW_NS, kept)
}

/// How long each rollup is kept, as by default: 7, 30 and 400 days.
pub(crate) fn kept(resolution: Resolution) -> Duration {
    let days = match resolution {
        Resolution::TenSeconds => 7,
        Resolution::Minute => 30,
        Resolution::Hour => 400,
    };
    Duration::from_secs(days * 86_400)
}

/// The start of the n-th minute.
pub(crate) fn minute(n: u64) -> UnixNanos {
    (START_S + n * 60) * SECOND_NS
}

/// So many requests, so many of them errors, all equally fast.
pub(crate) fn counts(requests: u64, errors: u64, latency_ns: u64) -> Counts {
    let mut counts = Counts::default();
    (0..requests).for_each(|n| counts.record(latency_ns, n < errors));
    counts
}

/// Requests served in the n-th minute by `service/version/instance`.
pub(crate) fn served(n: u64, node: &str, requests: u64, errors: u64) -> SeriesRow {
    row(n, node, "GET /", SpanKind::Server, counts(requests, errors, FAST_NS))
}

/// A row of the n-th minute for `service/version/instance`.
pub(crate) fn row(n: u64, node: &str, operation: &str, kind: SpanKind, counts: Counts) -> SeriesRow {
    let NodeKey {
        service,
        version,
        instance,
    } = key(node);
    (
        minute(n),
        SeriesKey {
            service,
            version,
            instance,
            operation: operation.into(),
            kind,
        },
        counts,
    )
}

/// `service/version/instance`, heard of from the n-th minute on.
pub(crate) fn seen(n: u64, node: &str) -> NodeRow {
    (key(node), minute(n), minute(20))
}

/// Reads `service/version/instance`; what is left out is empty.
pub(crate) fn key(node: &str) -> NodeKey {
    let mut parts = node.split('/').map(Text::from);
    let mut next = || parts.next().unwrap_or_default();
    NodeKey {
        service: next(),
        version: next(),
        instance: next(),
    }
}

/// Calls between two ends, each as `kind:name` or `kind:name@version`.
pub(crate) fn calls(source: &str, target: &str, requests: u64, errors: u64) -> EdgeRow {
    let key = EdgeKey {
        source: endpoint(source),
        target: endpoint(target),
    };
    (minute(0), key, counts(requests, errors, FAST_NS))
}

/// Reads `kind:name` or `kind:name@version`.
pub(crate) fn endpoint(text: &str) -> Endpoint {
    let (kind, name) = text.split_once(':').unwrap_or(("service", text));
    let (name, version) = name.split_once('@').unwrap_or((name, ""));
    let kinds = [
        NodeKind::Service,
        NodeKind::Database,
        NodeKind::Queue,
        NodeKind::External,
    ];
    let kind = kinds
        .into_iter()
        .find(|known| known.as_str() == kind)
        .unwrap_or_default();
    Endpoint {
        kind,
        name: name.into(),
        version: version.into(),
    }
}

/// The way back of [`endpoint`].
pub(crate) fn name(endpoint: &Endpoint) -> String {
    let at = if endpoint.version.is_empty() { "" } else { "@" };
    format!("{}:{}{at}{}", endpoint.kind.as_str(), endpoint.name, endpoint.version)
}
