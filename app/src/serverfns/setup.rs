//! Server functions of `setup`.

pub mod check;
