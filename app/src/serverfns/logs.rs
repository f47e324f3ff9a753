//! Server functions of `logs`.

pub mod search;
