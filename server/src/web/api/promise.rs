//! Objectives, contracts and reports: how they stand, and changes of them.

pub mod alerts;
pub mod channels;
pub mod exclusions;
pub mod policies;
pub mod reports;
pub mod slas;
pub mod slos;
