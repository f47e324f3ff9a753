//! What is said of services, and whose they are.

use pointsman_control::Problem;
use pointsman_control::access::Denial;
use pointsman_domain::people::Role;
use pointsman_domain::people::audit::{AuditQuery, Outcome};
use pointsman_domain::people::form::ServiceForm;

use super::{WHY, denied, wrong_field};
use crate::house::House;

fn says(description: &str) -> ServiceForm {
    ServiceForm {
        description: description.to_owned(),
        runbook: "https://wiki.example/runbook".to_owned(),
        repository: String::new(),
    }
}

#[tokio::test]
async fn an_engineer_changes_the_own_teams_service_and_not_anothers() {
    let house = House::new().await;
    house.engineer_of("ada", "checkout", "cart").await;
    house.engineer_of("eve", "money", "payments").await;
    let ada = house.use_cases_of("ada").await;
    ada.people()
        .edit_service("cart", &says("Keeps what is bought"), WHY)
        .await
        .unwrap();
    let others = ada.people().edit_service("payments", &says("Mine now"), WHY).await;
    let sentence = "payments belongs to the team money: its engineers and admins change it.";
    assert_eq!(others, Err(Problem::Denied(Denial::Forbidden(sentence.to_owned()))));
    assert!(denied(
        &ada.people().edit_service("stray", &says("Nobody's"), WHY).await
    ));
    assert!(denied(&ada.people().assign_service("cart", None, WHY).await));

    let record = ada.people().service_record("cart").await.unwrap();
    assert_eq!(record.description, "Keeps what is bought");
    assert_eq!(record.team.as_deref(), Some("checkout"));
    assert!(record.may_edit && !record.may_assign && record.may_read_audit && record.teams.is_empty());
    let record = ada.people().service_record("payments").await.unwrap();
    assert_eq!(record.description, "");
    assert!(!record.may_edit && !record.may_read_audit);

    // Both are in the audit.
    let entries = house.audit().await;
    let refused = entries.iter().find(|entry| entry.target == "payments").unwrap();
    assert_eq!(refused.outcome, Outcome::Refused);
    assert_eq!((refused.detail.as_str(), refused.reason.as_str()), (sentence, WHY));
    assert_eq!((refused.actor.as_str(), refused.address.as_str()), ("ada", "192.0.2.1"));
    let of_cart = AuditQuery {
        service: Some("cart".into()),
        limit: 2,
        ..AuditQuery::default()
    };
    let done = ada.people().audit(&of_cart).await.unwrap().entries.remove(1);
    assert_eq!(
        super::line(&done),
        "done service.edit cart by ada: changed what is said of cart"
    );
    assert_eq!(done.before["description"], "");
    assert_eq!(done.after["description"], "Keeps what is bought");
}

#[tokio::test]
async fn who_leaves_the_team_no_longer_changes_what_it_owns() {
    let house = House::new().await;
    house.engineer_of("ada", "checkout", "cart").await;
    house
        .use_cases()
        .people()
        .remove_member("checkout", "ada", WHY)
        .await
        .unwrap();
    let ada = house.use_cases_of("ada").await;
    assert!(denied(&ada.people().edit_service("cart", &says("Still me"), WHY).await));
    // Nor does a viewer or a manager of the team.
    house.account("max", Role::Manager).await;
    house
        .use_cases()
        .people()
        .add_member("checkout", "max", WHY)
        .await
        .unwrap();
    assert!(denied(
        &house
            .use_cases_of("max")
            .await
            .people()
            .edit_service("cart", &says("Me"), WHY)
            .await
    ));
}

#[tokio::test]
async fn an_admin_gives_services_to_teams_and_a_team_that_goes_leaves_them() {
    let house = House::new().await;
    house.account("root", Role::Admin).await;
    let admin = house.use_cases_of("root").await;
    admin.people().create_team("checkout", "Checkout", WHY).await.unwrap();
    admin
        .people()
        .edit_service("cart", &says("Keeps what is bought"), WHY)
        .await
        .unwrap();
    admin
        .people()
        .assign_service("cart", Some("checkout"), WHY)
        .await
        .unwrap();
    assert_eq!(
        house.last_entry().await,
        "done service.assign cart by root: gave cart to the team checkout"
    );
    let missing = admin.people().assign_service("cart", Some("nobody"), WHY).await;
    assert_eq!(missing, Err(Problem::Missing("There is no such team.".to_owned())));
    assert_eq!(
        admin.people().service_record("cart").await.unwrap().teams,
        ["checkout", "platform"]
    );
    admin.people().remove_team("checkout", WHY).await.unwrap();
    assert_eq!(house.audit().await[0].before["services"], serde_json::json!(["cart"]));
    let record = admin.people().service_record("cart").await.unwrap();
    assert_eq!(
        (record.team, record.description.as_str()),
        (None, "Keeps what is bought")
    );
}

#[tokio::test]
async fn mistakes_are_told_by_field_once_one_may_at_all() {
    let house = House::new().await;
    let admin = house.use_cases();
    assert_eq!(
        wrong_field(admin.people().edit_service("cart", &says("x"), " ").await),
        "reason"
    );
    assert_eq!(
        wrong_field(admin.people().edit_service("", &says("x"), WHY).await),
        "service"
    );
    let script = ServiceForm {
        runbook: "javascript:alert(1)".to_owned(),
        ..ServiceForm::default()
    };
    assert_eq!(
        wrong_field(admin.people().edit_service("cart", &script, WHY).await),
        "runbook"
    );
    assert_eq!(
        wrong_field(admin.people().assign_service("cart", Some("A B"), WHY).await),
        "team"
    );
    assert!(
        house.audit().await.is_empty(),
        "a mistake changes nothing and is no refusal"
    );
    let stranger = house.stranger("192.0.2.1");
    let refused = stranger.people().edit_service("cart", &script, "").await;
    assert_eq!(refused, Err(Problem::Denied(Denial::SignIn)));
    assert_eq!(
        stranger.people().service_record("cart").await,
        Err(Problem::Denied(Denial::SignIn))
    );
}
