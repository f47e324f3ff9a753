//! The real binary from outside.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod access;
mod clock;
mod crash;
mod hardening;
mod journal;
mod lifecycle;
mod names;
mod oidc;
mod openapi;
mod otlp;
mod pages;
mod people;
mod people_cli;
mod readers;
mod recorded;
mod replay;
mod running;
mod senders;
mod settings;
mod silence;
mod slo_cli;
mod strangers;
mod surfaces;
mod tls;

/// The server's own lists, so that no path can be forgotten here.
#[path = "../../src/web/routes.rs"]
mod routes;
