//! Server functions of `service`.

pub mod read;
