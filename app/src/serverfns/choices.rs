//! Server functions of `choices`.

pub mod list;
