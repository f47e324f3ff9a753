//! What the pages about people show. Flags that begin with `may_` are what the reader may do: pages offer nothing else, and the
//! server asks again.

use serde::{Deserialize, Serialize};

use super::{Role, Scope, Services};
use crate::Text;
use crate::telemetry::UnixNanos;

/// Who reads.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Me {
    /// What they sign in with; `None` where nobody has signed in.
    pub name: Option<Text>,
    /// How pages call them.
    pub display_name: Text,
    /// What they are; `None` where nobody has signed in and nobody may read so.
    pub role: Option<Role>,
    /// Their teams.
    pub teams: Vec<Text>,
    /// Whether they have a password here, and not only at the identity provider.
    pub has_password: bool,
    /// See teams.
    pub may_read_teams: bool,
    /// See all accounts.
    pub may_read_users: bool,
    /// See the whole audit.
    pub may_read_audit: bool,
    /// See contracts and money.
    pub may_read_contracts: bool,
    /// Make contracts.
    pub may_edit_contracts: bool,
    /// Make tokens.
    pub may_create_tokens: bool,
    /// Make teams.
    pub may_edit_teams: bool,
    /// Make objectives, of any service or of those of an own team.
    pub may_edit_slos: bool,
    /// Change where alerts and reports are sent.
    pub may_edit_channels: bool,
}

/// Somebody's sessions and tokens.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Profile {
    /// Who.
    pub me: Me,
    /// Newest use first.
    pub sessions: Vec<SessionSummary>,
    /// Newest first.
    pub tokens: Vec<TokenSummary>,
    /// What a new token of theirs can be for.
    pub scopes: Vec<Scope>,
    /// Which services a new token of theirs can name; empty where it can name all.
    pub services: Vec<Text>,
}

/// A session.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SessionSummary {
    /// Its number.
    pub id: i64,
    /// When it began.
    pub created_ns: UnixNanos,
    /// When it was last used, to the minute.
    pub last_seen_ns: UnixNanos,
    /// When it ends at the latest.
    pub expires_ns: UnixNanos,
    /// Where it was begun from.
    pub address: Text,
    /// The browser, as it named itself.
    pub agent: Text,
    /// Whether it is the one that asks.
    pub current: bool,
}

/// A token, without its secret.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TokenSummary {
    /// Its number.
    pub id: i64,
    /// What its owner calls it.
    pub name: Text,
    /// Whose it is; `None` for those of the command line.
    pub owner: Option<Text>,
    /// What it is for.
    pub scopes: Vec<Scope>,
    /// For which services.
    pub services: Services,
    /// When it was made.
    pub created_ns: UnixNanos,
    /// When it ends.
    pub expires_ns: UnixNanos,
    /// When it was last used, to the minute.
    pub last_used_ns: Option<UnixNanos>,
}

/// A token that was just made.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewToken {
    /// What is known of it later too.
    pub token: TokenSummary,
    /// The secret: shown this once.
    pub secret: String,
}

impl std::fmt::Debug for NewToken {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("NewToken")
            .field("token", &self.token)
            .finish_non_exhaustive()
    }
}

/// The page of teams.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct TeamList {
    /// By name.
    pub teams: Vec<TeamSummary>,
    /// Services that no team owns.
    pub unowned: Vec<Text>,
    /// Make teams.
    pub may_edit: bool,
}

/// A team in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TeamSummary {
    /// Its name in URLs.
    pub name: Text,
    /// How pages call it.
    pub title: Text,
    /// How many people are in it.
    pub members: u32,
    /// What it owns.
    pub services: Vec<Text>,
    /// Whether the reader is in it.
    pub mine: bool,
}

/// A team.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TeamDetail {
    /// What the list shows.
    pub team: TeamSummary,
    /// By name.
    pub members: Vec<Member>,
    /// Services that it could own: those that no team owns. Empty where the reader may not assign.
    pub assignable: Vec<Text>,
    /// Accounts that could be members. Empty where the reader may not choose.
    pub candidates: Vec<Text>,
    /// Rename and remove it, choose its members, say what it owns.
    pub may_edit: bool,
}

/// Somebody in a team.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Member {
    /// What they sign in with.
    pub name: Text,
    /// How pages call them.
    pub display_name: Text,
    /// What they are.
    pub role: Role,
    /// Whether they are in it by their groups at the identity provider.
    pub from_oidc: bool,
}

/// An account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UserSummary {
    /// What they sign in with.
    pub name: Text,
    /// How pages call them.
    pub display_name: Text,
    /// Where mail reaches them; may be empty.
    pub email: Text,
    /// What they are.
    pub role: Role,
    /// Their teams.
    pub teams: Vec<Text>,
    /// Whether they sign in at the identity provider.
    pub from_oidc: bool,
    /// Whether they have a password here.
    pub has_password: bool,
    /// Whether they can't sign in.
    pub disabled: bool,
    /// When they last did something, to the minute.
    pub last_seen_ns: Option<UnixNanos>,
}

/// What people say of a service.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct ServiceRecord {
    /// Its name.
    pub service: Text,
    /// Which team owns it.
    pub team: Option<Text>,
    /// What it is for.
    pub description: Text,
    /// What to do when it fails.
    pub runbook: Text,
    /// Where its source is.
    pub repository: Text,
    /// Change description, runbook and repository.
    pub may_edit: bool,
    /// Say which team owns it.
    pub may_assign: bool,
    /// See what was done to it.
    pub may_read_audit: bool,
    /// The teams to choose from; empty where the reader may not assign.
    pub teams: Vec<Text>,
}
