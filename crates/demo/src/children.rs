//! The processes that the demo starts, and how it follows and ends them.
//!
//! Each has a process group of its own, so that a Ctrl-C in the terminal reaches the parent alone, which then stops them
//! in order. A service is told things by lines on its standard input, whose end is the word to stop.

use std::fs::File;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{ExitStatus, Stdio};
use std::time::Duration;

use anyhow::{Context, bail};
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::process::{Child as Process, ChildStdin, Command};

/// What a service prints, before its address, when it listens.
pub const READY: &str = "ready at ";

/// Tells a node to misbehave.
pub const FAULT_ON: &str = "fault on";

/// Tells it to behave.
pub const FAULT_OFF: &str = "fault off";

/// How long a service may take to start.
const START: Duration = Duration::from_secs(30);

/// How many lines of a dead process's log are shown.
const LAST_LINES: usize = 5;

/// A running process of the demo.
pub struct Child {
    /// What it is called.
    pub name: String,
    /// Where what it writes to standard error goes.
    pub log: PathBuf,
    process: Process,
    stdin: Option<ChildStdin>,
    reported: bool,
}

impl Child {
    /// Starts `command`, which gets a pipe for standard input where it listens to the parent.
    pub fn spawn(name: &str, mut command: Command, logs: &Path, listens: bool) -> anyhow::Result<Self> {
        let log = logs.join(format!("{name}.log"));
        let file = File::create(&log).with_context(|| format!("cannot write {}", log.display()))?;
        if listens {
            command.stdin(Stdio::piped()).stdout(Stdio::piped());
        } else {
            command.stdin(Stdio::null()).stdout(file.try_clone()?);
        }
        let mut process = command
            .stderr(file)
            .process_group(0)
            // Pointsman is not killed: it has a database to stop, and gets SIGTERM when this process ends.
            .kill_on_drop(listens)
            .spawn()
            .with_context(|| format!("cannot start {name}"))?;
        Ok(Self {
            name: name.to_owned(),
            log,
            stdin: process.stdin.take(),
            process,
            reported: false,
        })
    }

    /// Waits until it says where it listens.
    pub async fn ready(&mut self) -> anyhow::Result<SocketAddr> {
        let stdout = self.process.stdout.take().context("this process says nothing")?;
        let mut lines = BufReader::new(stdout).lines();
        let said = tokio::time::timeout(START, lines.next_line()).await;
        let line = match said {
            Ok(line) => line.unwrap_or_default().unwrap_or_default(),
            Err(_) => bail!(
                "{} is not ready after {} s; see {}",
                self.name,
                START.as_secs(),
                self.log.display()
            ),
        };
        match line.strip_prefix(READY).and_then(|addr| addr.parse().ok()) {
            Some(addr) => Ok(addr),
            None => bail!("{} did not start:\n{}", self.name, self.last_lines()),
        }
    }

    /// Sends it a line. One that is gone hears nothing; [`Child::died`] tells of that.
    pub async fn tell(&mut self, line: &str) {
        if let Some(stdin) = &mut self.stdin {
            let _ = stdin.write_all(format!("{line}\n").as_bytes()).await;
        }
    }

    /// How it ended, the first time that one asks after it did.
    pub fn died(&mut self) -> Option<ExitStatus> {
        if self.reported {
            return None;
        }
        let status = self.process.try_wait().ok().flatten()?;
        self.reported = true;
        Some(status)
    }

    /// The end of its log.
    pub fn last_lines(&self) -> String {
        let text = std::fs::read_to_string(&self.log).unwrap_or_default();
        let lines: Vec<&str> = text.lines().collect();
        let last = &lines[lines.len().saturating_sub(LAST_LINES)..];
        format!("{}\n(all of it: {})", last.join("\n"), self.log.display())
    }

    /// Asks it to stop, waits for at most `grace`, then ends it. Answers whether it went by itself.
    pub async fn stop(mut self, grace: Duration) -> bool {
        if self.stdin.take().is_none()
            && let Some(pid) = self.process.id()
        {
            let _ = kill(Pid::from_raw(pid as i32), Signal::SIGTERM);
        }
        if tokio::time::timeout(grace, self.process.wait()).await.is_ok() {
            return true;
        }
        let _ = self.process.kill().await;
        false
    }
}
