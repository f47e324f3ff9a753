//! A metrics request in JSON, as far as it is needed to count its data points.

use serde::Deserialize;
use serde::de::IgnoredAny;

use super::scalar::nullable;

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct Request {
    #[serde(deserialize_with = "nullable")]
    resource_metrics: Vec<ResourceMetrics>,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
struct ResourceMetrics {
    #[serde(deserialize_with = "nullable")]
    scope_metrics: Vec<ScopeMetrics>,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
struct ScopeMetrics {
    #[serde(deserialize_with = "nullable")]
    metrics: Vec<Metric>,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
struct Metric {
    gauge: Option<Points>,
    sum: Option<Points>,
    histogram: Option<Points>,
    exponential_histogram: Option<Points>,
    summary: Option<Points>,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
struct Points {
    #[serde(deserialize_with = "nullable")]
    data_points: Vec<IgnoredAny>,
}

impl Request {
    /// How many data points it has.
    pub(super) fn count(&self) -> u64 {
        let scopes = self.resource_metrics.iter().flat_map(|r| &r.scope_metrics);
        scopes.flat_map(|s| &s.metrics).map(Metric::count).sum()
    }
}

impl Metric {
    fn count(&self) -> u64 {
        let kinds = [
            &self.gauge,
            &self.sum,
            &self.histogram,
            &self.exponential_histogram,
            &self.summary,
        ];
        kinds
            .into_iter()
            .flatten()
            .map(|points| points.data_points.len() as u64)
            .sum()
    }
}
