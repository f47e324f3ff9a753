//! Server functions of `silence`.

pub mod begin;
pub mod end;
