//! What a replay came to.

use std::collections::BTreeMap;

use serde::Serialize;

use super::merge::BadLine;
use super::record::Record;

/// How many bad lines and reasons are told one by one; the rest is counted.
const TOLD: usize = 100;

/// What a replay came to.
#[derive(Debug, Default, Serialize)]
pub struct Summary {
    /// Requests that the endpoint answered with a success, partial ones among them.
    pub requests: u64,
    /// Spans in them, rejected ones among them.
    pub spans: u64,
    /// Log records in them, rejected ones among them.
    pub log_records: u64,
    /// Spans that the endpoint rejected out of accepted requests.
    pub rejected_spans: u64,
    /// Log records that the endpoint rejected out of accepted requests.
    pub rejected_log_records: u64,
    /// Why, with how many items each.
    pub rejected: BTreeMap<String, u64>,
    /// Requests that the endpoint refused as a whole.
    pub refused_requests: u64,
    /// Times a request was sent again.
    pub retries: u64,
    /// Lines that could not be sent.
    pub bad_lines: u64,
    /// The first of what went wrong, each with its file and line.
    pub errors: Vec<String>,
    /// Whether the replay ended before the end of the files.
    pub stopped: bool,
    /// Bytes of the requests, as protobuf, uncompressed.
    pub bytes: u64,
    /// How long the sending took.
    pub seconds: f64,
    /// Spans and log records a second.
    pub items_per_second: f64,
}

impl Summary {
    /// A request was answered with a success, with so many items rejected for this reason.
    pub fn accepted(&mut self, record: &Record, items: u64, rejected: u64, reason: &str) {
        self.requests += 1;
        let (sum, rejected_sum) = match record {
            Record::Traces(_) => (&mut self.spans, &mut self.rejected_spans),
            Record::Logs(_) => (&mut self.log_records, &mut self.rejected_log_records),
        };
        *sum += items;
        *rejected_sum += rejected;
        if rejected > 0 {
            let known = self.rejected.len() < TOLD || self.rejected.contains_key(reason);
            let reason = if known { reason } else { "(other reasons)" };
            *self.rejected.entry(reason.to_owned()).or_default() += rejected;
        }
    }

    /// A line could not be read.
    pub fn bad_line(&mut self, bad: &BadLine) {
        self.bad_lines += 1;
        self.error(bad.to_string());
    }

    /// Something else went wrong.
    pub fn error(&mut self, text: String) {
        if self.errors.len() < TOLD {
            self.errors.push(text);
        }
    }

    /// The time is over.
    pub fn finish(&mut self, seconds: f64) {
        self.seconds = seconds;
        self.items_per_second = (self.spans + self.log_records) as f64 / seconds.max(1e-6);
    }

    /// Whether all that was in the files was sent and accepted.
    pub fn complete(&self) -> bool {
        !self.stopped
            && self.bad_lines + self.refused_requests + self.rejected_spans + self.rejected_log_records == 0
            && self.errors.is_empty()
    }
}

/// For a person.
impl std::fmt::Display for Summary {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        writeln!(
            f,
            "sent {} spans and {} log records in {} requests ({:.1} MB) in {:.1} s: {:.0} items/s",
            self.spans,
            self.log_records,
            self.requests,
            self.bytes as f64 / 1e6,
            self.seconds,
            self.items_per_second
        )?;
        if self.retries > 0 {
            writeln!(
                f,
                "sent again {} times, as the endpoint asked or was away",
                self.retries
            )?;
        }
        let rejected = self.rejected_spans + self.rejected_log_records;
        if rejected > 0 {
            writeln!(f, "of these the endpoint rejected {rejected}:")?;
            for (reason, items) in &self.rejected {
                writeln!(f, "  {items}: {reason}")?;
            }
        }
        if self.refused_requests > 0 {
            writeln!(f, "refused as a whole: {} requests", self.refused_requests)?;
        }
        if self.bad_lines > 0 {
            writeln!(f, "could not be sent: {} lines", self.bad_lines)?;
        }
        for error in &self.errors {
            writeln!(f, "  {error}")?;
        }
        if self.stopped {
            writeln!(f, "stopped before the end of the files")?;
        }
        Ok(())
    }
}
