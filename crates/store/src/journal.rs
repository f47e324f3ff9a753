//! The journal: what was accepted and not yet transformed. The first durable place of every span and record.

mod claim;
mod commit;
mod gauge;
mod lag;
mod writer;

pub use claim::{Claimed, MAX_ATTEMPTS, claim, failed};
pub use gauge::JournalGauge;
pub use lag::{JournalLag, lag};
pub use writer::{AppendError, Appended, JournalOptions, JournalWriter};
