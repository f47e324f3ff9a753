//! Server functions of `team`.

pub mod create;
pub mod list;
pub mod read;
pub mod remove;
pub mod rename;
