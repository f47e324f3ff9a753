//! The real binary from outside.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod lifecycle;
mod otlp;
mod recorded;
mod replay;
mod running;
mod senders;
mod settings;
mod surfaces;
