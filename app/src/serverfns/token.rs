//! Server functions of `token`.

pub mod list;
pub mod revoke;
