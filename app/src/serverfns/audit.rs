//! Server functions of `audit`.

pub mod search;
