//! The arithmetic and the definitions, by tables and properties.
#![allow(
    clippy::unwrap_used,
    reason = "a test that panics has failed, which is what it is for"
)]

mod health;
mod histogram;
mod query;
mod semconv;
mod telemetry;
mod time;
