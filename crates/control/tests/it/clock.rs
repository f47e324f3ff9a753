//! A replica whose machine's clock is wrong works by the database's, and destroys and closes nothing.

use std::time::Duration;

use pointsman_control::access::{Actor, Anybody, Caller};
use pointsman_control::{Clock, Control, ControlSettings, LoopOptions, Loops, Metrics, UseCases};
use pointsman_domain::people::Role;
use pointsman_domain::people::form::UserForm;
use pointsman_domain::sla::ContractDraft;
use pointsman_domain::slo::ObjectiveDraft;
use pointsman_domain::telemetry::Batch;
use pointsman_store::Store;
use pointsman_store::journal::{JournalOptions, JournalWriter};
use pointsman_testing::{TestDb, span, spans};
use prometheus_client::encoding::text::encode;
use prometheus_client::registry::Registry;
use serde_json::json;

use crate::house::until;
use crate::people::{DAY, PASSWORD, WHY};

const SECOND: u64 = 1_000_000_000;

/// A replica with connections of its own, on a machine whose clock is so far ahead.
struct Replica {
    control: Control,
    clock: Clock,
    registry: Registry,
    metrics: Metrics,
}

impl Replica {
    async fn ahead(store: Store, offset_ns: i64) -> Self {
        let clock = Clock::of_database(&store, offset_ns).await.unwrap();
        let mut registry = Registry::default();
        Self {
            control: Control::new(store, ControlSettings::default(), clock.clone()),
            metrics: Metrics::register(&mut registry),
            clock,
            registry,
        }
    }

    fn start(&self) -> Loops {
        let options = LoopOptions {
            workers: 1,
            gather: Duration::from_millis(5),
            upkeep: Duration::from_millis(50),
            keep: Duration::from_millis(20),
            ..LoopOptions::default()
        };
        Loops::spawn(&self.control, options, self.metrics.clone())
    }

    fn operator(&self) -> UseCases {
        self.control.use_cases(Caller::operator("tests"))
    }

    fn says(&self, line: &str) -> bool {
        let mut text = String::new();
        encode(&mut text, &self.registry).unwrap();
        text.contains(line)
    }
}

async fn scalar(db: &TestDb, sql: &'static str) -> i64 {
    sqlx::query_scalar(sql)
        .fetch_one(&mut db.connect().await)
        .await
        .unwrap()
}

async fn database_ns(db: &TestDb) -> u64 {
    scalar(
        db,
        "SELECT (extract(epoch FROM clock_timestamp()) * 1000000000)::bigint",
    )
    .await as u64
}

#[tokio::test]
async fn the_time_is_the_databases_whatever_the_machine_says() {
    let db = TestDb::new().await;
    let store = db.store().await;
    for days in [0, 10, -10] {
        let offset_ns = days * DAY as i64;
        let clock = Clock::of_database(&store, offset_ns).await.unwrap();
        let before = database_ns(&db).await;
        let told = clock.now_ns();
        let after = database_ns(&db).await;
        // Half of what one answer took may be missing or too much.
        assert!(
            before - 5 * SECOND < told && told < after + 5 * SECOND,
            "{before} {told} {after}"
        );
        let off = clock.skew_ns() - offset_ns;
        assert!(off.unsigned_abs() < 5 * SECOND, "{days}: {off}");
    }
}

