//! The audit: who finds what in it, and that it stays.

use pointsman_control::access::Actor;
use pointsman_domain::people::audit::{AuditForm, AuditPage, AuditQuery, MAX_PAGE};
use pointsman_domain::people::form::TokenForm;
use pointsman_domain::people::{Role, Scope};
use pointsman_domain::time::format_moment;

use super::{MINUTE, PASSWORD, WHY, denied};
use crate::house::House;

async fn found(house: &House, form: AuditForm) -> Vec<String> {
    let page = house.use_cases().people().audit(&form.parse().unwrap()).await.unwrap();
    page.entries.into_iter().map(|entry| entry.target.to_string()).collect()
}

#[tokio::test]
async fn entries_are_found_by_who_what_whereon_when_and_words() {
    let house = House::new().await;
    house.engineer_of("ada", "checkout", "cart").await;
    let ada = house.use_cases_of("ada").await;
    ada.people().remove_team("checkout", "to tidy up").await.unwrap_err();
    house.clock.set(house.clock.now_ns() + MINUTE);
    let later = format_moment(house.clock.now_ns());
    house
        .use_cases()
        .people()
        .create_team("100%_sure", "", WHY)
        .await
        .unwrap_err();
    house
        .use_cases()
        .people()
        .create_team("later", "", "A 100%_sure thing")
        .await
        .unwrap();
    let nothing: Vec<String> = Vec::new();
    let form = AuditForm::default;
    let all = found(&house, form()).await;
    assert_eq!(all, ["later", "checkout", "cart", "checkout", "checkout", "ada"]);
    for (filter, expected) in [
        (
            AuditForm {
                actor: "ada".to_owned(),
                ..form()
            },
            vec!["checkout".to_owned()],
        ),
        (
            AuditForm {
                action: "service.assign".to_owned(),
                ..form()
            },
            vec!["cart".to_owned()],
        ),
        (
            AuditForm {
                service: "cart".to_owned(),
                ..form()
            },
            vec!["cart".to_owned()],
        ),
        (
            AuditForm {
                outcome: "refused".to_owned(),
                ..form()
            },
            vec!["checkout".to_owned()],
        ),
        (
            AuditForm {
                q: "TIDY only".to_owned(),
                ..form()
            },
            vec!["checkout".to_owned()],
        ),
        (
            AuditForm {
                q: "100%_".to_owned(),
                ..form()
            },
            vec!["later".to_owned()],
        ),
        (
            AuditForm {
                q: "1_0".to_owned(),
                ..form()
            },
            nothing.clone(),
        ),
        (
            AuditForm {
                q: "\0".to_owned(),
                ..form()
            },
            nothing.clone(),
        ),
        (
            AuditForm {
                actor: "\0".to_owned(),
                ..form()
            },
            nothing,
        ),
        (
            AuditForm {
                from: later.clone(),
                ..form()
            },
            vec!["later".to_owned()],
        ),
        (AuditForm { to: later, ..form() }, all[1..].to_vec()),
    ] {
        assert_eq!(found(&house, filter.clone()).await, expected, "{filter:?}");
    }
}

#[tokio::test]
async fn pages_go_on_where_the_last_one_ended() {
    let house = House::new().await;
    for n in 0..5 {
        house
            .use_cases()
            .people()
            .create_team(&format!("team-{n}"), "", WHY)
            .await
            .unwrap();
    }
    let use_cases = house.use_cases();
    let mut seen = Vec::new();
    let mut before = None;
    let mut pages = 0;
    loop {
        let query = AuditQuery {
            before,
            limit: 2,
            ..AuditQuery::default()
        };
        let page = use_cases.people().audit(&query).await.unwrap();
        seen.extend(page.entries.into_iter().map(|entry| entry.target));
        pages += 1;
        before = page.next_before;
        if before.is_none() {
            break;
        }
    }
    assert_eq!(seen, ["team-4", "team-3", "team-2", "team-1", "team-0"]);
    assert_eq!(pages, 3);
    let full = AuditQuery {
        limit: MAX_PAGE + 7,
        ..AuditQuery::default()
    };
    assert_eq!(use_cases.people().audit(&full).await.unwrap().entries.len(), 5);
    assert_eq!(
        use_cases
            .people()
            .audit(&AuditQuery::default())
            .await
            .unwrap()
            .next_before,
        None
    );
}

#[tokio::test]
async fn a_team_sees_what_was_done_to_its_services() {
    let house = House::new().await;
    house.engineer_of("ada", "checkout", "cart").await;
    house.engineer_of("eve", "money", "payments").await;
    let ada = house.use_cases_of("ada").await;
    let of = |service: &str| AuditQuery {
        service: Some(service.into()),
        ..AuditQuery::default()
    };
    assert_eq!(ada.people().audit(&of("cart")).await.unwrap().entries.len(), 1);
    let before = house.audit().await.len();
    assert!(denied(&ada.people().audit(&of("payments")).await));
    assert!(denied(&ada.people().audit(&AuditQuery::default()).await));
    assert_eq!(
        house.audit().await.len(),
        before,
        "reading is not noted, refused or not"
    );
}

