//! The worker's side: what it counted, as it is.

use pointsman_domain::rollup::Delta;

use super::columns::{EdgeColumns, SeriesColumns, bigint, hash};
use super::errors;
use crate::connect::Tx;
use crate::error::StoreError;
use crate::text;

/// A node that is known and was heard of this short a time before is not written again.
const SEEN_STEP_NS: i64 = 5_000_000_000;

/// Adds what was counted. Rows are only inserted, but for nodes that are new or were last heard of more than 5 s before.
pub async fn append_delta(tx: &mut Tx, delta: &Delta) -> Result<(), StoreError> {
    append_series(tx, delta).await?;
    append_edges(tx, delta).await?;
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

async fn append_series(tx: &mut Tx, delta: &Delta) -> Result<(), StoreError> {
    if delta.series.is_empty() {
        return Ok(());
    }
    let mut columns = SeriesColumns::default();
    for ((window_ns, key), counts) in &delta.series {
        columns.push(*window_ns, key, counts)?;
    }
    let counts = &columns.counts;
    sqlx::query!(
        "INSERT INTO series_delta
            (window_ns, service, version, instance, operation, kind, requests, errors, duration_sum_ns, latency)
        SELECT * FROM unnest($1::bigint[], $2::text[], $3::text[], $4::text[], $5::text[], $6::smallint[],
            $7::bigint[], $8::bigint[], $9::bigint[], $10::bytea[])",
        &counts.window_ns,
        &columns.service,
        &columns.version,
        &columns.instance,
        &columns.operation,
        &columns.kind,
        &counts.requests,
        &counts.errors,
        &counts.duration_sum_ns,
        &counts.latency
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

async fn append_edges(tx: &mut Tx, delta: &Delta) -> Result<(), StoreError> {
    if delta.edges.is_empty() {
        return Ok(());
    }
    let mut columns = EdgeColumns::default();
    for ((window_ns, key), counts) in &delta.edges {
        columns.push(*window_ns, key, counts)?;
    }
    let counts = &columns.counts;
    sqlx::query!(
        "INSERT INTO edge_delta (window_ns, source_kind, source, source_version, target_kind, target, target_version,
            requests, errors, duration_sum_ns, latency)
        SELECT * FROM unnest($1::bigint[], $2::smallint[], $3::text[], $4::text[], $5::smallint[], $6::text[], $7::text[],
            $8::bigint[], $9::bigint[], $10::bigint[], $11::bytea[])",
        &counts.window_ns,
        &columns.source_kind,
        &columns.source,
        &columns.source_version,
        &columns.target_kind,
        &columns.target,
        &columns.target_version,
        &counts.requests,
        &counts.errors,
        &counts.duration_sum_ns,
        &counts.latency
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
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
