//! Server functions of `alert`.

pub mod acknowledge;
pub mod list;
