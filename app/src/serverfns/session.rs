//! Server functions of `session`.

pub mod end;
pub mod end_others;
