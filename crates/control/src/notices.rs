//! Notices: who is told of alerts and reports, and how it gets there.
//!
//! ```text
//! alert opened or ended --[ Notifier ]--+
//! report closed ------------------------+--> outbox --[ Sender, by the sender loop ]--> webhook, chat, mail
//! ```
//!
//! What is told is written in the transaction that it is told of, so nothing is lost; it is sent at least once, with the same key.

pub mod channels;
mod notifier;
mod send;

pub(crate) use notifier::Notifier;
pub use send::{Sender, Sent};
