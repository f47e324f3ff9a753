//! The first reading of the files, where times are to be shifted: from when to when they reach.

use anyhow::Result;

use super::args::OnError;
use super::input::Input;
use super::merge::Merged;
use super::progress::Progress;

/// From when to when the records of all files reach, by the newest item of each.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Survey {
    /// The first record's.
    pub first_ns: u64,
    /// The last record's.
    pub last_ns: u64,
}

/// Reads all files up to where the sending will stop; `None` where no record has a time.
pub async fn survey(inputs: &[Input], on_error: OnError, progress: &Progress) -> Result<Option<Survey>> {
    let mut found: Option<Survey> = None;
    let mut records = Merged::open(inputs)?;
    let mut items = 0;
    while let Some(item) = records.next().await {
        match item {
            Ok(placed) => {
                items += placed.record.items();
                if placed.time_ns > 0 {
                    let at = placed.time_ns;
                    let known = found.get_or_insert(Survey {
                        first_ns: at,
                        last_ns: at,
                    });
                    known.first_ns = known.first_ns.min(at);
                    known.last_ns = known.last_ns.max(at);
                }
            }
            Err(_) if on_error == OnError::Stop => break,
            Err(_) => {}
        }
        progress.surveyed(records.bytes_read(), items);
    }
    Ok(found)
}
