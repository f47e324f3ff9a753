//! Server functions of `profile`.

pub mod read;
