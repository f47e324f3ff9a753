//! Rows of a rollup, summed up to the parts that are judged: a service, its versions, its nodes.

use std::collections::BTreeMap;

use pointsman_domain::Text;
use pointsman_domain::health::{HealthVerdict, Thresholds, judge};
use pointsman_domain::read::Red;
use pointsman_domain::rollup::{Counts, NodeKey, SeriesKey};
use pointsman_domain::telemetry::UnixNanos;

use super::judged::worst;

/// What a series had in a point: the point's start, whose requests, how many.
pub type SeriesRow = (UnixNanos, SeriesKey, Counts);

/// A node that was heard of: which, when first and when last.
pub type NodeRow = (NodeKey, UnixNanos, UnixNanos);

/// The requests of one part.
#[derive(Debug, Clone, Default)]
pub struct Part {
    /// Of the whole range.
    pub total: Counts,
    /// By the start of the point, without rates; only points with traffic, and only those that are settled.
    pub points: BTreeMap<UnixNanos, Red>,
    /// Of points that may get more: their durations are needed until then.
    open: BTreeMap<UnixNanos, Counts>,
}

impl Part {
    /// Adds what one point had.
    pub fn add(&mut self, at_ns: UnixNanos, counts: &Counts) {
        self.total.merge(counts);
        self.open.entry(at_ns).or_default().merge(counts);
    }

    /// Nothing more comes for the points that there are.
    pub fn settle(&mut self) {
        let open = std::mem::take(&mut self.open).into_iter();
        self.points
            .extend(open.map(|(at, counts)| (at, Red::new(&counts, 0.0))));
    }
}

/// What one service served, and who it is made of. Versions and nodes that were heard of without a request are in it too.
#[derive(Debug, Clone, Default)]
pub struct ServiceEvidence {
    pub whole: Part,
    /// By version.
    pub versions: BTreeMap<Text, Part>,
    /// By node.
    pub nodes: BTreeMap<NodeKey, Part>,
    /// When each node was first and last heard of, where that is known.
    pub seen: BTreeMap<NodeKey, (UnixNanos, UnixNanos)>,
}

impl ServiceEvidence {
    /// How a version is: the worst of its own figures and its nodes'.
    pub fn judge_version(&self, version: &str, thresholds: &Thresholds) -> HealthVerdict {
        let own = self.versions.get(version).map(|part| judge(&part.total, thresholds));
        let nodes = self.nodes.iter().filter(|(key, _)| key.version == version);
        worst(
            own.into_iter()
                .chain(nodes.map(|(_, part)| judge(&part.total, thresholds))),
        )
    }

    /// How the service is: the worst of its own figures, its versions' and its nodes'.
    pub fn judge(&self, thresholds: &Thresholds) -> HealthVerdict {
        let own = judge(&self.whole.total, thresholds);
        let parts = self.versions.values().chain(self.nodes.values());
        worst(std::iter::once(own).chain(parts.map(|part| judge(&part.total, thresholds))))
    }

    /// The service itself, and the version and the node that a series is of.
    fn parts_of(&mut self, key: &SeriesKey) -> [&mut Part; 3] {
        let node = NodeKey {
            service: key.service.clone(),
            version: key.version.clone(),
            instance: key.instance.clone(),
        };
        let version = self.versions.entry(key.version.clone()).or_default();
        [&mut self.whole, version, self.nodes.entry(node).or_default()]
    }
}

/// What every service served, by its name.
#[derive(Debug, Clone, Default)]
pub struct Services(BTreeMap<Text, ServiceEvidence>);

impl Services {
    /// Every service of these nodes, without requests yet.
    pub fn heard_of(nodes: &[NodeRow]) -> Self {
        let mut services = Self::default();
        for (key, first, last) in nodes {
            let service = services.0.entry(key.service.clone()).or_default();
            service.versions.entry(key.version.clone()).or_default();
            service.nodes.entry(key.clone()).or_default();
            service.seen.insert(key.clone(), (*first, *last));
        }
        services
    }

    /// A service of which perhaps nothing but the name is known.
    pub fn know(&mut self, name: Text) {
        self.0.entry(name).or_default();
    }

    /// Adds a piece of the rows: of the points that it has, no other piece has any. Calls made count for nobody.
    pub fn add_points(&mut self, rows: &[SeriesRow]) {
        for (at_ns, key, counts) in rows {
            let parts = self.0.entry(key.service.clone()).or_default().parts_of(key);
            if key.is_served() {
                for part in parts {
                    part.add(*at_ns, counts);
                }
            }
        }
        for service in self.0.values_mut() {
            let parts = service.versions.values_mut().chain(service.nodes.values_mut());
            parts.chain([&mut service.whole]).for_each(Part::settle);
        }
    }

    /// Adds requests served that are read as one over the range, so that there are no points.
    pub fn add_totals(&mut self, rows: &[SeriesRow]) {
        for (_, key, counts) in rows {
            let parts = self.0.entry(key.service.clone()).or_default().parts_of(key);
            for part in parts {
                part.total.merge(counts);
            }
        }
    }

    /// The start of the first point in which any service was asked something.
    pub fn first_traffic_ns(&self) -> Option<UnixNanos> {
        let first = self.0.values().filter_map(|service| service.whole.points.keys().next());
        first.min().copied()
    }

    /// One of them.
    pub fn get(&self, name: &str) -> Option<&ServiceEvidence> {
        self.0.get(name)
    }

    /// All of them, by name.
    pub fn iter(&self) -> impl Iterator<Item = (&Text, &ServiceEvidence)> {
        self.0.iter()
    }

    /// The name of the service that is called so; `None` where there is none.
    pub fn name(&self, name: &str) -> Option<&Text> {
        self.0.get_key_value(name).map(|(name, _)| name)
    }
}
