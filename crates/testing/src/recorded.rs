//! Recorded telemetry of two real systems, where it lies beside the project (`../shared/data`), for tests at full size.
//!
//! The traces and the logs of a system were written through one zstd compressor at once, so neither file is a frame that can be
//! read by itself: the blocks of both, in the order in which they were made, are one frame. [`recorded`] puts them back into that order,
//! which is written down here as runs of blocks (`T8` is eight blocks of the traces file, `L17` seventeen of the logs file), reads
//! the one frame, and sorts its lines into two files again. A folder whose files can be read as they are is used as it is.

use std::fs::File;
use std::io::{self, BufRead, BufReader, BufWriter, Write};
use std::path::{Path, PathBuf};

/// A system that was recorded, and what was recorded of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct System {
    folder: &'static str,
    order: &'static str,
    /// Spans.
    pub spans: u64,
    /// Log records.
    pub records: u64,
}

/// TrainTicket, some 40 services, three minutes around each of 28 faults.
pub const TRAIN_TICKET: System = System {
    folder: "train-ticket",
    order: "T8 L17 T11 L27 T11 L29 T19 L54 T7 L11 T8 L25 T6 L18 T7 L21 T11 L31 T11 L32 T5 L12 T9 L23 T7 L12 T7 L15 T9 \
     L22 T4 L7 T9 L20 T12 L31 T9 L21 T8 L17 T8 L19 T6 L16 T8 L16 T10 L38 T2 L3 T2 L4 T7 L18 T11 L27 T9 L28 T10 \
     L29 T8 L18 T11 L32 T7 L11 T10 L31 T7 L13 T5 L12 T6 L16 T6 L17 T7 L28 T9 L26 T8 L21 T6 L12 T1 L2 T4 L10 T4 \
     L6 T7 L17 T6 L12 T10 L29 T10 L22 T7 L17 T8 L26 T9 L31 T8 L27 T11 L40 T10 L33 T4 L8 T11 L31 T4 L5 T10 L32 \
     T9 L20 T8 L24 T8 L29 T10 L31 T11 L34 T8 L29 T10 L32 T4 L11 T8 L20 T8 L22 T8 L22 T7 L16 T6 L16 T10 L32 T10 \
     L30 T7 L27 T8 L20 T8 L24 T12 L28 T8 L25 T11 L34 T8 L19 T10 L29 T8 L24 T13 L27 T1",
    spans: 328_848,
    records: 172_722,
};

/// TrainTicket, a minute before any fault.
pub const TRAIN_TICKET_FAULT_FREE: System = System {
    folder: "train-ticket/fault-free",
    order: "T9 L20 T1",
    spans: 4890,
    records: 2489,
};

/// OnlineBoutique, 10 services, 24 faults.
pub const ONLINE_BOUTIQUE: System = System {
    folder: "online-boutique",
    order: "T594 L25 T10 L21 T1008",
    spans: 852_420,
    records: 13_134,
};

/// The files of a recorded system, OTLP JSON lines, zstd-compressed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recorded {
    /// Trace requests.
    pub traces: PathBuf,
    /// Logs requests.
    pub logs: PathBuf,
    /// Where they were recorded to, with what else is said of them.
    pub folder: PathBuf,
}

/// The files of a system, readable; `None` (and a sentence on stderr) where the folder is absent, as in a clone of the
/// project alone.
pub fn recorded(system: System) -> io::Result<Option<Recorded>> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let folder = root.join("../shared/data").join(system.folder);
    if !folder.is_dir() {
        eprintln!(
            "skipped: there is no recorded telemetry at ../shared/data/{}",
            system.folder
        );
        return Ok(None);
    }
    let sources = [folder.join("traces.jsonl.zst"), folder.join("logs.jsonl.zst")];
    if sources.iter().all(|path| reads_whole(path)) {
        let [traces, logs] = sources;
        return Ok(Some(Recorded { traces, logs, folder }));
    }
    let target = root.join("target/recorded");
    std::fs::create_dir_all(&target)?;
    let name = system.folder.replace('/', "-");
    let made = ["traces", "logs"].map(|signal| target.join(format!("{name}.{signal}.jsonl.zst")));
    if !made.iter().all(|path| path.is_file()) {
        let frame = one_frame(&std::fs::read(&sources[0])?, &std::fs::read(&sources[1])?, system.order)?;
        sort_lines(&frame, &made)?;
    }
    let [traces, logs] = made;
    Ok(Some(Recorded { traces, logs, folder }))
}

