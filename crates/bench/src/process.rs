//! The server under measurement: started on free ports with an empty private database, watched from outside.

use std::net::TcpListener;
use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use tempfile::TempDir;
use tokio::process::{Child, Command};

/// A running server.
pub(crate) struct Server {
    child: Child,
    /// Its data folder.
    pub(crate) data: TempDir,
    control: u16,
    otlp: u16,
}

impl Server {
    /// Starts it on an empty private database and waits until it is ready.
    pub(crate) async fn start(program: &Path) -> Result<Self> {
        Self::start_with(program, |command| command.env_remove("DATABASE_URL")).await
    }

    /// Starts it on a database, with these arguments.
    pub(crate) async fn start_on(program: &Path, database_url: &str, arguments: &[&str]) -> Result<Self> {
        Self::start_with(program, |command| {
            command.env("DATABASE_URL", database_url).args(arguments)
        })
        .await
    }

    async fn start_with(program: &Path, more: impl FnOnce(&mut Command) -> &mut Command) -> Result<Self> {
        let data = tempfile::Builder::new().prefix("pointsman-bench-").tempdir()?;
        let ports: Vec<u16> = (0..3).map(|_| free_port()).collect::<Result<_>>()?;
        let mut command = Command::new(program);
        command
            .args(["serve", "--data-dir"])
            .arg(data.path())
            // What is measured are searches, not sign-ins.
            .args(["--anonymous", "viewer"])
            .args(["--http-addr", &format!("127.0.0.1:{}", ports[0])])
            .args(["--otlp-http-addr", &format!("127.0.0.1:{}", ports[1])])
            .args(["--otlp-grpc-addr", &format!("127.0.0.1:{}", ports[2])])
            .env("POINTSMAN_LOG", "warn")
            .kill_on_drop(true);
        let child = more(&mut command)
            .spawn()
            .with_context(|| format!("starting {}; `make build` makes it", program.display()))?;
        let server = Self {
            child,
            data,
            control: ports[0],
            otlp: ports[1],
        };
        let deadline = Instant::now() + Duration::from_secs(90);
        let http = reqwest::Client::new();
        loop {
            let ready = http.get(server.control("/readyz")).send().await;
            if ready.is_ok_and(|answer| answer.status().is_success()) {
                return Ok(server);
            }
            if Instant::now() > deadline {
                bail!("the server was not ready within 90 s");
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }

    /// An address of the console and API.
    pub(crate) fn control(&self, path: &str) -> String {
        format!("http://127.0.0.1:{}{path}", self.control)
    }

    /// An address of OTLP/HTTP.
    pub(crate) fn otlp(&self, path: &str) -> String {
        format!("http://127.0.0.1:{}{path}", self.otlp)
    }

    /// Its process id.
    pub(crate) fn pid(&self) -> u32 {
        self.child.id().unwrap_or(0)
    }

    /// CPU seconds used so far by the server and by its PostgreSQL.
    pub(crate) fn cpu_seconds(&self) -> Result<(f64, f64)> {
        Ok((
            ticks(self.pid(), false) as f64 / 100.0,
            cpu_of_postgres(self.data.path())?,
        ))
    }

    /// Stops it in order and removes its data.
    pub(crate) async fn stop(mut self) -> Result<()> {
        let pid = self.pid().to_string();
        Command::new("kill").args(["-TERM", &pid]).status().await?;
        tokio::time::timeout(Duration::from_secs(60), self.child.wait())
            .await
            .context("the server did not stop")??;
        Ok(())
    }
}

/// CPU seconds used so far by the PostgreSQL whose data lie somewhere in a folder, with what has ended of it.
pub(crate) fn cpu_of_postgres(data: &Path) -> Result<f64> {
    let postmaster = std::fs::read_to_string(find_pid_file(data)?)?;
    let postmaster: u32 = postmaster.lines().next().unwrap_or_default().trim().parse()?;
    let mut postgres = ticks(postmaster, true);
    for entry in std::fs::read_dir("/proc")?.flatten() {
        let Ok(pid) = entry.file_name().to_string_lossy().parse::<u32>() else {
            continue;
        };
        if parent(pid) == Some(postmaster) {
            postgres += ticks(pid, false);
        }
    }
    Ok(postgres as f64 / 100.0)
}

/// CPU time used so far by this process, to 10 ms.
pub(crate) fn own_cpu() -> Duration {
    Duration::from_millis(10 * ticks(std::process::id(), false))
}

/// Resident memory of a process in MB; 0 where there is none.
pub(crate) fn memory_mb(pid: u32) -> f64 {
    let text = std::fs::read_to_string(format!("/proc/{pid}/status")).unwrap_or_default();
    let line = text.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kilobytes: Option<f64> = line.and_then(|rest| rest.trim().trim_end_matches(" kB").parse().ok());
    kilobytes.unwrap_or(0.0) / 1000.0
}

fn find_pid_file(data: &Path) -> Result<std::path::PathBuf> {
    let mut open = vec![data.to_owned()];
    while let Some(folder) = open.pop() {
        for entry in std::fs::read_dir(&folder)?.flatten() {
            if entry.file_name() == "postmaster.pid" {
                return Ok(entry.path());
            }
            if entry.file_type()?.is_dir() && entry.file_name() != "base" {
                open.push(entry.path());
            }
        }
    }
    bail!("no postmaster.pid under the data folder")
}

fn free_port() -> Result<u16> {
    Ok(TcpListener::bind("127.0.0.1:0")?.local_addr()?.port())
}

/// Fields of /proc/PID/stat after the command's name.
fn stat(pid: u32) -> Option<Vec<String>> {
    let text = std::fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    let (_, rest) = text.rsplit_once(')')?;
    Some(rest.split_whitespace().map(str::to_owned).collect())
}

fn parent(pid: u32) -> Option<u32> {
    stat(pid)?.get(1)?.parse().ok()
}

/// User and system ticks (1/100 s) of a process, and of those of its children that have ended.
fn ticks(pid: u32, ended_children: bool) -> u64 {
    let Some(fields) = stat(pid) else { return 0 };
    let last = if ended_children { 15 } else { 13 };
    (11..last).filter_map(|at| fields.get(at)?.parse::<u64>().ok()).sum()
}
