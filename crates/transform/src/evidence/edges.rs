//! Rows of edges, summed up and judged: versions of a service are one end, and a host that callers name is the service of that name where
//! there is one.

use std::collections::BTreeMap;

use pointsman_domain::Text;
use pointsman_domain::health::{HealthVerdict, Thresholds, judge};
use pointsman_domain::read::{Red, TopologyEdge};
use pointsman_domain::rollup::{Counts, EdgeKey, Endpoint, NodeKind};
use pointsman_domain::telemetry::UnixNanos;

use super::judged::worst;

/// What an edge had in a point: the point's start, from whom to whom, how many calls.
pub type EdgeRow = (UnixNanos, EdgeKey, Counts);

/// What went over one edge.
#[derive(Debug, Clone, Default)]
pub struct EdgeEvidence {
    pub total: Counts,
    /// By version of the called.
    pub by_version: BTreeMap<Text, Counts>,
}

impl EdgeEvidence {
    /// How it is: the worst of all of it and of each version.
    pub fn judge(&self, thresholds: &Thresholds) -> HealthVerdict {
        let parts = std::iter::once(&self.total).chain(self.by_version.values());
        worst(parts.map(|counts| judge(counts, thresholds)))
    }

    /// As a page shows it, over a range of this many seconds.
    pub(super) fn shown(&self, ends: &(Endpoint, Endpoint), seconds: f64, thresholds: &Thresholds) -> TopologyEdge {
        let several = self.by_version.len() > 1;
        let by_version = self.by_version.iter().filter(|_| several);
        TopologyEdge {
            source: ends.0.clone(),
            target: ends.1.clone(),
            verdict: self.judge(thresholds),
            red: Red::new(&self.total, seconds),
            by_version: by_version
                .map(|(version, counts)| (version.clone(), Red::new(counts, seconds)))
                .collect(),
        }
    }
}

/// What went over every edge, by caller and called, both without version.
#[derive(Debug, Clone, Default)]
pub struct Edges(BTreeMap<(Endpoint, Endpoint), EdgeEvidence>);

impl Edges {
    /// Adds rows. `service` finds the service of a name, where there is one.
    pub fn add<'s>(&mut self, rows: &[EdgeRow], service: impl Fn(&str) -> Option<&'s Text>) {
        for (_, key, counts) in rows {
            let (source, target) = (end(&key.source, &service), end(&key.target, &service));
            let edge = self.0.entry((source, target)).or_default();
            edge.total.merge(counts);
            edge.by_version
                .entry(key.target.version.clone())
                .or_default()
                .merge(counts);
        }
    }

    /// All of them, by caller, then by called.
    pub fn iter(&self) -> impl Iterator<Item = (&(Endpoint, Endpoint), &EdgeEvidence)> {
        self.0.iter()
    }
}

/// The end of edges that an endpoint belongs to.
fn end<'s>(endpoint: &Endpoint, service: &impl Fn(&str) -> Option<&'s Text>) -> Endpoint {
    let known = match endpoint.kind {
        NodeKind::External => service_of(&endpoint.name, service),
        _ => None,
    };
    Endpoint {
        kind: if known.is_some() {
            NodeKind::Service
        } else {
            endpoint.kind
        },
        name: known.unwrap_or(&endpoint.name).clone(),
        version: Text::default(),
    }
}

/// The service of a host's name, with or without a port: `payments:8080` is `payments` where that is known.
fn service_of<'s>(host: &str, service: &impl Fn(&str) -> Option<&'s Text>) -> Option<&'s Text> {
    service(host).or_else(|| {
        let (name, port) = host.rsplit_once(':')?;
        if port.bytes().all(|b| b.is_ascii_digit()) {
            service(name)
        } else {
            None
        }
    })
}