fn reads_whole(path: &Path) -> bool {
    let read = || io::copy(&mut zstd::Decoder::new(File::open(path)?)?, &mut io::sink());
    read().is_ok_and(|bytes| bytes > 0)
}

/// Magic number, frame header (one byte) and window (one byte).
const FRAME_HEADER: usize = 6;
const MAGIC: [u8; 4] = [0x28, 0xb5, 0x2f, 0xfd];

/// The blocks of a file: RFC 8878, section 3.1.1.2. Stops at the empty frame that the second writer left at its end.
fn blocks(mut rest: &[u8]) -> Vec<&[u8]> {
    let mut blocks = Vec::new();
    while rest.len() >= 3 && !rest.starts_with(&MAGIC) {
        let header = u32::from_le_bytes([rest[0], rest[1], rest[2], 0]);
        let size = if (header >> 1) & 3 == 1 {
            1
        } else {
            (header >> 3) as usize
        };
        let (block, after) = rest.split_at((3 + size).min(rest.len()));
        blocks.push(block);
        rest = after;
    }
    blocks
}

/// Joins the blocks of both files in this order to one frame.
fn one_frame(traces: &[u8], logs: &[u8], order: &str) -> io::Result<Vec<u8>> {
    let mismatch =
        || io::Error::other("the recorded files have other blocks than the order that is written down for them");
    let mut frame = traces[..FRAME_HEADER].to_vec();
    let mut sources = [blocks(&traces[FRAME_HEADER..]).into_iter(), blocks(logs).into_iter()];
    let mut last = 0;
    for run in order.split_whitespace() {
        let count: usize = run[1..].parse().map_err(|_| mismatch())?;
        for _ in 0..count {
            let block = sources[usize::from(run.starts_with('L'))].next().ok_or_else(mismatch)?;
            last = frame.len();
            frame.extend_from_slice(block);
            // The lowest bit says that a block is the frame's last.
            frame[last] &= !1;
        }
    }
    frame[last] |= 1;
    if sources.iter_mut().any(|source| source.next().is_some()) {
        Err(mismatch())
    } else {
        Ok(frame)
    }
}

fn sort_lines(frame: &[u8], made: &[PathBuf; 2]) -> io::Result<()> {
    // Under other names until both are whole, so that another test never reads half a file.
    let parts = made
        .each_ref()
        .map(|path| path.with_extension(format!("part-{}", std::process::id())));
    let writer = |path: &PathBuf| zstd::Encoder::new(BufWriter::new(File::create(path)?), 1);
    let (mut traces, mut logs) = (writer(&parts[0])?, writer(&parts[1])?);
    for line in BufReader::new(zstd::Decoder::new(frame)?).lines() {
        let line = line?;
        let file = if line.starts_with("{\"resourceSpans\"") {
            &mut traces
        } else {
            &mut logs
        };
        writeln!(file, "{line}")?;
    }
    traces.finish()?.flush()?;
    logs.finish()?.flush()?;
    for (part, path) in parts.iter().zip(made) {
        std::fs::rename(part, path)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_recorded_span_and_record_can_be_read() {
        for system in [TRAIN_TICKET_FAULT_FREE, TRAIN_TICKET, ONLINE_BOUTIQUE] {
            let Some(files) = recorded(system).expect("readable") else {
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
        }
    }
}
