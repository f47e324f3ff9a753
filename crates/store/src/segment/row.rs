//! Slots, and fragments as rows.

use pointsman_domain::Text;
use pointsman_domain::ids::TraceId;
use pointsman_domain::rollup::{Endpoint, SECOND_NS};
use pointsman_domain::segment::{Half, LogFragment, TraceFragment};
use pointsman_domain::telemetry::{LogSeverity, UnixNanos};

use crate::codec::{self, Decoder, Encoder};
use crate::copy::Rows;
use crate::error::StoreError;
use crate::text;

/// How long a slot takes in fragments: 30 s.
pub const SLOT_NS: u64 = 30 * SECOND_NS;

/// How long after its end a slot is settled: 30 s.
pub const SLOT_SETTLE_NS: u64 = 30 * SECOND_NS;

/// How many slots apart the halves of a call may lie: as far as a slot has settled.
const PAIRED_SLOTS: i64 = (SLOT_NS + SLOT_SETTLE_NS).div_ceil(SLOT_NS) as i64;

/// A small partition of what arrived within [`SLOT_NS`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Slot(pub i64);

impl Slot {
    /// The slot of this moment.
    pub fn at(now_ns: UnixNanos) -> Self {
        Self((now_ns / SLOT_NS) as i64)
    }

    /// The slots in which halves of calls find their partners: those from which a worker reads what it writes into this one, and in which
    /// what lies in this one may have been read. When this slot is settled, no one writes into them any more but the last.
    pub(super) fn partners(self) -> std::ops::RangeInclusive<Self> {
        Self(self.0 - PAIRED_SLOTS)..=Self(self.0 + PAIRED_SLOTS)
    }

    /// The newest slot that is settled at this moment: nothing is expected to come into it any more.
    pub fn newest_settled(now_ns: UnixNanos) -> Self {
        Self((now_ns.saturating_sub(SLOT_SETTLE_NS) / SLOT_NS) as i64 - 1)
    }
}

/// Rows of `span_fragment` where there is a slot, else of `span_segment`.
pub(super) fn trace_rows(slot: Option<Slot>, fragments: &[&TraceFragment]) -> Result<Rows, StoreError> {
    let mut encoder = Encoder::new(codec::SMALL)?;
    let mut rows = Rows::new(if slot.is_some() { 11 } else { 9 });
    for fragment in fragments {
        rows.row()
            .bytea(fragment.trace_id.bytes())
            .nanos(fragment.start_ns)
            .nanos(fragment.end_ns)
            .nanos(fragment.max_duration_ns)
            .int4(fragment.batch.spans.len() as i32)
            .int4(fragment.errors as i32)
            .int4_array(&fragment.terms)
            .bool(fragment.terms_cut)
            .bytea(&encoder.encode(&fragment.batch)?);
        if let Some(slot) = slot {
            rows.bytea(&halves_plain(&fragment.halves)?).int8(slot.0);
        }
    }
    Ok(rows)
}

/// Rows of `log_fragment` where there is a slot, else of `log_segment`.
pub(super) fn log_rows(slot: Option<Slot>, fragments: &[&LogFragment]) -> Result<Rows, StoreError> {
    let mut encoder = Encoder::new(codec::SMALL)?;
    let mut rows = Rows::new(if slot.is_some() { 9 } else { 8 });
    for fragment in fragments {
        rows.row()
            .bytea(text::name(&fragment.service).as_bytes())
            .nanos(fragment.start_ns)
            .nanos(fragment.end_ns)
            .int2(fragment.max_severity.0.into())
            .int4(fragment.batch.records.len() as i32)
            .int4_array(&fragment.terms)
            .bool(fragment.terms_cut)
            .bytea(&encoder.encode(&fragment.batch)?);
        if let Some(slot) = slot {
            rows.int8(slot.0);
        }
    }
    Ok(rows)
}

/// Halves as they are stored: themselves, after them the indices of those that are paired, and after those what is known of their parents'
/// services, by index. A row of an earlier version ends before one of these.
fn halves_plain(halves: &[Half]) -> Result<Vec<u8>, StoreError> {
    let paired = (0_u32..).zip(halves).filter(|(_, half)| half.paired);
    let mut plain = codec::plain(&halves)?;
    plain.extend(codec::plain(&paired.map(|(at, _)| at).collect::<Vec<_>>())?);
    let under = (0_u32..)
        .zip(halves)
        .filter_map(|(at, half)| Some((at, half.under.as_ref()?)));
    plain.extend(codec::plain(&under.collect::<Vec<_>>())?);
    Ok(plain)
}

