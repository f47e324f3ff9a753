//! Objectives in words: what they say, how they stand, what their figures are made of.

use pointsman_domain::health::Health;
use pointsman_domain::slo::{
    Alert, AlertSeverity, Budgeting, Burn, CalendarUnit, Failing, Indicator, Limit, Objective, SloCourse, SloDetail,
    SloPoint, SloSummary, Status, Window,
};
use pointsman_domain::telemetry::UnixNanos;

use crate::components::{ChartEvent, ChartMark};
use crate::format;

/// "99.5 % of requests to checkout within 300 ms, over 30 days".
pub fn sentence(objective: &Objective) -> String {
    let target = format::exact_percent(objective.target.share());
    let over = window(&objective.window);
    if let Indicator::Composite { members } = &objective.indicator {
        let members: Vec<&str> = members.iter().map(|member| member.objective.as_str()).collect();
        return format!("{target} % of {} together, {over}", format::list(&members));
    }
    let of = subject(objective);
    let good = match &objective.indicator {
        Indicator::Latency { threshold_ns } => format!("within {}", format::duration(*threshold_ns)),
        _ => "without an error".to_owned(),
    };
    match (&objective.indicator, objective.budgeting) {
        (Indicator::Throughput { limit, per_second }, budgeting) => {
            let limit = match limit {
                Limit::AtLeast => "at least",
                Limit::AtMost => "at most",
            };
            let slices = slices(budgeting);
            format!("{limit} {per_second} {of} per second in {target} % of {slices}, {over}")
        }
        (_, Budgeting::Occurrences) => format!("{target} % of {of} {good}, {over}"),
        (_, Budgeting::Timeslices { slice_target, .. }) => {
            let share = format::exact_percent(slice_target.unwrap_or(objective.target.share()));
            let slices = slices(objective.budgeting);
            format!("{share} % of {of} {good} in {target} % of {slices}, {over}")
        }
    }
}

/// "slices of 5 min".
fn slices(budgeting: Budgeting) -> String {
    match budgeting {
        Budgeting::Occurrences => "slices".to_owned(),
        Budgeting::Timeslices { seconds, .. } => format!("slices of {} min", seconds / 60),
    }
}

/// "requests to GET /cart of cart 2.0.0".
fn subject(objective: &Objective) -> String {
    let mut service = format::shown(&objective.service);
    if let Some(version) = &objective.version {
        service.push(' ');
        service.push_str(&format::shown(version));
    }
    let shown = |name: &Option<pointsman_domain::Text>| name.as_deref().map(format::shown);
    match (shown(&objective.caller), shown(&objective.operation)) {
        (Some(caller), _) => format!("calls from {caller} to {service}"),
        (None, Some(operation)) => format!("requests for {operation} to {service}"),
        (None, None) => format!("requests to {service}"),
    }
}

/// "over 30 days", "in a month of Europe/Berlin".
pub fn window(window: &Window) -> String {
    match window {
        Window::Rolling { days } => format!("over {days} days"),
        Window::Calendar { unit, zone } => {
            let unit = match unit {
                CalendarUnit::Week => "week",
                CalendarUnit::Month => "month",
                CalendarUnit::Quarter => "quarter",
            };
            format!("in a calendar {unit} ({zone})")
        }
    }
}

/// What the budget counts: events, or slices.
pub fn unit(objective: &Objective, n: u64) -> String {
    match (objective.slice_seconds(), &objective.caller) {
        (Some(_), _) => format::counted(n, "slice", "slices"),
        (None, Some(_)) => format::counted(n, "call", "calls"),
        (None, None) => format::counted(n, "request", "requests"),
    }
}

/// "exhausted in 6.4 h", where it is at this rate before the window is over.
pub fn projected(objective: &Objective, status: &Status) -> Option<String> {
    let hours = status.hours_left?;
    let period = f64::from(objective.window.days()) * 24.0;
    (hours > 0.0 && hours < period).then(|| format!("exhausted in {} at this rate", format::hours(hours)))
}

