//! Recorded telemetry of two real systems, where it lies beside the project (`../shared/data`, see the README there), for tests at full size.

use std::path::{Path, PathBuf};

/// A system that was recorded, and what was recorded of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct System {
    folder: &'static str,
    /// Spans.
    pub spans: u64,
    /// Log records.
    pub records: u64,
    /// Points of metrics, with the five minutes before those of the spans.
    pub points: u64,
}

/// TrainTicket, some 40 services, three minutes around each of 28 faults.
pub const TRAIN_TICKET: System = System {
    folder: "train-ticket",
    spans: 328_848,
    records: 172_722,
    points: 70_656,
};

/// TrainTicket, a minute before any fault.
pub const TRAIN_TICKET_FAULT_FREE: System = System {
    folder: "train-ticket/fault-free",
    spans: 4890,
    records: 2489,
    points: 2_208,
};

/// OnlineBoutique, 10 services, 24 faults.
pub const ONLINE_BOUTIQUE: System = System {
    folder: "online-boutique",
    spans: 852_420,
    records: 13_134,
    points: 15_040,
};

/// The files of a recorded system: OTLP JSON lines in the order of time, zstd-compressed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recorded {
    /// Trace requests.
    pub traces: PathBuf,
    /// Logs requests.
    pub logs: PathBuf,
    /// Metrics requests.
    pub metrics: PathBuf,
    /// Where they lie, with what else is said of them.
    pub folder: PathBuf,
}

/// The files of a system; `None` (and a sentence on stderr) where the folder is absent, as in a clone of the project alone.
pub fn recorded(system: System) -> Option<Recorded> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let folder = root.join("../shared/data").join(system.folder);
    if !folder.is_dir() {
        eprintln!(
            "skipped: there is no recorded telemetry at ../shared/data/{}",
            system.folder
        );
        return None;
    }
    Some(Recorded {
        traces: folder.join("traces.jsonl.zst"),
        logs: folder.join("logs.jsonl.zst"),
        metrics: folder.join("metrics.jsonl.zst"),
        folder,
    })
}

#[cfg(test)]
mod tests {
    use std::fs::File;
    use std::io::{BufRead, BufReader};

    use super::*;

    #[test]
    fn all_that_was_recorded_can_be_read() {
        for system in [TRAIN_TICKET_FAULT_FREE, TRAIN_TICKET, ONLINE_BOUTIQUE] {
            let Some(files) = recorded(system) else {
                return;
            };
            let count = |path: &Path, word: &str| {
                let lines = BufReader::new(zstd::Decoder::new(File::open(path).expect("open")).expect("zstd")).lines();
                lines
                    .map(|line| line.expect("text").matches(word).count() as u64)
                    .sum::<u64>()
            };
            assert_eq!(count(&files.traces, "\"startTimeUnixNano\":"), system.spans);
            assert_eq!(count(&files.logs, "\"timeUnixNano\":"), system.records);
            assert_eq!(count(&files.metrics, "\"timeUnixNano\":"), system.points);
        }
    }
}
