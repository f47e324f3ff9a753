//! The OTLP receivers, over HTTP and gRPC, with one core.
//!
//! ```text
//! http: gate, headers, capped body ─┐                       ┌─ traces ─┐
//!                                   ├─ receive: inflate, decode          ├─ Sink ─ answer
//! grpc: gate, capped message ───────┘   (protobuf or json)  └─ logs   ─┘
//! ```
//!
//! A request that can't be read as a whole is a [`refusal`]; an item that is wrong or can't be read is left out, and counted and
//! explained in the partial success; a text that is no Unicode is repaired ([`repair`]). Who comes to the wrong port or path is
//! told the right one ([`wrong_port`]). All bounds are in [`Limits`].

pub mod cors;
pub mod grpc;
pub mod http;
pub mod json;

mod body;
mod faults;
mod google;
mod inflate;
mod limits;
mod logs;
mod points;
mod receive;
mod refusal;
mod rejected;
mod repair;
mod response;
mod schema;
pub(crate) mod signal;
mod traces;
mod values;
mod weight;
mod window;
pub mod wrong_port;

pub use limits::Limits;
pub use receive::Receiver;
