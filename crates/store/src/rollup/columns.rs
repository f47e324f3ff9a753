//! Figures as arrays of columns, one statement for many rows, and back.

use pointsman_domain::histogram::Histogram;
use pointsman_domain::rollup::{Counts, EdgeKey, Endpoint, NodeKind, SeriesKey};
use pointsman_domain::telemetry::SpanKind;
use xxhash_rust::xxh3::Xxh3;

use crate::codec;
use crate::error::StoreError;
use crate::text;

/// Windows and what was counted in them.
#[derive(Debug, Default)]
pub(super) struct CountColumns {
    pub(super) window_ns: Vec<i64>,
    pub(super) requests: Vec<i64>,
    pub(super) errors: Vec<i64>,
    pub(super) duration_sum_ns: Vec<i64>,
    pub(super) latency: Vec<Vec<u8>>,
}

impl CountColumns {
    pub(super) fn push(&mut self, window_ns: u64, counts: &Counts) -> Result<(), StoreError> {
        self.window_ns.push(bigint(window_ns));
        self.requests.push(bigint(counts.requests));
        self.errors.push(bigint(counts.errors));
        self.duration_sum_ns.push(bigint(counts.duration_sum_ns));
        self.latency.push(codec::plain(&counts.latency)?);
        Ok(())
    }

    /// Adds what was counted before to a row.
    pub(super) fn add(&mut self, row: usize, old: &Counts) -> Result<(), StoreError> {
        let mut sum = counts(
            self.requests[row],
            self.errors[row],
            self.duration_sum_ns[row],
            &self.latency[row],
        )?;
        sum.merge(old);
        self.requests[row] = bigint(sum.requests);
        self.errors[row] = bigint(sum.errors);
        self.duration_sum_ns[row] = bigint(sum.duration_sum_ns);
        self.latency[row] = codec::plain(&sum.latency)?;
        Ok(())
    }
}

/// A number that PostgreSQL has no unsigned type for; greater ones are its greatest.
pub(super) fn bigint(value: u64) -> i64 {
    i64::try_from(value).unwrap_or(i64::MAX)
}

/// The figures of a row.
pub(crate) fn counts(requests: i64, errors: i64, duration_sum_ns: i64, latency: &[u8]) -> Result<Counts, StoreError> {
    Ok(Counts {
        requests: requests as u64,
        errors: errors as u64,
        duration_sum_ns: duration_sum_ns as u64,
        latency: codec::from_plain::<Histogram>(latency)?,
    })
}

/// Series.
#[derive(Debug, Default)]
pub(super) struct SeriesColumns {
    pub(super) key: Vec<Vec<u8>>,
    pub(super) service: Vec<String>,
    pub(super) version: Vec<String>,
    pub(super) instance: Vec<String>,
    pub(super) operation: Vec<String>,
    pub(super) kind: Vec<i16>,
    pub(super) counts: CountColumns,
}

impl SeriesColumns {
    pub(super) fn push(&mut self, window_ns: u64, key: &SeriesKey, counts: &Counts) -> Result<(), StoreError> {
        let names = [&key.service, &key.version, &key.instance, &key.operation].map(|name| text::name(name));
        self.key.push(hash(&names, &[key.kind.code()]));
        let [service, version, instance, operation] = names;
        self.service.push(service);
        self.version.push(version);
        self.instance.push(instance);
        self.operation.push(operation);
        self.kind.push(key.kind.code());
        self.counts.push(window_ns, counts)
    }
}

/// Edges.
#[derive(Debug, Default)]
pub(super) struct EdgeColumns {
    pub(super) key: Vec<Vec<u8>>,
    pub(super) source_kind: Vec<i16>,
    pub(super) source: Vec<String>,
    pub(super) source_version: Vec<String>,
    pub(super) target_kind: Vec<i16>,
    pub(super) target: Vec<String>,
    pub(super) target_version: Vec<String>,
    pub(super) counts: CountColumns,
}

impl EdgeColumns {
    pub(super) fn push(&mut self, window_ns: u64, key: &EdgeKey, counts: &Counts) -> Result<(), StoreError> {
        let EdgeKey { source, target } = key;
        let names = [&source.name, &source.version, &target.name, &target.version].map(|name| text::name(name));
        self.key.push(hash(&names, &[source.kind.code(), target.kind.code()]));
        let [source_name, source_version, target_name, target_version] = names;
        self.source_kind.push(source.kind.code());
        self.source.push(source_name);
        self.source_version.push(source_version);
        self.target_kind.push(target.kind.code());
        self.target.push(target_name);
        self.target_version.push(target_version);
        self.counts.push(window_ns, counts)
    }
}

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

/// A row of series, merged or not.
pub(crate) struct SeriesRow {
    pub(crate) window_ns: i64,
    pub(crate) service: String,
    pub(crate) version: String,
    pub(crate) instance: String,
    pub(crate) operation: String,
    pub(crate) kind: i16,
    pub(crate) requests: i64,
    pub(crate) errors: i64,
    pub(crate) duration_sum_ns: i64,
    pub(crate) latency: Vec<u8>,
}

impl SeriesRow {
    pub(crate) fn read(&self) -> Result<(u64, SeriesKey, Counts), StoreError> {
        let key = SeriesKey {
            service: text::read(&self.service),
            version: text::read(&self.version),
            instance: text::read(&self.instance),
            operation: text::read(&self.operation),
            kind: SpanKind::from_code(self.kind),
        };
        let counts = counts(self.requests, self.errors, self.duration_sum_ns, &self.latency)?;
        Ok((self.window_ns as u64, key, counts))
    }
}

/// A row of edges, merged or not.
pub(crate) struct EdgeRow {
    pub(crate) window_ns: i64,
    pub(crate) source_kind: i16,
    pub(crate) source: String,
    pub(crate) source_version: String,
    pub(crate) target_kind: i16,
    pub(crate) target: String,
    pub(crate) target_version: String,
    pub(crate) requests: i64,
    pub(crate) errors: i64,
    pub(crate) duration_sum_ns: i64,
    pub(crate) latency: Vec<u8>,
}

impl EdgeRow {
    pub(crate) fn read(&self) -> Result<(u64, EdgeKey, Counts), StoreError> {
        let endpoint = |kind, name: &str, version: &str| Endpoint {
            kind: NodeKind::from_code(kind),
            name: text::read(name),
            version: text::read(version),
        };
        let key = EdgeKey {
            source: endpoint(self.source_kind, &self.source, &self.source_version),
            target: endpoint(self.target_kind, &self.target, &self.target_version),
        };
        let counts = counts(self.requests, self.errors, self.duration_sum_ns, &self.latency)?;
        Ok((self.window_ns as u64, key, counts))
    }
}
