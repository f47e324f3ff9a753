//! Tokens of programs.

use pointsman_control::access::{Actor, Target, may};
use pointsman_control::{Problem, UseCases};
use pointsman_domain::people::form::TokenForm;
use pointsman_domain::people::{Action, Role, Scope, Services};

use super::{DAY, MINUTE, WHY, denied, wrong_field};
use crate::house::House;

fn form(scopes: &[Scope], services: &str) -> TokenForm {
    TokenForm {
        name: "ci".to_owned(),
        scopes: scopes.to_vec(),
        services: services.to_owned(),
        days: 30,
    }
}

async fn secret(use_cases: &UseCases, scopes: &[Scope], services: &str) -> String {
    use_cases
        .people()
        .create_token(&form(scopes, services))
        .await
        .unwrap()
        .secret
}

#[tokio::test]
async fn a_token_is_what_it_was_made_for_until_it_ends() {
    let house = House::new().await;
    house.engineer_of("ada", "checkout", "cart").await;
    let ada = house.use_cases_of("ada").await;
    let made = ada
        .people()
        .create_token(&form(&[Scope::Ingest], "cart"))
        .await
        .unwrap();
    assert!(made.secret.starts_with("pmt_") && made.secret.len() == 47);
    assert!(!format!("{made:?}").contains(&made.secret));
    let begun = house.clock.now_ns();
    let program = house.control.program_by_token(&made.secret).await.unwrap().unwrap();
    assert_eq!(
        (program.scopes.as_slice(), &program.services),
        (&[Scope::Ingest][..], &Services::of(["cart".into()]))
    );
    let actor = Actor::Program(program);
    assert_eq!(may(&actor, Action::Ingest, Target::Everything), Ok(()));
    assert!(may(&actor, Action::Read, Target::Everything).is_err());

    // Its last use is kept to the minute.
    let last_used = async || ada.people().profile().await.unwrap().tokens[0].last_used_ns;
    assert_eq!(last_used().await, Some(begun));
    for (after, used) in [(MINUTE - 1, 0), (MINUTE, MINUTE)] {
        house.clock.set(begun + after);
        house.control.program_by_token(&made.secret).await.unwrap().unwrap();
        assert_eq!(last_used().await, Some(begun + used));
    }
    house.clock.set(begun + 30 * DAY - 1);
    assert!(house.control.program_by_token(&made.secret).await.unwrap().is_some());
    house.clock.set(begun + 30 * DAY);
    assert_eq!(house.control.program_by_token(&made.secret).await, Ok(None));
    assert_eq!(
        ada.people().profile().await.unwrap().tokens.len(),
        1,
        "it is still listed"
    );
}

#[tokio::test]
async fn what_is_no_token_is_nobody() {
    let house = House::new().await;
    house.account_with_password("ada", Role::Admin).await;
    let ada = house.use_cases_of("ada").await;
    let token = secret(&ada, &[Scope::Read], "").await;
    let session = house.sign_in("ada").await;
    for wrong in [
        "",
        "pmt_",
        "pmt_x",
        &token[4..],
        &session,
        &format!("{token}x"),
        &token.repeat(10),
    ] {
        assert_eq!(house.control.program_by_token(wrong).await, Ok(None), "{wrong}");
    }
    assert_eq!(
        house.control.person_by_session(&token).await,
        Ok(None),
        "a token is no session"
    );
    house.account_with_password("root", Role::Admin).await;
    house.use_cases().people().set_disabled("ada", true, WHY).await.unwrap();
    assert_eq!(house.control.program_by_token(&token).await, Ok(None));
    house
        .use_cases()
        .people()
        .set_disabled("ada", false, WHY)
        .await
        .unwrap();
    assert!(house.control.program_by_token(&token).await.unwrap().is_some());
}

