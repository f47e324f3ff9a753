//! The vocabulary of Pointsman and its arithmetic.
//!
//! Words and the arithmetic of one value; what is computed from data over time is `transform`'s. Every other crate speaks in these types:
//! what a sender said ([`telemetry`]), what it means ([`semconv`]), what is counted of it ([`rollup`], [`histogram`]), how a part of the system
//! is ([`health`]), who somebody is ([`people`]), what a reader asks ([`query`], [`time`]) and what a page or a program gets back ([`read`]).
//! How names are checked and figures written is in the [`kit`].
//!
//! Invariant: pure. No I/O, no clock (the time is always an argument), no async, and all of it compiles to
//! WASM, so that the browser shows a figure by the same rule that the server computed it with.

#![warn(missing_docs)]

pub mod backoff;
pub mod display;
pub mod health;
pub mod histogram;
pub mod ids;
pub mod kit;
#[cfg(feature = "openapi")]
pub mod openapi;
pub mod people;
pub mod period;
pub mod query;
pub mod read;
pub mod report;
pub mod rollup;
pub mod segment;
pub mod semconv;
pub mod sla;
pub mod slo;
pub mod telemetry;
pub mod terms;
pub mod time;
mod whole;

pub use kit::text::Text;
