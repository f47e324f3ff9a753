//! The Pointsman that the demo shows: `pointsman serve`, started from the same executable, waited for, found.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, TcpListener};
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Context, bail};
use bytes::Bytes;
use http::{HeaderMap, Method};
use hyper_util::client::legacy::Client as Pool;
use hyper_util::rt::TokioExecutor;
use nix::sys::prctl::set_pdeathsig;
use nix::sys::signal::Signal;
use nix::unistd::getppid;
use pointsman_localpg::LocalPg;
use tokio::process::Command;

use crate::args::{AttachedArgs, RunArgs};
use crate::children::Child;
use crate::web;

/// The first start makes a PostgreSQL cluster, which takes its time on a slow disk.
const START: Duration = Duration::from_secs(180);

/// Starts `pointsman serve`.
pub fn start(args: &RunArgs, data_dir: &Path, logs: &Path) -> anyhow::Result<Child> {
    // Else the one that has the address would be taken for ours.
    for (flag, addr) in [
        ("--http-addr", args.http_addr),
        ("--otlp-grpc-addr", args.otlp_grpc_addr),
        ("--otlp-http-addr", args.otlp_http_addr),
    ] {
        if let Err(error) = TcpListener::bind(addr) {
            bail!(
                "cannot listen at {addr}: {error}. Give another address ({flag}), or use a Pointsman that runs (--no-serve)."
            );
        }
    }
    let mut command = Command::new(std::env::current_exe()?);
    command
        .args(["demo", "attached", "--parent", &std::process::id().to_string(), "serve"])
        .env("POINTSMAN_HTTP_ADDR", args.http_addr.to_string())
        .env("POINTSMAN_OTLP_GRPC_ADDR", args.otlp_grpc_addr.to_string())
        .env("POINTSMAN_OTLP_HTTP_ADDR", args.otlp_http_addr.to_string())
        .env("POINTSMAN_DATA_DIR", data_dir);
    // Its console can be read at once, by whoever is at this machine; the accounts are for everything else.
    if args.http_addr.ip().is_loopback() && std::env::var_os("POINTSMAN_ANONYMOUS").is_none() {
        command.env("POINTSMAN_ANONYMOUS", "viewer");
    }
    match &args.database_url {
        Some(url) => command.env("DATABASE_URL", url),
        None => command.env_remove("DATABASE_URL"),
    };
    Child::spawn("pointsman", command, logs, false)
}

/// Becomes another subcommand of this program, after seeing to it that it gets SIGTERM when the demo ends, however that ends.
/// Comes back only with an error.
pub fn attached(args: &AttachedArgs) -> anyhow::Error {
    if let Err(error) = set_pdeathsig(Signal::SIGTERM) {
        return error.into();
    }
    // The parent may have ended before the line above.
    if getppid().as_raw() != args.parent {
        return anyhow::anyhow!("the demo is gone");
    }
    match std::env::current_exe() {
        Ok(program) => std::process::Command::new(program).args(&args.command).exec().into(),
        Err(error) => error.into(),
    }
}

/// Waits until the Pointsman at `console` says that it is ready; `child` is the one that the demo has started.
pub async fn ready(console: &str, mut child: Option<&mut Child>) -> anyhow::Result<()> {
    let pool = Pool::builder(TokioExecutor::new()).build_http();
    let began = Instant::now();
    let url = format!("{console}/readyz");
    loop {
        if let Some(child) = child.as_deref_mut()
            && let Some(status) = child.died()
        {
            bail!("pointsman serve ended ({status}):\n{}", child.last_lines());
        }
        let answer = web::send(&pool, Method::GET, &url, HeaderMap::new(), Bytes::new()).await;
        let problem = match answer {
            Ok((status, _)) if status.is_success() => return Ok(()),
            Ok((status, body)) => format!("{status}: {}", String::from_utf8_lossy(&body)),
            Err(error) => error.to_string(),
        };
        // Nothing that somebody else runs becomes ready because we wait.
        if began.elapsed() > START || child.is_none() {
            bail!("Pointsman is not ready: {problem}");
        }
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
}

/// The database that Pointsman uses: the one given, else the private one in the data folder.
pub fn database_url(args: &RunArgs, data_dir: &Path) -> anyhow::Result<String> {
    match &args.database_url {
        Some(url) => Ok(url.clone()),
        None => LocalPg::url_at(data_dir, LocalPg::DATABASE)
            .with_context(|| format!("no PostgreSQL runs in {}: give --database-url", data_dir.display())),
    }
}

/// `http://` and an address that one can connect to, for one that was listened on.
pub fn url(addr: SocketAddr) -> String {
    let ip = match addr.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => IpAddr::V4(Ipv4Addr::LOCALHOST),
        IpAddr::V6(ip) if ip.is_unspecified() => IpAddr::V6(Ipv6Addr::LOCALHOST),
        ip => ip,
    };
    format!("http://{}", SocketAddr::new(ip, addr.port()))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test says what it expects")]

    #[test]
    fn an_address_to_listen_on_becomes_one_to_call() {
        for (addr, url) in [
            ("127.0.0.1:3000", "http://127.0.0.1:3000"),
            ("0.0.0.0:4317", "http://127.0.0.1:4317"),
            ("[::]:4317", "http://[::1]:4317"),
        ] {
            assert_eq!(super::url(addr.parse().unwrap()), url);
        }
    }
}
