//! Who comes from an identity provider.

use pointsman_control::people::{OidcFlow, OidcIdentity, SignInError, Standing};
use pointsman_domain::kit::name::TeamName;
use pointsman_domain::people::form::TokenForm;
use pointsman_domain::people::{Role, Scope};

use super::{MINUTE, PASSWORD, WHY};
use crate::house::House;

fn identity(subject: &str, name: &str, role: Option<Role>, teams: &[&str]) -> OidcIdentity {
    OidcIdentity {
        issuer: "https://id.example".into(),
        subject: subject.into(),
        name: name.into(),
        display_name: "Ada Lovelace".into(),
        email: "ada@example.org".into(),
        standing: role.map_or(Standing::NoRole, Standing::Role),
        teams: teams.iter().map(|team| TeamName::parse(team).unwrap()).collect(),
        id_token: "the-id-token".to_owned().into(),
    }
}

#[tokio::test]
async fn groups_say_role_and_teams_at_each_sign_in() {
    let house = House::new().await;
    let stranger = house.stranger("192.0.2.1");
    let first = identity("1", "Ada", Some(Role::Engineer), &["checkout", "money"]);
    let session = stranger.people().sign_in_oidc(first.clone(), "").await.unwrap();
    assert_eq!(session.person.name, "ada");
    assert_eq!(session.person.teams, ["checkout", "money"]);
    let noted: Vec<String> = house.audit().await.iter().map(super::line).collect();
    assert_eq!(
        noted,
        [
            "done sign_in ada by ada: signed in for the first time, at the identity provider",
            "done team.edit money by ada: made the team money, which the identity provider names",
            "done team.edit checkout by ada: made the team checkout, which the identity provider names",
        ]
    );
    // An admin puts her in another team, which the groups don't name, and which she stays in.
    house.use_cases().people().create_team("search", "", WHY).await.unwrap();
    house
        .use_cases()
        .people()
        .add_member("search", "ada", WHY)
        .await
        .unwrap();
    let changed = identity("1", "someone-else", Some(Role::Manager), &["money"]);
    let session = stranger.people().sign_in_oidc(changed, "").await.unwrap();
    assert_eq!(
        (session.person.name.as_str(), session.person.role),
        ("ada", Role::Manager)
    );
    assert_eq!(session.person.teams, ["money", "search"]);
    let entry = &house.audit().await[0];
    assert_eq!(entry.before["role"], "engineer");
    assert_eq!(entry.after["teams"], serde_json::json!(["money", "search"]));

    let ada = house.use_cases_by(session.secret.reveal()).await;
    let id_token = ada.people().sign_out().await.unwrap().unwrap();
    assert_eq!(id_token.reveal(), "the-id-token");
    assert!(!format!("{first:?}").contains("the-id-token"));
}

#[tokio::test]
async fn who_has_no_role_or_is_disabled_does_not_get_in() {
    let house = House::new().await;
    let stranger = house.stranger("192.0.2.1");
    let nobody = identity("1", "ada", None, &["checkout"]);
    assert_eq!(
        stranger.people().sign_in_oidc(nobody.clone(), "").await,
        Err(SignInError::NoRole)
    );
    assert_eq!(
        house.last_entry().await,
        "refused sign_in (unknown account) by : None of the groups has a role here."
    );
    assert!(house.use_cases().people().users().await.unwrap().is_empty());
    let known = identity("1", "ada", Some(Role::Viewer), &[]);
    let session = stranger.people().sign_in_oidc(known.clone(), "").await.unwrap();
    let ada = house.use_cases_by(session.secret.reveal()).await;
    let form = TokenForm {
        name: "reader".to_owned(),
        scopes: vec![Scope::Read],
        ..TokenForm::default()
    };
    let token = ada.people().create_token(&form).await.unwrap().secret;
    assert_eq!(
        stranger.people().sign_in_oidc(nobody, "").await,
        Err(SignInError::NoRole)
    );
    assert_eq!(house.control.program_by_token(&token).await, Ok(None));
    let told = house.audit().await.iter().map(super::line).nth(1).unwrap();
    assert_eq!(
        told,
        "done user.edit ada by ada: has no role any longer: 1 sessions and 1 tokens ended"
    );
    let open = house.control.person_by_session(session.secret.reveal()).await.unwrap();
    assert!(open.is_none(), "who was taken out of all groups does not stay in");
    house.use_cases().people().set_disabled("ada", true, WHY).await.unwrap();
    assert_eq!(stranger.people().sign_in_oidc(known, "").await, Err(SignInError::Wrong));
    assert_eq!(
        house.last_entry().await,
        "refused sign_in ada by : The account is disabled."
    );
}

