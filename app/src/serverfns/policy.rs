//! Server functions of `policy`.

pub mod set;
