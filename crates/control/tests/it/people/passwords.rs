//! Signing in by a password, and how guessing is kept from getting anywhere.

use pointsman_control::people::{Browser, NewSession, Secret, SignInError};
use pointsman_domain::people::Role;

use super::{DAY, MINUTE, PASSWORD, WHY};
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
    house.use_cases().people().set_disabled("off", true, WHY).await.unwrap();
    let session = house
        .stranger("192.0.2.1")
        .people()
        .sign_in(" ADA ", PASSWORD, "Browser\u{1b}[31m/1")
        .await
        .unwrap();
    assert_eq!(
        (session.person.name.as_str(), session.person.role),
        ("ada", Role::Engineer)
    );
    assert_eq!(house.last_entry().await, "done sign_in ada by ada: signed in");
    let profile = house
        .use_cases_by(session.secret.reveal())
        .await
        .people()
        .profile()
        .await
        .unwrap();
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
        let answer = house.stranger("192.0.2.1").people().sign_in(name, password, "").await;
        assert_eq!(answer, Err(SignInError::Wrong), "{name}");
        assert_eq!(house.last_entry().await, noted);
    }
}

/// How many of so many wrong passwords are looked at, each from another address of this network.
async fn looked_at(house: &House, name: &str, network: &str, tries: u32) -> u32 {
    let mut wrong = 0;
    for n in 0..tries {
        match house
            .stranger(&format!("{network}.{n}"))
            .people()
            .sign_in(name, "wrong", "")
            .await
        {
            Err(SignInError::Wrong) => wrong += 1,
            Err(SignInError::TooMany { .. }) => {}
            other => panic!("{other:?}"),
        }
    }
    wrong
}

#[tokio::test]
async fn an_account_is_guessed_at_slowly_from_everywhere_whether_it_is_there_or_not() {
    let house = House::new().await;
    house.account_with_password("ada", Role::Viewer).await;
    let noted = house.audit().await.len();
    for name in ["ada", "nobody"] {
        // Ten at any pace, and one of this ten seconds.
        assert_eq!(looked_at(&house, name, "198.51.100", 40).await, 11);
    }
    // Eleven wrong passwords and one entry that there were too many, for each of the two.
    assert_eq!(house.audit().await.len(), noted + 24);
    let place = "192.0.2.99";
    assert_eq!(
        minutes(house.stranger(place).people().sign_in("ada", PASSWORD, "").await),
        1
    );
    // Who is at another place is let in with the next ten seconds, if they come first.
    house.clock.set(house.clock.now_ns() + 10_000_000_000);
    assert!(
        house
            .stranger(place)
            .people()
            .sign_in("ada", PASSWORD, "")
            .await
            .is_ok()
    );
    assert_eq!(looked_at(&house, "ada", "198.51.101", 20).await, 0);
    // A quarter of an hour of it gets an attacker with any number of addresses a hundred guesses.
    let mut guesses = 0;
    house.clock.set(house.clock.now_ns() + 15 * MINUTE - 10_000_000_000);
    for n in 0..90 {
        guesses += looked_at(&house, "ada", &format!("10.0.{n}"), 12).await;
        house.clock.set(house.clock.now_ns() + 10_000_000_000);
    }
    assert_eq!(guesses, 100);
}

#[tokio::test]
async fn one_place_is_kept_from_guessing_and_keeps_nobody_else_out() {
    let house = House::new().await;
    house.account_with_password("ada", Role::Viewer).await;
    for password in ["wrong"; 10] {
        let answer = house
            .stranger("203.0.113.5")
            .people()
            .sign_in("ada", password, "")
            .await;
        assert_eq!(answer, Err(SignInError::Wrong));
    }
    for password in ["wrong", PASSWORD] {
        // An hour after the hour: the whole window is still to come.
        let answer = house
            .stranger("203.0.113.5")
            .people()
            .sign_in("ada", password, "")
            .await;
        assert_eq!(minutes(answer), 15);
    }
    // From elsewhere the right one is right, in a browser that is not known either.
    assert!(
        house
            .stranger("198.51.100.7")
            .people()
            .sign_in("ada", PASSWORD, "")
            .await
            .is_ok()
    );
    house.clock.set(house.clock.now_ns() + 15 * MINUTE);
    house.sign_in("ada").await;
}