/// Somebody who is signed in, a span, what tells repeated requests of 3 days ago, one of 30 days ago that has expired, and a contract that runs.
async fn furnish(db: &TestDb, replica: &Replica) -> String {
    let operator = replica.operator();
    let ada = UserForm {
        name: "ada".to_owned(),
        role: Role::Admin,
        password: PASSWORD.to_owned(),
        ..UserForm::default()
    };
    operator.people().create_user(&ada, WHY).await.unwrap();
    let nobody = Caller {
        actor: Actor::Anonymous(Anybody::default()),
        ..Caller::operator("")
    };
    let session = replica
        .control
        .use_cases(nobody)
        .people()
        .sign_in("ada", PASSWORD, "")
        .await
        .unwrap();
    let now_ns = replica.clock.now_ns();
    for (name, ago) in [("expired", 30), ("kept", 3)] {
        let day = now_ns / DAY - ago;
        let sql = format!(
            "CREATE TABLE request_seen_p{day} PARTITION OF request_seen FOR VALUES FROM ({day}) TO ({});
            INSERT INTO request_seen (day, hash) VALUES ({day}, '{name}')",
            day + 1
        );
        let sql = sqlx::AssertSqlSafe(sql);
        sqlx::raw_sql(sql).execute(&mut db.connect().await).await.unwrap();
    }
    let journal = JournalWriter::spawn(&db.store().await, JournalOptions::default());
    let batch = spans([span("cart").at(now_ns - 10 * SECOND)]);
    journal.append(rand::random(), Batch::Spans(batch)).await.unwrap();
    let objective = json!({
        "name": "up", "service": "cart", "target": 0.99,
        "indicator": { "kind": "availability" }, "window": { "kind": "rolling", "days": 30 },
    });
    operator
        .promise()
        .create_slo(serde_json::from_value::<ObjectiveDraft>(objective).unwrap(), WHY)
        .await
        .unwrap();
    let day = pointsman_domain::time::format_moment(now_ns);
    let contract = json!({
        "name": "acme", "customer": "ACME", "unit": "month", "zone": "UTC", "starts": format!("{}-01", &day[..7]),
        "amount": { "minor": 100_000, "currency": "EUR" },
        "terms": [{ "objective": "up", "target": 0.9 }],
        "tiers": [{ "below": 0.9, "credit_percent": 10 }],
    });
    operator
        .promise()
        .create_sla(serde_json::from_value::<ContractDraft>(contract).unwrap(), WHY)
        .await
        .unwrap();
    session.secret.reveal().to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_replica_whose_clock_is_weeks_ahead_drops_and_closes_nothing_but_does_the_rest() {
    let db = TestDb::new().await;
    let right = Replica::ahead(db.store().await, 0).await;
    let session = furnish(&db, &right).await;
    let wrong = Replica::ahead(db.store().await, 40 * DAY as i64).await;

    let loops = wrong.start();
    until("the wrong replica leaves dropping and closing to others", async || {
        ["keeper", "closing"]
            .iter()
            .all(|name| wrong.says(&format!("pointsman_left_to_others_total{{name=\"{name}\"}}")))
    })
    .await;
    until("it transforms and counts what was sent", async || {
        scalar(&db, "SELECT count(*) FROM slo_count_1m").await > 0
    })
    .await;
    until("it says how far its clock is off", async || {
        wrong.says("pointsman_clock_skew_seconds 34560") || wrong.says("pointsman_clock_skew_seconds 34559")
    })
    .await;
    loops.stop().await;

    assert_eq!(
        scalar(
            &db,
            "SELECT count(*) FROM request_seen WHERE hash IN ('kept', 'expired')"
        )
        .await,
        2
    );
    assert_eq!(scalar(&db, "SELECT count(*) FROM sla_record").await, 0);
    assert_eq!(scalar(&db, "SELECT count(*) FROM report_record").await, 0);
    assert_eq!(scalar(&db, "SELECT count(*) FROM session").await, 1);
    for replica in [&right, &wrong] {
        let person = replica.control.person_by_session(&session).await.unwrap();
        assert!(person.is_some(), "nobody is signed out");
    }
    let status = wrong.operator().see().status().await.unwrap();
    assert!(status.clock_differs() && !right.operator().see().status().await.unwrap().clock_differs());

    // Another replica drops what has expired, and that only.
    let loops = right.start();
    until("the right replica drops what has expired", async || {
        scalar(&db, "SELECT count(*) FROM request_seen WHERE hash = 'expired'").await == 0
    })
    .await;
    loops.stop().await;
    assert_eq!(
        scalar(&db, "SELECT count(*) FROM request_seen WHERE hash = 'kept'").await,
        1
    );
    assert_eq!(scalar(&db, "SELECT count(*) FROM session").await, 1);
    assert!(!right.says("pointsman_left_to_others_total{"));
}
