//! Search: the index narrows by columns and terms, the spans and records themselves decide.

mod logs;
mod matches;
mod traces;

pub use logs::{LogHit, LogHits, logs};
pub use traces::{MAX_CANDIDATES, TraceHit, TraceHits, trace, traces};
