//! Signing in by a password, and how guessing is kept from getting anywhere.

use pointsman_control::people::{NewSession, SignInError};
use pointsman_domain::people::Role;

use super::{MINUTE, PASSWORD, WHY};
use crate::house::House;

fn minutes(answer: Result<NewSession, SignInError>) -> u32 {
    match answer {
        Err(SignInError::TooMany { minutes }) => minutes,
        other => panic!("not refused for too many attempts: {other:?}"),
    }
}

#[tokio::test]
async fn one_gets_in_by_the_right_password_only_and_nobody_learns_which_accounts_there_are() {
    let house = House::new().await;
    house.account_with_password("ada", Role::Engineer).await;
    house.account_with_password("off", Role::Engineer).await;
    house.account("no-password", Role::Engineer).await;
    house.desk().set_disabled("off", true, WHY).await.unwrap();
    let session = house
        .stranger("192.0.2.1")
        .sign_in(" ADA ", PASSWORD, "Browser\u{1b}[31m/1")
        .await
        .unwrap();
    assert_eq!(
        (session.person.name.as_str(), session.person.role),
        ("ada", Role::Engineer)
    );
    assert_eq!(house.last_entry().await, "done sign_in ada by ada: signed in");
    let profile = house.desk_by(session.secret.reveal()).await.profile().await.unwrap();
    assert_eq!(profile.sessions[0].agent, "Browser [31m/1");
    assert_eq!(profile.sessions[0].address, "192.0.2.1");

    for (name, password, noted) in [
        (
            "ada",
            "incorrect horse battery",
            "refused sign_in ada by : The password is wrong.",
        ),
        ("ada", "", "refused sign_in ada by : The password is wrong."),
        ("off", PASSWORD, "refused sign_in off by : The account is disabled."),
        (
            "no-password",
            PASSWORD,
            "refused sign_in no-password by : The account has no password.",
        ),
        (
            "nobody",
            PASSWORD,
            "refused sign_in (unknown account) by : There is no such account.",
        ),
        // A password, in the wrong field.
        (
            "my secret sentence",
            "",
            "refused sign_in (unknown account) by : There is no such account.",
        ),
        (
            "",
            "",
            "refused sign_in (unknown account) by : There is no such account.",
        ),
    ] {
        let answer = house.stranger("192.0.2.1").sign_in(name, password, "").await;
        assert_eq!(answer, Err(SignInError::Wrong), "{name}");
        assert_eq!(house.last_entry().await, noted);
    }
}

#[tokio::test]
async fn an_account_is_not_guessed_at_for_long_whether_it_is_there_or_not() {
    let house = House::new().await;
    house.account_with_password("ada", Role::Viewer).await;
    let noted = house.audit().await.len();
    for name in ["ada", "nobody"] {
        // Each time from another address: it is the account that is kept.
        for n in 0..10 {
            let answer = house.stranger(&format!("192.0.2.{n}")).sign_in(name, "wrong", "").await;
            assert_eq!(answer, Err(SignInError::Wrong));
        }
        for password in ["wrong", PASSWORD] {
            // An hour after the hour: the whole window is still to come.
            assert_eq!(
                minutes(house.stranger("192.0.2.99").sign_in(name, password, "").await),
                15
            );
        }
    }
    // Ten wrong passwords and one entry that there were too many, for each of the two.
    assert_eq!(house.audit().await.len(), noted + 22);

    house.clock.set(house.clock.now_ns() + 14 * MINUTE + 1);
    assert_eq!(
        minutes(house.stranger("192.0.2.99").sign_in("ada", PASSWORD, "").await),
        1
    );
    house.clock.set(house.clock.now_ns() + MINUTE);
    house.sign_in("ada").await;
    // The account begins anew after a success.
    for _ in 0..10 {
        let answer = house.stranger("192.0.2.3").sign_in("ada", "wrong", "").await;
        assert_eq!(answer, Err(SignInError::Wrong));
    }
}

#[tokio::test]
async fn an_address_does_not_guess_at_many_accounts_and_a_success_does_not_let_it_go_on() {
    let house = House::new().await;
    house.account_with_password("ada", Role::Viewer).await;
    for n in 0..29 {
        let answer = house
            .stranger("192.0.2.7")
            .sign_in(&format!("user-{n}"), "wrong", "")
            .await;
        assert_eq!(answer, Err(SignInError::Wrong));
    }
    let own = house.stranger("192.0.2.7").sign_in("ada", PASSWORD, "").await;
    assert!(own.is_ok(), "a success is no failure: {own:?}");
    let thirtieth = house.stranger("192.0.2.7").sign_in("user-29", "wrong", "").await;
    assert_eq!(thirtieth, Err(SignInError::Wrong));
    minutes(house.stranger("192.0.2.7").sign_in("ada", PASSWORD, "").await);
    assert!(house.stranger("192.0.2.8").sign_in("ada", PASSWORD, "").await.is_ok());
}

#[tokio::test(flavor = "multi_thread")]
async fn many_guesses_at_once_are_no_more_than_one_after_the_other() {
    let house = House::new().await;
    house.account_with_password("ada", Role::Viewer).await;
    let guesses = (0..25).map(|n| {
        let desk = house.stranger(&format!("198.51.100.{n}"));
        tokio::spawn(async move { desk.sign_in("ada", "wrong", "").await })
    });
    let mut wrong = 0;
    for guess in guesses.collect::<Vec<_>>() {
        match guess.await.unwrap() {
            Err(SignInError::Wrong) => wrong += 1,
            Err(SignInError::TooMany { .. }) => {}
            other => panic!("{other:?}"),
        }
    }
    assert_eq!(wrong, 10);
}

#[tokio::test]
async fn a_password_is_changed_by_who_knows_it_and_ends_the_other_sessions() {
    let house = House::new().await;
    house.account_with_password("ada", Role::Viewer).await;
    let (one, two) = (house.sign_in("ada").await, house.sign_in("ada").await);
    let ada = house.desk_by(&one).await;
    let new = "battery horse correct";
    assert_eq!(super::wrong_field(ada.change_password("wrong", new).await), "old");
    assert_eq!(
        house.last_entry().await,
        "refused account.edit ada by ada: old: is not the password"
    );
    assert_eq!(super::wrong_field(ada.change_password(PASSWORD, "short").await), "new");
    ada.change_password(PASSWORD, new).await.unwrap();
    assert_eq!(
        house.last_entry().await,
        "done account.edit ada by ada: changed the password"
    );
    assert!(house.console.person_by_session(&one).await.unwrap().is_some());
    assert!(house.console.person_by_session(&two).await.unwrap().is_none());
    let stranger = house.stranger("192.0.2.1");
    assert_eq!(stranger.sign_in("ada", PASSWORD, "").await, Err(SignInError::Wrong));
    assert!(stranger.sign_in("ada", new, "").await.is_ok());
}
