//! Data points: counted, to say in the answer how many were not stored. Nothing else of a metrics request is looked at.

use bytes::Bytes;
use prost::Message;

/// `ExportMetricsServiceRequest`, as far as it is needed to count.
#[derive(Clone, PartialEq, Message)]
pub(super) struct Request {
    #[prost(message, repeated, tag = "1")]
    resource_metrics: Vec<Group>,
}

/// `ResourceMetrics`.
#[derive(Clone, PartialEq, Message)]
struct Group {
    #[prost(message, repeated, tag = "2")]
    scope_metrics: Vec<Scope>,
}

/// `ScopeMetrics`.
#[derive(Clone, PartialEq, Message)]
struct Scope {
    #[prost(message, repeated, tag = "2")]
    metrics: Vec<Metric>,
}

/// `Metric`, whose data is one of five kinds.
#[derive(Clone, PartialEq, Message)]
struct Metric {
    #[prost(message, optional, tag = "5")]
    gauge: Option<Points>,
    #[prost(message, optional, tag = "7")]
    sum: Option<Points>,
    #[prost(message, optional, tag = "9")]
    histogram: Option<Points>,
    #[prost(message, optional, tag = "10")]
    exponential_histogram: Option<Points>,
    #[prost(message, optional, tag = "11")]
    summary: Option<Points>,
}

#[derive(Clone, PartialEq, Message)]
struct Points {
    #[prost(bytes = "bytes", repeated, tag = "1")]
    data_points: Vec<Bytes>,
}

/// How many data points a request has.
pub(super) fn count(request: &Request) -> u64 {
    let scopes = request.resource_metrics.iter().flat_map(|r| &r.scope_metrics);
    let data = scopes.flat_map(|s| &s.metrics).flat_map(|metric| {
        [
            &metric.gauge,
            &metric.sum,
            &metric.histogram,
            &metric.exponential_histogram,
            &metric.summary,
        ]
    });
    data.flatten().map(|points| points.data_points.len() as u64).sum()
}
