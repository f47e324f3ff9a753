//! The identity provider whose people may sign in.

use std::path::PathBuf;

use anyhow::{Context, Result, bail};
use clap::Args;
use pointsman_domain::kit::name::TeamName;
use pointsman_domain::people::Role;
use url::Url;

use super::AccessSettings;

/// The identity provider whose people may sign in, by OpenID Connect.
#[derive(Clone, Args)]
#[command(next_help_heading = "Single sign-on (OpenID Connect)")]
pub struct OidcSettings {
    /// The provider's issuer URL; needs --public-url, and <public-url>/sign-in/oidc/callback as redirect URI at the provider
    #[arg(long, env = "POINTSMAN_OIDC_ISSUER", value_name = "URL")]
    pub oidc_issuer: Option<String>,

    /// The client's id at the provider
    #[arg(long, env = "POINTSMAN_OIDC_CLIENT_ID", value_name = "ID")]
    pub oidc_client_id: Option<String>,

    /// The client's secret; a file or the variable is better, since a command line can be seen by others
    #[arg(
        long,
        env = "POINTSMAN_OIDC_CLIENT_SECRET",
        hide_env_values = true,
        value_name = "SECRET"
    )]
    pub oidc_client_secret: Option<String>,

    /// A file that holds the client's secret
    #[arg(long, env = "POINTSMAN_OIDC_CLIENT_SECRET_FILE", value_name = "FILE")]
    pub oidc_client_secret_file: Option<PathBuf>,

    /// What is asked of the provider, with spaces between
    #[arg(
        long,
        env = "POINTSMAN_OIDC_SCOPES",
        default_value = "openid profile email",
        value_name = "SCOPES"
    )]
    pub oidc_scopes: String,

    /// The claim that lists a person's groups, in the ID token or the userinfo
    #[arg(
        long,
        env = "POINTSMAN_OIDC_GROUPS_CLAIM",
        default_value = "groups",
        value_name = "CLAIM"
    )]
    pub oidc_groups_claim: String,

    /// Which group has which role, with commas between; the highest counts
    #[arg(long, env = "POINTSMAN_OIDC_ROLE", value_delimiter = ',', value_parser = parse_role, value_name = "GROUP=ROLE")]
    pub oidc_role: Vec<(String, Role)>,

    /// Which group is which team, with commas between
    #[arg(long, env = "POINTSMAN_OIDC_TEAM", value_delimiter = ',', value_parser = parse_team, value_name = "GROUP=TEAM")]
    pub oidc_team: Vec<(String, TeamName)>,

    /// The role of whoever is in none of these groups: a role, or none to let nobody else in
    #[arg(
        long,
        env = "POINTSMAN_OIDC_DEFAULT_ROLE",
        default_value = "none",
        value_parser = parse_default_role,
        value_name = "ROLE"
    )]
    pub oidc_default_role: DefaultRole,
}

/// The role of whoever is in no group that has one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DefaultRole(pub Option<Role>);

impl OidcSettings {
    /// Errors: settings that need each other and are not all there, or an issuer that could be listened in to.
    pub fn check(&self, access: &AccessSettings) -> Result<()> {
        let Some(issuer) = &self.oidc_issuer else {
            if self.oidc_client_id.is_some() || !self.oidc_role.is_empty() || !self.oidc_team.is_empty() {
                bail!(
                    "--oidc-client-id, --oidc-role and --oidc-team are of use only with --oidc-issuer; give that, too"
                );
            }
            return Ok(());
        };
        let Ok(url) = Url::parse(issuer) else {
            bail!("--oidc-issuer is no URL; write it as https://login.example.org");
        };
        let loopback = match url.host() {
            Some(url::Host::Domain(name)) => name == "localhost",
            Some(url::Host::Ipv4(address)) => address.is_loopback(),
            Some(url::Host::Ipv6(address)) => address.is_loopback(),
            None => false,
        };
        if url.scheme() != "https" && !(url.scheme() == "http" && loopback) {
            bail!("--oidc-issuer must be https:// (http:// is taken on loopback only)");
        }
        if self.oidc_client_id.as_deref().unwrap_or_default().is_empty() {
            bail!("--oidc-issuer needs --oidc-client-id; give the id that the provider has for Pointsman");
        }
        if access.public_url.is_none() {
            bail!("--oidc-issuer needs --public-url; the provider sends people back to it");
        }
        if self.oidc_client_secret.is_some() && self.oidc_client_secret_file.is_some() {
            bail!("--oidc-client-secret and --oidc-client-secret-file are both given; give one");
        }
        if !self.oidc_scopes.split_whitespace().any(|scope| scope == "openid") {
            bail!("--oidc-scopes must have openid among them");
        }
        self.client_secret().map(drop)
    }

    /// The client's secret, read from its file where it is in one. Errors: the file can't be read.
    pub fn client_secret(&self) -> Result<Option<String>> {
        match &self.oidc_client_secret_file {
            None => Ok(self.oidc_client_secret.clone()),
            Some(file) => {
                let text = std::fs::read_to_string(file);
                let text = text.with_context(|| format!("can't read --oidc-client-secret-file {}", file.display()))?;
                Ok(Some(text.trim().to_owned()))
            }
        }
    }
}

fn pair(text: &str) -> Option<(String, &str)> {
    let (group, value) = text.rsplit_once('=')?;
    let (group, value) = (group.trim(), value.trim());
    (!group.is_empty()).then(|| (group.to_owned(), value))
}

fn parse_role(text: &str) -> Result<(String, Role), String> {
    let (group, role) = pair(text).ok_or("write it as GROUP=ROLE")?;
    Ok((group, role.parse()?))
}

fn parse_team(text: &str) -> Result<(String, TeamName), String> {
    let (group, team) = pair(text).ok_or("write it as GROUP=TEAM")?;
    let team = TeamName::parse(team).map_err(|error| format!("the team's name {error}"))?;
    Ok((group, team))
}

fn parse_default_role(text: &str) -> Result<DefaultRole, String> {
    match text {
        "none" => Ok(DefaultRole(None)),
        role => role.parse().map(|role| DefaultRole(Some(role))),
    }
}

/// Without the secret.
impl std::fmt::Debug for OidcSettings {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("OidcSettings")
            .field("oidc_issuer", &self.oidc_issuer)
            .field("oidc_client_id", &self.oidc_client_id)
            .field("oidc_client_secret", &self.oidc_client_secret.as_ref().map(|_| "(set)"))
            .field("oidc_client_secret_file", &self.oidc_client_secret_file)
            .field("oidc_scopes", &self.oidc_scopes)
            .field("oidc_groups_claim", &self.oidc_groups_claim)
            .field("oidc_role", &self.oidc_role)
            .field("oidc_team", &self.oidc_team)
            .field("oidc_default_role", &self.oidc_default_role)
            .finish()
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)] // a panic is how a test fails

    use super::*;

    #[test]
    fn groups_may_have_signs_in_their_names() {
        assert_eq!(parse_role("cn=ops=admin"), Ok(("cn=ops".to_owned(), Role::Admin)));
        assert!(parse_role("admin").is_err());
        assert!(parse_role("ops=owner").is_err());
        assert_eq!(parse_team("/pay = payments").unwrap().0, "/pay");
        assert!(parse_team("x=Not A Team").is_err());
        assert_eq!(parse_default_role("none"), Ok(DefaultRole(None)));
    }
}
