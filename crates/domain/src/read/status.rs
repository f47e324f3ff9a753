//! How far what is shown lags behind what was acknowledged, and what the live stream says.

use serde::{Deserialize, Serialize};

use crate::Text;

/// By how much a machine's clock may differ from the database's before it is said, in nanoseconds: a minute.
pub const CLOCK_TOLERANCE_NS: u64 = 60_000_000_000;

/// Why the journal takes nothing more for now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum JournalFull {
    /// As many bytes wait for a worker as may.
    Size,
    /// The oldest that waits has waited for as long as it may.
    Age,
    /// The database's disk has too little room.
    Disk,
}

impl JournalFull {
    /// As it is written in JSON and in labels.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Size => "size",
            Self::Age => "age",
            Self::Disk => "disk",
        }
    }
}

/// How far what is shown lags behind what was acknowledged, and how the replica that was asked is.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PipelineStatus {
    /// Journal rows (requests) that wait for a worker.
    pub journal_rows: u64,
    /// Spans and log records in them.
    pub journal_items: u64,
    /// Age in nanoseconds of the oldest of them; 0 where none waits.
    pub journal_lag_ns: u64,
    /// Journal rows that could not be transformed and were set aside; 0 unless there is a defect.
    pub journal_dead: u64,
    /// Bytes of the rows that wait, compressed, as they lie on disk.
    pub journal_bytes: u64,
    /// Why this replica takes no telemetry now; senders are told to try again later.
    pub journal_full: Option<JournalFull>,
    /// Whether anything was ever received.
    pub any_data: bool,
    /// How far this replica's machine's clock is ahead of the database's, in nanoseconds; negative where it is behind.
    #[serde(default)]
    pub clock_skew_ns: i64,
}

impl PipelineStatus {
    /// Whether the machine's clock differs from the database's by more than [`CLOCK_TOLERANCE_NS`].
    pub fn clock_differs(&self) -> bool {
        self.clock_skew_ns.unsigned_abs() > CLOCK_TOLERANCE_NS
    }
}

/// What the live stream sends: which kind of truth changed, and a number that grows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LiveEvent {
    /// What changed: `telemetry` for now.
    pub topic: Text,
    /// Grows with every change.
    pub revision: u64,
}
