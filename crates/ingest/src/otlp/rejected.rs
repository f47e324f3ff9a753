//! The items that were left out of a request: how many, why, and the first of each kind.

use std::fmt;

use pointsman_domain::Text;
use pointsman_domain::ids::IdError;
use pointsman_domain::kit::plural;
use pointsman_domain::people::Services;

use super::signal::Signal;
use crate::gate::Permit;

/// Why one item is not stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reason {
    /// It can't be read: a field is not what it should be.
    Unreadable,
    /// Its trace id is wrong.
    TraceId(IdError),
    /// Its own id is wrong.
    SpanId(IdError),
    /// Its parent's id is there, not all zeros, and wrong.
    ParentId(IdError),
    /// An id in one of its links is wrong.
    LinkId(IdError),
    /// It has no start time.
    NoStart,
    /// It is older than telemetry is kept.
    TooOld,
    /// It took longer than a year.
    TooLong,
    /// It is too far in the future.
    InFuture,
    /// Its attributes are nested deeper than [`super::values::MAX_DEPTH`].
    TooDeep,
    /// It is of a service that the sender's token is not for.
    NotPermitted,
    /// All of its kind: it is not stored yet.
    NotStored,
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unreadable => f.write_str("that can't be read"),
            Self::TraceId(error) => write!(f, "with a trace id that {error}"),
            Self::SpanId(error) => write!(f, "with a span id that {error}"),
            Self::ParentId(error) => write!(f, "with a parent span id that {error}"),
            Self::LinkId(error) => write!(f, "with a link to an id that {error}"),
            Self::NoStart => f.write_str("without a start time"),
            Self::TooOld => f.write_str("older than the retention"),
            Self::TooLong => f.write_str("that took longer than a year (was the sender's clock set in between?)"),
            Self::InFuture => f.write_str("too far in the future (is the sender's clock right?)"),
            Self::TooDeep => write!(f, "with values nested deeper than {}", super::values::MAX_DEPTH),
            Self::NotPermitted => f.write_str("of services that the token is not for"),
            Self::NotStored => f.write_str("of a kind that is not stored yet"),
        }
    }
}

/// More reasons than this in one request are only counted.
const MAX_REASONS: usize = 8;

/// A tally of rejected items.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Rejected {
    reasons: Vec<(Reason, u64, String)>,
    others: u64,
}

impl Rejected {
    /// Counts `count` items. `example` says which is the first; it is only asked where the reason is new.
    pub(super) fn add(&mut self, reason: Reason, count: u64, example: impl FnOnce() -> String) {
        if count == 0 {
            return;
        }
        if let Some((_, known, _)) = self.reasons.iter_mut().find(|(known, ..)| *known == reason) {
            *known += count;
        } else if self.reasons.len() < MAX_REASONS {
            self.reasons.push((reason, count, example()));
        } else {
            self.others += count;
        }
    }

    /// How many items were rejected, for whatever reason.
    pub(super) fn count(&self) -> u64 {
        self.reasons.iter().map(|(_, count, _)| count).sum::<u64>() + self.others
    }

    /// A sentence for the partial success; empty where nothing was rejected.
    pub(super) fn message(&self, signal: Signal) -> String {
        let count = self.count();
        if count == 0 {
            return String::new();
        }
        let plural = plural::word(count, "", "s");
        let mut parts: Vec<String> = self
            .reasons
            .iter()
            .map(|(reason, count, example)| match example.as_str() {
                "" => format!("{count} {reason}"),
                example => format!("{count} {reason} (first: {example})"),
            })
            .collect();
        if self.others > 0 {
            parts.push(format!("{} for other reasons", self.others));
        }
        format!("{count} {}{plural} rejected: {}", signal.item(), parts.join(", "))
    }
}

/// Names an item for a person: `span 4 "GET /cart" of service cart`.
pub(super) fn example(signal: Signal, position: u64, name: &str, service: &str) -> String {
    let item = signal.item();
    let short: String = name.chars().take(60).collect();
    let service: String = service.chars().take(60).collect();
    if short.is_empty() {
        format!("{item} {position} of service {service}")
    } else {
        format!("{item} {position} \"{short}\" of service {service}")
    }
}

/// Says which services a token is for, and which one came.
pub(super) fn not_permitted(permit: &Permit, service: &str) -> String {
    let service: String = service.chars().take(60).collect();
    let names = match &permit.services {
        Services::All => Vec::new(),
        Services::Named(names) => names.iter().take(10).map(Text::as_str).collect(),
    };
    let names = names.join(", ");
    format!(
        "the token {} is for {names} only; {service} was not taken",
        permit.token
    )
}
