//! For tests of the other crates: a database each ([`TestDb`]), and builders for spans and log records that read as a story.
//!
//! ```
//! use std::time::Duration;
//! use pointsman_domain::telemetry::SpanKind::{Client, Server};
//! use pointsman_testing::{T0, span, spans};
//!
//! let call = span("storefront").name("POST /orders").kind(Client).at(T0).took(Duration::from_millis(30));
//! let answer = span("checkout").kind(Server).child_of(&call).fails("out of stock");
//! let batch = spans([call, answer]);
//! assert_eq!(batch.spans[1].parent, Some(batch.spans[0].span_id));
//! ```
//!
//! The PostgreSQL behind [`TestDb`] is shared by all tests and goes on running after them, so that the next run is quick;
//! [`stop_server`] (or `cargo xtask stop-test-db`) ends it.

mod build;
mod db;
mod proxy;
mod recorded;
mod template;

pub use build::{LogBuilder, SpanBuilder, T0, log, logs, span, spans};
pub use db::{TestDb, server_folder, stop_server};
pub use proxy::Proxy;
pub use recorded::{ONLINE_BOUTIQUE, Recorded, System, TRAIN_TICKET, TRAIN_TICKET_FAULT_FREE, recorded};
