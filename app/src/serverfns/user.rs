//! Server functions of `user`.

pub mod create;
pub mod disabled;
pub mod end_sessions;
pub mod list;
pub mod password;
pub mod role;
