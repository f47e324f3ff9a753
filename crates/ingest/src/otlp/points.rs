//! Data points: counted, to say in the answer how many were not stored.

use opentelemetry_proto::tonic::collector::metrics::v1::ExportMetricsServiceRequest;
use opentelemetry_proto::tonic::metrics::v1::metric::Data;

/// How many data points a request has.
pub(super) fn count(request: &ExportMetricsServiceRequest) -> u64 {
    let scopes = request.resource_metrics.iter().flat_map(|r| &r.scope_metrics);
    let data = scopes.flat_map(|s| &s.metrics).filter_map(|m| m.data.as_ref());
    data.map(|data| match data {
        Data::Gauge(gauge) => gauge.data_points.len() as u64,
        Data::Sum(sum) => sum.data_points.len() as u64,
        Data::Histogram(histogram) => histogram.data_points.len() as u64,
        Data::ExponentialHistogram(histogram) => histogram.data_points.len() as u64,
        Data::Summary(summary) => summary.data_points.len() as u64,
    })
    .sum()
}
