//! What a budget was spent on, by the hour. Nobody can know it from counts; this is a rule that finds what lies near, and says no more.
//!
//! 1. The bad events of an hour are of a **change** where a version of the service was first seen in that hour or the two before. Of several
//!    the last.
//! 2. Else they are of an **incident** where an alert of the objective was open during the hour; of several the one that began first. An
//!    alert that began within 60 min after a version was first seen is of that change, for as long as it was open.
//! 3. Else they are unexplained.
//!
//! The versions that a service began with are no changes: what is first seen within the first hour of a service changed nothing.

use std::collections::{BTreeMap, HashMap};

use serde::{Deserialize, Serialize};

use crate::Text;
use crate::display::line;
use crate::kit::words::words;
use crate::rollup::SECOND_NS;
use crate::slo::{Alert, AlertSeverity, Deploy};
use crate::telemetry::UnixNanos;
use crate::time::format_moment;

const HOUR_NS: u64 = 3600 * SECOND_NS;
/// For how many hours after it, besides its own, what goes wrong is of a change.
pub const CHANGE_HOURS: u64 = 2;
/// How soon after a change an alert is of it.
const OF_CHANGE_NS: u64 = HOUR_NS;

/// What bad events lie near to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = SpendingCauseKind))]
#[serde(rename_all = "snake_case")]
pub enum CauseKind {
    /// A version that was first seen shortly before.
    Change,
    /// An alert that was open.
    Incident,
    /// Neither.
    Unexplained,
}

words!(CauseKind, "cause", { Change => "change", Incident => "incident", Unexplained => "unexplained" });

/// A cause, and the bad events that lie near to it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = SpendingCause))]
pub struct Cause {
    /// A change, an incident or neither.
    pub kind: CauseKind,
    /// `cart 2.4.1`, `page of 2026-10-03 14:10 UTC`, `unexplained`.
    pub label: Text,
    /// When the version was first seen, or the alert fired; `None` where unexplained.
    pub at_ns: Option<UnixNanos>,
    /// The alert's number, of an incident.
    pub alert: Option<i64>,
    /// How many bad events (or slices) lie near to it.
    pub bad: u64,
    /// Their share of all bad ones, 0 to 1.
    pub share: f64,
}

/// The bad events of an hour.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hour {
    /// The beginning of the hour.
    pub at_ns: UnixNanos,
    /// How many events (or slices) were bad.
    pub bad: u64,
}

/// A time in which an alert was open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Incident {
    /// The alert's number.
    pub alert: i64,
    /// Page or ticket.
    pub severity: AlertSeverity,
    /// When it fired.
    pub from_ns: UnixNanos,
    /// When it was resolved; `None` while it fires.
    pub to_ns: Option<UnixNanos>,
}

impl From<&Alert> for Incident {
    fn from(alert: &Alert) -> Self {
        Self {
            alert: alert.id,
            severity: alert.severity,
            from_ns: alert.opened_ns,
            to_ns: alert.resolved_ns,
        }
    }
}

/// Those of the versions first seen that changed something, in the order of time.
pub fn changes(seen: &[Deploy]) -> Vec<Deploy> {
    let mut first: HashMap<&Text, UnixNanos> = HashMap::new();
    for deploy in seen {
        let at = first.entry(&deploy.service).or_insert(deploy.at_ns);
        *at = deploy.at_ns.min(*at);
    }
    let mut changes: Vec<Deploy> = seen
        .iter()
        .filter(|deploy| deploy.at_ns >= first[&deploy.service] + HOUR_NS)
        .cloned()
        .collect();
    changes.sort_by_key(|change| change.at_ns);
    changes
}

/// What `bad` events were spent on, the most first and what is unexplained last. `hours` are those with bad events; what they do not tell is
/// unexplained. `changes` are in the order of time and of the services that the objective is about, `incidents` are those of the objective.
pub fn attribute(bad: u64, hours: &[Hour], changes: &[Deploy], incidents: &[Incident]) -> Vec<Cause> {
    let mut incidents = incidents.to_vec();
    incidents.sort_by_key(|incident| incident.from_ns);
    // By kind and place, so that what is equal stays in the order of time.
    let mut spent: BTreeMap<(CauseKind, usize), u64> = BTreeMap::new();
    let mut left = bad;
    for hour in hours {
        let bad = hour.bad.min(left);
        left -= bad;
        *spent.entry(cause_of(hour.at_ns, changes, &incidents)).or_default() += bad;
    }
    *spent.entry((CauseKind::Unexplained, 0)).or_default() += left;
    let mut causes: Vec<Cause> = spent
        .into_iter()
        .filter(|(_, events)| *events > 0)
        .map(|((kind, place), events)| {
            let (label, at_ns, alert) = match kind {
                CauseKind::Change => {
                    let change = &changes[place];
                    (
                        format!("{} {}", line(&change.service), line(&change.version)),
                        Some(change.at_ns),
                        None,
                    )
                }
                CauseKind::Incident => {
                    let incident = &incidents[place];
                    let what = match incident.severity {
                        AlertSeverity::Page => "page",
                        AlertSeverity::Ticket => "ticket",
                    };
                    let label = format!("{what} of {}", minute(incident.from_ns));
                    (label, Some(incident.from_ns), Some(incident.alert))
                }
                CauseKind::Unexplained => (kind.word().to_owned(), None, None),
            };
            Cause {
                kind,
                label: label.into(),
                at_ns,
                alert,
                bad: events,
                share: events as f64 / bad as f64,
            }
        })
        .collect();
    causes.sort_by_key(|cause| (cause.kind == CauseKind::Unexplained, std::cmp::Reverse(cause.bad)));
    causes
}

