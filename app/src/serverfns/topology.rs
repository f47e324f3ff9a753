//! Server functions of `topology`.

pub mod read;