/// How an objective stands: the sign, and a word or two.
pub fn state(summary: &SloSummary) -> (Health, &'static str) {
    let Some(status) = &summary.status else {
        return match summary.failing {
            Some(_) => (Health::Degraded, "not counted"),
            None => (Health::NoTraffic, "counting"),
        };
    };
    if summary.failing.is_some() {
        return (Health::Degraded, "out of date");
    }
    let severity = summary
        .firing
        .iter()
        .map(|alert| alert.severity)
        .max()
        .max(status.severity());
    if severity == Some(AlertSeverity::Page) {
        (Health::Failing, "burning")
    } else if status.is_spent() && status.enough {
        (Health::Failing, "exhausted")
    } else if status.absent {
        (Health::Degraded, "no data")
    } else if severity == Some(AlertSeverity::Ticket) {
        (Health::Degraded, "burning slowly")
    } else if status.measure.bad.is_none() {
        (Health::NoTraffic, "no events")
    } else if !status.enough {
        (Health::NoTraffic, "too few events")
    } else {
        (Health::Healthy, "met")
    }
}

/// "Counting has failed since 27 Nov 10:15 UTC: stored figures can't be read. Next attempt at 27 Nov 10:45 UTC." `what` is what failed: "Counting
/// has failed".
pub fn failing(what: &str, failing: &Failing) -> String {
    format!(
        "{what} since {} UTC: {}. Next attempt at {} UTC.",
        format::stamp(failing.since_ns),
        failing.reason,
        format::stamp(failing.next_ns)
    )
}

/// "7 objectives, 1 has exhausted its budget, 1 is burning."
pub fn answer(slos: &[SloSummary]) -> String {
    let all = format::counted(slos.len() as u64, "SLO", "SLOs");
    let has = |word: &'static str| slos.iter().filter(|slo| state(slo).1 == word).count();
    let spent = slos
        .iter()
        .filter(|slo| {
            slo.status
                .as_ref()
                .is_some_and(|status| status.is_spent() && status.enough)
        })
        .count();
    let burning = has("burning") + has("burning slowly");
    let missing = has("no data");
    let mut parts = Vec::new();
    if spent > 0 {
        parts.push(match spent {
            1 => "1 has exhausted its budget".to_owned(),
            n => format!("{n} have exhausted their budgets"),
        });
    }
    if burning > 0 {
        parts.push(format!("{burning} {} burning", if burning == 1 { "is" } else { "are" }));
    }
    if missing > 0 {
        parts.push(format!(
            "{missing} {} no data",
            if missing == 1 { "has" } else { "have" }
        ));
    }
    let unknown = slos.iter().filter(|slo| state(slo).0 == Health::NoTraffic).count();
    if parts.is_empty() {
        let met = slos.len() - unknown;
        parts.push(match (met, unknown) {
            (_, 0) => "all met".to_owned(),
            (0, _) => "none with enough events yet".to_owned(),
            (met, unknown) => format!("{met} met, {unknown} with too few events to tell"),
        });
    }
    format!("{all}, {}.", parts.join(", "))
}

/// What compliance is made of.
pub fn compliance_from(objective: &Objective, status: &Status) -> String {
    let count = status.measure.count;
    let good = format::count(count.good);
    let (low, high) = status.confidence;
    format!(
        "{good} good of {}, {}; between {} and {} % with 95 % confidence (Wilson)",
        unit(objective, count.total),
        format::span_words(status.range.from_ns, status.range.to_ns),
        format::compliance(low),
        format::compliance(high)
    )
}

/// What the budget is made of.
pub fn budget_from(objective: &Objective, status: &Status) -> String {
    let (allowed, bad) = (status.budget.allowed, status.measure.count.bad());
    let target = format::exact_percent(objective.target.share());
    if !objective.is_counted() {
        return format!("The members' shares of bad events by weight, divided by what {target} % allows");
    }
    format!(
        "{} bad of {allowed:.1} allowed: (1 − {target} %) × {}",
        format::count(bad),
        unit(objective, status.measure.count.total)
    )
}