#[tokio::test]
async fn who_makes_which_tokens() {
    let house = House::new().await;
    house.engineer_of("ada", "checkout", "cart").await;
    house.engineer_of("eve", "money", "payments").await;
    for (name, role) in [("vic", Role::Viewer), ("max", Role::Manager), ("root", Role::Admin)] {
        house.account(name, role).await;
    }
    let (ingest, read) = (&[Scope::Ingest][..], &[Scope::Read][..]);
    for (name, scopes, services, made) in [
        ("vic", read, "", true),
        ("vic", ingest, "cart", false),
        ("max", ingest, "cart", false),
        ("ada", read, "", true),
        ("ada", ingest, "cart", true),
        ("ada", ingest, "", false),
        ("ada", ingest, "payments", false),
        ("ada", ingest, "cart, payments", false),
        ("ada", &[Scope::Ingest, Scope::Read], "cart", true),
        ("root", ingest, "", true),
        ("root", ingest, "payments stray", true),
    ] {
        let use_cases = house.use_cases_of(name).await;
        let answer = use_cases.people().create_token(&form(scopes, services)).await;
        assert_eq!(answer.is_ok(), made, "{name} {scopes:?} {services}");
        assert_eq!(denied(&answer), !made);
    }
    let offered = async |name: &str| {
        let profile = house.use_cases_of(name).await.people().profile().await.unwrap();
        (profile.scopes, profile.services)
    };
    assert_eq!(offered("vic").await, (vec![Scope::Read], vec![]));
    assert_eq!(
        offered("ada").await,
        (vec![Scope::Ingest, Scope::Read], vec!["cart".into()])
    );
    assert_eq!(offered("root").await, (vec![Scope::Ingest, Scope::Read], vec![]));
    let mut nothing = form(&[], "");
    assert_eq!(
        wrong_field(house.use_cases().people().create_token(&nothing).await),
        "scopes"
    );
    nothing.scopes = read.to_vec();
    nothing.days = 0;
    assert_eq!(
        wrong_field(house.use_cases().people().create_token(&nothing).await),
        "days"
    );
}

#[tokio::test]
async fn a_token_is_ended_by_its_owner_or_by_an_admin_who_says_why() {
    let house = House::new().await;
    for (name, role) in [("ada", Role::Viewer), ("eve", Role::Engineer), ("root", Role::Admin)] {
        house.account(name, role).await;
    }
    let (ada, eve, root) = (
        house.use_cases_of("ada").await,
        house.use_cases_of("eve").await,
        house.use_cases_of("root").await,
    );
    let one = ada.people().create_token(&form(&[Scope::Read], "")).await.unwrap();
    let two = ada.people().create_token(&form(&[Scope::Read], "")).await.unwrap();
    let operators = house
        .use_cases()
        .people()
        .create_token(&form(&[Scope::Ingest], ""))
        .await
        .unwrap();
    assert_eq!(operators.token.owner, None);
    assert!(denied(&eve.people().revoke_token(one.token.id, WHY).await));
    assert!(denied(&eve.people().revoke_token(operators.token.id, WHY).await));
    assert_eq!(
        house.last_entry().await,
        "refused token.revoke ci by eve: Only its owner and admins can revoke a token."
    );
    ada.people().revoke_token(one.token.id, "").await.unwrap();
    assert_eq!(
        house.last_entry().await,
        "done token.revoke ci by ada: ended the token ci of ada"
    );
    assert_eq!(house.control.program_by_token(&one.secret).await, Ok(None));
    assert_eq!(
        wrong_field(root.people().revoke_token(two.token.id, "").await),
        "reason"
    );
    root.people().revoke_token(two.token.id, WHY).await.unwrap();
    root.people().revoke_token(operators.token.id, WHY).await.unwrap();
    let again = root.people().revoke_token(two.token.id, WHY).await;
    assert!(matches!(again, Err(Problem::Missing(_))));
    assert!(denied(&ada.people().tokens().await));
    assert!(root.people().tokens().await.unwrap().is_empty());
}

#[tokio::test]
async fn a_program_reads_and_changes_nothing() {
    let house = House::new().await;
    house.account("root", Role::Admin).await;
    let token = secret(&house.use_cases_of("root").await, &[Scope::Read], "").await;
    let program = house.control.program_by_token(&token).await.unwrap().unwrap();
    let use_cases = house
        .control
        .use_cases(super::caller(Actor::Program(program), "192.0.2.1"));
    assert!(
        use_cases
            .people()
            .audit(&pointsman_domain::people::audit::AuditQuery::default())
            .await
            .is_ok()
    );
    assert!(denied(&use_cases.people().create_team("mine", "", WHY).await));
    assert!(denied(
        &use_cases.people().create_token(&form(&[Scope::Read], "")).await
    ));
    assert!(denied(&use_cases.people().profile().await));
    assert!(house.audit().await[0].actor_kind == pointsman_domain::people::audit::ActorKind::Token);
    assert_eq!(use_cases.people().me().await.unwrap().name.as_deref(), Some("ci"));
}
