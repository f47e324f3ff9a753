//! People and programs: who somebody is ([`Role`], [`Scope`]), what can be done ([`Action`]), how they prove it ([`password`]), what they
//! fill in ([`form`]), what was done ([`audit`]), and what the pages about people show ([`read`]).
//!
//! Who may do what is not here: that is one function of `control`.

pub mod audit;
pub mod form;
pub mod password;
pub mod read;

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::Text;
use crate::kit::words::words;

/// The team of the admins: who becomes one is in it, who is none any longer is not. It owns services as any team does.
pub const PLATFORM: &str = "platform";

/// What a person is to the whole of Pointsman. Everybody may read; one has one role.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Reads.
    #[default]
    Viewer,
    /// Reads, and changes what the own teams own.
    Engineer,
    /// Reads, reports and contracts among it.
    Manager,
    /// Everything.
    Admin,
}

words!(Role, "role", { Viewer => "viewer", Engineer => "engineer", Manager => "manager", Admin => "admin" });

/// What a token may be used for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Scope {
    /// Send telemetry.
    Ingest,
    /// Read what the console shows.
    Read,
}

words!(Scope, "scope", { Ingest => "ingest", Read => "read" });

/// The services that a token may be used for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Services {
    /// All of them, also those that are not heard of yet.
    All,
    /// These only. Never empty.
    Named(BTreeSet<Text>),
}

impl Services {
    /// From names; none are all.
    pub fn of(names: impl IntoIterator<Item = Text>) -> Self {
        let names: BTreeSet<Text> = names.into_iter().collect();
        if names.is_empty() {
            Self::All
        } else {
            Self::Named(names)
        }
    }

    /// Whether a service is among them.
    pub fn contains(&self, service: &str) -> bool {
        match self {
            Self::All => true,
            Self::Named(names) => names.contains(service),
        }
    }
}

/// What somebody can want to do. Its word is what the audit says, in JSON as well.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(into = "&'static str", try_from = "String")]
pub enum Action {
    /// Read topology, health, traces and logs.
    Read,
    /// Send telemetry.
    Ingest,
    /// See the teams, who is in them and what they own.
    ReadTeams,
    /// Say what a service is: description, runbook, repository.
    EditService,
    /// Say which team owns a service.
    AssignService,
    /// Make, rename and remove teams, and choose their members.
    EditTeam,
    /// See all accounts.
    ReadUsers,
    /// Make accounts, set roles and passwords, disable.
    EditUser,
    /// Make a token.
    CreateToken,
    /// End a token.
    RevokeToken,
    /// See everybody's tokens.
    ReadTokens,
    /// See the audit.
    ReadAudit,
    /// See and end the own sessions, change the own password.
    OwnAccount,
    /// Sign in.
    SignIn,
    /// Sign out.
    SignOut,
    /// Make the first admin by the set-up link.
    SetUp,
    /// Make, change and remove objectives.
    EditObjective,
    /// Say which time does not count for objectives.
    EditExclusion,
    /// Say that one looks at an alert.
    AckAlert,
    /// Silence alerts for some time.
    Silence,
    /// See and change where alerts are sent.
    EditChannels,
    /// Say what a spent budget does.
    EditPolicy,
    /// See contracts, what came of them, and money.
    ReadContracts,
    /// Make, change and remove contracts, and correct their periods.
    EditContracts,
    /// Choose who gets reports by mail.
    SendReports,
    /// Close the periods of contracts that are over.
    ClosePeriods,
    /// Close the reports of periods that are over, and send them.
    MakeReports,
}

words!(Action, "action", {
    Read => "read",
    Ingest => "ingest",
    ReadTeams => "team.read",
    EditService => "service.edit",
    AssignService => "service.assign",
    EditTeam => "team.edit",
    ReadUsers => "user.read",
    EditUser => "user.edit",
    CreateToken => "token.create",
    RevokeToken => "token.revoke",
    ReadTokens => "token.read",
    ReadAudit => "audit.read",
    OwnAccount => "account.edit",
    SignIn => "sign_in",
    SignOut => "sign_out",
    SetUp => "set_up",
    EditObjective => "slo.edit",
    EditExclusion => "exclusion.edit",
    AckAlert => "alert.ack",
    Silence => "alert.silence",
    EditChannels => "channel.edit",
    EditPolicy => "policy.edit",
    ReadContracts => "sla.read",
    EditContracts => "sla.edit",
    SendReports => "report.send",
    ClosePeriods => "sla.close",
    MakeReports => "report.make",
});

impl From<Action> for &'static str {
    fn from(action: Action) -> Self {
        action.word()
    }
}

impl TryFrom<String> for Action {
    type Error = String;

    fn try_from(word: String) -> Result<Self, String> {
        word.parse()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_action_is_the_same_word_in_json_as_in_a_filter() {
        let json = serde_json::to_value(Action::EditService).expect("JSON");
        assert_eq!(json, "service.edit");
        assert_eq!(serde_json::from_value(json).ok(), Some(Action::EditService));
    }

    #[test]
    fn words_lead_back() {
        for role in Role::ALL {
            assert_eq!(role.word().parse(), Ok(*role));
        }
        for action in Action::ALL {
            assert_eq!(action.word().parse(), Ok(*action));
        }
        assert_eq!(
            "owner".parse::<Role>(),
            Err("`owner` is no role: choose one of viewer, engineer, manager, admin".to_owned())
        );
    }

    #[test]
    fn no_names_are_all_services() {
        assert!(Services::of([]).contains("cart"));
        let named = Services::of(["cart".into()]);
        assert!(named.contains("cart") && !named.contains("payments"));
    }
}
