//! Who may come in without credentials, how long sessions last, and what in front of the server is believed.

use std::net::IpAddr;
use std::time::Duration;

use anyhow::{Result, bail};
use clap::builder::BoolishValueParser;
use clap::{Args, ValueEnum};
use ipnet::IpNet;
use pointsman_domain::people::Role;

use super::parse_length;
use super::public_url::PublicUrl;

/// Who may come in without credentials, how long sessions last, and what in front of the server is believed.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Access")]
pub struct AccessSettings {
    /// What anybody may do who has not signed in and shows no token: nothing, or read as a viewer
    #[arg(long, env = "POINTSMAN_ANONYMOUS", value_enum, default_value_t = Anonymous::None)]
    pub anonymous: Anonymous,

    /// A session that nobody has used for so long has ended
    #[arg(long, env = "POINTSMAN_SESSION_IDLE", default_value = "12h", value_parser = parse_length, value_name = "TIME")]
    pub session_idle: Duration,

    /// A session ends after so long, used or not
    #[arg(long, env = "POINTSMAN_SESSION_MAX", default_value = "30d", value_parser = parse_length, value_name = "TIME")]
    pub session_max: Duration,

    /// Take telemetry from anybody who reaches the OTLP ports; without it a token is needed where they are bound to more than loopback
    #[arg(long, env = "POINTSMAN_INGEST_WITHOUT_TOKEN", value_parser = BoolishValueParser::new())]
    pub ingest_without_token: bool,

    /// The proxies whose X-Forwarded-For, -Proto and -Host are believed: addresses or networks, with commas between
    #[arg(long, env = "POINTSMAN_TRUSTED_PROXY", value_delimiter = ',', value_parser = parse_network, value_name = "CIDR")]
    pub trusted_proxy: Vec<IpNet>,

    /// Under which address people open the console, where that is not the one it listens on; https makes cookies Secure
    #[arg(long, env = "POINTSMAN_PUBLIC_URL", value_parser = PublicUrl::parse, value_name = "URL")]
    pub public_url: Option<PublicUrl>,
}

/// What anybody may do who shows no credentials.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Anonymous {
    /// Nothing but sign in.
    None,
    /// Read.
    Viewer,
}

impl Anonymous {
    /// As which role.
    pub fn role(self) -> Option<Role> {
        match self {
            Self::None => None,
            Self::Viewer => Some(Role::Viewer),
        }
    }
}

impl AccessSettings {
    /// Errors: sessions that end at once or never.
    pub fn check(&self) -> Result<()> {
        let (minute, year) = (Duration::from_secs(60), Duration::from_secs(366 * 86_400));
        if self.session_idle < minute {
            bail!("--session-idle must be a minute at least");
        }
        if self.session_max < self.session_idle || self.session_max > year {
            bail!("--session-max must be at least --session-idle and at most 366d");
        }
        Ok(())
    }
}

/// Reads `10.0.0.0/8`, or a single address. Errors: a sentence that says how to write it.
fn parse_network(text: &str) -> Result<IpNet, String> {
    let text = text.trim();
    let one = text.parse::<IpAddr>().ok().map(IpNet::from);
    one.or_else(|| text.parse().ok())
        .ok_or_else(|| "write an address or a network, such as 10.1.2.3 or 10.0.0.0/8".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_network_may_be_one_address() {
        let holds = |network: &str, address: &str| {
            parse_network(network).map(|n| address.parse().is_ok_and(|a: IpAddr| n.contains(&a)))
        };
        assert_eq!(holds("10.0.0.0/8", "10.9.9.9"), Ok(true));
        assert_eq!(holds("10.1.2.3", "10.1.2.4"), Ok(false));
        assert_eq!(holds("::1", "::1"), Ok(true));
        assert!(parse_network("example.org").is_err());
    }
}
