//! Databases for tests are there, apart from each other, and go away.

use pointsman_testing::TestDb;
use sqlx::{Connection, PgConnection};

#[tokio::test]
async fn two_databases_know_nothing_of_each_other() {
    let (first, second) = tokio::join!(TestDb::new(), TestDb::new());
    assert_ne!(first.url(), second.url());
    let mut inside = PgConnection::connect(first.url()).await.expect("connect by the URL");
    sqlx::query("CREATE TABLE only_here ()")
        .execute(&mut inside)
        .await
        .expect("create a table");
    let seen: i64 = sqlx::query_scalar("SELECT count(*) FROM pg_class WHERE relname = 'only_here'")
        .fetch_one(&mut second.connect().await)
        .await
        .expect("look for the table");
    assert_eq!(seen, 0);
}

#[tokio::test]
async fn a_dropped_database_is_gone() {
    let kept = TestDb::empty().await;
    let gone = TestDb::empty().await;
    let url = gone.url().to_owned();
    let _open = gone.connect().await;
    drop(gone);
    assert!(PgConnection::connect(&url).await.is_err());
    kept.connect().await.ping().await.expect("the other is still there");
}
