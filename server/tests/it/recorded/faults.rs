//! What objectives that are set from a minute without faults say of the minutes with them: fault by fault, found or not, and after how long.

use std::fmt::Write as _;
use std::path::Path;

use pointsman_domain::read::{Overview, ServiceDetail};
use pointsman_domain::slo::{AlertSeverity, Backtest};
use pointsman_domain::time::format_moment;
use serde::Deserialize;
use serde_json::json;

use crate::running::Running;

const MINUTE: u64 = 60 * 1_000_000_000;
/// The minute without faults.
const QUIET: &str = "from=2023-01-29T08:50:00Z&to=2023-01-29T08:51:00Z";
/// How long a fault is recorded at most.
const RECORDED: u64 = 3 * MINUTE;

#[derive(Deserialize)]
struct Labels {
    faults: Vec<Fault>,
}

#[derive(Deserialize)]
struct Fault {
    inject_unix: u64,
    inject_type: String,
    service: String,
}

/// A promise: 99 % of a service's requests take at most so long.
struct Promise {
    service: String,
    threshold_ns: u64,
}

impl Promise {
    /// Twice the 99th percentile of the minute without faults.
    async fn all(server: &Running) -> Vec<Self> {
        let overview: Overview = server.get(&format!("/overview?{QUIET}")).await.unwrap();
        let mut all = Vec::new();
        for service in overview.services.iter().filter(|service| service.red.requests > 0) {
            let path = format!("/services/{}?{QUIET}", service.name);
            let detail: ServiceDetail = server.get(&path).await.unwrap();
            all.push(Self {
                service: service.name.to_string(),
                threshold_ns: 2 * detail.summary.red.p99_ns.unwrap(),
            });
        }
        all
    }

    /// When somebody would have been called in a range, if at all.
    async fn page(&self, server: &Running, from_ns: u64, to_ns: u64) -> Option<u64> {
        let objective = json!({
            "name": "quick", "service": self.service, "target": 0.99, "window": { "kind": "rolling", "days": 7 },
            "indicator": { "kind": "latency", "threshold_ns": self.threshold_ns },
        });
        let draft = json!({ "objective": objective, "from": format_moment(from_ns), "to": format_moment(to_ns) });
        let answer = server.post_api("/backtests", &draft).await;
        assert!(answer.status.is_success(), "{}", answer.text());
        let backtest: Backtest = serde_json::from_slice(&answer.body).unwrap();
        let pages = backtest
            .called
            .iter()
            .filter(|call| call.severity == AlertSeverity::Page);
        pages.map(|call| call.from_ns).min()
    }
}

/// Prints the table; the minute without faults calls nobody, and at least `found` faults call for the service that they are in.
pub(super) async fn are_found(server: &Running, labels: &Path, found: usize) {
    let labels: Labels = serde_json::from_slice(&std::fs::read(labels).unwrap()).unwrap();
    let promises = Promise::all(server).await;
    let mut table = format!(
        "{} objectives: 99 % within twice the quiet minute's p99\n",
        promises.len()
    );
    let quiet_ns = 1_674_982_200_000_000_000;
    for promise in &promises {
        let called = promise.page(server, quiet_ns, quiet_ns + MINUTE).await;
        assert_eq!(called, None, "{} in the minute without faults", promise.service);
    }
    let mut count = 0;
    for fault in &labels.faults {
        let at_ns = fault.inject_unix * 1_000_000_000;
        let from_ns = at_ns / MINUTE * MINUTE;
        let mut pages = Vec::new();
        for promise in &promises {
            if let Some(page) = promise.page(server, from_ns, from_ns + RECORDED).await {
                pages.push((page, promise.service.as_str()));
            }
        }
        let (own, others): (Vec<_>, Vec<_>) = pages.into_iter().partition(|(_, service)| *service == fault.service);
        let own = own
            .first()
            .map(|(page_ns, _)| page_ns.saturating_sub(at_ns) / 1_000_000_000);
        count += usize::from(own.is_some());
        let others: Vec<&str> = others.into_iter().map(|(_, service)| service).collect();
        let _ = writeln!(
            table,
            "| {} | {} | {} | {} | {} |",
            format_moment(at_ns),
            fault.service,
            fault.inject_type,
            own.map_or("-".to_owned(), |seconds| format!("after {seconds} s")),
            others.join(", "),
        );
    }
    println!("{table}{count} of {} found", labels.faults.len());
    assert!(count >= found, "{table}");
}
