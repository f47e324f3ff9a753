//! Accounts, and that there is always an admin.

use pointsman_control::Problem;
use pointsman_domain::people::Role;
use pointsman_domain::people::form::UserForm;

use super::{PASSWORD, WHY, denied, wrong_field};
use crate::house::House;

#[tokio::test]
async fn an_admin_makes_and_changes_accounts() {
    let house = House::new().await;
    house.account("root", Role::Admin).await;
    let admin = house.use_cases_of("root").await;
    let form = UserForm {
        name: "Ada@Example.org".to_owned(),
        display_name: "Ada Lovelace".to_owned(),
        email: "ada@example.org".to_owned(),
        role: Role::Engineer,
        password: PASSWORD.to_owned(),
    };
    admin.people().create_user(&form, WHY).await.unwrap();
    let name = "ada@example.org";
    assert_eq!(
        house.last_entry().await,
        format!("done user.edit {name} by root: made the account {name}")
    );
    assert!(!house.audit().await[0].after.to_string().contains("horse"));
    assert_eq!(wrong_field(admin.people().create_user(&form, WHY).await), "name");
    let first = house.sign_in(name).await;
    admin.people().set_role(name, Role::Viewer, WHY).await.unwrap();
    let entry = &house.audit().await[0];
    assert_eq!(entry.detail, format!("made {name} a viewer"));
    assert_eq!(
        (&entry.before["role"], &entry.after["role"]),
        (&"engineer".into(), &"viewer".into())
    );
    assert!(house.control.person_by_session(&first).await.unwrap().is_none());
    let second = house.sign_in(name).await;
    admin
        .people()
        .set_password(name, "battery horse correct", WHY)
        .await
        .unwrap();
    assert!(house.control.person_by_session(&second).await.unwrap().is_none());
    admin.people().set_password(name, PASSWORD, WHY).await.unwrap();
    let third = house.sign_in(name).await;
    admin.people().end_sessions(name, WHY).await.unwrap();
    assert!(house.control.person_by_session(&third).await.unwrap().is_none());
    let users = admin.people().users().await.unwrap();
    assert_eq!(users[0].display_name, "Ada Lovelace");
    assert!(users[0].has_password && !users[1].has_password && !users[0].from_oidc);
    assert!(matches!(
        admin.people().set_role("nobody", Role::Viewer, WHY).await,
        Err(Problem::Missing(_))
    ));
    assert!(matches!(
        admin.people().set_role("no body", Role::Viewer, WHY).await,
        Err(Problem::Missing(_))
    ));
    assert_eq!(
        wrong_field(admin.people().set_password(name, "short", WHY).await),
        "password"
    );
    assert_eq!(
        wrong_field(admin.people().set_role(name, Role::Viewer, "").await),
        "reason"
    );
}

#[tokio::test]
async fn the_others_do_not_see_or_change_accounts() {
    let house = House::new().await;
    house.account("root", Role::Admin).await;
    for role in [Role::Viewer, Role::Engineer, Role::Manager] {
        house.account(role.word(), role).await;
        let use_cases = house.use_cases_of(role.word()).await;
        assert!(denied(&use_cases.people().users().await));
        assert!(denied(&use_cases.people().create_user(&UserForm::default(), WHY).await));
        assert!(denied(
            &use_cases.people().set_role(role.word(), Role::Admin, WHY).await
        ));
        assert!(denied(&use_cases.people().set_disabled("root", true, WHY).await));
        assert!(denied(&use_cases.people().set_password("root", PASSWORD, WHY).await));
        assert!(denied(&use_cases.people().end_sessions("root", WHY).await));
        assert_eq!(
            house.last_entry().await,
            format!("refused user.edit root by {role}: Only admins can change accounts.")
        );
    }
}

#[tokio::test]
async fn the_last_admin_stays_one() {
    let house = House::new().await;
    house.account_with_password("root", Role::Admin).await;
    house.account_with_password("ada", Role::Admin).await;
    let root = house.use_cases_of("root").await;
    root.people().set_disabled("ada", true, WHY).await.unwrap();
    // Nor does one that has no way in count.
    house.account("eve", Role::Admin).await;
    let sentence = "root is the only admin who can sign in: make another one first.";
    for answer in [
        root.people().set_role("root", Role::Viewer, WHY).await,
        root.people().set_disabled("root", true, WHY).await,
        house.use_cases().people().set_role("root", Role::Manager, WHY).await,
    ] {
        assert_eq!(answer, Err(Problem::Conflict(sentence.to_owned())));
    }
    assert_eq!(
        house.last_entry().await,
        format!("refused user.edit root by tests: {sentence}")
    );
    // Who is an admin stays one, and may be told so again.
    root.people().set_role("root", Role::Admin, WHY).await.unwrap();
    root.people().set_disabled("ada", false, WHY).await.unwrap();
    root.people().set_role("root", Role::Viewer, WHY).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn two_admins_who_end_each_other_at_once_leave_one() {
    for _ in 0..5 {
        let house = House::new().await;
        house.account_with_password("one", Role::Admin).await;
        house.account_with_password("two", Role::Admin).await;
        let (one, two) = (house.use_cases_of("one").await, house.use_cases_of("two").await);
        let (one, two) = (one.people(), two.people());
        let (first, second) = tokio::join!(
            one.set_role("two", Role::Viewer, WHY),
            two.set_disabled("one", true, WHY),
        );
        assert!(first.is_ok() != second.is_ok(), "{first:?} {second:?}");
        assert_eq!(house.control.setup_link().await, Ok(None), "there is an admin");
    }
}
