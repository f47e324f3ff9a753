//! What the receivers count about themselves, for `/metrics`.

use std::time::Duration;

use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::{Registry, Unit};

use crate::otlp::signal::{Encoding, Signal};

/// The counters of the receivers. Clones count into the same.
#[derive(Debug, Clone)]
pub struct Metrics {
    spans: Family<ItemLabels, Counter>,
    records: Family<ItemLabels, Counter>,
    requests: Family<RequestLabels, Counter>,
    acknowledge: Family<SignalLabels, Histogram, fn() -> Histogram>,
}

/// What became of an item.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ItemOutcome {
    /// Items that are durable.
    Accepted,
    /// Wrong, and told so in the partial success.
    Rejected,
    /// Of a request that was durable before.
    Duplicate,
    /// Of a request that could not be stored; the sender was told to try again.
    Refused,
}

impl ItemOutcome {
    const ALL: [Self; 4] = [Self::Accepted, Self::Rejected, Self::Duplicate, Self::Refused];

    fn as_str(self) -> &'static str {
        match self {
            Self::Accepted => "accepted",
            Self::Rejected => "rejected",
            Self::Duplicate => "duplicate",
            Self::Refused => "refused",
        }
    }
}

/// What became of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum RequestOutcome {
    /// All of it is durable.
    Accepted,
    /// Answered with a partial success.
    Partial,
    /// A repeat of a request that was durable before.
    Duplicate,
    /// The sender may not send.
    Denied,
    /// It can't be read.
    Invalid,
    /// It is over a cap.
    TooLarge,
    /// Nothing of it was stored, and the sender was told to try again.
    Refused,
}

impl RequestOutcome {
    fn as_str(self) -> &'static str {
        match self {
            Self::Accepted => "accepted",
            Self::Partial => "partial",
            Self::Duplicate => "duplicate",
            Self::Denied => "denied",
            Self::Invalid => "invalid",
            Self::TooLarge => "too_large",
            Self::Refused => "refused",
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct ItemLabels {
    outcome: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct RequestLabels {
    signal: &'static str,
    transport: &'static str,
    encoding: &'static str,
    outcome: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct SignalLabels {
    signal: &'static str,
}

/// Seconds; from well under a commit to the longest that a receiver waits.
const ACKNOWLEDGE_BUCKETS: [f64; 13] = [
    0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0,
];

impl Metrics {
    /// Makes the counters known to the registry. Every outcome of an item is there from the start, as 0.
    pub fn register(registry: &mut Registry) -> Self {
        let metrics = Self {
            spans: Family::default(),
            records: Family::default(),
            requests: Family::default(),
            acknowledge: Family::new_with_constructor(|| Histogram::new(ACKNOWLEDGE_BUCKETS)),
        };
        for outcome in ItemOutcome::ALL {
            let labels = ItemLabels {
                outcome: outcome.as_str(),
            };
            drop(metrics.spans.get_or_create(&labels));
            drop(metrics.records.get_or_create(&labels));
        }
        // The registry itself appends `_total` to the name of a counter, and the unit to the histogram's.
        registry.register("pointsman_ingest_spans", "Spans received", metrics.spans.clone());
        registry.register(
            "pointsman_ingest_log_records",
            "Log records received",
            metrics.records.clone(),
        );
        registry.register(
            "pointsman_ingest_requests",
            "OTLP requests answered",
            metrics.requests.clone(),
        );
        registry.register_with_unit(
            "pointsman_ingest_acknowledge",
            "From the head of an OTLP request to its answer",
            Unit::Seconds,
            metrics.acknowledge.clone(),
        );
        metrics
    }

    /// Counts items. Data points are not counted: they are not stored.
    pub(crate) fn items(&self, signal: Signal, outcome: ItemOutcome, count: u64) {
        let labels = ItemLabels {
            outcome: outcome.as_str(),
        };
        match signal {
            Signal::Traces => self.spans.get_or_create(&labels).inc_by(count),
            Signal::Logs => self.records.get_or_create(&labels).inc_by(count),
            Signal::Metrics => 0,
        };
    }

    /// Counts a request that has been answered. Without an encoding it was none that is spoken here.
    pub(crate) fn request(
        &self,
        signal: Signal,
        transport: &'static str,
        encoding: Option<Encoding>,
        outcome: RequestOutcome,
        took: Duration,
    ) {
        let signal = signal.as_str();
        let encoding = encoding.map_or("other", Encoding::as_str);
        let labels = RequestLabels {
            signal,
            transport,
            encoding,
            outcome: outcome.as_str(),
        };
        self.requests.get_or_create(&labels).inc();
        self.acknowledge
            .get_or_create(&SignalLabels { signal })
            .observe(took.as_secs_f64());
    }
}
