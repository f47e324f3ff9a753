//! Server functions of `overview`.

pub mod read;
