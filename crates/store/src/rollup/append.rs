//! The worker's side: what it counted, as it is.

use std::collections::HashMap;

use pointsman_domain::rollup::Delta;
use pointsman_domain::telemetry::UnixNanos;

use super::columns::hash;
use super::edges::Edges;
use super::errors;
use super::series::Series;
use super::table::{Table, Value, Values};
use crate::connect::Tx;
use crate::error::StoreError;
use crate::number::bigint;
use crate::text;

/// A node that is known and was heard of this short a time before is not written again.
const SEEN_STEP_NS: i64 = 5_000_000_000;

/// Adds what was counted. Rows are only inserted, but for nodes that are new or were last heard of more than 5 s before.
pub async fn append_delta(tx: &mut Tx, delta: &Delta) -> Result<(), StoreError> {
    append::<Series>(tx, &delta.series).await?;
    append::<Edges>(tx, &delta.edges).await?;
    errors::insert(tx, &delta.errors, false).await?;
    append_nodes(tx, delta).await?;
    if delta.unpaired_clients + delta.unpaired_servers > 0 {
        sqlx::query!(
            "INSERT INTO unpaired (clients, servers) VALUES ($1, $2)",
            bigint(delta.unpaired_clients),
            bigint(delta.unpaired_servers)
        )
        .execute(&mut **tx)
        .await?;
    }
    Ok(())
}

async fn append<T: Table>(tx: &mut Tx, deltas: &HashMap<(UnixNanos, T::Key), T::Value>) -> Result<(), StoreError> {
    if deltas.is_empty() {
        return Ok(());
    }
    let (mut keys, mut values) = (T::Keys::default(), Values::<T>::default());
    for ((window_ns, key), value) in deltas {
        T::push(&mut keys, *window_ns, key);
        value.push(&mut values)?;
    }
    T::append(tx, &keys, &values).await
}

async fn append_nodes(tx: &mut Tx, delta: &Delta) -> Result<(), StoreError> {
    if delta.nodes.is_empty() {
        return Ok(());
    }
    let (mut keys, mut services, mut versions) = (Vec::new(), Vec::new(), Vec::new());
    let (mut instances, mut firsts, mut lasts) = (Vec::new(), Vec::new(), Vec::new());
    for (key, (first_ns, last_ns)) in &delta.nodes {
        let names = [&key.service, &key.version, &key.instance].map(|name| text::name(name));
        keys.push(hash(&names, &[]));
        let [service, version, instance] = names;
        services.push(service);
        versions.push(version);
        instances.push(instance);
        firsts.push(bigint(*first_ns));
        lasts.push(bigint(*last_ns));
    }
    // In order of the key, so that two workers do not wait for each other. Two names that differ only where they were cut are one.
    sqlx::query!(
        "INSERT INTO node_seen AS known (key, service, version, instance, first_seen_ns, last_seen_ns)
        SELECT DISTINCT ON (heard.key) heard.*
        FROM unnest($1::bytea[], $2::text[], $3::text[], $4::text[], $5::bigint[], $6::bigint[])
            AS heard (key, service, version, instance, first_ns, last_ns)
        LEFT JOIN node_seen AS old USING (key)
        WHERE old.key IS NULL OR heard.first_ns < old.first_seen_ns OR heard.last_ns > old.last_seen_ns + $7
        ORDER BY heard.key
        ON CONFLICT (key) DO UPDATE SET first_seen_ns = least(known.first_seen_ns, excluded.first_seen_ns),
            last_seen_ns = greatest(known.last_seen_ns, excluded.last_seen_ns)",
        &keys,
        &services,
        &versions,
        &instances,
        &firsts,
        &lasts,
        SEEN_STEP_NS
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}
