//! Counts as arrays of columns, one statement for many rows, and back.

use pointsman_domain::histogram::Histogram;
use pointsman_domain::rollup::Counts;
use xxhash_rust::xxh3::Xxh3;

use crate::codec;
use crate::error::StoreError;
use crate::number::bigint;

/// What was counted.
#[derive(Debug, Default)]
pub(super) struct CountColumns {
    pub(super) requests: Vec<i64>,
    pub(super) errors: Vec<i64>,
    pub(super) duration_sum_ns: Vec<i64>,
    pub(super) latency: Vec<Vec<u8>>,
}

impl CountColumns {
    pub(super) fn push(&mut self, counts: &Counts) -> Result<(), StoreError> {
        self.requests.push(bigint(counts.requests));
        self.errors.push(bigint(counts.errors));
        self.duration_sum_ns.push(bigint(counts.duration_sum_ns));
        self.latency.push(codec::plain(&counts.latency)?);
        Ok(())
    }
}

/// The figures of a row.
pub(crate) fn counts(requests: i64, errors: i64, duration_sum_ns: i64, latency: &[u8]) -> Result<Counts, StoreError> {
    let latency = codec::from_plain::<Histogram>(latency)?;
    Ok(counted(requests, errors, duration_sum_ns, latency))
}

/// The figures of a sum, whose histograms stand one behind the other.
pub(super) fn summed(requests: i64, errors: i64, duration_sum_ns: i64, latencies: &[u8]) -> Result<Counts, StoreError> {
    let mut latency = Histogram::default();
    codec::each_plain(latencies, |one: Histogram| latency.merge(&one))?;
    Ok(counted(requests, errors, duration_sum_ns, latency))
}

fn counted(requests: i64, errors: i64, duration_sum_ns: i64, latency: Histogram) -> Counts {
    Counts {
        requests: requests as u64,
        errors: errors as u64,
        duration_sum_ns: duration_sum_ns as u64,
        latency,
    }
}

/// What a window has so far.
pub(super) struct Stored {
    /// Its place among the keys that were asked for, from 1.
    pub(super) at: i64,
    pub(super) requests: i64,
    pub(super) errors: i64,
    pub(super) duration_sum_ns: i64,
    pub(super) latency: Vec<u8>,
}

impl Stored {
    /// Its place from 0, and its figures.
    pub(super) fn read(&self) -> Result<(usize, Counts), StoreError> {
        let counts = counts(self.requests, self.errors, self.duration_sum_ns, &self.latency)?;
        Ok((self.at as usize - 1, counts))
    }
}

/// What the windows of these keys have so far, by this statement.
macro_rules! stored {
    ($sql:tt, $tx:expr, $resolution:expr, $keys:expr) => {{
        let rows = sqlx::query_as!(
            $crate::rollup::columns::Stored,
            $sql,
            $resolution as i16,
            &$keys.window_ns,
            &$keys.key
        )
        .fetch_all(&mut **$tx)
        .await?;
        rows.iter().map($crate::rollup::columns::Stored::read).collect()
    }};
}
pub(super) use stored;

/// 128 bits of the names and codes of a key, which tell it from every other.
pub(super) fn hash(names: &[String], codes: &[i16]) -> Vec<u8> {
    let mut hasher = Xxh3::new();
    for name in names {
        hasher.update(name.as_bytes());
        // No name holds it.
        hasher.update(&[0]);
    }
    for code in codes {
        hasher.update(&code.to_be_bytes());
    }
    hasher.digest128().to_be_bytes().to_vec()
}
