//! Rows of edges, folded to tracks: versions of a service are one station, and a host that callers name is the
//! service of that name where there is one.

use std::collections::{BTreeMap, BTreeSet};

use pointsman_domain::Text;
use pointsman_domain::health::{Thresholds, Verdict, judge};
use pointsman_domain::read::{Red, Track};
use pointsman_domain::rollup::{Counts, EdgeKey, Endpoint, NodeKind};
use pointsman_domain::telemetry::UnixNanos;

use super::figures::worst;

/// A row of the edges, as the store reads it: window, key, counts.
pub(crate) type EdgeRow = (UnixNanos, EdgeKey, Counts);

/// What went over one track.
#[derive(Debug, Clone, Default)]
pub(crate) struct TrackFigures {
    /// All of it.
    pub(crate) total: Counts,
    /// By version of the called.
    pub(crate) by_version: BTreeMap<Text, Counts>,
}

/// Tracks by caller and called, both without version.
pub(crate) type Tracks = BTreeMap<(Endpoint, Endpoint), TrackFigures>;

/// Adds rows to tracks. `services` are the names of all services known.
pub(crate) fn fold(tracks: &mut Tracks, rows: &[EdgeRow], services: &BTreeSet<Text>) {
    for (_, key, counts) in rows {
        let (source, target) = (station(&key.source, services), station(&key.target, services));
        let track = tracks.entry((source, target)).or_default();
        track.total.merge(counts);
        track
            .by_version
            .entry(key.target.version.clone())
            .or_default()
            .merge(counts);
    }
}

/// The station of an endpoint.
fn station(endpoint: &Endpoint, services: &BTreeSet<Text>) -> Endpoint {
    let known = match endpoint.kind {
        NodeKind::External => service_of(&endpoint.name, services),
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
fn service_of<'a>(host: &str, services: &'a BTreeSet<Text>) -> Option<&'a Text> {
    services.get(host).or_else(|| {
        let (name, port) = host.rsplit_once(':')?;
        if port.bytes().all(|b| b.is_ascii_digit()) {
            services.get(name)
        } else {
            None
        }
    })
}

impl TrackFigures {
    /// How it is: the worst of all of it and of each version.
    pub(crate) fn judge(&self, thresholds: &Thresholds) -> Verdict {
        let parts = std::iter::once(&self.total).chain(self.by_version.values());
        worst(parts.map(|counts| judge(counts, thresholds)))
    }

    /// As a page shows it, over a range of this many seconds.
    pub(crate) fn track(&self, ends: &(Endpoint, Endpoint), seconds: f64, thresholds: &Thresholds) -> Track {
        let several = self.by_version.len() > 1;
        let by_version = self.by_version.iter().filter(|_| several);
        Track {
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
