//! The first admin.

use pointsman_control::people::SignInError;
use pointsman_domain::people::Role;

use super::{DAY, PASSWORD};
use crate::house::House;

async fn link(house: &House) -> String {
    house.control.setup_link().await.unwrap().unwrap().reveal().to_owned()
}

#[tokio::test]
async fn a_link_makes_one_admin_and_no_link_works_after() {
    let house = House::new().await;
    assert_eq!(house.use_cases().people().has_people().await, Ok(false));
    let (one, two) = (link(&house).await, link(&house).await);
    let stranger = house.stranger("192.0.2.1");
    assert_eq!(stranger.people().setup_link_is_good(&one).await, Ok(true));
    for (name, password, field) in [("a b", PASSWORD, "name"), ("ada", "short", "password")] {
        let answer = stranger.people().set_up(&one, name, "", password, "").await;
        assert!(matches!(answer, Err(SignInError::Field(error)) if error.field == field));
    }
    let session = stranger
        .people()
        .set_up(&one, "Ada", "Ada Lovelace", PASSWORD, "")
        .await
        .unwrap();
    assert_eq!(session.person.role, Role::Admin);
    assert_eq!(
        house.last_entry().await,
        "done set_up ada by ada: made the first admin by the set-up link"
    );
    let me = house
        .use_cases_by(session.secret.reveal())
        .await
        .people()
        .me()
        .await
        .unwrap();
    assert_eq!(
        (me.display_name.as_str(), me.has_password, me.may_read_users),
        ("Ada Lovelace", true, true)
    );
    for link in [one.as_str(), &two, "x", ""] {
        assert_eq!(stranger.people().setup_link_is_good(link).await, Ok(false));
        let replayed = stranger.people().set_up(link, "eve", "", PASSWORD, "").await;
        assert_eq!(replayed, Err(SignInError::Link));
    }
    assert!(
        house
            .last_entry()
            .await
            .starts_with("refused set_up the first admin by : ")
    );
    assert_eq!(house.control.setup_link().await, Ok(None));
    assert_eq!(house.use_cases().people().has_people().await, Ok(true));
}

#[tokio::test]
async fn a_link_is_good_for_a_day() {
    let house = House::new().await;
    let link = link(&house).await;
    house.clock.set(house.clock.now_ns() + DAY - 1);
    let stranger = house.stranger("192.0.2.1");
    assert_eq!(stranger.people().setup_link_is_good(&link).await, Ok(true));
    house.clock.set(house.clock.now_ns() + 1);
    assert_eq!(
        stranger.people().set_up(&link, "ada", "", PASSWORD, "").await,
        Err(SignInError::Link)
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn of_several_at_once_one_becomes_the_admin() {
    let house = House::new().await;
    // Two replicas have started, each with a link of its own.
    let links = [link(&house).await, link(&house).await];
    let tries = (0..6).map(|n| {
        let (use_cases, link) = (house.stranger("192.0.2.1"), links[n % 2].clone());
        tokio::spawn(async move {
            use_cases
                .people()
                .set_up(&link, &format!("admin-{n}"), "", PASSWORD, "")
                .await
        })
    });
    let mut admins = 0;
    for one in tries.collect::<Vec<_>>() {
        match one.await.unwrap() {
            Ok(_) => admins += 1,
            Err(error) => assert_eq!(error, SignInError::Link),
        }
    }
    assert_eq!(admins, 1);
    assert_eq!(house.use_cases().people().users().await.unwrap().len(), 1);
}

#[tokio::test]
async fn a_name_that_is_taken_is_said_to_be_and_the_link_stays() {
    let house = House::new().await;
    // Nobody gets in as this admin: there is none yet.
    house.account("ada", Role::Admin).await;
    let link = link(&house).await;
    let stranger = house.stranger("192.0.2.1");
    let taken = stranger.people().set_up(&link, "ada", "", PASSWORD, "").await;
    assert!(matches!(taken, Err(SignInError::Field(error)) if error.field == "name"));
    assert!(stranger.people().set_up(&link, "grace", "", PASSWORD, "").await.is_ok());
}
