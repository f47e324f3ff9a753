//! Teams and who is in them.

use pointsman_control::Problem;
use pointsman_domain::people::Role;
use pointsman_testing::{span, spans};

use super::{WHY, denied, wrong_field};
use crate::house::{House, at};

#[tokio::test(flavor = "multi_thread")]
async fn teams_are_made_filled_renamed_and_removed() {
    let house = House::new().await;
    house
        .send_spans(spans([span("cart").at(at(0)), span("search").at(at(1))]))
        .await;
    house.work().await;
    house.account("root", Role::Admin).await;
    house.account("ada", Role::Engineer).await;
    let admin = house.use_cases_of("root").await;
    admin.people().create_team("checkout", "", WHY).await.unwrap();
    admin.people().add_member("checkout", "ADA", WHY).await.unwrap();
    assert_eq!(
        house.last_entry().await,
        "done team.edit checkout by root: put ada in the team checkout"
    );
    admin
        .people()
        .assign_service("cart", Some("checkout"), WHY)
        .await
        .unwrap();
    admin
        .people()
        .rename_team("checkout", "The checkout", WHY)
        .await
        .unwrap();

    let list = house.use_cases_of("ada").await.people().teams().await.unwrap();
    let team = list.teams.iter().find(|team| team.name == "checkout").unwrap();
    assert_eq!(
        (team.title.as_str(), team.members, team.mine),
        ("The checkout", 1, true)
    );
    assert_eq!(team.services, ["cart"]);
    assert_eq!(
        (list.unowned.as_slice(), list.may_edit),
        (&["search".into()][..], false)
    );
    let detail = admin.people().team("checkout").await.unwrap().unwrap();
    assert_eq!(detail.members[0].name, "ada");
    assert_eq!(
        (detail.assignable, detail.candidates),
        (vec!["search".into()], vec!["root".into()])
    );
    let seen_by_ada = house
        .use_cases_of("ada")
        .await
        .people()
        .team("checkout")
        .await
        .unwrap()
        .unwrap();
    assert!(seen_by_ada.assignable.is_empty() && seen_by_ada.candidates.is_empty() && !seen_by_ada.may_edit);
    assert_eq!(admin.people().team("nobody").await, Ok(None));
    assert_eq!(admin.people().team("\0").await, Ok(None));

    admin.people().remove_member("checkout", "ada", WHY).await.unwrap();
    admin.people().remove_team("checkout", WHY).await.unwrap();
    let left: Vec<_> = admin
        .people()
        .teams()
        .await
        .unwrap()
        .teams
        .into_iter()
        .map(|team| team.name)
        .collect();
    assert_eq!(left, ["platform"]);
}

#[tokio::test]
async fn the_platform_team_is_the_admins() {
    let house = House::new().await;
    let operator = house.use_cases();
    house.account("ada", Role::Engineer).await;
    house.account("root", Role::Admin).await;
    let members = async || {
        let team = operator.people().team("platform").await.unwrap().unwrap();
        assert!(team.candidates.is_empty());
        team.members.into_iter().map(|member| member.name).collect::<Vec<_>>()
    };
    assert_eq!(members().await, ["root"]);
    operator.people().set_role("ada", Role::Admin, WHY).await.unwrap();
    assert_eq!(members().await, ["ada", "root"]);
    operator.people().set_role("root", Role::Manager, WHY).await.unwrap();
    assert_eq!(members().await, ["ada"]);
    for answer in [
        operator.people().add_member("platform", "root", WHY).await,
        operator.people().remove_member("platform", "ada", WHY).await,
        operator.people().remove_team("platform", WHY).await,
    ] {
        assert!(matches!(answer, Err(Problem::Conflict(_))), "{answer:?}");
    }
    operator
        .people()
        .assign_service("ingress", Some("platform"), WHY)
        .await
        .unwrap();
    assert_eq!(
        operator.people().team("platform").await.unwrap().unwrap().team.services,
        ["ingress"]
    );
}

#[tokio::test]
async fn what_can_not_be_is_said() {
    let house = House::new().await;
    let admin = house.use_cases();
    house.account("ada", Role::Engineer).await;
    admin.people().create_team("checkout", "", WHY).await.unwrap();
    assert_eq!(
        wrong_field(admin.people().create_team("checkout", "", WHY).await),
        "name"
    );
    assert_eq!(
        wrong_field(admin.people().create_team("Check out", "", WHY).await),
        "name"
    );
    assert_eq!(
        wrong_field(admin.people().create_team("money", "a\nb", WHY).await),
        "title"
    );
    assert_eq!(wrong_field(admin.people().create_team("money", "", "").await), "reason");
    admin.people().add_member("checkout", "ada", WHY).await.unwrap();
    let twice = admin.people().add_member("checkout", "ada", WHY).await;
    assert_eq!(
        twice,
        Err(Problem::Conflict("ada is in the team checkout already.".to_owned()))
    );
    for answer in [
        admin.people().add_member("nobody", "ada", WHY).await,
        admin.people().add_member("checkout", "nobody", WHY).await,
        admin.people().remove_member("checkout", "nobody", WHY).await,
        admin.people().rename_team("nobody", "x", WHY).await,
        admin.people().remove_team("nobody", WHY).await,
    ] {
        assert!(matches!(answer, Err(Problem::Missing(_))), "{answer:?}");
    }
}

#[tokio::test]
async fn only_admins_change_teams_and_the_others_are_noted() {
    let house = House::new().await;
    house.engineer_of("ada", "checkout", "cart").await;
    let before = house.audit().await.len();
    let ada = house.use_cases_of("ada").await;
    for answer in [
        ada.people().create_team("mine", "", WHY).await,
        ada.people().rename_team("checkout", "Mine", WHY).await,
        ada.people().remove_team("checkout", WHY).await,
        ada.people().add_member("checkout", "ada", WHY).await,
        ada.people().remove_member("checkout", "ada", WHY).await,
    ] {
        assert!(denied(&answer), "{answer:?}");
    }
    assert_eq!(house.audit().await.len(), before + 5);
    assert_eq!(
        house.last_entry().await,
        "refused team.edit checkout by ada: Only admins can change teams."
    );
}
