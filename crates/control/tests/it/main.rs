//! The loops and the use cases on a real PostgreSQL: what was acknowledged is counted and found exactly once, whatever the order,
//! the number of workers, crashes, compaction and merges.
#![allow(clippy::unwrap_used, reason = "a test that fails to set itself up has failed")]

mod clock;
mod compaction;
mod crash;
mod figures;
mod house;
mod limits;
mod pairing;
mod people;
mod poison;
mod reads;
mod silence;
mod slo;
