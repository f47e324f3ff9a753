//! Sessions: what they are worth, how they end, who sees them.

use pointsman_control::Problem;
use pointsman_control::access::Denial;
use pointsman_domain::people::Role;

use super::{DAY, HOUR, MINUTE, PASSWORD, WHY};
use crate::house::House;

#[tokio::test]
async fn the_session_that_a_browser_had_before_ends_when_it_signs_in() {
    let house = House::new().await;
    house.account_with_password("ada", Role::Viewer).await;
    let before = house.sign_in("ada").await;
    let elsewhere = house.sign_in("ada").await;
    let after = house
        .use_cases_by(&before)
        .await
        .people()
        .sign_in("ada", PASSWORD, "")
        .await
        .unwrap();
    assert_ne!(after.secret.reveal(), before);
    assert!(house.control.person_by_session(&before).await.unwrap().is_none());
    for open in [after.secret.reveal(), elsewhere.as_str()] {
        assert!(house.control.person_by_session(open).await.unwrap().is_some());
    }
}

#[tokio::test]
async fn a_session_ends_when_it_is_not_used_and_at_the_latest_after_30_days() {
    let house = House::new().await;
    house.account_with_password("ada", Role::Viewer).await;
    let begun = house.clock.now_ns();
    let (idle, used) = (house.sign_in("ada").await, house.sign_in("ada").await);
    let is_open = async |secret: &str| house.control.person_by_session(secret).await.unwrap().is_some();
    house.clock.set(begun + 11 * HOUR);
    assert!(is_open(&used).await);
    house.clock.set(begun + 12 * HOUR);
    assert!(!is_open(&idle).await && is_open(&used).await);
    let mut now = begun + 12 * HOUR;
    while now < begun + 30 * DAY {
        assert!(is_open(&used).await);
        house.clock.set(now);
        now += 11 * HOUR;
    }
    house.clock.set(begun + 30 * DAY);
    assert!(!is_open(&used).await);
}

#[tokio::test]
async fn last_use_is_written_once_a_minute() {
    let house = House::new().await;
    house.account_with_password("ada", Role::Viewer).await;
    let begun = house.clock.now_ns();
    let session = house.sign_in("ada").await;
    for (after, seen) in [
        (MINUTE - 1, 0),
        (MINUTE, MINUTE),
        (2 * MINUTE - 1, MINUTE),
        (5 * MINUTE, 5 * MINUTE),
    ] {
        house.clock.set(begun + after);
        let profile = house.use_cases_by(&session).await.people().profile().await.unwrap();
        assert_eq!(profile.sessions[0].last_seen_ns, begun + seen);
        assert_eq!(
            house.use_cases().people().users().await.unwrap()[0].last_seen_ns,
            Some(begun + seen)
        );
    }
}

#[tokio::test]
async fn what_is_no_session_is_nobody() {
    let house = House::new().await;
    house.account_with_password("ada", Role::Viewer).await;
    let session = house.sign_in("ada").await;
    let almost = format!("{}x", &session[..session.len() - 1]);
    for secret in ["", "x", &almost, &session.repeat(20), "\0"] {
        assert_eq!(house.control.person_by_session(secret).await, Ok(None));
    }
    house.use_cases().people().set_disabled("ada", true, WHY).await.unwrap();
    assert_eq!(house.control.person_by_session(&session).await, Ok(None));
    house
        .use_cases()
        .people()
        .set_disabled("ada", false, WHY)
        .await
        .unwrap();
    assert_eq!(
        house.control.person_by_session(&session).await,
        Ok(None),
        "it has ended for good"
    );
}

#[tokio::test]
async fn one_ends_the_own_sessions_and_nobody_elses() {
    let house = House::new().await;
    for name in ["ada", "eve"] {
        house.account_with_password(name, Role::Viewer).await;
    }
    let (one, two, three) = (
        house.sign_in("ada").await,
        house.sign_in("ada").await,
        house.sign_in("ada").await,
    );
    let ada = house.use_cases_by(&one).await;
    let eve = house.use_cases_by(&house.sign_in("eve").await).await;
    let sessions = ada.people().profile().await.unwrap().sessions;
    assert_eq!(sessions.len(), 3);
    assert_eq!(sessions.iter().filter(|session| session.current).count(), 1);
    let (_, id) = house.control.person_by_session(&two).await.unwrap().unwrap();
    assert!(matches!(eve.people().end_session(id).await, Err(Problem::Missing(_))));
    ada.people().end_session(id).await.unwrap();
    assert!(house.control.person_by_session(&two).await.unwrap().is_none());
    ada.people().end_other_sessions().await.unwrap();
    assert!(house.control.person_by_session(&three).await.unwrap().is_none());
    assert_eq!(ada.people().sign_out().await, Ok(None));
    assert!(house.control.person_by_session(&one).await.unwrap().is_none());
    assert_eq!(house.last_entry().await, "done sign_out ada by ada: signed out");
    let stranger = house.stranger("192.0.2.1");
    assert_eq!(stranger.people().profile().await, Err(Problem::Denied(Denial::SignIn)));
    assert_eq!(stranger.people().sign_out().await, Ok(None));
    assert_eq!(stranger.people().me().await.unwrap().name, None);
}