/// The halves that [`halves_plain`] encoded.
pub(super) fn read_halves(plain: &[u8]) -> Result<Vec<Half>, StoreError> {
    let (mut halves, rest): (Vec<Half>, _) = postcard::take_from_bytes(plain).map_err(StoreError::corrupt)?;
    let missing = || StoreError::corrupt("a half that is told of is not there");
    if rest.is_empty() {
        return Ok(halves);
    }
    let (paired, rest): (Vec<u32>, _) = postcard::take_from_bytes(rest).map_err(StoreError::corrupt)?;
    for at in paired {
        halves.get_mut(at as usize).ok_or_else(missing)?.paired = true;
    }
    if !rest.is_empty() {
        for (at, under) in codec::from_plain::<Vec<(u32, Endpoint)>>(rest)? {
            halves.get_mut(at as usize).ok_or_else(missing)?.under = Some(under);
        }
    }
    Ok(halves)
}

/// A row of `span_fragment` as it is read.
pub(super) struct TraceRow {
    pub(super) trace_id: Vec<u8>,
    pub(super) start_ns: i64,
    pub(super) end_ns: i64,
    pub(super) max_duration_ns: i64,
    pub(super) errors: i32,
    pub(super) terms: Vec<i32>,
    pub(super) terms_cut: bool,
    pub(super) halves: Vec<u8>,
    pub(super) payload: Vec<u8>,
}

impl TraceRow {
    pub(super) fn read(self, decoder: &mut Decoder) -> Result<TraceFragment, StoreError> {
        Ok(TraceFragment {
            trace_id: trace_id(&self.trace_id)?,
            start_ns: self.start_ns as u64,
            end_ns: self.end_ns as u64,
            max_duration_ns: self.max_duration_ns as u64,
            errors: self.errors as u32,
            terms: self.terms,
            terms_cut: self.terms_cut,
            halves: read_halves(&self.halves)?,
            batch: decoder.spans(&self.payload)?,
        })
    }
}

/// A row of `log_fragment` as it is read.
pub(super) struct LogRow {
    pub(super) id: i64,
    pub(super) service: String,
    pub(super) start_ns: i64,
    pub(super) end_ns: i64,
    pub(super) max_severity: i16,
    pub(super) terms: Vec<i32>,
    pub(super) terms_cut: bool,
    pub(super) payload: Vec<u8>,
}

impl LogRow {
    pub(super) fn read(self, decoder: &mut Decoder) -> Result<LogFragment, StoreError> {
        Ok(LogFragment {
            service: Text::from(self.service),
            start_ns: self.start_ns as u64,
            end_ns: self.end_ns as u64,
            max_severity: LogSeverity(self.max_severity as u8),
            terms: self.terms,
            terms_cut: self.terms_cut,
            batch: decoder.logs(&self.payload)?,
        })
    }
}

/// A stored trace id.
pub(crate) fn trace_id(bytes: &[u8]) -> Result<TraceId, StoreError> {
    TraceId::from_bytes(bytes).map_err(|error| StoreError::corrupt(format_args!("a stored trace id {error}")))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

    use pointsman_domain::ids::SpanId;
    use pointsman_domain::rollup::NodeKind;
    use pointsman_domain::telemetry::SpanKind;

    use super::*;

    #[test]
    fn which_halves_are_paired_is_stored_beside_them_and_older_rows_are_read() {
        let half = |n: u64, paired| Half {
            span_id: SpanId::from_bytes(&n.to_be_bytes()).unwrap(),
            parent: None,
            kind: SpanKind::Client,
            service: "storefront".into(),
            version: "".into(),
            peer: None,
            end_ns: 2,
            duration_ns: 1,
            error: false,
            paired,
            under: None,
        };
        let mut halves = vec![half(1, false), half(2, true)];
        assert_eq!(read_halves(&halves_plain(&halves).unwrap()).unwrap(), halves);
        halves[0].under = Some(Endpoint {
            kind: NodeKind::Service,
            name: "checkout".into(),
            version: "1".into(),
        });
        let plain = halves_plain(&halves).unwrap();
        assert_eq!(read_halves(&plain).unwrap(), halves);
        // A row of before parents' services were kept.
        let paired = codec::plain(&vec![1_u32]).unwrap();
        let earlier = [codec::plain(&halves).unwrap(), paired].concat();
        assert_eq!(read_halves(&earlier).unwrap(), [half(1, false), half(2, true)]);
        let older = codec::plain(&halves).unwrap();
        assert_eq!(read_halves(&older).unwrap(), [half(1, false), half(2, false)]);
        assert!(read_halves(&older[..older.len() - 1]).is_err());
    }
}
