//! Server functions of `exclusion`.

pub mod begin;
pub mod end;
