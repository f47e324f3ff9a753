//! The journal as the receivers' sink.

use pointsman_domain::read::JournalFull;
use pointsman_ingest::sink::{Receipt, Sink, SinkError, Submission};
use pointsman_store::journal::{AppendError, Appended, JournalWriter};

/// The journal as the receivers' sink.
#[derive(Clone)]
pub struct JournalSink(pub JournalWriter);

impl Sink for JournalSink {
    fn refuses(&self) -> Option<SinkError> {
        self.0.full().map(full)
    }

    async fn append(&self, submission: Submission) -> Result<Receipt, SinkError> {
        match self.0.append(submission.request_hash, submission.batch).await {
            Ok(Appended::Committed) => Ok(Receipt::Accepted),
            Ok(Appended::Duplicate) => Ok(Receipt::Duplicate),
            Err(AppendError::Unavailable) => Err(SinkError::Unavailable),
            Err(AppendError::Overloaded) => Err(SinkError::Overloaded),
            Err(AppendError::Full(reason)) => Err(full(reason)),
        }
    }
}

fn full(reason: JournalFull) -> SinkError {
    SinkError::Full(match reason {
        JournalFull::Size => "as much waits to be processed as may (--journal-max-bytes)",
        JournalFull::Age => "what waits to be processed has waited as long as it may (--journal-max-age)",
        JournalFull::Disk => "the database's disk is almost full",
    })
}
