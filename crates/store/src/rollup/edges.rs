//! Edges: calls between two ends, as the caller's side tells of them.

use pointsman_domain::rollup::{Counts, EdgeKey, Endpoint, NodeKind, Resolution};
use pointsman_domain::telemetry::UnixNanos;

use super::columns::{CountColumns, counts, hash, stored};
use super::table::{Figures, Table};
use crate::connect::Tx;
use crate::error::StoreError;
use crate::number::bigint;
use crate::partition::Scheme;
use crate::text;

/// The table of edges.
pub(super) struct Edges;

/// What tells a row of it.
#[derive(Debug, Default)]
pub(super) struct EdgeKeys {
    window_ns: Vec<i64>,
    key: Vec<Vec<u8>>,
    source_kind: Vec<i16>,
    source: Vec<String>,
    source_version: Vec<String>,
    target_kind: Vec<i16>,
    target: Vec<String>,
    target_version: Vec<String>,
}

/// An end of an edge from its columns.
pub(super) fn endpoint(kind: i16, name: &str, version: &str) -> Endpoint {
    Endpoint {
        kind: NodeKind::from_code(kind),
        name: text::read(name),
        version: text::read(version),
    }
}

/// A statement that inserts rows, given its first parameters.
macro_rules! insert {
    ($query:ident!, $sql:tt, $($first:expr),+; $keys:expr, $counts:expr) => {
        sqlx::$query!(
            $sql,
            $($first,)+
            &$keys.source_kind,
            &$keys.source,
            &$keys.source_version,
            &$keys.target_kind,
            &$keys.target,
            &$keys.target_version,
            &$counts.requests,
            &$counts.errors,
            &$counts.duration_sum_ns,
            &$counts.latency
        )
    };
}

impl Table for Edges {
    type Key = EdgeKey;
    type Value = Counts;
    type Keys = EdgeKeys;

    fn scheme(resolution: Resolution) -> Scheme {
        Scheme::edges(resolution)
    }

    fn push(keys: &mut EdgeKeys, window_ns: UnixNanos, key: &EdgeKey) {
        let EdgeKey { source, target } = key;
        let names = [&source.name, &source.version, &target.name, &target.version].map(|name| text::name(name));
        keys.window_ns.push(bigint(window_ns));
        keys.key.push(hash(&names, &[source.kind.code(), target.kind.code()]));
        let [source_name, source_version, target_name, target_version] = names;
        keys.source_kind.push(source.kind.code());
        keys.source.push(source_name);
        keys.source_version.push(source_version);
        keys.target_kind.push(target.kind.code());
        keys.target.push(target_name);
        keys.target_version.push(target_version);
    }

    async fn append(tx: &mut Tx, keys: &EdgeKeys, counts: &CountColumns) -> Result<(), StoreError> {
        insert!(
            query!,
            "INSERT INTO edge_delta (window_ns, source_kind, source, source_version, target_kind, target, target_version,
            requests, errors, duration_sum_ns, latency)
        SELECT * FROM unnest($1::bigint[], $2::smallint[], $3::text[], $4::text[], $5::smallint[], $6::text[], $7::text[],
            $8::bigint[], $9::bigint[], $10::bigint[], $11::bytea[])",
            &keys.window_ns;
            keys,
            counts
        )
        .execute(&mut **tx)
        .await?;
        Ok(())
    }

    async fn take(tx: &mut Tx, most: i64) -> Result<Vec<Figures<Self>>, StoreError> {
        let rows = sqlx::query!(
            "DELETE FROM edge_delta WHERE id = ANY (ARRAY(SELECT id FROM edge_delta ORDER BY id LIMIT $1))
        RETURNING window_ns, source_kind, source, source_version, target_kind, target, target_version,
            requests, errors, duration_sum_ns, latency",
            most
        )
        .fetch_all(&mut **tx)
        .await?;
        let deltas = rows.iter().map(|row| {
            let key = EdgeKey {
                source: endpoint(row.source_kind, &row.source, &row.source_version),
                target: endpoint(row.target_kind, &row.target, &row.target_version),
            };
            let counts = counts(row.requests, row.errors, row.duration_sum_ns, &row.latency)?;
            Ok((row.window_ns as u64, key, counts))
        });
        deltas.collect()
    }

    async fn stored(tx: &mut Tx, resolution: Resolution, keys: &EdgeKeys) -> Result<Vec<(usize, Counts)>, StoreError> {
        stored!(
            r#"SELECT at AS "at!", requests, errors, duration_sum_ns, latency
        FROM unnest($2::bigint[], $3::bytea[]) WITH ORDINALITY AS wanted (window_ns, key, at)
        JOIN edge USING (window_ns, key) WHERE resolution = $1"#,
            tx,
            resolution,
            keys
        )
    }

    async fn write(
        tx: &mut Tx,
        resolution: Resolution,
        keys: &EdgeKeys,
        counts: &CountColumns,
    ) -> Result<(), StoreError> {
        insert!(
            query_file!,
            "queries/upsert_edges.sql",
            resolution as i16,
            &keys.window_ns,
            &keys.key;
            keys,
            counts
        )
        .execute(&mut **tx)
        .await?;
        Ok(())
    }
}
