//! Backtests: a few at once, none for a caller who has gone.

use pointsman_control::Problem;
use pointsman_domain::people::Role;
use pointsman_domain::time::RangeSpec;
use sqlx::Connection as _;

use super::traffic::Traffic;
use super::{AVAILABILITY, house, objective};
use crate::house::until;

#[tokio::test(flavor = "multi_thread")]
async fn a_few_backtest_at_once_and_who_leaves_makes_room() {
    let house = house().await;
    house.counted(&Traffic::of_days(1).delta()).await;
    house.merged().await;
    let mut conn = house.db.connect().await;
    let mut blocking = conn.begin().await.unwrap();
    sqlx::query("LOCK TABLE series IN ACCESS EXCLUSIVE MODE")
        .execute(&mut *blocking)
        .await
        .unwrap();
    let draft = || objective("draft", AVAILABILITY);
    let day = RangeSpec::Last(86_400);
    // Of two accounts: one alone may not have all connections of readers.
    let mut others = Vec::new();
    for name in ["ada", "grace"] {
        house.account(name, Role::Viewer).await;
        let (use_cases, draft) = (house.use_cases_of(name).await, draft());
        others.push(tokio::spawn(
            async move { use_cases.promise().backtest(draft, day).await },
        ));
    }
    let mut watching = house.db.connect().await;
    until("both wait for the table", async || {
        let waiting: i64 =
            sqlx::query_scalar("SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = 'series'::regclass")
                .fetch_one(&mut watching)
                .await
                .unwrap();
        waiting == 2
    })
    .await;
    let refused = house.use_cases().promise().backtest(draft(), day).await;
    assert!(matches!(refused, Err(Problem::Conflict(_))), "{refused:?}");
    for other in others {
        other.abort();
        assert!(other.await.unwrap_err().is_cancelled());
    }
    blocking.rollback().await.unwrap();
    let found = house.use_cases().promise().backtest(draft(), day).await.unwrap();
    assert!(found.measure.count.total > 0);
}
