//! One service: its figures over time, its operations, its nodes with what failed on them, its neighbours.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use pointsman_domain::Text;
use pointsman_domain::health::{Thresholds, judge};
use pointsman_domain::read::{NodeSummary, OperationSummary, Red, ServiceDetail, Track};
use pointsman_domain::rollup::{Counts, Endpoint, NodeErrorCount, NodeErrorKey, NodeKey, NodeKind};
use pointsman_domain::telemetry::{SpanKind, UnixNanos};
use pointsman_domain::time::RangeSpec;
use pointsman_store::rollup::{self, EdgeReader, SeriesReader};

use super::figures::{SeriesRow, ServiceFigures, Services, add, heard_of, is_served};
use super::overview::{first_traffic, summary};
use super::tracks::{Tracks, fold};
use super::windows::Windows;
use crate::{Problem, See, UseCases};

/// How many failures of a node are shown.
const MAX_ERRORS: usize = 20;

impl See<'_> {
    /// One service; `None` where it was never heard of.
    pub async fn service(&self, name: &str, range: RangeSpec) -> Result<Option<ServiceDetail>, Problem> {
        self.0.may_read_of(Some(name))?;
        let name = Text::from(name);
        let key = (name.clone(), self.0.control.windows(range).key(), self.0.sight());
        self.0
            .read_shared(&self.0.control.reads.service, key, move |use_cases| {
                read(use_cases, name, range)
            })
            .await
    }
}

async fn read(use_cases: UseCases, name: Text, range: RangeSpec) -> Result<Option<ServiceDetail>, Problem> {
    let (now_ns, windows) = (use_cases.control.clock.now_ns(), use_cases.control.windows(range));
    let mut at = use_cases.control.store.reader().await?;
    let mut rows = Rows {
        figures: heard_of(&rollup::nodes(&mut at, windows.range, Some(&name)).await?),
        last_seen_ns: rollup::last_seen(&mut at, Some(&name)).await?,
        services: rollup::services(&mut at, windows.range).await?.into_iter().collect(),
        ..Rows::default()
    };
    rows.services.insert(name.clone());
    let mut series = SeriesReader::new(windows.by_point(), Some(&name));
    while let Some(piece) = series.next(&mut at).await? {
        rows.add(&piece);
    }
    if rows.last_seen_ns.is_none() && rows.operations.is_empty() {
        return Ok(None);
    }
    let mut edges = EdgeReader::new(windows.as_one(), Some(&name));
    while let Some(piece) = edges.next(&mut at).await? {
        fold(&mut rows.tracks, &piece, &rows.services);
    }
    rows.errors = rollup::errors(&mut at, windows.range, &name).await?;
    let thresholds = &use_cases.control.settings.thresholds;
    let mut detail = detail(&name, &mut rows, &windows, now_ns, thresholds);
    use_cases.redact_service(&mut detail);
    Ok(Some(detail))
}

/// What a service's page is made of.
#[derive(Debug, Default)]
struct Rows {
    figures: Services,
    operations: BTreeMap<(Text, SpanKind), Counts>,
    /// When any of its nodes was last heard of, in the range or not.
    last_seen_ns: Option<UnixNanos>,
    tracks: Tracks,
    errors: Vec<(NodeErrorKey, NodeErrorCount)>,
    /// The names of all services known.
    services: BTreeSet<Text>,
}

impl Rows {
    /// Adds a piece of its series.
    fn add(&mut self, piece: &[SeriesRow]) {
        for (_, key, counts) in piece {
            let operation = (key.operation.clone(), key.kind);
            self.operations.entry(operation).or_default().merge(counts);
        }
        add(&mut self.figures, piece);
    }
}

/// The page of these rows.
fn detail(
    name: &Text,
    rows: &mut Rows,
    windows: &Windows,
    now_ns: UnixNanos,
    thresholds: &Thresholds,
) -> ServiceDetail {
    let shown = windows.shown(now_ns, first_traffic(&rows.figures));
    let figures = rows.figures.remove(name).unwrap_or_default();
    let mut summary = summary(name, &figures, windows, shown, thresholds);
    if figures.seen.is_empty() {
        summary.last_seen_ns = rows.last_seen_ns.unwrap_or(summary.last_seen_ns);
    }
    let (upstream, downstream) = neighbours(name, &rows.tracks, windows, thresholds);
    ServiceDetail {
        range: windows.range,
        summary,
        series: windows.series(&figures.whole, shown),
        latency: figures.whole.total.latency.clone(),
        operations: operations(&rows.operations, windows, thresholds),
        nodes: nodes(&figures, &rows.errors, windows, thresholds),
        upstream,
        downstream,
    }
}

/// Requests served first, most requests first, then by name.
fn operations(
    operations: &BTreeMap<(Text, SpanKind), Counts>,
    windows: &Windows,
    thresholds: &Thresholds,
) -> Vec<OperationSummary> {
    let summary = |((name, kind), counts): (&(Text, SpanKind), &Counts)| OperationSummary {
        name: name.clone(),
        kind: *kind,
        verdict: judge(counts, thresholds),
        red: Red::new(counts, windows.seconds()),
    };
    let mut operations: Vec<_> = operations.iter().map(summary).collect();
    operations.sort_by_key(|operation| (!is_served(operation.kind), Reverse(operation.red.requests)));
    operations
}

/// Worst first, then by version and node.
fn nodes(
    figures: &ServiceFigures,
    errors: &[(NodeErrorKey, NodeErrorCount)],
    windows: &Windows,
    thresholds: &Thresholds,
) -> Vec<NodeSummary> {
    let summary = |(key, part): (&NodeKey, &super::figures::Part)| {
        let mut failed: Vec<_> = errors
            .iter()
            .filter(|(error, _)| error.version == key.version && error.instance == key.instance)
            .cloned()
            .collect();
        failed.sort_by_key(|(_, count)| Reverse(count.count));
        failed.truncate(MAX_ERRORS);
        let points = (part.points.keys().next(), part.points.keys().next_back());
        let (first, last) = (
            points.0.copied().unwrap_or_default(),
            points.1.copied().unwrap_or_default(),
        );
        let (first_seen_ns, last_seen_ns) = figures.seen.get(key).copied().unwrap_or((first, last));
        NodeSummary {
            node: key.clone(),
            verdict: judge(&part.total, thresholds),
            red: Red::new(&part.total, windows.seconds()),
            first_seen_ns,
            last_seen_ns,
            errors: failed,
        }
    };
    let mut nodes: Vec<_> = figures.nodes.iter().map(summary).collect();
    nodes.sort_by_key(|node| Reverse(node.verdict.health));
    nodes
}

/// Who calls it, and whom it calls.
fn neighbours(name: &Text, tracks: &Tracks, windows: &Windows, thresholds: &Thresholds) -> (Vec<Track>, Vec<Track>) {
    let is_it = |endpoint: &Endpoint| endpoint.kind == NodeKind::Service && endpoint.name == *name;
    let of = |side: &dyn Fn(&(Endpoint, Endpoint)) -> bool| {
        let tracks = tracks.iter().filter(|(ends, _)| side(ends));
        tracks
            .map(|(ends, track)| track.track(ends, windows.seconds(), thresholds))
            .collect()
    };
    (of(&|ends| is_it(&ends.1)), of(&|ends| is_it(&ends.0)))
}

#[cfg(test)]
mod tests;
