//! What transform promises: nothing is lost or counted twice, in whatever order and pieces telemetry arrives.
#![allow(
    clippy::unwrap_used,
    reason = "a test that panics has failed, which is what it is for"
)]

mod build;
mod counting;
mod fragments;
mod pairing;
mod shared_ids;
mod waterfall;
