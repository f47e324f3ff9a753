//! What services do: pages of what was measured.

pub mod logs;
pub mod overview;
pub mod service;
pub mod topology;
pub mod trace;
pub mod traces;
