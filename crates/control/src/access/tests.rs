//! Every action against every actor.

use super::*;

fn person(role: Role) -> Person {
    Person {
        id: 7,
        name: "ada".into(),
        role,
        teams: vec!["checkout".into()],
    }
}

fn program(owner: Option<Role>, scopes: &[Scope], services: &[&str]) -> Actor {
    Actor::Program(Program {
        id: 1,
        name: "ci".into(),
        owner: owner.map(person),
        scopes: scopes.to_vec(),
        services: Services::of(services.iter().map(|name| Text::from(*name))),
    })
}

fn automation(which: Automation, on_behalf_of: Option<Role>) -> Actor {
    Actor::Automation {
        which,
        on_behalf_of: on_behalf_of.map(person),
    }
}

const OWN: Target = Target::Service {
    name: "cart",
    owner: Some("checkout"),
};
const OTHERS: Target = Target::Service {
    name: "payments",
    owner: Some("money"),
};
const NOBODYS: Target = Target::Service {
    name: "stray",
    owner: None,
};
const OWN_TOKEN: Target = Target::Token {
    scopes: &[Scope::Ingest],
    owned: true,
};
const WIDE_TOKEN: Target = Target::Token {
    scopes: &[Scope::Ingest, Scope::Read],
    owned: false,
};
const READ_TOKEN: Target = Target::Token {
    scopes: &[Scope::Read],
    owned: false,
};
const MINE: Target = Target::Account(Some(7));
const ANOTHERS: Target = Target::Account(Some(8));
const THE_OPERATORS: Target = Target::Account(None);

/// Who is in a column, in this order.
const COLUMNS: &str = "anonymous, anonymous reader, viewer, engineer, manager, admin, operator, token read, token ingest, \
                       period-closer, report-maker, report-maker for an engineer";

/// What is allowed: a `+` in the column of each who may.
const TABLE: [(Action, Target, &str); 47] = [
    (Action::Read, Target::Everything, "-++++++ +- --+"),
    (Action::Read, OTHERS, "-++++++ +- --+"),
    (Action::Ingest, Target::Everything, "------- -+ ---"),
    (Action::Ingest, OTHERS, "------- -+ ---"),
    (Action::ReadTeams, Target::Everything, "--+++++ -- --+"),
    (Action::EditService, OWN, "---+-++ -- --+"),
    (Action::EditService, OTHERS, "-----++ -- ---"),
    (Action::EditService, NOBODYS, "-----++ -- ---"),
    (Action::EditService, Target::Everything, "-----++ -- ---"),
    (Action::AssignService, OWN, "-----++ -- ---"),
    (Action::AssignService, NOBODYS, "-----++ -- ---"),
    (Action::EditTeam, Target::Everything, "-----++ -- ---"),
    (Action::ReadUsers, Target::Everything, "-----++ -- ---"),
    (Action::EditUser, Target::Everything, "-----++ -- ---"),
    (Action::CreateToken, Target::Everything, "--+++++ -- ---"),
    (Action::CreateToken, OWN_TOKEN, "---+-++ -- ---"),
    (Action::CreateToken, WIDE_TOKEN, "-----++ -- ---"),
    (Action::CreateToken, READ_TOKEN, "--+++++ -- ---"),
    (Action::RevokeToken, MINE, "--+++++ -- ---"),
    (Action::RevokeToken, ANOTHERS, "-----++ -- ---"),
    (Action::RevokeToken, THE_OPERATORS, "-----++ -- ---"),
    (Action::ReadTokens, Target::Everything, "-----++ -- ---"),
    (Action::ReadAudit, Target::Everything, "-----++ +- ---"),
    (Action::ReadAudit, OWN, "---+-++ +- --+"),
    (Action::ReadAudit, OTHERS, "-----++ +- ---"),
    (Action::OwnAccount, Target::Everything, "--++++- -- ---"),
    (Action::SignIn, Target::Everything, "+++++++ -- ---"),
    (Action::SignOut, Target::Everything, "++++++- -- ---"),
    (Action::SetUp, Target::Everything, "+++++++ -- ---"),
    (Action::EditService, Target::Account(None), "-----++ -- ---"),
    (Action::EditObjective, OWN, "---+-++ -- --+"),
    (Action::EditObjective, OTHERS, "-----++ -- ---"),
    (Action::EditObjective, NOBODYS, "-----++ -- ---"),
    (Action::EditExclusion, OWN, "---+-++ -- --+"),
    (Action::EditExclusion, OTHERS, "-----++ -- ---"),
    (Action::Silence, OWN, "---+-++ -- --+"),
    (Action::Silence, OTHERS, "-----++ -- ---"),
    (Action::AckAlert, OWN, "---+-++ -- --+"),
    (Action::AckAlert, OTHERS, "---+-++ -- --+"),
    (Action::EditChannels, Target::Everything, "-----++ -- ---"),
    (Action::EditPolicy, OWN, "-----++ -- ---"),
    (Action::EditPolicy, NOBODYS, "-----++ -- ---"),
    (Action::ReadContracts, Target::Everything, "---++++ +- --+"),
    (Action::EditContracts, Target::Everything, "----+++ -- ---"),
    (Action::SendReports, Target::Everything, "----+++ -- ---"),
    (Action::ClosePeriods, Target::Everything, "------- -- +--"),
    (Action::MakeReports, Target::Everything, "------- -- -++"),
];

