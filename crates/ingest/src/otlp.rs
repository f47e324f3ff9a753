//! The OTLP receivers, over HTTP and gRPC, with one core.
//!
//! ```text
//! http: gate, headers, capped body ─┐                       ┌─ traces ─┐
//!                                   ├─ receive: inflate, decode          ├─ Sink ─ answer
//! grpc: gate, capped message ───────┘   (protobuf or json)  └─ logs   ─┘
//! ```
//!
//! A request that can't be read as a whole is a [`refusal`]; an item that is wrong is left out, and counted and
//! explained in the partial success. All bounds are in [`Limits`].

pub mod grpc;
pub mod http;
pub mod json;

mod body;
mod google;
mod inflate;
mod limits;
mod logs;
mod points;
mod receive;
mod refusal;
mod rejected;
mod response;
pub(crate) mod signal;
mod traces;
mod values;
mod weight;
mod window;

pub use limits::Limits;
pub use receive::Receiver;
