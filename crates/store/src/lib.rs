//! TRUTH: everything that Pointsman keeps, in PostgreSQL 15 or newer.
//!
//! ```text
//! receiver --> journal --> (worker) --> span_fragment, log_fragment   hot slots of 30 s, no search index
//!                                   \            | (compactor)
//!                                    \           v
//!                                     \   span_segment, log_segment   an hour a partition, searched by terms
//!                                      `-> series_delta, edge_delta --(merger)--> series, edge at 10 s, 1 min, 1 h
//! ```
//!
//! One module an aggregate: [`journal`], [`segment`], [`rollup`], [`slo`], [`sla`], [`report`], [`people`], and across them [`search`], [`partition`], [`bus`], [`lock`]
//! and [`clock`]. Functions take a connection or a transaction ([`Tx`]), and the caller owns it: what must happen together
//! is the caller's to say.
//!
//! Invariant: the only crate that knows SQL. Errors leave it as [`StoreError`], which tells the passing ones apart.

pub mod bus;
pub mod clock;
mod codec;
mod connect;
mod connection;
mod copy;
mod error;
pub mod journal;
mod liveness;
pub mod lock;
mod number;
pub mod partition;
pub mod people;
mod pool;
pub mod report;
pub mod rollup;
pub mod search;
pub mod segment;
pub mod size;
pub mod sla;
pub mod slo;
mod text;

pub use connect::{Conn, Retention, SILENCE, Store, StoreOptions, Tx};
pub use connection::Connection;
pub use error::{Conflict, StoreError};
