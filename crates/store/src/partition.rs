//! Partitions: made ahead of what is written into them, dropped when all in them has expired.
//!
//! A partition is made as a table of its own and then attached, and detached `CONCURRENTLY` before it is dropped: so neither takes
//! a lock on the parent that readers or writers would wait for. What is in use by an old transaction is left
//! for later. Both run on connections of their own, one at a time among all replicas, under an advisory lock.

mod ddl;
mod expire;
mod scheme;

pub use expire::{clean_pending_lists, drop_expired};

pub(crate) use ddl::{Dropped, Known, create, drop_child, ensure, lowers};
pub(crate) use scheme::{Scheme, slo_kept};
