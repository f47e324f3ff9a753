//! The one door: the loops that turn what was acknowledged into what is shown, and the use cases that every surface
//! (console, REST, tests) calls.
//!
//! ```text
//!  journal --[ worker ]--> fragments, deltas --[ compactor ]--> segments
//!                              |                                          \
//!                              +--[ merger ]--> rollups                    +--> [ UseCases ] --> pages, REST
//!                              +--[ bus ]-----> live pages                /
//! ```
//!
//! [`UseCases`] is what one caller may do, in groups: see, promise ([`promise`]), people ([`people`]). Each asks [`access::may`]
//! first. What changes something runs in [`UseCases::transact`], which writes the [`audit`]. [`Loops`] write; each loop is a file of its own.
//! Invariant: every rule of what a reader sees and of who may do what is here or in `domain` and `transform`, once; no SQL.

pub mod access;
pub mod audit;
mod bus;
mod clock;
mod control;
mod loops;
mod metrics;
pub mod notices;
pub mod people;
mod problem;
pub mod promise;
mod reads;
mod secrets;
mod see;
mod use_cases;

pub use audit::Change;
pub use clock::Clock;
pub use control::{Control, ControlSettings};
pub use loops::{LoopOptions, Loops, Pulse};
pub use metrics::Metrics;
pub use problem::Problem;
pub use secrets::{KeyError, SecretKeys};
pub use use_cases::{People, Promise, See, UseCases};
