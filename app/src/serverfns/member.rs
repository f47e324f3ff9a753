//! Server functions of `member`.

pub mod add;
pub mod remove;