/// A burn rate: `14.4`.
pub fn burn_rate(rate: Option<f64>) -> String {
    match rate {
        None => format::NONE.to_owned(),
        Some(rate) if rate < 9.95 => format!("{rate:.2}"),
        Some(rate) if rate < 99.5 => format!("{rate:.1}"),
        Some(rate) => format::count(rate.round() as u64),
    }
}

/// How a row of the alerts' table stands.
pub fn burn_state(burn: &Burn) -> (Health, &'static str) {
    match (burn.burning, burn.window.severity) {
        (true, AlertSeverity::Page) => (Health::Failing, "burning"),
        (true, AlertSeverity::Ticket) => (Health::Degraded, "burning"),
        (false, _) if burn.over_long.is_none() => (Health::NoTraffic, "no events"),
        // Faster than the limit, but not with confidence.
        (false, _)
            if [burn.over_long, burn.over_short]
                .iter()
                .all(|rate| *rate > Some(burn.window.burn_rate)) =>
        {
            (Health::NoTraffic, "too few events")
        }
        (false, _) => (Health::Healthy, "ok"),
    }
}

/// "1 h and 5 min".
pub fn burn_windows(burn: &Burn) -> String {
    format!(
        "{} and {}",
        format::window(burn.window.long),
        format::window(burn.window.short)
    )
}

/// How soon to look.
pub fn severity_word(severity: AlertSeverity) -> &'static str {
    match severity {
        AlertSeverity::Page => "page",
        AlertSeverity::Ticket => "ticket",
    }
}

/// The sign of an alert.
pub fn severity_health(severity: AlertSeverity) -> Health {
    match severity {
        AlertSeverity::Page => Health::Failing,
        AlertSeverity::Ticket => Health::Degraded,
    }
}

/// Why an alert fires.
pub fn rule_words(alert: &Alert) -> &'static str {
    match (alert.rule.as_str(), alert.severity) {
        ("absent", _) => "no data",
        (_, AlertSeverity::Page) => "the budget burns fast",
        (_, AlertSeverity::Ticket) => "the budget burns slowly",
    }
}

/// "acknowledged by emil after 4 min", as far as it was.
pub fn acknowledged(alert: &Alert) -> String {
    match (&alert.acked_by, alert.acked_ns) {
        (Some(by), Some(at)) => {
            let after = format::rough(at.saturating_sub(alert.opened_ns));
            format!("acknowledged by {by} after {after}")
        }
        _ if alert.silence.is_some() => "silenced, nobody was notified".to_owned(),
        _ => "not acknowledged".to_owned(),
    }
}

/// What is left of the budget over its window, on the grid of its points, and when that begins and how far a point is from the next.
pub fn budget_line(points: &[SloPoint], to_ns: UnixNanos) -> Option<(UnixNanos, u64, Vec<ChartMark>)> {
    const HOUR_NS: u64 = 3_600_000_000_000;
    let first = points.first()?;
    let step = points
        .windows(2)
        .map(|pair| pair[1].at_ns - pair[0].at_ns)
        .min()
        .unwrap_or(HOUR_NS)
        .max(HOUR_NS);
    let windows = (to_ns.saturating_sub(first.at_ns) / step + 1) as usize;
    let mut values = vec![None; windows];
    for point in points {
        if let Some(value) = values.get_mut(((point.at_ns - first.at_ns) / step) as usize) {
            *value = Some((1.0 - point.spent).max(0.0));
        }
    }
    // Without events nothing is spent: what was left before is left still.
    let mut before = None;
    for value in &mut values {
        before = value.or(before);
        *value = before;
    }
    let line = ChartMark {
        name: "left",
        values,
        look: 1,
        area: true,
    };
    Some((first.at_ns, step, vec![line]))
}

