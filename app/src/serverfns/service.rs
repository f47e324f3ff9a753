//! Server functions of `service`.

pub mod assign;
pub mod edit;
pub mod read;
pub mod record;
