//! The journal as the receivers' sink.

use pointsman_ingest::sink::{Receipt, Sink, SinkError, Submission};
use pointsman_store::journal::{AppendError, Appended, JournalWriter};

/// The journal as the receivers' sink.
#[derive(Clone)]
pub struct JournalSink(pub JournalWriter);

impl Sink for JournalSink {
    async fn append(&self, submission: Submission) -> Result<Receipt, SinkError> {
        match self.0.append(submission.request_hash, submission.batch).await {
            Ok(Appended::Committed) => Ok(Receipt::Accepted),
            Ok(Appended::Duplicate) => Ok(Receipt::Duplicate),
            Err(AppendError::Unavailable) => Err(SinkError::Unavailable),
            Err(AppendError::Overloaded) => Err(SinkError::Overloaded),
        }
    }
}
