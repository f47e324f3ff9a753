//! Server functions of `password`.

pub mod change;
