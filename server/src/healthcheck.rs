//! `pointsman healthcheck`: for containers, whose image has nothing else that speaks HTTP, let alone TLS.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::time::Duration;

use anyhow::{Context, Result, bail};
use clap::Args;

use crate::settings::{ListenSettings, TlsSettings};

/// How long the server may take.
const PATIENCE: Duration = Duration::from_secs(2);

/// What `pointsman healthcheck` can be told: what the server was told about its console's port.
#[derive(Debug, Clone, Args)]
pub struct HealthcheckArgs {
    #[command(flatten)]
    listen: ListenSettings,
    #[command(flatten)]
    tls: TlsSettings,
}

/// Where this machine reaches a listener.
fn from_here(listener: SocketAddr) -> SocketAddr {
    let ip = match listener.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => Ipv4Addr::LOCALHOST.into(),
        IpAddr::V6(ip) if ip.is_unspecified() => Ipv6Addr::LOCALHOST.into(),
        ip => ip,
    };
    SocketAddr::new(ip, listener.port())
}

/// Asks the server at the console's address whether it lives. Errors: it does not, said in a sentence.
pub async fn run(args: HealthcheckArgs) -> Result<()> {
    let scheme = args.tls.files().map_or("http", |_| "https");
    let url = format!("{scheme}://{}/healthz", from_here(args.listen.http_addr));
    // That another part has chosen already is fine: there is only this one.
    let _ = rustls::crypto::ring::default_provider().install_default();
    // The certificate is for the name that people use. Nothing is sent that anybody may not see.
    let client = reqwest::Client::builder()
        .timeout(PATIENCE)
        .no_proxy()
        .tls_danger_accept_invalid_certs(true)
        .build()?;
    let answer = client.get(&url).send().await;
    let status = answer.with_context(|| format!("{url} does not answer"))?.status();
    if !status.is_success() {
        bail!("{url} answers {status}");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_listener_for_all_addresses_is_asked_by_loopback() {
        for (listener, asked) in [
            ("0.0.0.0:3000", "127.0.0.1:3000"),
            ("[::]:3000", "[::1]:3000"),
            ("10.1.2.3:80", "10.1.2.3:80"),
        ] {
            let (listener, asked) = (
                listener.parse().expect("an address"),
                asked.parse().expect("an address"),
            );
            assert_eq!(super::from_here(listener), asked);
        }
    }
}
