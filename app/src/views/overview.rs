//! The overview in words: the sentence it opens with, and what is said of each thing that needs attention.

use pointsman_domain::health::{Cause, Health};
use pointsman_domain::histogram::RELATIVE_ERROR;
use pointsman_domain::kit::duration;
use pointsman_domain::read::{Attention, JournalFull, Overview, PipelineStatus, Red};
use pointsman_domain::telemetry::UnixNanos;

use crate::format;

/// Above this a page says how far it lags behind.
const LAG_TOLD_NS: u64 = 5_000_000_000;

/// "14 services, 2 need attention: payments 2.0.0 fails 7.1 % of requests since 14:02."
pub fn answer(overview: &Overview) -> String {
    let services = format::counted(overview.services.len() as u64, "service", "services");
    let Some(worst) = overview.attention.first() else {
        let idle = overview
            .services
            .iter()
            .filter(|s| s.verdict.health == Health::NoTraffic)
            .count();
        return match idle {
            0 => format!("{services}, all healthy."),
            idle if idle == overview.services.len() => format!("{services}, none with traffic in this range."),
            1 => format!("{services}, none needs attention; 1 has no traffic."),
            idle => format!("{services}, none needs attention; {idle} have no traffic."),
        };
    };
    let unhealthy = overview.attention.len();
    let need = if unhealthy == 1 { "needs" } else { "need" };
    format!(
        "{services}, {unhealthy} {need} attention: {} {}{}.",
        subject(worst),
        complaint(worst),
        since(worst, overview.range.to_ns)
    )
}

/// Who: "payments 2.0.0 on payments-2".
pub fn subject(entry: &Attention) -> String {
    let mut subject = format::shown(&entry.service);
    if let Some(part) = part(entry) {
        subject.push(' ');
        subject.push_str(&part);
    }
    subject
}

/// Which part of the service, where only that one is worse: "2.0.0 on payments-2".
pub fn part(entry: &Attention) -> Option<String> {
    let given =
        |text: &Option<pointsman_domain::Text>| text.as_deref().filter(|text| !text.is_empty()).map(format::shown);
    match (given(&entry.version), given(&entry.instance)) {
        (Some(version), Some(instance)) => Some(format!("{version} on {instance}")),
        (Some(version), None) => Some(version),
        (None, Some(instance)) => Some(format!("on {instance}")),
        (None, None) => None,
    }
}

/// What: "fails 7.1 % of requests".
pub fn complaint(entry: &Attention) -> String {
    match entry.verdict.cause {
        Some(Cause::Latency) => {
            let p95 = format::maybe_duration(entry.red.p95_ns);
            format!("is slow: 5 % of requests take {p95} or more")
        }
        _ => format!("fails {} % of requests", format::percent(entry.red.error_ratio)),
    }
}

/// Since when: " since 14:02"; nothing where it began before the range.
pub fn since(entry: &Attention, now_ns: UnixNanos) -> String {
    entry
        .since_ns
        .map_or_else(String::new, |since| format!(" since {}", format::moment(since, now_ns)))
}

/// The filters of the trace search that show what an entry rests on.
pub fn evidence(entry: &Attention) -> Vec<(&'static str, String)> {
    let text = |text: &Option<pointsman_domain::Text>| text.as_deref().unwrap_or_default().to_owned();
    let mut filters = vec![
        ("service", entry.service.to_string()),
        ("version", text(&entry.version)),
        ("instance", text(&entry.instance)),
    ];
    match entry.verdict.cause {
        Some(Cause::Latency) => filters.push(("min", slow_from(&entry.red))),
        _ => filters.push(("status", "error".to_owned())),
    }
    filters
}

/// From where on a request counts as slow: the least that its 95th percentile can be, as the trace search's form takes it. The
/// percentile itself is the middle of a bucket: all slow requests may lie below it.
fn slow_from(red: &Red) -> String {
    let least_ns = red.p95_ns.unwrap_or_default() as f64 * (1.0 - RELATIVE_ERROR);
    let ms = (least_ns / 1e6) as u64;
    let text = format!("{ms}ms");
    debug_assert!(duration::parse(&text).is_some());
    text
}

/// How far the figures lag, where it is worth saying, and whether telemetry is refused.
pub fn lag(status: &PipelineStatus) -> Option<String> {
    let sentences: Vec<String> = refused(status).into_iter().chain(behind(status)).collect();
    (!sentences.is_empty()).then(|| sentences.join(" "))
}

/// Why new telemetry is not taken now.
fn refused(status: &PipelineStatus) -> Option<String> {
    let why = match status.journal_full? {
        JournalFull::Size => "the queue of unprocessed telemetry is full",
        JournalFull::Age => "unprocessed telemetry has waited for too long",
        JournalFull::Disk => "the database's disk is almost full",
    };
    Some(format!(
        "New telemetry is rejected: {why}. Senders are asked to retry later."
    ))
}

