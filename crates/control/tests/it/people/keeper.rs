//! What has ended is removed.

use std::time::Duration;

use pointsman_control::LoopOptions;
use pointsman_control::people::OidcFlow;
use pointsman_domain::people::form::TokenForm;
use pointsman_domain::people::{Role, Scope};

use super::{DAY, PASSWORD};
use crate::house::{House, until};

const TABLES: [&str; 6] = [
    "session",
    "setup_link",
    "oidc_flow",
    "sign_in_failure",
    "api_token",
    "known_browser",
];

#[tokio::test(flavor = "multi_thread")]
async fn the_keeper_removes_what_has_ended_and_only_that() {
    let house = House::new().await;
    house.account_with_password("ada", Role::Viewer).await;
    let fill = async || {
        house.sign_in("ada").await;
        house.control.setup_link().await.unwrap().unwrap();
        let stranger = house.stranger("192.0.2.1");
        let flow = OidcFlow {
            state: rand::random::<u64>().to_string().into(),
            nonce: String::new().into(),
            pkce_verifier: String::new().into(),
            next: "/".to_owned(),
        };
        stranger.people().keep_flow(flow).await.unwrap();
        stranger.people().sign_in("nobody", PASSWORD, "").await.unwrap_err();
        let form = TokenForm {
            name: "ci".to_owned(),
            scopes: vec![Scope::Read],
            days: 1,
            ..TokenForm::default()
        };
        house
            .use_cases_of("ada")
            .await
            .people()
            .create_token(&form)
            .await
            .unwrap();
    };
    fill().await;
    house.clock.set(house.clock.now_ns() + 181 * DAY);
    fill().await;
    let rows = async |table: &str| {
        let sql = sqlx::AssertSqlSafe(format!("SELECT count(*) FROM {table}"));
        let mut conn = house.db.connect().await;
        sqlx::query_scalar::<_, i64>(sql).fetch_one(&mut conn).await.unwrap()
    };
    for table in TABLES {
        assert!(rows(table).await >= 2, "{table}");
    }
    let loops = house.start_with(LoopOptions {
        workers: 0,
        keep: Duration::from_millis(20),
        ..LoopOptions::default()
    });
    until("the old tokens are gone", async || rows("api_token").await == 1).await;
    loops.stop().await;
    for table in TABLES {
        assert!((1..=5).contains(&rows(table).await), "{table}");
    }
    let left = rows("sign_in_failure").await;
    // Of the stranger who is not known: an account, an address, both together, and somebody who fills the audit; and ada's account, none of
    // whose attempts failed.
    assert_eq!(
        (
            rows("session").await,
            rows("setup_link").await,
            rows("oidc_flow").await,
            left,
            rows("known_browser").await
        ),
        (1, 1, 1, 5, 1)
    );
}
