//! Many readers, and slow ones: the same is read once, nobody takes the turns of all, and what nobody waits for any more ends.

use std::time::Duration;

use futures::future::join_all;
use pointsman_control::access::{Actor, Anybody, Caller};
use pointsman_control::{Control, ControlSettings, Problem, UseCases};
use pointsman_domain::people::Role;
use pointsman_domain::people::audit::Via;
use pointsman_domain::query::TraceQuery;
use pointsman_domain::time::RangeSpec;
use pointsman_testing::{span, spans};
use prometheus_client::registry::Registry;
use tokio::time::{Instant, timeout};

use crate::house::{House, RANGE, at, until};

/// Whoever reads from this address.
fn reader(control: &Control, address: &str) -> UseCases {
    let anybody = Anybody {
        role: Some(Role::Viewer),
        ingest: false,
    };
    control.use_cases(Caller {
        actor: Actor::Anonymous(anybody),
        via: Via::Api,
        address: Some(address.parse().unwrap()),
        session: None,
    })
}

/// A metric as it stands in what Prometheus scrapes.
fn metric(registry: &Registry, name: &str) -> u64 {
    let mut text = String::new();
    prometheus_client::encoding::text::encode(&mut text, registry).unwrap();
    let line = text.lines().find(|line| line.split(' ').next() == Some(name));
    line.map_or(0, |line| line.split(' ').nth(1).unwrap().parse().unwrap())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_that_a_hundred_open_at_once_is_read_once() {
    let house = House::new().await;
    house.send_spans(spans([span("checkout").at(at(0))])).await;
    house.work().await;
    let settings = ControlSettings {
        reads_kept: Duration::from_secs(60),
        ..ControlSettings::default()
    };
    let control = Control::new(house.store.clone(), settings, house.clock.clone());
    let mut registry = Registry::default();
    control.register(&mut registry);
    let readers: Vec<UseCases> = (0..100).map(|n| reader(&control, &format!("192.0.2.{n}"))).collect();
    let overviews = join_all(readers.iter().map(async |one| one.see().overview(RANGE).await)).await;
    let first = overviews[0].clone().unwrap();
    assert_eq!(first.services[0].red.requests, 1);
    assert!(overviews.iter().all(|overview| overview.as_ref() == Ok(&first)));
    let services = join_all(
        readers
            .iter()
            .map(async |one| one.see().service("checkout", RANGE).await),
    )
    .await;
    assert!(services.iter().all(|service| service.as_ref().unwrap().is_some()));
    let query = TraceQuery {
        range: RANGE,
        limit: 20,
        ..TraceQuery::default()
    };
    let query = &query;
    let traces = join_all(readers.iter().map(async |one| one.see().traces(query).await)).await;
    assert!(traces.iter().all(|page| page.as_ref().unwrap().traces.len() == 1));
    for read in ["overview", "service", "traces"] {
        let name = format!("pointsman_reads_total{{read=\"{read}\"}}");
        assert_eq!(metric(&registry, &name), 1, "{name}");
    }
    // Who may not is told so, whatever is kept for others.
    let nobody = control.use_cases(Caller {
        actor: Actor::Anonymous(Anybody::default()),
        ..readers[0].caller().clone()
    });
    assert!(matches!(nobody.see().overview(RANGE).await, Err(Problem::Denied(_))));
}

/// Keeps who reads figures waiting, until it is dropped.
async fn held_up(house: &House) -> sqlx::PgConnection {
    let mut conn = house.db.connect().await;
    sqlx::raw_sql("BEGIN; LOCK TABLE series_delta IN ACCESS EXCLUSIVE MODE")
        .execute(&mut conn)
        .await
        .unwrap();
    conn
}

/// How many statements wait for a lock. To be asked outside a transaction: in one, the answer never changes.
async fn waiting(conn: &mut sqlx::PgConnection) -> i64 {
    let waiting = "SELECT count(*) FROM pg_stat_activity
        WHERE datname = current_database() AND state = 'active' AND wait_event_type = 'Lock'";
    sqlx::query_scalar(waiting).fetch_one(conn).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_slow_reader_keeps_nobody_else_waiting_and_is_told_that_it_is_busy() {
    let house = House::new().await;
    house.send_spans(spans([span("checkout").at(at(0))])).await;
    house.work().await;
    let mut registry = Registry::default();
    house.control.register(&mut registry);
    let (mut lock, mut look) = (held_up(&house).await, house.db.connect().await);
    let slow = reader(&house.control, "192.0.2.1");
    // More reads than there are connections for all readers.
    let reads: Vec<_> = (1..=8)
        .map(|hours| {
            let use_cases = slow.clone();
            tokio::spawn(async move { use_cases.see().overview(RangeSpec::Last(hours * 3600)).await })
        })
        .collect();
    until("the first waits for the database", async || {
        waiting(&mut look).await > 0
    })
    .await;
    let query = TraceQuery {
        range: RANGE,
        limit: 20,
        ..TraceQuery::default()
    };
    let began = Instant::now();
    let other = reader(&house.control, "192.0.2.2").see().traces(&query).await.unwrap();
    assert_eq!(other.traces.len(), 1);
    assert!(began.elapsed() < Duration::from_secs(3), "took {:?}", began.elapsed());
    until("those that wait in vain are told so", async || {
        metric(&registry, "pointsman_reads_refused_total") == 7
    })
    .await;
    sqlx::raw_sql("ROLLBACK").execute(&mut lock).await.unwrap();
    let answers = join_all(reads).await;
    let (mut answered, mut busy) = (0, 0);
    for answer in answers {
        match answer.unwrap() {
            Ok(_) => answered += 1,
            Err(Problem::Busy { seconds }) if seconds > 0 => busy += 1,
            other => panic!("{other:?}"),
        }
    }
    assert_eq!((answered, busy), (1, 7));
    // It comes back when the turns are free.
    slow.see().overview(RANGE).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn what_nobody_waits_for_any_more_ends_at_the_database_too() {
    let house = House::new().await;
    let (mut lock, mut look) = (held_up(&house).await, house.db.connect().await);
    let use_cases = reader(&house.control, "192.0.2.1");
    let page = {
        let use_cases = use_cases.clone();
        tokio::spawn(async move { use_cases.see().overview(RANGE).await })
    };
    until("it waits for the database", async || waiting(&mut look).await > 0).await;
    page.abort();
    let gone = Instant::now();
    until("its statement has ended", async || waiting(&mut look).await == 0).await;
    assert!(
        gone.elapsed() < Duration::from_secs(15),
        "not by its time limit: {:?}",
        gone.elapsed()
    );
    sqlx::raw_sql("ROLLBACK").execute(&mut lock).await.unwrap();
    // Its turn and its connection are free again.
    timeout(Duration::from_secs(20), use_cases.see().overview(RANGE))
        .await
        .unwrap()
        .unwrap();
}
