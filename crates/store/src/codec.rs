//! The form in which batches are stored: a version byte, the length of what follows it uncompressed (4 bytes, little-endian), and
//! [postcard](https://postcard.jamesmunns.com/wire-format) compressed with zstd.
//!
//! The version names everything about the form: another encoding, or a trained dictionary, is another version.

use pointsman_domain::telemetry::{Batch, LogBatch, SpanBatch};
use serde::Serialize;
use serde::de::DeserializeOwned;
use zstd::bulk::{Compressor, Decompressor};

use crate::error::StoreError;

const VERSION: u8 = 1;
const HEADER: usize = 5;

/// The longest payload that is decompressed, in bytes: what is stored is ours, but may be damaged.
const MAX_LENGTH: usize = 512 << 20;

/// zstd's level for the journal, which lives for seconds.
pub(crate) const FAST: i32 = 1;
/// zstd's level for fragments and segments, which are read many times and kept for days.
pub(crate) const SMALL: i32 = 3;

/// Encodes and compresses; keeps its compressor for the next.
pub(crate) struct Encoder(Compressor<'static>);

impl Encoder {
    /// At a level of zstd.
    pub(crate) fn new(level: i32) -> Result<Self, StoreError> {
        Ok(Self(Compressor::new(level).map_err(StoreError::corrupt)?))
    }

    /// The stored form of a value.
    pub(crate) fn encode<T: Serialize>(&mut self, value: &T) -> Result<Vec<u8>, StoreError> {
        self.compress(&plain(value)?)
    }

    /// The stored form of what [`plain`] made.
    pub(crate) fn compress(&mut self, plain: &[u8]) -> Result<Vec<u8>, StoreError> {
        let length = u32::try_from(plain.len()).ok().filter(|n| *n as usize <= MAX_LENGTH);
        let length = length.ok_or_else(|| StoreError::corrupt("a batch is too long to be stored"))?;
        let mut stored = vec![0; HEADER + zstd::zstd_safe::compress_bound(plain.len())];
        stored[0] = VERSION;
        stored[1..HEADER].copy_from_slice(&length.to_le_bytes());
        let written = self
            .0
            .compress_to_buffer(plain, &mut stored[HEADER..])
            .map_err(StoreError::corrupt)?;
        stored.truncate(HEADER + written);
        stored.shrink_to_fit();
        Ok(stored)
    }
}

/// The encoded value, not yet compressed.
pub(crate) fn plain<T: Serialize>(value: &T) -> Result<Vec<u8>, StoreError> {
    postcard::to_stdvec(value).map_err(StoreError::corrupt)
}

/// The value that [`plain`] encoded.
pub(crate) fn from_plain<T: DeserializeOwned>(plain: &[u8]) -> Result<T, StoreError> {
    postcard::from_bytes(plain).map_err(StoreError::corrupt)
}

/// The values that [`plain`] encoded, one behind the other.
pub(crate) fn each_plain<T: DeserializeOwned>(mut plain: &[u8], mut each: impl FnMut(T)) -> Result<(), StoreError> {
    while !plain.is_empty() {
        let (value, rest) = postcard::take_from_bytes(plain).map_err(StoreError::corrupt)?;
        each(value);
        plain = rest;
    }
    Ok(())
}

/// Decompresses and decodes; keeps its decompressor for the next.
pub(crate) struct Decoder(Decompressor<'static>);

impl Decoder {
    pub(crate) fn new() -> Result<Self, StoreError> {
        Ok(Self(Decompressor::new().map_err(StoreError::corrupt)?))
    }

    fn decode<T: DeserializeOwned>(&mut self, stored: &[u8]) -> Result<T, StoreError> {
        let Some((&[version, a, b, c, d], compressed)) = stored.split_first_chunk::<HEADER>() else {
            return Err(StoreError::corrupt("a payload is cut short"));
        };
        if version != VERSION {
            return Err(StoreError::corrupt(format_args!(
                "a payload has version {version}; this program knows {VERSION}"
            )));
        }
        let length = u32::from_le_bytes([a, b, c, d]) as usize;
        if length > MAX_LENGTH {
            return Err(StoreError::corrupt("a payload claims to be too long"));
        }
        let plain = self.0.decompress(compressed, length).map_err(StoreError::corrupt)?;
        from_plain(&plain)
    }

    /// Spans; every index in them points somewhere.
    pub(crate) fn spans(&mut self, stored: &[u8]) -> Result<SpanBatch, StoreError> {
        let batch: SpanBatch = self.decode(stored)?;
        let (resources, scopes) = (batch.resources.len(), batch.scopes.len());
        let sound = |span: &pointsman_domain::telemetry::Span| {
            (span.resource as usize) < resources && (span.scope as usize) < scopes && span.end_ns >= span.start_ns
        };
        if batch.spans.iter().all(sound) {
            Ok(batch)
        } else {
            Err(StoreError::corrupt(
                "a span points at no resource or ends before it begins",
            ))
        }
    }

    /// Log records; every index in them points somewhere.
    pub(crate) fn logs(&mut self, stored: &[u8]) -> Result<LogBatch, StoreError> {
        let batch: LogBatch = self.decode(stored)?;
        let (resources, scopes) = (batch.resources.len(), batch.scopes.len());
        let sound = |record: &pointsman_domain::telemetry::LogRecord| {
            (record.resource as usize) < resources && (record.scope as usize) < scopes
        };
        if batch.records.iter().all(sound) {
            Ok(batch)
        } else {
            Err(StoreError::corrupt("a log record points at no resource"))
        }
    }

    /// What [`signal`] and the stored form of its inside make.
    pub(crate) fn batch(&mut self, signal: i16, stored: &[u8]) -> Result<Batch, StoreError> {
        match signal {
            SPANS => Ok(Batch::Spans(self.spans(stored)?)),
            LOGS => Ok(Batch::Logs(self.logs(stored)?)),
            other => Err(StoreError::corrupt(format_args!("a journal row has signal {other}"))),
        }
    }
}

const SPANS: i16 = 1;
const LOGS: i16 = 2;

/// The journal's number for what a batch holds.
pub(crate) fn signal(batch: &Batch) -> i16 {
    match batch {
        Batch::Spans(_) => SPANS,
        Batch::Logs(_) => LOGS,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

    use super::*;
    use pointsman_domain::telemetry::{LogRecord, Resource};

    #[test]
    fn a_payload_round_trips_and_a_damaged_one_is_an_error() {
        let batch = LogBatch {
            resources: vec![Resource::default()],
            scopes: vec![pointsman_domain::telemetry::Scope::default()],
            records: Vec::new(),
        };
        let stored = Encoder::new(SMALL).unwrap().encode(&batch).unwrap();
        let mut decoder = Decoder::new().unwrap();
        assert_eq!(decoder.logs(&stored).unwrap(), batch);
        assert!(decoder.logs(&stored[..3]).is_err());
        assert!(decoder.logs(&stored[..stored.len() - 1]).is_err());
        let mut other = stored.clone();
        other[0] = 9;
        assert!(decoder.logs(&other).unwrap_err().to_string().contains("version 9"));
        // A claim of four gigabytes allocates nothing.
        other.clone_from(&stored);
        other[1..5].fill(0xff);
        assert!(decoder.logs(&other).is_err());
    }

    #[test]
    fn an_index_that_points_nowhere_is_an_error() {
        let batch = LogBatch {
            records: vec![LogRecord {
                time_ns: 1,
                observed_ns: 0,
                severity: pointsman_domain::telemetry::LogSeverity(9),
                severity_text: "".into(),
                body: pointsman_domain::telemetry::Value::Empty,
                attributes: pointsman_domain::telemetry::Attributes::default(),
                trace_id: None,
                span_id: None,
                event_name: "".into(),
                resource: 0,
                scope: 0,
            }],
            ..LogBatch::default()
        };
        let stored = Encoder::new(FAST).unwrap().encode(&batch).unwrap();
        assert!(Decoder::new().unwrap().logs(&stored).is_err());
    }
}
