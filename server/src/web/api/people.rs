//! What people and programs did.

pub mod audit;
