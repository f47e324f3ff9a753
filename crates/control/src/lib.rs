//! The one door: the loops that turn what was acknowledged into what is shown, and the use cases that every surface
//! (console, REST, tests) calls.
//!
//! ```text
//!  journal --[ worker ]--> fragments, deltas --[ compactor ]--> segments
//!                              |                                          \
//!                              +--[ merger ]--> rollups                    +--> [ Console ] --> pages, REST
//!                              +--[ bus ]-----> live pages                /
//! ```
//!
//! A [`Desk`] is the use cases for one caller: it makes the read models of `domain::read` out of rollups and stored segments, and asks
//! [`access::may`] before it does anything. [`Loops`] write; each loop is a file of its own. Invariant: every rule of what a reader sees and
//! of who may do what is here or in `domain` and `transform`, once; no SQL.

pub mod access;
mod bus;
mod clock;
mod console;
mod desk;
mod loops;
mod metrics;
pub mod people;
mod period;
mod problem;
mod reads;
pub mod report;
mod secrets;
pub mod sla;
pub mod slo;

pub use clock::Clock;
pub use console::{Console, ConsoleSettings};
pub use desk::Desk;
pub use loops::{LoopOptions, Loops, Pulse};
pub use metrics::Metrics;
pub use people::Secret;
pub use problem::Problem;
pub use secrets::{KeyError, SecretKeys};
