//! Server functions of `slo`.

pub mod backtest;
pub mod course;
pub mod create;
pub mod edit;
pub mod list;
pub mod read;
pub mod remove;
pub mod spending;
