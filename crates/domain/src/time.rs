//! The time range of a page: what stands in the URL, and what it is at a given moment.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use crate::rollup::SECOND_NS;
use crate::telemetry::UnixNanos;

/// A range of time, its end not included; `from_ns < to_ns`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TimeRange {
    /// The first nanosecond in it.
    pub from_ns: UnixNanos,
    /// The first nanosecond after it.
    pub to_ns: UnixNanos,
}

impl TimeRange {
    /// From start to end, in nanoseconds.
    pub fn length_ns(self) -> u64 {
        self.to_ns - self.from_ns
    }

    /// From start to end, in seconds.
    pub fn seconds(self) -> f64 {
        self.length_ns() as f64 / SECOND_NS as f64
    }
}

/// How far ahead of our clock telemetry is taken, in nanoseconds: 1 h. Clocks of machines differ.
pub const AHEAD_NS: u64 = 3600 * SECOND_NS;

/// What the reader asked for: "the last 30 minutes", or from one moment to another.
///
/// In a URL: `range=30m`, or `from=2026-01-31T14:00:00Z&to=2026-01-31T15:00:00Z`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum RangeSpec {
    /// Up to now, this many seconds back; the page is live.
    Last(u64),
    /// A fixed range; the page does not move.
    Fixed(TimeRange),
}

impl Default for RangeSpec {
    fn default() -> Self {
        Self::Last(1800)
    }
}

/// Why a text is no time range.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RangeError {
    /// Not a number and a unit.
    #[error("`{0}` is not a length of time; write a number and a unit, such as 30m, 6h or 7d")]
    Length(String),
    /// Not an RFC 3339 time.
    #[error("`{0}` is not a time; write it as 2026-01-31T14:00:00Z")]
    Moment(String),
    /// The end is not after the start.
    #[error("the range ends before it begins")]
    Empty,
}

/// The longest range that can be asked for: 400 days.
pub const MAX_RANGE_SECONDS: u64 = 400 * 86_400;

impl RangeSpec {
    /// Reads the `range`, `from` and `to` of a URL; the last 30 minutes where none is given. `to` without `from` is an
    /// error, `from` without `to` means up to a day after it.
    pub fn parse(range: Option<&str>, from: Option<&str>, to: Option<&str>) -> Result<Self, RangeError> {
        let given = |text: Option<&str>| text.map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned);
        match (given(from), given(to)) {
            (Some(from), to) => {
                let from_ns = parse_moment(&from)?;
                let to_ns = to.map_or(Ok(from_ns + 86_400 * SECOND_NS), |to| parse_moment(&to))?;
                if to_ns <= from_ns {
                    return Err(RangeError::Empty);
                }
                let to_ns = to_ns.min(from_ns + MAX_RANGE_SECONDS * SECOND_NS);
                Ok(Self::Fixed(TimeRange { from_ns, to_ns }))
            }
            (None, Some(to)) => Err(RangeError::Moment(format!("(no from) .. {to}"))),
            (None, None) => given(range).map_or(Ok(Self::default()), |range| range.parse()),
        }
    }

    /// The range at this moment.
    pub fn resolve(self, now_ns: UnixNanos) -> TimeRange {
        match self {
            Self::Last(seconds) => TimeRange {
                from_ns: now_ns.saturating_sub(seconds * SECOND_NS),
                to_ns: now_ns.max(1),
            },
            Self::Fixed(range) => range,
        }
    }

    /// The range in which a list at this moment looks: one that ends now includes what is ahead of the clock, which would else be in none
    /// until its time has come.
    pub fn resolve_list(self, now_ns: UnixNanos) -> TimeRange {
        let range = self.resolve(now_ns);
        let ahead_ns = if self.is_live() { AHEAD_NS } else { 0 };
        TimeRange {
            to_ns: range.to_ns.saturating_add(ahead_ns),
            ..range
        }
    }

    /// Whether the range moves with the clock.
    pub fn is_live(self) -> bool {
        matches!(self, Self::Last(_))
    }

    /// As the query string of a URL, without a leading `?` or `&`.
    pub fn to_query(self) -> String {
        match self {
            Self::Last(_) => format!("range={self}"),
            Self::Fixed(range) => {
                format!(
                    "from={}&to={}",
                    format_moment(range.from_ns),
                    format_moment(range.to_ns)
                )
            }
        }
    }
}

/// `30m` for a moving range, `from .. to` for a fixed one.
impl fmt::Display for RangeSpec {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::Last(s) if s % 86_400 == 0 => write!(f, "{}d", s / 86_400),
            Self::Last(s) if s % 3600 == 0 => write!(f, "{}h", s / 3600),
            Self::Last(s) if s % 60 == 0 => write!(f, "{}m", s / 60),
            Self::Last(s) => write!(f, "{s}s"),
            Self::Fixed(range) => {
                write!(f, "{} .. {}", format_moment(range.from_ns), format_moment(range.to_ns))
            }
        }
    }
}

/// Reads `30m`, `90s`, `6h`, `7d`.
impl FromStr for RangeSpec {
    type Err = RangeError;

    fn from_str(text: &str) -> Result<Self, RangeError> {
        let error = || RangeError::Length(text.to_owned());
        let unit = text.chars().last().ok_or_else(error)?;
        let seconds_per = match unit {
            's' => 1,
            'm' => 60,
            'h' => 3600,
            'd' => 86_400,
            _ => return Err(error()),
        };
        let number: u64 = text[..text.len() - 1].parse().map_err(|_| error())?;
        let seconds = number
            .checked_mul(seconds_per)
            .filter(|s| (1..=MAX_RANGE_SECONDS).contains(s));
        seconds.map(Self::Last).ok_or_else(error)
    }
}

/// Reads an RFC 3339 time, in any offset. Errors: another form, or a time before 1970.
pub fn parse_moment(text: &str) -> Result<UnixNanos, RangeError> {
    let moment = OffsetDateTime::parse(text, &Rfc3339).map_err(|_| RangeError::Moment(text.to_owned()))?;
    u64::try_from(moment.unix_timestamp_nanos()).map_err(|_| RangeError::Moment(text.to_owned()))
}

/// Writes a time as RFC 3339 in UTC, with as many decimals as it needs.
pub fn format_moment(at: UnixNanos) -> String {
    OffsetDateTime::from_unix_timestamp_nanos(i128::from(at))
        .ok()
        .and_then(|moment| moment.format(&Rfc3339).ok())
        .unwrap_or_default()
}