#[test]
fn every_action_against_every_actor() {
    let actors = [
        Actor::Anonymous(Anybody::default()),
        Actor::Anonymous(Anybody {
            role: Some(Role::Viewer),
            ingest: false,
        }),
        Actor::Person(person(Role::Viewer)),
        Actor::Person(person(Role::Engineer)),
        Actor::Person(person(Role::Manager)),
        Actor::Person(person(Role::Admin)),
        Actor::Operator("root".into()),
        program(None, &[Scope::Read], &[]),
        program(None, &[Scope::Ingest], &[]),
        automation(Automation::PeriodCloser, None),
        automation(Automation::ReportMaker, None),
        automation(Automation::ReportMaker, Some(Role::Engineer)),
    ];
    for (action, target, row) in TABLE {
        let expected: Vec<bool> = row
            .chars()
            .filter(|mark| *mark != ' ')
            .map(|mark| mark == '+')
            .collect();
        let found: Vec<bool> = actors.iter().map(|actor| may(actor, action, target).is_ok()).collect();
        assert_eq!(found, expected, "{action} on {target:?}: {COLUMNS}");
    }
    for action in Action::ALL {
        assert!(
            TABLE.iter().any(|(known, ..)| known == action),
            "{action} has no row in the table"
        );
    }
}

#[test]
fn a_token_for_named_services_gets_no_further() {
    let token = program(None, &[Scope::Read, Scope::Ingest], &["cart"]);
    assert_eq!(may(&token, Action::Read, OWN), Ok(()));
    assert_eq!(may(&token, Action::Ingest, OWN), Ok(()));
    assert_eq!(may(&token, Action::Ingest, Target::Everything), Ok(()));
    let refused = Err(Denial::Forbidden("The token ci is for cart only.".to_owned()));
    assert_eq!(may(&token, Action::Read, OTHERS), refused);
    assert_eq!(may(&token, Action::Read, Target::Everything), refused);
    assert_eq!(may(&token, Action::Ingest, OTHERS), refused);
    assert_eq!(may(&token, Action::ReadAudit, Target::Everything), refused);
}

#[test]
fn a_token_may_no_more_than_its_owner() {
    let of = |role| program(Some(role), &[Scope::Read], &[]);
    assert_eq!(may(&of(Role::Viewer), Action::Read, Target::Everything), Ok(()));
    assert!(may(&of(Role::Viewer), Action::ReadAudit, Target::Everything).is_err());
    assert!(may(&of(Role::Engineer), Action::ReadAudit, OWN).is_ok());
    assert!(may(&of(Role::Engineer), Action::ReadAudit, OTHERS).is_err());
    assert!(may(&of(Role::Admin), Action::ReadAudit, Target::Everything).is_ok());
}

#[test]
fn anybody_may_what_the_settings_say() {
    let open = Actor::Anonymous(Anybody {
        role: None,
        ingest: true,
    });
    assert_eq!(may(&open, Action::Ingest, OTHERS), Ok(()));
    assert_eq!(may(&open, Action::Read, OTHERS), Err(Denial::SignIn));
}

#[test]
fn automation_gets_at_no_credentials_for_whomever_it_acts() {
    let for_admin = automation(Automation::PeriodCloser, Some(Role::Admin));
    assert_eq!(may(&for_admin, Action::EditObjective, OTHERS), Ok(()));
    for action in [
        Action::EditUser,
        Action::CreateToken,
        Action::RevokeToken,
        Action::OwnAccount,
    ] {
        assert!(may(&for_admin, action, Target::Everything).is_err(), "{action}");
    }
    let caller = Caller {
        actor: for_admin,
        ..Caller::automation(Automation::PeriodCloser)
    };
    assert_eq!(caller.named(), (ActorKind::Automation, "period-closer for ada".into()));
}