#[tokio::test]
async fn nothing_in_it_can_be_changed() {
    let house = House::new().await;
    house
        .use_cases()
        .people()
        .create_team("checkout", "", WHY)
        .await
        .unwrap();
    let mut conn = house.db.connect().await;
    for sql in ["UPDATE audit SET actor = 'eve'", "DELETE FROM audit", "TRUNCATE audit"] {
        let error = sqlx::query(sql).execute(&mut conn).await.unwrap_err();
        assert!(error.to_string().contains("only ever added to"), "{sql}: {error}");
    }
    assert_eq!(house.audit().await[0].actor, "tests");
}

#[tokio::test]
async fn no_secret_is_in_it_or_in_the_database() {
    let house = House::new().await;
    house.account_with_password("ada", Role::Admin).await;
    let link = house.control.setup_link().await.unwrap();
    assert!(link.is_none());
    let session = house.sign_in("ada").await;
    let ada = house.use_cases_by(&session).await;
    let form = TokenForm {
        name: "ci".to_owned(),
        scopes: vec![Scope::Read],
        ..TokenForm::default()
    };
    let token = ada.people().create_token(&form).await.unwrap().secret;
    ada.people()
        .change_password(PASSWORD, "battery horse correct")
        .await
        .unwrap();
    let AuditPage { entries, .. } = house.use_cases().people().audit(&AuditQuery::default()).await.unwrap();
    let audit = format!("{entries:?} {}", serde_json::to_string(&entries).unwrap());
    let mut conn = house.db.connect().await;
    let rows: Vec<String> = sqlx::query_scalar(
        "SELECT row_to_json(t)::text FROM (SELECT * FROM session) t UNION ALL SELECT row_to_json(t)::text FROM (SELECT * FROM api_token) t
        UNION ALL SELECT row_to_json(t)::text FROM (SELECT * FROM person) t",
    )
    .fetch_all(&mut conn)
    .await
    .unwrap();
    for secret in [PASSWORD, "battery horse correct", &session, &token] {
        assert!(!audit.contains(secret) && !rows.concat().contains(secret));
    }
    assert!(!audit.contains("argon2"));
}

#[tokio::test]
async fn strangers_do_not_fill_it() {
    let house = House::new().await;
    let stranger = house.stranger("192.0.2.1");
    for _ in 0..110 {
        stranger.people().create_team("mine", "", WHY).await.unwrap_err();
    }
    assert_eq!(house.audit().await.len(), 101);
    house
        .stranger("192.0.2.2")
        .people()
        .create_team("mine", "", WHY)
        .await
        .unwrap_err();
    assert_eq!(house.audit().await.len(), 102);
}

#[tokio::test]
async fn nor_do_people_and_tokens_by_what_they_may_not_do() {
    let house = House::new().await;
    house.account("ada", Role::Viewer).await;
    house.account("eve", Role::Viewer).await;
    let ada = house.use_cases_of("ada").await;
    let form = TokenForm {
        name: "ci".to_owned(),
        scopes: vec![Scope::Read],
        ..TokenForm::default()
    };
    let secret = ada.people().create_token(&form).await.unwrap().secret;
    let program = house.control.program_by_token(&secret).await.unwrap().unwrap();
    let program = house
        .control
        .use_cases(super::caller(Actor::Program(program), "192.0.2.1"));
    for (name, use_cases) in [("ada", &ada), ("ci", &program)] {
        let before = house.audit().await.len();
        for _ in 0..120 {
            use_cases.people().create_team("mine", "", WHY).await.unwrap_err();
        }
        let entries = house.audit().await;
        assert_eq!(entries.len() - before, 101, "{name}");
        let told = "More than 100 changes were refused within a quarter of an hour. Until it is over, no more of them are noted.";
        assert_eq!(
            super::line(&entries[0]),
            format!("refused team.edit mine by {name}: {told}")
        );
        assert!(!entries[1].detail.contains("More than"));
    }
    // Others are noted, what is done is noted, and the next quarter of an hour begins anew.
    let before = house.audit().await.len();
    house
        .use_cases_of("eve")
        .await
        .people()
        .create_team("mine", "", WHY)
        .await
        .unwrap_err();
    house.use_cases().people().create_team("mine", "", WHY).await.unwrap();
    ada.people().create_team("yours", "", WHY).await.unwrap_err();
    assert_eq!(house.audit().await.len() - before, 2);
    house.clock.set(house.clock.now_ns() + 15 * MINUTE);
    ada.people().create_team("yours", "", WHY).await.unwrap_err();
    assert_eq!(house.audit().await.len() - before, 3);
}
