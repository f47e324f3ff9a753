//! The real binary from outside.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod access;
mod crash;
mod hardening;
mod lifecycle;
mod otlp;
mod people;
mod people_cli;
mod recorded;
mod replay;
mod running;
mod senders;
mod settings;
mod slo_cli;
mod surfaces;
mod tls;

/// The server's own lists, so that no path can be forgotten here.
#[path = "../../src/web/routes.rs"]
mod routes;
