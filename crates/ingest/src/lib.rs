//! INGEST: from the wire to domain batches.
//!
//! A receiver ([`otlp`]) asks a [`gate::Gate`] who may send, decodes a request, checks it, hands what is valid to a [`sink::Sink`] and
//! answers when that is durable.
//!
//! Invariant: the only crate that knows OTLP's protobuf and JSON. It does not know the database.

#![warn(missing_docs)]

pub mod gate;
pub mod metrics;
pub mod otlp;
pub mod sink;
