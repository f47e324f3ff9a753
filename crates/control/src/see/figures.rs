//! Rows of a rollup, summed up to the parts that are judged: a service, its versions, its nodes.

use std::collections::BTreeMap;

use pointsman_domain::Text;
use pointsman_domain::health::{Health, Thresholds, Verdict, judge};
use pointsman_domain::read::Red;
use pointsman_domain::rollup::{Counts, NodeKey, SeriesKey};
use pointsman_domain::telemetry::{SpanKind, UnixNanos};

/// A row of the series, as the store reads it: start of the point, key, counts.
pub(crate) type SeriesRow = (UnixNanos, SeriesKey, Counts);

/// A node as the store reads it: which, first and last heard of.
pub(crate) type NodeRow = (NodeKey, UnixNanos, UnixNanos);

/// The requests of one part.
#[derive(Debug, Clone, Default)]
pub(crate) struct Part {
    /// Of the whole range.
    pub(crate) total: Counts,
    /// By the start of the point, without rates; only points with traffic, and only those that are settled.
    pub(crate) points: BTreeMap<UnixNanos, Red>,
    /// Of points that may get more: their durations are needed until then.
    open: BTreeMap<UnixNanos, Counts>,
}

impl Part {
    /// Counts a row.
    pub(crate) fn add(&mut self, at_ns: UnixNanos, counts: &Counts) {
        self.total.merge(counts);
        self.open.entry(at_ns).or_default().merge(counts);
    }

    /// Nothing more comes for the points that there are.
    pub(crate) fn settle(&mut self) {
        let open = std::mem::take(&mut self.open).into_iter();
        self.points
            .extend(open.map(|(at, counts)| (at, Red::new(&counts, 0.0))));
    }
}

/// What one service served, and who it is made of. Versions and nodes that were heard of without a request are in it too.
#[derive(Debug, Clone, Default)]
pub(crate) struct ServiceFigures {
    /// All of it.
    pub(crate) whole: Part,
    /// By version.
    pub(crate) versions: BTreeMap<Text, Part>,
    /// By node.
    pub(crate) nodes: BTreeMap<NodeKey, Part>,
    /// When each node was first and last heard of, where that is known.
    pub(crate) seen: BTreeMap<NodeKey, (UnixNanos, UnixNanos)>,
}

/// Whether spans of this kind are requests served rather than calls made.
pub(crate) fn is_served(kind: SpanKind) -> bool {
    matches!(kind, SpanKind::Server | SpanKind::Consumer | SpanKind::Internal)
}

/// The figures of all services of a read.
pub(crate) type Services = BTreeMap<Text, ServiceFigures>;

/// Every service of these nodes, without requests yet.
pub(crate) fn heard_of(nodes: &[NodeRow]) -> Services {
    let mut services = Services::new();
    for (key, first, last) in nodes {
        let figures = services.entry(key.service.clone()).or_default();
        figures.versions.entry(key.version.clone()).or_default();
        figures.nodes.entry(key.clone()).or_default();
        figures.seen.insert(key.clone(), (*first, *last));
    }
    services
}

/// Adds a piece of the rows: of the points that it has, no other piece has any.
pub(crate) fn add(services: &mut Services, rows: &[SeriesRow]) {
    for (at_ns, key, counts) in rows {
        let figures = services.entry(key.service.clone()).or_default();
        let version = figures.versions.entry(key.version.clone()).or_default();
        let node = NodeKey {
            service: key.service.clone(),
            version: key.version.clone(),
            instance: key.instance.clone(),
        };
        let node = figures.nodes.entry(node).or_default();
        if is_served(key.kind) {
            version.add(*at_ns, counts);
            node.add(*at_ns, counts);
            figures.whole.add(*at_ns, counts);
        }
    }
    for figures in services.values_mut() {
        let parts = figures.versions.values_mut().chain(figures.nodes.values_mut());
        parts.chain([&mut figures.whole]).for_each(Part::settle);
    }
}

/// Adds what is read as one, so that it has no points.
pub(crate) fn add_totals(services: &mut Services, rows: &[SeriesRow]) {
    for (_, key, counts) in rows {
        let figures = services.entry(key.service.clone()).or_default();
        let node = NodeKey {
            service: key.service.clone(),
            version: key.version.clone(),
            instance: key.instance.clone(),
        };
        let version = figures.versions.entry(key.version.clone()).or_default();
        for part in [version, figures.nodes.entry(node).or_default(), &mut figures.whole] {
            part.total.merge(counts);
        }
    }
}

impl ServiceFigures {
    /// How a version is: the worst of its own figures and its nodes'.
    pub(crate) fn judge_version(&self, version: &str, thresholds: &Thresholds) -> Verdict {
        let own = self.versions.get(version).map(|part| judge(&part.total, thresholds));
        let nodes = self.nodes.iter().filter(|(key, _)| key.version == version);
        worst(
            own.into_iter()
                .chain(nodes.map(|(_, part)| judge(&part.total, thresholds))),
        )
    }

    /// How the service is: the worst of its own figures, its versions' and its nodes'.
    pub(crate) fn judge(&self, thresholds: &Thresholds) -> Verdict {
        let own = judge(&self.whole.total, thresholds);
        let parts = self.versions.values().chain(self.nodes.values());
        worst(std::iter::once(own).chain(parts.map(|part| judge(&part.total, thresholds))))
    }
}

/// The worst of several verdicts, with its cause; the first of equals that errors caused, else the first.
pub(crate) fn worst(verdicts: impl IntoIterator<Item = Verdict>) -> Verdict {
    verdicts.into_iter().fold(Verdict::default(), |worst, next| {
        let by_errors = |verdict: &Verdict| verdict.cause == Some(pointsman_domain::health::Cause::Errors);
        let worse = (next.health, by_errors(&next)) > (worst.health, by_errors(&worst));
        if worse { next } else { worst }
    })
}

/// Whether someone should look at it.
pub(crate) fn is_unwell(health: Health) -> bool {
    health >= Health::Degraded
}
