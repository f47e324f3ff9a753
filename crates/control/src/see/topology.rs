//! The topology: services, databases, queues and hosts, and who calls whom.

use std::collections::BTreeSet;

use pointsman_domain::Text;
use pointsman_domain::health::{Thresholds, judge};
use pointsman_domain::read::{PipelineStatus, Red, Station, Topology};
use pointsman_domain::rollup::{Counts, Endpoint, NodeKind};
use pointsman_domain::time::RangeSpec;
use pointsman_store::rollup::{self, EdgeReader, SeriesReader};

use super::figures::{Services, add_totals, heard_of};
use super::overview::versions;
use super::tracks::{Tracks, fold};
use super::windows::Windows;
use crate::{Problem, See, UseCases};

impl See<'_> {
    /// Who calls whom.
    pub async fn topology(&self, range: RangeSpec) -> Result<Topology, Problem> {
        self.0.may_read()?;
        let key = self.0.control.windows(range).key();
        self.0
            .read_shared(&self.0.control.reads.topology, key, move |use_cases| {
                read(use_cases, range)
            })
            .await
    }
}

async fn read(use_cases: UseCases, range: RangeSpec) -> Result<Topology, Problem> {
    let windows = use_cases.control.windows(range);
    let mut at = use_cases.control.store.reader().await?;
    let mut rows = Rows {
        services: heard_of(&rollup::nodes(&mut at, windows.range, None).await?),
        unpaired: rollup::unpaired(&mut at).await?,
        ..Rows::default()
    };
    let mut series = SeriesReader::served(windows.as_one());
    while let Some(piece) = series.next(&mut at).await? {
        add_totals(&mut rows.services, &piece);
    }
    let names = rows.services.keys().cloned().collect();
    let mut edges = EdgeReader::new(windows.as_one(), None);
    while let Some(piece) = edges.next(&mut at).await? {
        fold(&mut rows.tracks, &piece, &names);
    }
    let status = use_cases.control.status_at(&mut at).await?;
    Ok(topology(
        &rows,
        &windows,
        &use_cases.control.settings.thresholds,
        status,
    ))
}

/// What a topology is made of.
#[derive(Debug, Default)]
struct Rows {
    services: Services,
    tracks: Tracks,
    unpaired: (u64, u64),
}

/// The topology of these rows.
fn topology(rows: &Rows, windows: &Windows, thresholds: &Thresholds, status: PipelineStatus) -> Topology {
    let Rows { services, tracks, .. } = rows;
    Topology {
        range: windows.range,
        stations: stations(services, tracks, windows, thresholds),
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
fn stations(services: &Services, tracks: &Tracks, windows: &Windows, thresholds: &Thresholds) -> Vec<Station> {
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
