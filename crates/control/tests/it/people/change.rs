//! Several changes as one: all of it or nothing, and what the audit says of it.

use pointsman_control::people::{members, services, teams};
use pointsman_control::promise::slo;
use pointsman_control::{Change, Problem};
use pointsman_domain::people::Role;
use pointsman_domain::people::form::ServiceForm;

use super::{WHY, denied, line};
use crate::house::House;
use crate::slo::{AVAILABILITY, objective};

/// Three things that the engineers of cart may do.
async fn three_things(change: &mut Change) -> Result<(), Problem> {
    let form = ServiceForm {
        description: "Baskets".to_owned(),
        ..ServiceForm::default()
    };
    services::describe(change, "cart", &form).await?;
    slo::create(change, objective("up", AVAILABILITY)).await?;
    slo::create(change, objective("up-too", AVAILABILITY)).await?;
    Ok(())
}

/// A house in which ada is an engineer of the team that owns cart, and how many entries its audit has.
async fn with_ada() -> (House, usize) {
    let house = House::new().await;
    house.engineer_of("ada", "checkout", "cart").await;
    let entries = house.audit().await.len();
    (house, entries)
}

/// None of [`three_things`] is there.
async fn nothing_is_there(house: &House) {
    let use_cases = house.use_cases();
    assert!(use_cases.promise().slos().await.unwrap().is_empty());
    let record = use_cases.people().service_record("cart").await.unwrap();
    assert_eq!(record.description, "");
}

#[tokio::test]
async fn what_is_refused_at_the_fourth_leaves_nothing_but_the_refusal() {
    let (house, before) = with_ada().await;
    let ada = house.use_cases_of("ada").await;
    let made = ada
        .transact("all at once", async |change| {
            three_things(change).await?;
            teams::create(change, "rivals", "").await
        })
        .await;
    assert!(denied(&made), "{made:?}");
    nothing_is_there(&house).await;
    let audit = house.audit().await;
    assert_eq!(audit.len(), before + 1);
    assert_eq!(
        line(&audit[0]),
        "refused team.edit rivals by ada: Only admins can change teams."
    );
    assert_eq!(audit[0].reason, "all at once");
}

#[tokio::test]
async fn nothing_is_done_after_a_refusal_that_nobody_minds() {
    let (house, before) = with_ada().await;
    let ada = house.use_cases_of("ada").await;
    let made = ada
        .transact("all at once", async |change| {
            let _ = teams::create(change, "rivals", "").await;
            let _ = teams::create(change, "more-rivals", "").await;
            three_things(change).await
        })
        .await;
    assert!(denied(&made), "{made:?}");
    nothing_is_there(&house).await;
    let audit = house.audit().await;
    assert_eq!(audit.len(), before + 1, "one refusal, however many there were");
    assert_eq!(audit[0].target, "rivals");
}

#[tokio::test]
async fn what_fails_otherwise_leaves_nothing_at_all() {
    let (house, before) = with_ada().await;
    let made = house
        .use_cases()
        .transact(WHY, async |change| {
            three_things(change).await?;
            members::add(change, "checkout", "nobody").await
        })
        .await;
    assert_eq!(made, Err(Problem::Missing("There is no account nobody.".to_owned())));
    nothing_is_there(&house).await;
    assert_eq!(house.audit().await.len(), before);
}

#[tokio::test]
async fn what_takes_a_reason_takes_a_good_one_for_all_of_it() {
    let (house, before) = with_ada().await;
    let made = house.use_cases().transact(" ", three_things).await;
    assert!(matches!(made, Err(Problem::Field(error)) if error.field == "reason"));
    nothing_is_there(&house).await;
    assert_eq!(house.audit().await.len(), before);
}

#[tokio::test]
async fn what_goes_well_is_one_change_with_an_entry_for_each_thing() {
    let (house, before) = with_ada().await;
    house.account("bo", Role::Engineer).await;
    house
        .use_cases()
        .transact("  a new\nteam ", async |change| {
            teams::create(change, "search", "").await?;
            // What was made just now is there for what comes after.
            members::add(change, "search", "bo").await?;
            services::assign(change, "index", Some("search")).await
        })
        .await
        .unwrap();
    let audit = house.audit().await;
    let lines: Vec<String> = audit.iter().take(3).map(line).collect();
    assert_eq!(
        lines,
        [
            "done service.assign index by tests: gave index to the team search",
            "done team.edit search by tests: put bo in the team search",
            "done team.edit search by tests: made the team search",
        ]
    );
    assert_eq!(audit.len(), before + 4, "bo's account among them");
    assert!(audit[..3].iter().all(|entry| entry.reason == "a new\nteam"));
    assert!(audit[..3].windows(2).all(|pair| pair[0].id > pair[1].id));
}
