//! The loops when the database falls silent in the middle of what they do.

use std::time::Duration;

use pointsman_control::{Control, ControlSettings, LoopOptions};
use pointsman_store::{Retention, Store, StoreOptions};
use pointsman_testing::{Proxy, span, spans};
use sqlx::{Connection, PgConnection};
use tokio::time::Instant;

use crate::house::{House, start_quick, until};

/// Less than a statement may take by far, and enough for a busy machine.
const SOON: Duration = Duration::from_secs(30);

/// Waits until the two workers and the four loops that read these tables are in the middle of a statement.
async fn caught(house: &House) -> PgConnection {
    let mut behind = house.db.connect().await;
    let lock = "BEGIN; LOCK TABLE journal, slot, objective";
    sqlx::raw_sql(lock).execute(&mut behind).await.unwrap();
    until("all wait for the database", async || waiting(house).await >= 6).await;
    behind
}

async fn waiting(house: &House) -> i64 {
    house
        .count(
            "SELECT count(*) FROM pg_stat_activity
            WHERE datname = current_database() AND application_name = 'pointsman' AND wait_event_type = 'Lock'",
        )
        .await
}

#[tokio::test]
async fn loops_come_back_from_a_silent_database_and_end_in_spite_of_it() {
    let house = House::new().await;
    let proxy = Proxy::to(house.db.url()).await;
    let options = StoreOptions {
        url: proxy.url(),
        max_connections: 12,
        retention: Retention::default(),
        silence: Duration::from_millis(500),
    };
    let store = Store::connect(&options).await.unwrap();
    let control = Control::new(store, ControlSettings::default(), house.clock.clone());
    let loops = start_quick(&control, LoopOptions::default());
    house.send_spans(spans([span("cart")])).await;
    house.transformed().await;

    let behind = caught(&house).await;
    proxy.fall_silent();
    behind.close().await.unwrap();
    until("the server has answered", async || waiting(&house).await == 0).await;
    proxy.speak();
    let since = Instant::now();
    house.send_spans(spans([span("cart")])).await;
    house.transformed().await;
    assert!(since.elapsed() < SOON, "{:?}", since.elapsed());

    let behind = caught(&house).await;
    proxy.fall_silent();
    let since = Instant::now();
    loops.stop_within(Duration::from_secs(1)).await;
    assert!(since.elapsed() < Duration::from_secs(10), "{:?}", since.elapsed());
    behind.close().await.unwrap();
}
