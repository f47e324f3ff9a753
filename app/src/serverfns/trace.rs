//! Server functions of `trace`.

pub mod read;
pub mod span;
