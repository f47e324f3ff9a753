//! Server functions of `user`.

pub mod create;
pub mod disabled;
pub mod list;
pub mod password;
pub mod role;
