//! `kill -9` of a replica, of PostgreSQL, of both, at random moments under load, with two replicas on one database: what was acknowledged
//! is stored and counted, once, and nothing else is.
//!
//! `POINTSMAN_CRASH_ROUNDS` (20) and `POINTSMAN_CRASH_SEED` (1) say how often and by which random numbers; by hand:
//! `POINTSMAN_CRASH_ROUNDS=100 cargo test -p pointsman --test it -- crash`.

mod load;
mod machines;

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use pointsman_domain::read::{Overview, Topology, TraceDetail};
use pointsman_domain::rollup::NodeKind;
use pointsman_domain::slo::SloSummary;
use pointsman_store::size::{Sizes, sizes};
use pointsman_store::{Retention, SILENCE, Store, StoreOptions};
use rand::rngs::StdRng;
use rand::seq::IteratorRandom;
use rand::{Rng, SeedableRng};
use tokio::time::sleep;

use self::load::{Load, Sent};
use self::machines::{Machines, Victim};
use crate::running::Running;

/// How many traces are asked for and compared by their spans.
const TRACES_COMPARED: usize = 200;

const RANGE: &str = "range=6h";

fn setting(name: &str, default: u64) -> u64 {
    std::env::var(name).map_or(default, |text| {
        text.parse().unwrap_or_else(|_| panic!("{name} is no number: {text}"))
    })
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn kills_at_random_moments_lose_and_double_nothing() {
    let rounds = setting("POINTSMAN_CRASH_ROUNDS", 20);
    let mut random = StdRng::seed_from_u64(setting("POINTSMAN_CRASH_SEED", 1));
    let mut machines = Machines::start().await;
    machines.promise(load::CALLER).await;
    let load = Load::start(&machines.state(), &mut random);
    for round in 1..=rounds {
        sleep(Duration::from_millis(random.random_range(500..3000))).await;
        let victim = Victim::any(&mut random);
        println!("round {round} of {rounds}: {victim:?}");
        machines.kill(victim, &mut random).await;
        sleep(Duration::from_millis(random.random_range(0..1500))).await;
        machines.mend().await;
    }
    let sent = load.end().await;
    println!("{sent}");
    assert!(
        sent.refused > 0,
        "no request met a crash: the kills and the load did not overlap"
    );
    let server = machines.any();
    server.transformed().await;
    check_counts(server, &sent).await;
    let stored = stored(&machines.url()).await;
    assert_eq!((stored.spans, stored.records), (sent.spans(), sent.records));
    for trace in sent.traces.keys().choose_multiple(&mut random, TRACES_COMPARED) {
        let detail: TraceDetail = server
            .get(&format!("/traces/{trace}"))
            .await
            .expect("a trace that was acknowledged");
        let found: BTreeSet<String> = detail.spans.iter().map(|span| span.span_id.to_string()).collect();
        assert_eq!(found, sent.traces[trace], "trace {trace}");
        assert_eq!(
            detail.spans.len(),
            found.len(),
            "trace {trace}: a span stands there twice"
        );
    }
    machines.stop().await;
}

/// Requests by service, calls between the two, and what the objective counted.
async fn check_counts(server: &Running, sent: &Sent) {
    let overview: Overview = server.get(&format!("/overview?{RANGE}")).await.expect("the overview");
    let requests: BTreeMap<String, u64> = overview
        .services
        .iter()
        .map(|service| (service.name.to_string(), service.red.requests))
        .collect();
    let one_each = [load::CALLER, load::CALLED].map(|name| (name.to_owned(), sent.traces.len() as u64));
    assert_eq!(requests, BTreeMap::from(one_each));
    let topology: Topology = server.get(&format!("/topology?{RANGE}")).await.expect("the topology");
    let calls: Vec<(String, String, u64)> = topology
        .edges
        .iter()
        .filter(|edge| edge.target.kind == NodeKind::Service)
        .map(|edge| {
            (
                edge.source.name.to_string(),
                edge.target.name.to_string(),
                edge.red.requests,
            )
        })
        .collect();
    let expected = (
        load::CALLER.to_owned(),
        load::CALLED.to_owned(),
        sent.traces.len() as u64,
    );
    assert_eq!(calls, [expected]);
    let counted = async || {
        let slos: Vec<SloSummary> = server.get("/slos").await?;
        let count = slos.first()?.status.as_ref()?.measure.count;
        (count.total == sent.traces.len() as u64).then_some(count)
    };
    let count = server.until("the objective has counted all", counted).await;
    assert_eq!(count.total - count.good, sent.failed);
}

async fn stored(url: &str) -> Sizes {
    let options = StoreOptions {
        url: url.to_owned(),
        max_connections: 4,
        retention: Retention::default(),
        silence: SILENCE,
    };
    let store = Store::connect(&options).await.expect("the database");
    let mut conn = store.conn().await.expect("a connection");
    sizes(&mut conn).await.expect("the sizes")
}