fn behind(status: &PipelineStatus) -> Option<String> {
    (status.journal_lag_ns > LAG_TOLD_NS).then(|| {
        format!(
            "The figures are {} behind: {} wait to be processed.",
            format::duration(status.journal_lag_ns),
            format::counted(status.journal_items, "span or log record", "spans and log records"),
        )
    })
}

/// That the clock of the machine that answered is wrong, where it is: or the database's, nobody here knows.
pub fn skew(status: &PipelineStatus) -> Option<String> {
    status.clock_differs().then(|| {
        let way = if status.clock_skew_ns > 0 { "ahead of" } else { "behind" };
        format!(
            "This server's clock is {} {way} the database's. The database's clock is used; until they agree, this server deletes no expired \
             data and closes no period.",
            format::duration(status.clock_skew_ns.unsigned_abs()),
        )
    })
}

#[cfg(test)]
mod tests {
    use pointsman_domain::health::HealthVerdict;
    use pointsman_domain::read::ServiceSummary;
    use pointsman_domain::time::TimeRange;

    use super::*;

    const NOON: UnixNanos = 1_769_860_800_000_000_000;

    fn service(name: &str, health: Health) -> ServiceSummary {
        ServiceSummary {
            name: name.into(),
            verdict: HealthVerdict { health, cause: None },
            red: Red::default(),
            sparkline: vec![],
            versions: vec![],
            nodes: 1,
            nodes_unwell: 0,
            last_seen_ns: NOON,
        }
    }

    fn overview(attention: Vec<Attention>, services: Vec<ServiceSummary>) -> Overview {
        Overview {
            range: TimeRange {
                from_ns: NOON - 1_800_000_000_000,
                to_ns: NOON,
            },
            attention,
            services,
            status: PipelineStatus::default(),
        }
    }

    fn payments() -> Attention {
        Attention {
            service: "payments".into(),
            version: Some("2.0.0".into()),
            instance: None,
            verdict: HealthVerdict {
                health: Health::Failing,
                cause: Some(Cause::Errors),
            },
            red: Red {
                requests: 1000,
                errors: 71,
                error_ratio: 0.071,
                p95_ns: Some(1_240_000_000),
                ..Red::default()
            },
            since_ns: Some(NOON - 600_000_000_000),
        }
    }

    #[test]
    fn the_answer_names_the_worst_first() {
        let services = || vec![service("cart", Health::Healthy), service("payments", Health::Failing)];
        assert_eq!(
            answer(&overview(vec![payments()], services())),
            "2 services, 1 needs attention: payments 2.0.0 fails 7.1 % of requests since 11:50."
        );
        let slow = Attention {
            version: None,
            instance: Some("payments-2".into()),
            since_ns: None,
            verdict: HealthVerdict {
                health: Health::Degraded,
                cause: Some(Cause::Latency),
            },
            ..payments()
        };
        assert_eq!(
            answer(&overview(vec![slow.clone(), payments()], services())),
            "2 services, 2 need attention: payments on payments-2 is slow: 5 % of requests take 1.24 s or more."
        );
        assert!(evidence(&slow).contains(&("min", "1185ms".to_owned())));
        assert!(evidence(&payments()).contains(&("status", "error".to_owned())));
    }

    #[test]
    fn a_calm_answer_says_who_is_idle() {
        let calm = |services| answer(&overview(vec![], services));
        assert_eq!(calm(vec![service("a", Health::Healthy)]), "1 service, all healthy.");
        assert_eq!(
            calm(vec![service("a", Health::Healthy), service("b", Health::NoTraffic)]),
            "2 services, none needs attention; 1 has no traffic."
        );
    }

    #[test]
    fn a_wrong_clock_is_told_from_a_minute_on() {
        let status = |clock_skew_ns| PipelineStatus {
            clock_skew_ns,
            ..PipelineStatus::default()
        };
        assert_eq!(skew(&status(60_000_000_000)), None);
        let ahead = skew(&status(120_000_000_000)).unwrap_or_default();
        assert!(ahead.contains("ahead of the database's"), "{ahead}");
        let behind = skew(&status(-120_000_000_000)).unwrap_or_default();
        assert!(behind.contains("behind the database's"), "{behind}");
    }

    #[test]
    fn a_lag_is_told_from_five_seconds_on() {
        let status = |lag| PipelineStatus {
            journal_lag_ns: lag,
            journal_items: 12_000,
            ..PipelineStatus::default()
        };
        assert_eq!(lag(&status(4_000_000_000)), None);
        assert_eq!(
            lag(&status(12_000_000_000)).as_deref(),
            Some("The figures are 12.0 s behind: 12\u{202f}000 spans and log records wait to be processed.")
        );
        let full = PipelineStatus {
            journal_full: Some(JournalFull::Size),
            ..status(12_000_000_000)
        };
        assert_eq!(
            lag(&full).as_deref(),
            Some(
                "New telemetry is rejected: the queue of unprocessed telemetry is full. Senders are asked to retry later. \
                 The figures are 12.0 s behind: 12\u{202f}000 spans and log records wait to be processed."
            )
        );
    }
}