fn cause_of(at_ns: UnixNanos, changes: &[Deploy], incidents: &[Incident]) -> (CauseKind, usize) {
    let end_ns = at_ns + HOUR_NS;
    let near = at_ns.saturating_sub(CHANGE_HOURS * HOUR_NS)..end_ns;
    if let Some(place) = changes.iter().rposition(|change| near.contains(&change.at_ns)) {
        return (CauseKind::Change, place);
    }
    let open = |incident: &Incident| incident.from_ns < end_ns && incident.to_ns.is_none_or(|to| to > at_ns);
    let Some(place) = incidents.iter().position(open) else {
        return (CauseKind::Unexplained, 0);
    };
    let began = incidents[place].from_ns;
    let shortly = began.saturating_sub(OF_CHANGE_NS)..=began;
    match changes.iter().rposition(|change| shortly.contains(&change.at_ns)) {
        Some(change) => (CauseKind::Change, change),
        None => (CauseKind::Incident, place),
    }
}

/// `2026-10-03 14:10 UTC`.
fn minute(at_ns: UnixNanos) -> String {
    let whole = format_moment(at_ns / (60 * SECOND_NS) * (60 * SECOND_NS));
    format!("{} UTC", whole.trim_end_matches(":00Z").replace('T', " "))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const MINUTE: u64 = 60 * SECOND_NS;

    fn deploy(version: &str, at_ns: u64) -> Deploy {
        Deploy {
            service: "cart".into(),
            version: version.into(),
            at_ns,
        }
    }

    fn incident(alert: i64, from_ns: u64, to_ns: Option<u64>) -> Incident {
        Incident {
            alert,
            severity: AlertSeverity::Page,
            from_ns,
            to_ns,
        }
    }

    fn found(bad: u64, hours: &[(u64, u64)], changes: &[Deploy], incidents: &[Incident]) -> Vec<(String, u64)> {
        let hours: Vec<Hour> = hours
            .iter()
            .map(|(hour, bad)| Hour {
                at_ns: hour * HOUR_NS,
                bad: *bad,
            })
            .collect();
        let causes = attribute(bad, &hours, changes, incidents);
        causes
            .into_iter()
            .map(|cause| (cause.label.to_string(), cause.bad))
            .collect()
    }

    #[test]
    fn an_hour_is_of_a_change_then_of_an_alert_then_of_nobody() {
        let changes = [deploy("2", 10 * HOUR_NS + 30 * MINUTE), deploy("3", 50 * HOUR_NS)];
        // One long after any change; one that began 40 min after version 3 and lasted for six hours.
        let incidents = [
            incident(1, 20 * HOUR_NS + 5 * MINUTE, Some(22 * HOUR_NS)),
            incident(2, 50 * HOUR_NS + 40 * MINUTE, Some(56 * HOUR_NS + 1)),
        ];
        let hours = [
            (9, 1),
            (10, 2),
            (11, 4),
            (12, 8),
            (13, 16),
            (20, 32),
            (21, 64),
            (22, 128),
            (50, 256),
            (55, 512),
            (56, 1024),
            (57, 2048),
        ];
        let found = found(5000, &hours, &changes, &incidents);
        let expected = [
            ("cart 3", 256 + 512 + 1024),
            ("page of 1970-01-01 20:05 UTC", 32 + 64),
            ("cart 2", 2 + 4 + 8),
            ("unexplained", 1 + 16 + 128 + 2048 + (5000 - 4095)),
        ];
        let expected: Vec<(String, u64)> = expected.map(|(label, bad)| (label.to_owned(), bad)).into();
        assert_eq!(found, expected);
    }

    #[test]
    fn what_a_service_begins_with_changes_nothing() {
        let seen = [deploy("2", 59 * MINUTE), deploy("1", 0), deploy("3", 60 * MINUTE)];
        assert_eq!(changes(&seen), [deploy("3", 60 * MINUTE)]);
    }

    proptest! {
        #[test]
        fn shares_sum_to_all(
            hours in prop::collection::vec((0_u64..100, 0_u64..1000), 0..40), more in 0_u64..100,
            versions in prop::collection::vec(0_u64..100, 0..6), alerts in prop::collection::vec((0_u64..100, 0_u64..20), 0..6),
        ) {
            let hours: Vec<Hour> = hours.iter().map(|(hour, bad)| Hour { at_ns: hour * HOUR_NS, bad: *bad }).collect();
            let bad = hours.iter().map(|hour| hour.bad).sum::<u64>() + more;
            let mut versions: Vec<Deploy> = versions.iter().map(|hour| deploy(&hour.to_string(), hour * HOUR_NS)).collect();
            versions.sort_by_key(|version| version.at_ns);
            let alerts: Vec<Incident> = alerts
                .iter()
                .enumerate()
                .map(|(id, (from, length))| incident(id as i64, from * HOUR_NS, Some((from + length) * HOUR_NS)))
                .collect();
            let causes = attribute(bad, &hours, &versions, &alerts);
            prop_assert_eq!(causes.iter().map(|cause| cause.bad).sum::<u64>(), bad);
            if bad > 0 {
                prop_assert!((causes.iter().map(|cause| cause.share).sum::<f64>() - 1.0).abs() < 1e-9);
            }
        }
    }
}
