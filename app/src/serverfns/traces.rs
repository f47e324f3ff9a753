//! Server functions of `traces`.

pub mod search;
