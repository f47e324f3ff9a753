//! What the loops tell Prometheus about themselves. The server owns the registry and exposes it.

use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::{Histogram, exponential_buckets};
use prometheus_client::registry::Registry;

/// Which loop.
#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
pub(crate) struct LoopLabel {
    pub(crate) name: &'static str,
}

/// Spans or log records.
#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
pub(crate) struct SignalLabel {
    /// `spans` or `log_records`.
    pub(crate) signal: &'static str,
}

/// Which side of a call.
#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
pub(crate) struct SideLabel {
    /// `client` or `server`.
    pub(crate) side: &'static str,
}

/// The loops' metrics. Clones are the same metrics.
#[derive(Debug, Clone)]
pub struct Metrics {
    pub(crate) transformed: Family<SignalLabel, Counter>,
    pub(crate) cycle_seconds: Histogram,
    pub(crate) journal_rows: Gauge,
    pub(crate) journal_items: Gauge,
    pub(crate) journal_bytes: Gauge,
    pub(crate) journal_file_bytes: Gauge,
    pub(crate) journal_full: Gauge,
    pub(crate) journal_lag_seconds: Gauge<f64, std::sync::atomic::AtomicU64>,
    pub(crate) journal_dead: Gauge,
    pub(crate) slots_compacted: Counter,
    pub(crate) segments: Family<SignalLabel, Counter>,
    pub(crate) deltas_merged: Counter,
    pub(crate) partitions_dropped: Counter,
    pub(crate) loop_errors: Family<LoopLabel, Counter>,
    pub(crate) unpaired: Family<SideLabel, Counter>,
    pub(crate) clock_skew_seconds: Gauge<f64, std::sync::atomic::AtomicU64>,
    pub(crate) left_to_others: Family<LoopLabel, Counter>,
}

impl Default for Metrics {
    fn default() -> Self {
        Self {
            transformed: Family::default(),
            // 2 ms to 16 s.
            cycle_seconds: Histogram::new(exponential_buckets(0.002, 2.0, 14)),
            journal_rows: Gauge::default(),
            journal_items: Gauge::default(),
            journal_bytes: Gauge::default(),
            journal_file_bytes: Gauge::default(),
            journal_full: Gauge::default(),
            journal_lag_seconds: Gauge::default(),
            journal_dead: Gauge::default(),
            slots_compacted: Counter::default(),
            segments: Family::default(),
            deltas_merged: Counter::default(),
            partitions_dropped: Counter::default(),
            loop_errors: Family::default(),
            unpaired: Family::default(),
            clock_skew_seconds: Gauge::default(),
            left_to_others: Family::default(),
        }
    }
}

impl Metrics {
    /// Makes the metrics and registers them under `pointsman_...`.
    pub fn register(registry: &mut Registry) -> Self {
        let metrics = Self::default();
        let r = registry.sub_registry_with_prefix("pointsman");
        r.register(
            "transformed",
            "Spans and log records taken out of the journal",
            metrics.transformed.clone(),
        );
        r.register(
            "worker_cycle_seconds",
            "From claiming journal rows to their commit",
            metrics.cycle_seconds.clone(),
        );
        r.register(
            "journal_rows",
            "Requests that wait for a worker",
            metrics.journal_rows.clone(),
        );
        r.register(
            "journal_items",
            "Spans and log records that wait for a worker",
            metrics.journal_items.clone(),
        );
        r.register(
            "journal_bytes",
            "Bytes that wait for a worker, compressed",
            metrics.journal_bytes.clone(),
        );
        r.register(
            "journal_file_bytes",
            "Bytes of the journal's files, with what was deleted and is not used again yet",
            metrics.journal_file_bytes.clone(),
        );
        r.register(
            "journal_full",
            "1 while this replica takes no telemetry because too much waits or the disk has no room",
            metrics.journal_full.clone(),
        );
        r.register(
            "journal_lag_seconds",
            "Age of the oldest waiting request",
            metrics.journal_lag_seconds.clone(),
        );
        r.register(
            "journal_dead_rows",
            "Requests that were set aside",
            metrics.journal_dead.clone(),
        );
        r.register(
            "slots_compacted",
            "Slots made into segments",
            metrics.slots_compacted.clone(),
        );
        r.register(
            "segments_written",
            "Segments written by compaction",
            metrics.segments.clone(),
        );
        r.register(
            "deltas_merged",
            "Rollup deltas folded into windows",
            metrics.deltas_merged.clone(),
        );
        r.register(
            "partitions_dropped",
            "Expired partitions dropped",
            metrics.partitions_dropped.clone(),
        );
        r.register(
            "loop_errors",
            "Failures of a loop, retried",
            metrics.loop_errors.clone(),
        );
        r.register(
            "unpaired_spans",
            "Sides of calls that settled without their partner",
            metrics.unpaired.clone(),
        );
        r.register(
            "clock_skew_seconds",
            "How far this machine's clock is ahead of the database's",
            metrics.clock_skew_seconds.clone(),
        );
        r.register(
            "left_to_others",
            "Times that expired data were not dropped (keeper) or periods not closed (closing) because the clocks differ",
            metrics.left_to_others.clone(),
        );
        metrics
    }

    /// Counts a failure of a loop.
    pub(crate) fn failed(&self, name: &'static str) {
        self.loop_errors.get_or_create(&LoopLabel { name }).inc();
    }

    /// Counts that this replica left something to others.
    pub(crate) fn left_to_others(&self, name: &'static str) {
        self.left_to_others.get_or_create(&LoopLabel { name }).inc();
    }

    /// Counts what became of a set of spans and records.
    pub(crate) fn count(family: &Family<SignalLabel, Counter>, spans: u64, records: u64) {
        family.get_or_create(&SignalLabel { signal: "spans" }).inc_by(spans);
        family
            .get_or_create(&SignalLabel { signal: "log_records" })
            .inc_by(records);
    }
}