/// The filters of the trace search that show the bad events of an objective.
pub fn bad_traces(objective: &Objective) -> Vec<(&'static str, String)> {
    let optional = |text: &Option<pointsman_domain::Text>| text.as_deref().unwrap_or_default().to_owned();
    let mut filters = vec![
        ("service", objective.service.to_string()),
        ("operation", optional(&objective.operation)),
        ("version", optional(&objective.version)),
    ];
    if let Some(caller) = &objective.caller {
        // Traces in which the caller calls it.
        filters = vec![
            ("service", caller.to_string()),
            ("calls", objective.service.to_string()),
        ];
    }
    match &objective.indicator {
        Indicator::Availability => filters.push(("status", "error".to_owned())),
        Indicator::Latency { threshold_ns } => filters.push(("min", format!("{}us", threshold_ns.div_ceil(1000)))),
        Indicator::Throughput { .. } | Indicator::Composite { .. } => {}
    }
    filters
}

/// What kind of thing happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EventKind {
    /// An alert that pages.
    Page,
    /// An alert that opens a ticket.
    Ticket,
    /// Time that does not count.
    Exclusion,
    /// A version was seen for the first time.
    Deploy,
}

impl EventKind {
    /// The word for it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Page => "page",
            Self::Ticket => "ticket",
            Self::Exclusion => "excluded",
            Self::Deploy => "deploy",
        }
    }

    /// The class that gives its mark its look.
    pub fn class(self) -> &'static str {
        match self {
            Self::Page => "event-page",
            Self::Ticket => "event-ticket",
            Self::Exclusion => "event-exclusion",
            Self::Deploy => "event-deploy",
        }
    }
}

/// Something that happened in the window of an objective.
#[derive(Debug, Clone, PartialEq)]
pub struct Event {
    pub at_ns: UnixNanos,
    /// Until when, where it lasted and is over.
    pub until_ns: Option<UnixNanos>,
    /// What kind of thing.
    pub kind: EventKind,
    pub text: String,
}

/// What happened in the window of an objective, in the order of time.
pub fn events(detail: &SloDetail) -> Vec<Event> {
    let alerts = detail.alerts.iter().map(|alert| Event {
        at_ns: alert.opened_ns,
        until_ns: None,
        kind: match alert.severity {
            AlertSeverity::Page => EventKind::Page,
            AlertSeverity::Ticket => EventKind::Ticket,
        },
        text: format!("{}, {}", rule_words(alert), acknowledged(alert)),
    });
    let exclusions = detail.exclusions.iter().map(|exclusion| Event {
        at_ns: exclusion.from_ns,
        until_ns: Some(exclusion.to_ns),
        kind: EventKind::Exclusion,
        text: format!(
            "until {} UTC: {}",
            format::moment(exclusion.to_ns, exclusion.from_ns),
            exclusion.reason
        ),
    });
    let deploys = detail.deploys.iter().map(|deploy| Event {
        at_ns: deploy.at_ns,
        until_ns: None,
        kind: EventKind::Deploy,
        text: format!(
            "{} {} first seen",
            format::shown(&deploy.service),
            format::shown(&deploy.version)
        ),
    });
    let mut events: Vec<_> = alerts.chain(exclusions).chain(deploys).collect();
    events.sort_by_key(|event| event.at_ns);
    events
}

/// Events as marks of a chart.
pub fn marks(events: &[Event]) -> Vec<ChartEvent> {
    let mark = |event: &Event| ChartEvent {
        at_ns: event.at_ns,
        until_ns: event.until_ns,
        look: event.kind.class(),
        words: format!("{}: {} {}", format::stamp(event.at_ns), event.kind.word(), event.text),
    };
    events.iter().map(mark).collect()
}

/// The share that was bad, piece by piece; nothing where nothing was counted.
pub fn bad_line(course: &SloCourse) -> Vec<ChartMark> {
    vec![ChartMark {
        name: "bad",
        values: course.counts.iter().map(|count| count.bad_ratio()).collect(),
        look: 2,
        area: true,
    }]
}

#[cfg(test)]
mod tests;