#[tokio::test]
async fn a_browser_that_is_known_is_let_in_whatever_others_try() {
    let house = House::new().await;
    house.account_with_password("ada", Role::Viewer).await;
    house.account_with_password("eve", Role::Viewer).await;
    let first = house
        .stranger("192.0.2.1")
        .people()
        .sign_in("ada", PASSWORD, "")
        .await
        .unwrap();
    let known = first.browser.expect("a browser that signed in is known");
    let others = house
        .stranger("192.0.2.1")
        .people()
        .sign_in("eve", PASSWORD, "")
        .await
        .unwrap();
    looked_at(&house, "ada", "198.51.100", 40).await;
    for _ in 0..40 {
        // The network of the browser as well.
        let _ = house.stranger("192.0.2.1").people().sign_in("ada", "wrong", "").await;
    }
    let by = async |known_by: &Secret, password: &str| {
        let browser = Browser {
            agent: "Browser/1",
            known_by: Some(known_by),
        };
        house
            .stranger("192.0.2.1")
            .people()
            .sign_in("ada", password, browser)
            .await
    };
    minutes(by(&others.browser.unwrap(), PASSWORD).await);
    minutes(by(&Secret::from("planted".to_owned()), PASSWORD).await);
    // It may mistype, too, and by itself.
    for _ in 0..9 {
        assert_eq!(by(&known, "wrong").await, Err(SignInError::Wrong));
    }
    let again = by(&known, PASSWORD).await.unwrap().browser.unwrap();
    assert_ne!(again, known);
    minutes(by(&known, PASSWORD).await);
    for _ in 0..10 {
        assert_eq!(by(&again, "wrong").await, Err(SignInError::Wrong));
    }
    assert_eq!(minutes(by(&again, PASSWORD).await), 15);

    house.clock.set(house.clock.now_ns() + 15 * MINUTE);
    let again = by(&again, PASSWORD).await.unwrap().browser.unwrap();
    // An admin who sets the password takes the account from whoever had it, with their browsers.
    house
        .use_cases()
        .people()
        .set_password("ada", PASSWORD, WHY)
        .await
        .unwrap();
    looked_at(&house, "ada", "198.51.100", 40).await;
    minutes(by(&again, PASSWORD).await);
    house.clock.set(house.clock.now_ns() + 181 * DAY);
    assert!(by(&again, PASSWORD).await.is_ok());
}

#[tokio::test]
async fn an_address_does_not_guess_at_many_accounts_and_a_success_does_not_let_it_go_on() {
    let house = House::new().await;
    house.account_with_password("ada", Role::Viewer).await;
    for n in 0..29 {
        let answer = house
            .stranger("192.0.2.7")
            .people()
            .sign_in(&format!("user-{n}"), "wrong", "")
            .await;
        assert_eq!(answer, Err(SignInError::Wrong));
    }
    let own = house.stranger("192.0.2.7").people().sign_in("ada", PASSWORD, "").await;
    assert!(own.is_ok(), "a success is no failure: {own:?}");
    let thirtieth = house
        .stranger("192.0.2.7")
        .people()
        .sign_in("user-29", "wrong", "")
        .await;
    assert_eq!(thirtieth, Err(SignInError::Wrong));
    minutes(house.stranger("192.0.2.7").people().sign_in("ada", PASSWORD, "").await);
    assert!(
        house
            .stranger("192.0.2.8")
            .people()
            .sign_in("ada", PASSWORD, "")
            .await
            .is_ok()
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn many_guesses_at_once_are_no_more_than_one_after_the_other() {
    let house = House::new().await;
    house.account_with_password("ada", Role::Viewer).await;
    let guesses = (0..25).map(|n| {
        let use_cases = house.stranger(&format!("198.51.100.{n}"));
        tokio::spawn(async move { use_cases.people().sign_in("ada", "wrong", "").await })
    });
    let mut wrong = 0;
    for guess in guesses.collect::<Vec<_>>() {
        match guess.await.unwrap() {
            Err(SignInError::Wrong) => wrong += 1,
            Err(SignInError::TooMany { .. }) => {}
            other => panic!("{other:?}"),
        }
    }
    assert_eq!(wrong, 11, "ten at any pace, and one of these ten seconds");
}

#[tokio::test]
async fn a_password_is_changed_by_who_knows_it_and_ends_the_other_sessions() {
    let house = House::new().await;
    house.account_with_password("ada", Role::Viewer).await;
    let (one, two) = (house.sign_in("ada").await, house.sign_in("ada").await);
    let ada = house.use_cases_by(&one).await;
    let new = "battery horse correct";
    assert_eq!(
        super::wrong_field(ada.people().change_password("wrong", new).await),
        "old"
    );
    assert_eq!(
        house.last_entry().await,
        "refused account.edit ada by ada: old: is not the password"
    );
    assert_eq!(
        super::wrong_field(ada.people().change_password(PASSWORD, "short").await),
        "new"
    );
    ada.people().change_password(PASSWORD, new).await.unwrap();
    assert_eq!(
        house.last_entry().await,
        "done account.edit ada by ada: changed the password"
    );
    assert!(house.control.person_by_session(&one).await.unwrap().is_some());
    assert!(house.control.person_by_session(&two).await.unwrap().is_none());
    let stranger = house.stranger("192.0.2.1");
    assert_eq!(
        stranger.people().sign_in("ada", PASSWORD, "").await,
        Err(SignInError::Wrong)
    );
    assert!(stranger.people().sign_in("ada", new, "").await.is_ok());
}
