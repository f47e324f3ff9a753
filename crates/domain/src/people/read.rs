//! What the pages about people show. Flags that begin with `may_` are what the reader may do: pages offer nothing else, and the
//! server asks again.

use serde::{Deserialize, Serialize};

use super::{Role, Scope, Services};
use crate::Text;
use crate::telemetry::UnixNanos;

/// Who reads, and what they may do.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Me {
    /// What they sign in with; `None` where nobody has signed in.
    pub name: Option<Text>,
    /// How pages call them.
    pub display_name: Text,
    /// Their role; `None` where nobody has signed in and nobody may read so.
    pub role: Option<Role>,
    /// The names of the teams that they are in.
    pub teams: Vec<Text>,
    /// Whether they have a password here, and not only at the identity provider.
    pub has_password: bool,
    /// Whether they may see teams.
    pub may_read_teams: bool,
    /// Whether they may see all accounts.
    pub may_read_users: bool,
    /// Whether they may see the whole audit.
    pub may_read_audit: bool,
    /// Whether they may see contracts and money.
    pub may_read_contracts: bool,
    /// Whether they may make and change contracts.
    pub may_edit_contracts: bool,
    /// Whether they may make tokens.
    pub may_create_tokens: bool,
    /// Whether they may make teams.
    pub may_edit_teams: bool,
    /// Make objectives, of any service or of those of an own team.
    pub may_edit_slos: bool,
    /// Change where alerts and reports are sent.
    pub may_edit_channels: bool,
}

/// The reader's own sessions and tokens.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Profile {
    /// The reader.
    pub me: Me,
    /// Their sessions that have not ended, the newest use first.
    pub sessions: Vec<SessionSummary>,
    /// Their tokens that have not ended, newest first.
    pub tokens: Vec<TokenSummary>,
    /// What a new token of theirs can be for.
    pub scopes: Vec<Scope>,
    /// Which services a new token of theirs can name; empty where it can name all.
    pub services: Vec<Text>,
}

/// A browser that somebody is signed in with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SessionSummary {
    /// By which it is ended.
    pub id: i64,
    /// When they signed in.
    pub created_ns: UnixNanos,
    /// When it was last used, to the minute.
    pub last_seen_ns: UnixNanos,
    /// When it ends at the latest.
    pub expires_ns: UnixNanos,
    /// The address that they signed in from.
    pub address: Text,
    /// The `User-Agent` of the browser.
    pub agent: Text,
    /// Whether it is the one that this was asked with.
    pub current: bool,
}

/// A token, without its secret.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TokenSummary {
    /// By which it is revoked.
    pub id: i64,
    /// What its owner calls it.
    pub name: Text,
    /// Whose it is; `None` for those of the command line.
    pub owner: Option<Text>,
    /// What it may be used for.
    pub scopes: Vec<Scope>,
    /// The services that it may be used for.
    pub services: Services,
    /// When it was made.
    pub created_ns: UnixNanos,
    /// From when on it is refused.
    pub expires_ns: UnixNanos,
    /// When it was last used, to the minute; `None` where it never was.
    pub last_used_ns: Option<UnixNanos>,
}

/// A token that was just made.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewToken {
    /// What lists show of it from now on.
    pub token: TokenSummary,
    /// The secret: shown this once, and kept by nobody but as a hash.
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
    /// All teams, by name.
    pub teams: Vec<TeamSummary>,
    /// Services that no team owns.
    pub unowned: Vec<Text>,
    /// Whether the reader may make teams.
    pub may_edit: bool,
}

/// A team in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TeamSummary {
    /// Its name in URLs.
    pub name: Text,
    /// How pages call it.
    pub title: Text,
    /// How many accounts are in it.
    pub members: u32,
    /// The services that it owns, by name.
    pub services: Vec<Text>,
    /// Whether the reader is in it.
    pub mine: bool,
}

/// A team and who is in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TeamDetail {
    /// What the list shows.
    pub team: TeamSummary,
    /// Who is in it, by name.
    pub members: Vec<Member>,
    /// Services that it could own: those that no team owns. Empty where the reader may not assign.
    pub assignable: Vec<Text>,
    /// Accounts that could be members. Empty where the reader may not choose.
    pub candidates: Vec<Text>,
    /// Whether the reader may rename and remove it, choose its members and say what it owns.
    pub may_edit: bool,
}

/// An account in a team.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Member {
    /// What they sign in with.
    pub name: Text,
    /// How pages call them.
    pub display_name: Text,
    /// Their role.
    pub role: Role,
    /// Whether they are in it by their groups at the identity provider.
    pub from_oidc: bool,
}

/// An account in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UserSummary {
    /// What they sign in with.
    pub name: Text,
    /// How pages call them.
    pub display_name: Text,
    /// Where mail reaches them; may be empty.
    pub email: Text,
    /// Their role.
    pub role: Role,
    /// The names of the teams that they are in.
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
    /// The `service.name` that this is about.
    pub service: Text,
    /// The team that owns it; `None` where none does.
    pub team: Option<Text>,
    /// What it is for, in a line.
    pub description: Text,
    /// The address of the page that says what to do when it fails; may be empty.
    pub runbook: Text,
    /// The address of its source; may be empty.
    pub repository: Text,
    /// Whether the reader may change description, runbook and repository.
    pub may_edit: bool,
    /// Whether the reader may say which team owns it.
    pub may_assign: bool,
    /// Whether the reader may see its part of the audit.
    pub may_read_audit: bool,
    /// The teams to choose from; empty where the reader may not assign.
    pub teams: Vec<Text>,
}
