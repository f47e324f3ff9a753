//! Which tables are partitioned by what, and how long a partition is.

use std::time::Duration;

use pointsman_domain::rollup::{Resolution, SECOND_NS};
use pointsman_domain::slo::Level;

use crate::connect::Retention;

/// A partitioned table of which partitions come and go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Scheme {
    /// The parent table.
    pub(crate) table: &'static str,
    /// How much of the partition column a partition holds.
    pub(crate) step: u64,
    /// Nanoseconds to one of the partition column's units.
    unit_ns: u64,
    /// Settings of a partition.
    pub(crate) settings: &'static str,
}

const HOUR: u64 = 3600 * SECOND_NS;
const DAY: u64 = 24 * HOUR;

/// Written once, in bulk: statistics soon, so that a search is planned well.
const BULK: &str = "WITH (autovacuum_analyze_scale_factor = 0.2, autovacuum_analyze_threshold = 500)";
/// Upserted by the merger: room in the pages for it, and vacuumed often.
const UPSERTED: &str = "WITH (fillfactor = 80, autovacuum_vacuum_scale_factor = 0.1)";

impl Scheme {
    const fn time(table: &'static str, step: u64, settings: &'static str) -> Self {
        Self {
            table,
            step,
            unit_ns: 1,
            settings,
        }
    }

    /// Spans: an hour.
    pub(crate) const SPANS: Self = Self::time("span_segment", HOUR, BULK);
    /// Log records: an hour.
    pub(crate) const LOGS: Self = Self::time("log_segment", HOUR, BULK);
    /// Errors of nodes: a day.
    pub(crate) const ERRORS: Self = Self::time("node_error", DAY, "");
    /// Requests seen: a day, and the column counts days.
    pub(crate) const REQUESTS: Self = Self {
        table: "request_seen",
        step: 1,
        unit_ns: DAY,
        settings: "",
    };

    /// Series of a resolution: about 8,640 windows to a partition.
    pub(crate) fn series(resolution: Resolution) -> Self {
        let table = ["series_10s", "series_1m", "series_1h"][resolution as usize];
        Self::time(table, rollup_step(resolution), UPSERTED)
    }

    /// Edges of a resolution, as series.
    pub(crate) fn edges(resolution: Resolution) -> Self {
        let table = ["edge_10s", "edge_1m", "edge_1h"][resolution as usize];
        Self::time(table, rollup_step(resolution), UPSERTED)
    }

    /// Counts of objectives by minute, hour and day.
    pub(crate) fn slo(level: Level) -> Self {
        let table = ["slo_count_1m", "slo_count_1h", "slo_count_1d"][level as usize];
        let days = [1, 64, 512][level as usize];
        Self::time(table, days * DAY, UPSERTED)
    }

    /// Where the partition of this value begins.
    pub(crate) fn lower(&self, value: u64) -> u64 {
        value - value % self.step
    }

    /// The name of the partition that begins here.
    pub(crate) fn child(&self, lower: u64) -> String {
        format!("{}_p{}", self.table, lower / self.step)
    }

    /// Where the partition of this name begins; `None` for other names.
    pub(crate) fn lower_of(&self, child: &str) -> Option<u64> {
        let number: u64 = child.strip_prefix(self.table)?.strip_prefix("_p")?.parse().ok()?;
        number.checked_mul(self.step)
    }

    /// When the newest that a partition of this name can hold was, in nanoseconds; `None` for other names.
    pub(crate) fn upper_ns(&self, child: &str) -> Option<u64> {
        self.lower_of(child)?.checked_add(self.step)?.checked_mul(self.unit_ns)
    }

    /// All that expire, with how long they are kept.
    pub(crate) fn expiring(retention: &Retention) -> Vec<(Self, Duration)> {
        let mut all: Vec<_> = [Self::SPANS, Self::LOGS, Self::ERRORS, Self::REQUESTS]
            .map(|scheme| (scheme, retention.telemetry))
            .into();
        for resolution in Resolution::ALL {
            all.push((Self::series(resolution), retention.of(resolution)));
            all.push((Self::edges(resolution), retention.of(resolution)));
        }
        for level in Level::ALL {
            all.push((Self::slo(level), slo_kept(level, retention)));
        }
        all
    }
}

/// A day, 8 days and 64 days of windows.
fn rollup_step(resolution: Resolution) -> u64 {
    match resolution {
        Resolution::TenSeconds => DAY,
        Resolution::Minute => 8 * DAY,
        Resolution::Hour => 64 * DAY,
    }
}

/// How long counts of objectives are kept: minutes at least 4 days, hours and days 800, and all of them longer than telemetry can come
/// late, so that it corrects all three. Hours as long as days: a period of another time zone than UTC begins and ends within a day of UTC.
pub(crate) fn slo_kept(level: Level, retention: &Retention) -> Duration {
    let days = [4, 800, 800][level as usize];
    let day = Duration::from_nanos(DAY);
    (day * days).max(retention.telemetry + day)
}
