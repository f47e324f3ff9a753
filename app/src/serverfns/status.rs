//! Server functions of `status`.

pub mod read;