#[tokio::test]
async fn groups_that_were_left_out_change_nothing_and_end_nothing() {
    let house = House::new().await;
    let stranger = house.stranger("192.0.2.1");
    let unknown = || OidcIdentity {
        standing: Standing::Unknown,
        ..identity("1", "ada", None, &[])
    };
    assert_eq!(
        stranger.people().sign_in_oidc(unknown(), "").await,
        Err(SignInError::NoGroups)
    );
    assert!(house.use_cases().people().users().await.unwrap().is_empty());

    let known = identity("1", "ada", Some(Role::Engineer), &["checkout"]);
    let session = stranger.people().sign_in_oidc(known, "").await.unwrap();
    let ada = house.use_cases_by(session.secret.reveal()).await;
    let form = TokenForm {
        name: "reader".to_owned(),
        scopes: vec![Scope::Read],
        ..TokenForm::default()
    };
    let token = ada.people().create_token(&form).await.unwrap().secret;
    assert_eq!(
        stranger.people().sign_in_oidc(unknown(), "").await,
        Err(SignInError::NoGroups)
    );
    assert_eq!(
        house.last_entry().await,
        "refused sign_in ada by : The identity provider left the groups out."
    );
    let (person, _) = house
        .control
        .person_by_session(session.secret.reveal())
        .await
        .unwrap()
        .expect("the session goes on");
    assert_eq!((person.role, person.teams), (Role::Engineer, vec!["checkout".into()]));
    assert!(house.control.program_by_token(&token).await.unwrap().is_some());
}

#[tokio::test]
async fn a_name_at_the_provider_opens_no_account_of_that_name_here() {
    let house = House::new().await;
    house.account_with_password("ada", Role::Admin).await;
    let stranger = house.stranger("192.0.2.1");
    let other = identity("1", "ada", Some(Role::Viewer), &[]);
    let session = stranger.people().sign_in_oidc(other, "").await.unwrap();
    assert_eq!(
        (session.person.name.as_str(), session.person.role),
        ("ada-2", Role::Viewer)
    );
    let third = identity("2", "ADA", Some(Role::Viewer), &[]);
    assert_eq!(
        stranger.people().sign_in_oidc(third, "").await.unwrap().person.name,
        "ada-3"
    );
    // Nor is there a password for who comes from there.
    let by_password = stranger.people().sign_in("ada-2", PASSWORD, "").await;
    assert_eq!(by_password, Err(SignInError::Wrong));
    let ada = house.use_cases_by(session.secret.reveal()).await;
    assert!(!ada.people().me().await.unwrap().has_password);
    let changed = ada.people().change_password("", PASSWORD).await;
    assert!(matches!(changed, Err(pointsman_control::Problem::Conflict(_))));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_person_at_once_for_the_first_time_is_one_account() {
    let house = House::new().await;
    let arrivals = (0..4).map(|_| {
        let use_cases = house.stranger("192.0.2.1");
        tokio::spawn(async move {
            let ada = identity("1", "ada", Some(Role::Viewer), &["checkout"]);
            use_cases.people().sign_in_oidc(ada, "").await.unwrap()
        })
    });
    for arrival in arrivals.collect::<Vec<_>>() {
        assert_eq!(arrival.await.unwrap().person.name, "ada");
    }
    assert_eq!(house.use_cases().people().users().await.unwrap().len(), 1);
}

#[tokio::test]
async fn a_sign_in_under_way_comes_back_once_and_in_time() {
    let house = House::new().await;
    let stranger = house.stranger("192.0.2.1");
    let flow = |state: &str| OidcFlow {
        state: state.to_owned().into(),
        nonce: "nonce".to_owned().into(),
        pkce_verifier: "verifier".to_owned().into(),
        next: "/teams".to_owned(),
    };
    for state in ["one", "two"] {
        stranger.people().keep_flow(flow(state)).await.unwrap();
    }
    assert_eq!(stranger.people().take_flow("three").await, Ok(None));
    assert_eq!(stranger.people().take_flow("one").await, Ok(Some(flow("one"))));
    assert_eq!(stranger.people().take_flow("one").await, Ok(None));
    house.clock.set(house.clock.now_ns() + 10 * MINUTE);
    assert_eq!(stranger.people().take_flow("two").await, Ok(None));
    assert!(!format!("{:?}", flow("state-1")).contains("state-1"));
}
