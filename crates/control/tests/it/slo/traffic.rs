//! Traffic of a service `cart` of which everything is known.

use std::collections::BTreeMap;

use pointsman_domain::rollup::{Delta, EdgeKey, Endpoint, SECOND_NS, SeriesKey};
use pointsman_domain::slo::Count;
use pointsman_domain::telemetry::SpanKind;
use pointsman_testing::T0;

pub(super) const MINUTE: u64 = 60 * SECOND_NS;
pub(super) const HOUR: u64 = 60 * MINUTE;
pub(super) const DAY: u64 = 24 * HOUR;
/// When everything is looked at: in the middle of an hour and of a minute.
pub(super) const NOW: u64 = T0 / DAY * DAY + 20 * DAY + 13 * HOUR + 37 * MINUTE + 21 * SECOND_NS;

#[derive(Debug, Clone)]
pub(super) struct Request {
    pub(super) at_ns: u64,
    pub(super) version: &'static str,
    pub(super) operation: &'static str,
    pub(super) error: bool,
    pub(super) duration_ns: u64,
    /// Whether `web` called it.
    pub(super) called: bool,
}

/// Requests, in the order of time.
#[derive(Debug, Clone, Default)]
pub(super) struct Traffic(Vec<Request>);

impl Traffic {
    /// So many days up to now: 2 to 6 requests a minute, more of which fail in some hours.
    pub(super) fn of_days(days: u64) -> Self {
        let mut requests = Vec::new();
        let mut at_ns = NOW - days * DAY;
        let mut n = 0_u64;
        while at_ns < NOW {
            n += 1;
            let dice = n.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 40;
            let worse = (at_ns / HOUR).is_multiple_of(5);
            requests.push(Request {
                at_ns,
                version: ["1", "2"][(dice % 2) as usize],
                operation: ["GET /", "POST /"][(dice / 2 % 2) as usize],
                error: dice % 1000 < if worse { 30 } else { 2 },
                duration_ns: [20, 90, 134, 150, 900][(dice / 4 % 5) as usize] * 1_000_000,
                called: (dice / 32).is_multiple_of(3),
            });
            at_ns += (10 + dice % 20) * SECOND_NS;
        }
        Self(requests)
    }

    /// A request every second, of which half fail.
    pub(super) fn outage(from_ns: u64, to_ns: u64) -> Self {
        Self::steady(from_ns, to_ns, |n| n % 2 == 0)
    }

    /// A request every second, none of which fails.
    pub(super) fn good(from_ns: u64, to_ns: u64) -> Self {
        Self::steady(from_ns, to_ns, |_| false)
    }

    pub(super) fn one(at_ns: u64) -> Self {
        Self::steady(at_ns, at_ns + 1, |_| true)
    }

    fn steady(from_ns: u64, to_ns: u64, fails: impl Fn(u64) -> bool) -> Self {
        let seconds = (to_ns - from_ns).div_ceil(SECOND_NS);
        let request = |n| Request {
            at_ns: from_ns + n * SECOND_NS,
            version: "1",
            operation: "GET /",
            error: fails(n),
            duration_ns: 1_000_000,
            called: false,
        };
        Self((0..seconds).map(request).collect())
    }

    /// The first and the second half of them.
    pub(super) fn halves(&self) -> (Self, Self) {
        let (a, b) = self.0.split_at(self.0.len() / 2);
        (Self(a.to_vec()), Self(b.to_vec()))
    }

    /// So many pieces, each with requests of all times.
    pub(super) fn pieces(&self, n: usize) -> Vec<Self> {
        let piece = |at| Self(self.0.iter().skip(at).step_by(n).cloned().collect());
        (0..n).map(piece).collect()
    }

    /// As workers count it.
    pub(super) fn delta(&self) -> Delta {
        let mut delta = Delta::default();
        let end = |name: &str, version: &str| Endpoint {
            name: name.into(),
            version: version.into(),
            ..Endpoint::default()
        };
        for request in &self.0 {
            let window = request.at_ns / (10 * SECOND_NS) * (10 * SECOND_NS);
            let series = SeriesKey {
                service: "cart".into(),
                version: request.version.into(),
                instance: "one".into(),
                operation: request.operation.into(),
                kind: SpanKind::Server,
            };
            let counts = delta.series.entry((window, series.clone())).or_default();
            counts.record(request.duration_ns, request.error);
            // What it calls itself is not what it is asked.
            let calls = SeriesKey {
                kind: SpanKind::Client,
                ..series
            };
            delta.series.entry((window, calls)).or_default().record(1, true);
            if request.called {
                let edge = EdgeKey {
                    source: end("web", "1"),
                    target: end("cart", request.version),
                };
                let counts = delta.edges.entry((window, edge)).or_default();
                counts.record(request.duration_ns, request.error);
            }
        }
        delta
    }

    /// The good ones among those that are meant.
    pub(super) fn count(&self, meant: impl Fn(&Request) -> bool, good: &dyn Fn(&Request) -> bool) -> Count {
        let mut count = Count::default();
        for request in self.0.iter().filter(|request| meant(request)) {
            count.total += 1;
            count.good += u64::from(good(request));
        }
        count
    }

    /// The slices of a range that have requests, those without error being good.
    pub(super) fn slices(&self, from_ns: u64, to_ns: u64, seconds: u64) -> Vec<Count> {
        let step = seconds * SECOND_NS;
        let mut slices: BTreeMap<u64, Count> = BTreeMap::new();
        for request in self.0.iter().filter(|r| (from_ns..to_ns).contains(&r.at_ns)) {
            let slice = slices.entry(request.at_ns / step).or_default();
            slice.total += 1;
            slice.good += u64::from(!request.error);
        }
        slices.into_values().collect()
    }

    /// How many requests each whole minute of a range has.
    pub(super) fn minutes(&self, from_ns: u64, to_ns: u64) -> Vec<u64> {
        let mut minutes = vec![0; (to_ns / MINUTE - from_ns / MINUTE) as usize];
        for request in &self.0 {
            if request.at_ns >= from_ns
                && let Some(minute) = minutes.get_mut((request.at_ns / MINUTE - from_ns / MINUTE) as usize)
            {
                *minute += 1;
            }
        }
        minutes
    }
}
