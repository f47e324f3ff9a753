//! One service in words, and the lines of its charts.

use pointsman_domain::health::{Cause, Health};
use pointsman_domain::read::{Series, ServiceDetail};

use crate::components::ChartMark;
use crate::format;

/// "Fails 7.1 % of 12 480 requests; half take 41.2 ms or less, 5 % take 812 ms or more."
pub fn answer(detail: &ServiceDetail) -> String {
    let red = &detail.summary.red;
    if red.requests == 0 {
        let last = format::moment(detail.summary.last_seen_ns, detail.range.to_ns);
        return format!("No requests in this range. Last seen at {last} UTC.");
    }
    let outcome = match red.errors {
        0 => format!(
            "Served {} without an error",
            format::counted(red.requests, "request", "requests")
        ),
        _ => format!(
            "Failed {} % of {}",
            format::percent(red.error_ratio),
            format::counted(red.requests, "request", "requests")
        ),
    };
    let half = format::maybe_duration(red.p50_ns);
    let slow = format::maybe_duration(red.p95_ns);
    let judged = match (detail.summary.verdict.health, detail.summary.verdict.cause) {
        (Health::Degraded | Health::Failing, Some(Cause::Latency)) => " That is too slow.",
        (Health::Degraded | Health::Failing, Some(Cause::Errors)) => {
            " That is too many errors, here or on one of its nodes."
        }
        _ => "",
    };
    format!("{outcome}; half took {half} or less, 5 % took {slow} or more.{judged}")
}

/// Requests per second.
pub fn rate_lines(series: &Series) -> Vec<ChartMark> {
    vec![ChartMark {
        name: "rate",
        values: series.points.iter().map(|point| Some(point.rate)).collect(),
        look: 1,
        area: true,
    }]
}

/// The share of requests that failed, 0 to 1; nothing where there were none.
pub fn error_lines(series: &Series) -> Vec<ChartMark> {
    let share = |point: &pointsman_domain::read::Red| (point.requests > 0).then_some(point.error_ratio);
    vec![ChartMark {
        name: "errors",
        values: series.points.iter().map(share).collect(),
        look: 2,
        area: true,
    }]
}

/// The 50th, 95th and 99th percentile of latency, in nanoseconds.
pub fn latency_lines(series: &Series) -> Vec<ChartMark> {
    type Pick = fn(&pointsman_domain::read::Red) -> Option<u64>;
    let picks: [(&'static str, u8, Pick); 3] = [
        ("p50", 3, |red| red.p50_ns),
        ("p95", 4, |red| red.p95_ns),
        ("p99", 5, |red| red.p99_ns),
    ];
    let line = |(name, look, pick): (&'static str, u8, Pick)| ChartMark {
        name,
        values: series.points.iter().map(|red| pick(red).map(|ns| ns as f64)).collect(),
        look,
        area: false,
    };
    picks.map(line).into()
}

#[cfg(test)]
mod tests {
    use pointsman_domain::read::Red;

    use super::*;

    #[test]
    fn lines_break_where_there_was_no_traffic() {
        let series = Series {
            start_ns: 0,
            step_ns: 10,
            points: vec![
                Red::default(),
                Red {
                    requests: 4,
                    errors: 1,
                    error_ratio: 0.25,
                    p95_ns: Some(7),
                    ..Red::default()
                },
            ],
        };
        assert_eq!(error_lines(&series)[0].values, [None, Some(0.25)]);
        assert_eq!(latency_lines(&series)[1].values, [None, Some(7.0)]);
    }
}
