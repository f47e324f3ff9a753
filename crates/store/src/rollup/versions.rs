//! When versions of services were first seen. The merger notes it in the transaction that folds what they sent.

use std::collections::BTreeMap;

use pointsman_domain::Text;
use pointsman_domain::rollup::{Counts, SeriesKey};
use pointsman_domain::slo::Deploy;
use pointsman_domain::telemetry::UnixNanos;

use crate::connect::Tx;
use crate::error::StoreError;
use crate::number::bigint;
use crate::text;

/// Notes the versions that these deltas are of; one that comes late may have been seen earlier than was known.
pub(super) async fn note(tx: &mut Tx, deltas: &[(UnixNanos, SeriesKey, Counts)]) -> Result<(), StoreError> {
    let mut first: BTreeMap<(&Text, &Text), UnixNanos> = BTreeMap::new();
    for (window_ns, key, _) in deltas.iter().filter(|(_, key, _)| !key.version.is_empty()) {
        let at = first.entry((&key.service, &key.version)).or_insert(*window_ns);
        *at = (*window_ns).min(*at);
    }
    if first.is_empty() {
        return Ok(());
    }
    let services: Vec<String> = first.keys().map(|(service, _)| text::name(service)).collect();
    let versions: Vec<String> = first.keys().map(|(_, version)| text::name(version)).collect();
    let moments: Vec<i64> = first.values().map(|at| bigint(*at)).collect();
    // Nearly always all of them are known, and nothing is written.
    sqlx::query!(
        "INSERT INTO version_seen AS known (service, version, first_ns)
        SELECT seen.service, seen.version, min(seen.first_ns)
        FROM unnest($1::text[], $2::text[], $3::bigint[]) AS seen (service, version, first_ns)
        LEFT JOIN version_seen AS old USING (service, version)
        WHERE old.service IS NULL OR seen.first_ns < old.first_ns
        GROUP BY seen.service, seen.version
        ON CONFLICT (service, version) DO UPDATE SET first_ns = least(known.first_ns, excluded.first_ns)",
        &services,
        &versions,
        &moments
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// All versions of these services, in the order in which they were first seen.
pub async fn versions_seen(conn: &mut crate::Connection, services: &[Text]) -> Result<Vec<Deploy>, StoreError> {
    let services: Vec<String> = services.iter().map(|service| text::name(service)).collect();
    let rows = sqlx::query!(
        "SELECT service, version, first_ns FROM version_seen WHERE service = ANY ($1) ORDER BY first_ns, service, version",
        &services
    )
    .fetch_all(conn)
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| Deploy {
            service: row.service.into(),
            version: row.version.into(),
            at_ns: row.first_ns as u64,
        })
        .collect())
}
