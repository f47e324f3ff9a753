//! Series: requests and calls by service, version, node, operation and kind.

use pointsman_domain::rollup::{Counts, Resolution, SeriesKey};
use pointsman_domain::telemetry::{SpanKind, UnixNanos};

use super::columns::{CountColumns, counts, hash, stored};
use super::table::{Figures, Table};
use crate::connect::Tx;
use crate::error::StoreError;
use crate::number::bigint;
use crate::partition::Scheme;
use crate::text;

/// The table of series.
pub(super) struct Series;

/// What tells a row of it.
#[derive(Debug, Default)]
pub(super) struct SeriesKeys {
    window_ns: Vec<i64>,
    key: Vec<Vec<u8>>,
    service: Vec<String>,
    version: Vec<String>,
    instance: Vec<String>,
    operation: Vec<String>,
    kind: Vec<i16>,
}

/// A key from its columns.
pub(super) fn series_key(service: &str, version: &str, instance: &str, operation: &str, kind: i16) -> SeriesKey {
    SeriesKey {
        service: text::read(service),
        version: text::read(version),
        instance: text::read(instance),
        operation: text::read(operation),
        kind: SpanKind::from_code(kind),
    }
}

/// A statement that inserts rows, given its first parameters.
macro_rules! insert {
    ($query:ident!, $sql:tt, $($first:expr),+; $keys:expr, $counts:expr) => {
        sqlx::$query!(
            $sql,
            $($first,)+
            &$keys.service,
            &$keys.version,
            &$keys.instance,
            &$keys.operation,
            &$keys.kind,
            &$counts.requests,
            &$counts.errors,
            &$counts.duration_sum_ns,
            &$counts.latency
        )
    };
}

impl Table for Series {
    type Key = SeriesKey;
    type Value = Counts;
    type Keys = SeriesKeys;

    fn scheme(resolution: Resolution) -> Scheme {
        Scheme::series(resolution)
    }

    fn push(keys: &mut SeriesKeys, window_ns: UnixNanos, key: &SeriesKey) {
        let names = [&key.service, &key.version, &key.instance, &key.operation].map(|name| text::name(name));
        keys.window_ns.push(bigint(window_ns));
        keys.key.push(hash(&names, &[key.kind.code()]));
        let [service, version, instance, operation] = names;
        keys.service.push(service);
        keys.version.push(version);
        keys.instance.push(instance);
        keys.operation.push(operation);
        keys.kind.push(key.kind.code());
    }

    async fn append(tx: &mut Tx, keys: &SeriesKeys, counts: &CountColumns) -> Result<(), StoreError> {
        insert!(
            query!,
            "INSERT INTO series_delta
            (window_ns, service, version, instance, operation, kind, requests, errors, duration_sum_ns, latency)
        SELECT * FROM unnest($1::bigint[], $2::text[], $3::text[], $4::text[], $5::text[], $6::smallint[],
            $7::bigint[], $8::bigint[], $9::bigint[], $10::bytea[])",
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
            "DELETE FROM series_delta WHERE id = ANY (ARRAY(SELECT id FROM series_delta ORDER BY id LIMIT $1))
        RETURNING window_ns, service, version, instance, operation, kind, requests, errors, duration_sum_ns, latency",
            most
        )
        .fetch_all(&mut **tx)
        .await?;
        let deltas = rows.iter().map(|row| {
            let key = series_key(&row.service, &row.version, &row.instance, &row.operation, row.kind);
            let counts = counts(row.requests, row.errors, row.duration_sum_ns, &row.latency)?;
            Ok((row.window_ns as u64, key, counts))
        });
        deltas.collect()
    }

    async fn stored(
        tx: &mut Tx,
        resolution: Resolution,
        keys: &SeriesKeys,
    ) -> Result<Vec<(usize, Counts)>, StoreError> {
        stored!(
            r#"SELECT at AS "at!", requests, errors, duration_sum_ns, latency
        FROM unnest($2::bigint[], $3::bytea[]) WITH ORDINALITY AS wanted (window_ns, key, at)
        JOIN series USING (window_ns, key) WHERE resolution = $1"#,
            tx,
            resolution,
            keys
        )
    }

    async fn write(
        tx: &mut Tx,
        resolution: Resolution,
        keys: &SeriesKeys,
        counts: &CountColumns,
    ) -> Result<(), StoreError> {
        insert!(
            query_file!,
            "queries/upsert_series.sql",
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
