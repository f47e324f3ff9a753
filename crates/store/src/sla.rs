//! Contracts, and what came of their periods: records that are only ever added to, which the schema sees to.

pub mod contracts;
pub mod records;
