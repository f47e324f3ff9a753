//! The receivers over real sockets, before an in-memory sink.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod body;
mod cors;
mod gate;
mod grpc;
mod http;
mod items;
mod json;
mod repair;
mod support;
mod wrong_port;
