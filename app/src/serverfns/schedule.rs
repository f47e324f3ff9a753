//! Server functions of `schedule`: who gets reports by mail.

pub mod begin;
pub mod end;
