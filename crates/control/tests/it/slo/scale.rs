//! What a cycle costs with many objectives.

use std::time::{Duration, Instant};

use pointsman_control::slo::cycle;
use pointsman_domain::slo::Status;
use pointsman_testing::TestDb;
use sqlx::{AssertSqlSafe, Executor};

use super::traffic::NOW;

const OBJECTIVES: i32 = 200;

/// Thirty days of counts of each objective: days, hours, and the last day's minutes. A cycle of a thousand is to take less than a second in a
/// release build on an idle machine; here it is made sure of that it is nowhere near the ten seconds between cycles.
#[tokio::test]
async fn many_objectives_are_evaluated_well_within_a_cycle() {
    let db = TestDb::new().await;
    let store = db.store().await;
    fill(&store_conn(&db).await, OBJECTIVES).await;
    let began = Instant::now();
    let done = cycle(&store, NOW, None).await.unwrap();
    let took = began.elapsed();
    println!("{} objectives over 30 days: {took:?} a cycle", done.objectives);
    assert_eq!(done.objectives, OBJECTIVES as usize);
    assert!(took < Duration::from_secs(10), "{took:?}");
    let statuses = pointsman_store::slo::status::all(&mut store.conn().await.unwrap())
        .await
        .unwrap();
    let one: &Status = statuses.values().next().unwrap();
    assert!(one.measure.count.total > 1_000_000, "{one:?}");
}

async fn store_conn(db: &TestDb) -> sqlx::PgPool {
    sqlx::PgPool::connect(db.url()).await.unwrap()
}

async fn fill(pool: &sqlx::PgPool, objectives: i32) {
    let spec = r#"{"name":"NAME","service":"cart","target":0.999,"indicator":{"kind":"availability"},"window":{"kind":"rolling","days":30}}"#;
    let objectives = format!(
        "INSERT INTO objective (name, service, spec, revision, created_ns, updated_ns, counted_from_ns)
        SELECT 'o' || n, 'cart', replace('{spec}', 'NAME', 'o' || n)::jsonb, 1, 0, 0, 0 FROM generate_series(1, {objectives}) AS n"
    );
    pool.execute(AssertSqlSafe(objectives)).await.unwrap();
    for (level, length, windows, parts) in [(0, 60_i64, 1440, "1m"), (1, 3600, 744, "1h"), (2, 86_400, 31, "1d")] {
        let step = length * 1_000_000_000;
        let partition = format!(
            "CREATE TABLE filled_{parts} PARTITION OF slo_count_{parts} FOR VALUES FROM (0) TO (9223372036854775807)"
        );
        let rows = format!(
            "INSERT INTO slo_count
            SELECT {level}, o.id, ({NOW}::bigint / {step} - w) * {step}, {length} * 10 - 1, {length} * 10, 0, 0, 0
            FROM objective AS o, generate_series(0, {windows} - 1) AS w"
        );
        pool.execute(AssertSqlSafe(partition)).await.unwrap();
        pool.execute(AssertSqlSafe(rows)).await.unwrap();
    }
    pool.execute("ANALYZE slo_count").await.unwrap();
}
