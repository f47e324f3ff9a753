//! Telemetry of months of which everything is known, and people who look at it.

use std::net::{IpAddr, Ipv4Addr};

use pointsman_control::UseCases;
use pointsman_control::access::{Actor, Caller, Person};
use pointsman_control::promise::{report, sla};
use pointsman_domain::people::Role;
use pointsman_domain::people::audit::Via;
use pointsman_domain::rollup::{Counts, Delta, SECOND_NS, SeriesKey};
use pointsman_domain::telemetry::SpanKind;
use pointsman_domain::time::parse_moment;

use crate::house::House;

pub(super) const ZONE: &str = "UTC";
pub(super) const URL: &str = "https://pointsman.example";

pub(super) fn moment(text: &str) -> u64 {
    parse_moment(text).unwrap()
}

/// Requests that ended in the same ten seconds.
#[derive(Debug, Clone, Copy)]
pub(super) struct Seen {
    pub(super) at_ns: u64,
    pub(super) service: &'static str,
    pub(super) version: &'static str,
    pub(super) total: u64,
    pub(super) bad: u64,
}

pub(super) fn seen(at: &str, service: &'static str, version: &'static str, total: u64, bad: u64) -> Seen {
    Seen {
        at_ns: moment(at),
        service,
        version,
        total,
        bad,
    }
}

/// Events of a range: all, and the bad ones.
pub(super) fn sum(all: &[Seen], from_ns: u64, to_ns: u64) -> (u64, u64) {
    let inside = all.iter().filter(|one| (from_ns..to_ns).contains(&one.at_ns));
    inside.fold((0, 0), |(total, bad), one| (total + one.total, bad + one.bad))
}

impl House {
    /// Counts and merges these.
    pub(super) async fn arrived(&self, all: &[Seen]) {
        let mut delta = Delta::default();
        for one in all {
            let key = SeriesKey {
                service: one.service.into(),
                version: one.version.into(),
                instance: "one".into(),
                operation: "GET /".into(),
                kind: SpanKind::Server,
            };
            let window = one.at_ns / (10 * SECOND_NS) * (10 * SECOND_NS);
            let counts: &mut Counts = delta.series.entry((window, key)).or_default();
            counts.requests += one.total;
            counts.errors += one.bad;
        }
        self.counted(&delta).await;
        self.merged().await;
    }

    /// At this moment.
    pub(super) fn at(&self, at: &str) {
        self.clock.set(moment(at));
    }

    /// Evaluates and closes what is over, as the evaluator's loop does; how many periods of contracts and how many reports.
    pub(super) async fn closed(&self) -> (usize, usize) {
        self.evaluated().await;
        let now_ns = self.clock.now_ns();
        let periods = sla::close_periods(&self.store, now_ns).await.unwrap();
        let reports = report::close_reports(&self.store, now_ns, ZONE, Some(URL))
            .await
            .unwrap();
        (periods, reports)
    }

    /// The use cases for somebody with this role.
    pub(super) fn somebody(&self, role: Role) -> UseCases {
        self.control.use_cases(Caller {
            actor: Actor::Person(Person {
                id: 1,
                name: "ada".into(),
                role,
                teams: Vec::new(),
            }),
            via: Via::Api,
            address: Some(IpAddr::V4(Ipv4Addr::LOCALHOST)),
            session: None,
        })
    }
}
