//! The topology: services, databases, queues and hosts, and who calls whom.

use std::collections::{BTreeMap, BTreeSet};

use pointsman_domain::Text;
use pointsman_domain::health::{Thresholds, judge};
use pointsman_domain::read::{PipelineStatus, Red, Station, Topology};
use pointsman_domain::rollup::{Counts, Endpoint, NodeKind};
use pointsman_domain::time::RangeSpec;
use pointsman_store::rollup::{self, EdgeFilter};

use super::figures::{NodeRow, SeriesRow, ServiceFigures, by_service};
use super::overview::versions;
use super::tracks::{EdgeRow, Tracks, fold};
use super::windows::Windows;
use crate::{Desk, Problem};

impl Desk {
    /// Who calls whom.
    pub async fn topology(&self, range: RangeSpec) -> Result<Topology, Problem> {
        self.may_read()?;
        let now_ns = self.clock.now_ns();
        let windows = Windows::new(range.resolve(now_ns), now_ns, &self.store.retention());
        let mut at = self.store.snapshot().await?;
        let rows = Rows {
            series: rollup::served(&mut at, windows.resolution, windows.range, false).await?,
            nodes: rollup::nodes(&mut at, windows.range, None).await?,
            edges: rollup::edges(
                &mut at,
                windows.resolution,
                windows.range,
                EdgeFilter { touching: None },
            )
            .await?,
            unpaired: rollup::unpaired(&mut at).await?,
        };
        let status = self.status_at(&mut at).await?;
        Ok(topology(&rows, &windows, &self.settings.thresholds, status))
    }
}

/// What a topology is made of.
#[derive(Debug, Default)]
struct Rows {
    series: Vec<SeriesRow>,
    nodes: Vec<NodeRow>,
    edges: Vec<EdgeRow>,
    unpaired: (u64, u64),
}

/// The topology of these rows.
fn topology(rows: &Rows, windows: &Windows, thresholds: &Thresholds, status: PipelineStatus) -> Topology {
    let services = by_service(&rows.series, &rows.nodes);
    let tracks = fold(&rows.edges, &services.keys().cloned().collect());
    Topology {
        range: windows.range,
        stations: stations(&services, &tracks, windows, thresholds),
        tracks: tracks
            .iter()
            .map(|(ends, track)| track.track(ends, windows.seconds(), thresholds))
            .collect(),
        unpaired_clients: rows.unpaired.0,
        unpaired_servers: rows.unpaired.1,
        status,
    }
}

/// Every service, and every other end of a track.
fn stations(
    services: &BTreeMap<Text, ServiceFigures>,
    tracks: &Tracks,
    windows: &Windows,
    thresholds: &Thresholds,
) -> Vec<Station> {
    let heard_of = services.keys().map(|name| Endpoint {
        kind: NodeKind::Service,
        name: name.clone(),
        version: Text::default(),
    });
    let named = tracks
        .keys()
        .flat_map(|(source, target)| [source.clone(), target.clone()]);
    // Endpoints are ordered by kind, then name.
    let endpoints: BTreeSet<Endpoint> = heard_of.chain(named).collect();
    let station = |endpoint: Endpoint| {
        let service = services.get(&endpoint.name);
        if let Some(figures) = service.filter(|_| endpoint.kind == NodeKind::Service) {
            return Station {
                verdict: figures.judge(thresholds),
                red: Red::new(&figures.whole.total, windows.seconds()),
                versions: versions(figures, windows, thresholds),
                nodes: figures.nodes.len() as u32,
                endpoint,
            };
        }
        let mut counts = Counts::default();
        for (_, track) in tracks.iter().filter(|((_, target), _)| *target == endpoint) {
            counts.merge(&track.total);
        }
        Station {
            verdict: judge(&counts, thresholds),
            red: Red::new(&counts, windows.seconds()),
            versions: Vec::new(),
            nodes: 0,
            endpoint,
        }
    };
    endpoints.into_iter().map(station).collect()
}

#[cfg(test)]
mod tests;
