//! The rules by properties, and the protocol by its document.
#![allow(
    clippy::unwrap_used,
    reason = "a test that panics has failed, which is what it is for"
)]

mod fuzz;
mod protocol;
mod random;
mod routing;
#[cfg(feature = "schema")]
mod schema;
mod tables;
