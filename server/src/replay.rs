//! `pointsman replay`: sends recorded OTLP JSON lines to an OTLP endpoint, as the services that wrote them would have.
//!
//! ```text
//!  files --[ input: by magic ]--> lines --[ record: parse ]--> merge by time --[ pace, shift ]--> send (http | grpc)
//!                                             \--> bad lines: named, skipped or the end, as asked
//! ```
//!
//! It streams: a few lines of each file are in memory, however large the file is. Where the times are shifted, the files are read
//! once before ([`survey`]), because only then is their newest time known.

mod args;
mod input;
mod merge;
mod progress;
mod record;
mod run;
mod send;
mod summary;
mod survey;

pub use args::ReplayArgs;
pub use run::run;
