//! Server functions of `me`.

pub mod read;
