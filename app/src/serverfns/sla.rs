//! Server functions of `sla`.

pub mod correct;
pub mod create;
pub mod edit;
pub mod list;
pub mod read;
pub mod remove;
