//! Server functions of `sign_in`.

pub mod ways;
