//! Server functions of `report`.

pub mod list;
pub mod read;
