//! Runs the server, and builds and starts it again when a source changes.

use std::path::Path;
use std::process::Child;
use std::time::{Duration, SystemTime};

use anyhow::Context;
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;

use crate::command::{cargo, command, say};
use crate::site::{self, Build};
use crate::workspace::{built, root};
use crate::{build, setup};

/// What the server is made of.
const SOURCES: [&str; 7] = [
    "app",
    "crates",
    "frontend",
    "migrations",
    "server",
    "style",
    "Cargo.toml",
];

/// Runs until it is interrupted.
pub fn run(arguments: &[String]) -> anyhow::Result<()> {
    setup::ensure(setup::DEMO)?;
    loop {
        let seen = newest_source();
        let mut server = match build_both() {
            Ok(()) => Some(start(arguments)?),
            Err(error) => {
                say(&format!("{error:#}; waiting for a change"));
                None
            }
        };
        while newest_source() == seen {
            wait();
        }
        say("a source has changed");
        if let Some(server) = &mut server {
            stop(server)?;
        }
    }
}

fn build_both() -> anyhow::Result<()> {
    // The server reads the site from the disk when it starts.
    build::beside(&mut cargo(&["build", "--package", "pointsman"]), || {
        site::build(Build::Dev)
    })
}

fn start(arguments: &[String]) -> anyhow::Result<Child> {
    let mut server = command(built("debug", "pointsman"));
    if arguments.is_empty() {
        server.arg("demo");
    }
    server.args(arguments).spawn().context("start the server")
}

/// As a service manager would: asked to stop, waited for.
fn stop(server: &mut Child) -> anyhow::Result<()> {
    // An error here means that it has ended already.
    let _ = kill(Pid::from_raw(server.id().cast_signed()), Signal::SIGTERM);
    server.wait().context("wait for the server").map(|_| ())
}

#[expect(clippy::disallowed_methods, reason = "there is no async runtime here")]
fn wait() {
    std::thread::sleep(Duration::from_millis(500));
}

fn newest_source() -> Option<SystemTime> {
    SOURCES
        .iter()
        .filter_map(|source| newest_in(&root().join(source)))
        .max()
}

fn newest_in(path: &Path) -> Option<SystemTime> {
    let found = std::fs::metadata(path).ok()?;
    let own = found.modified().ok();
    if !found.is_dir() {
        return own;
    }
    let within = std::fs::read_dir(path)
        .ok()?
        .flatten()
        .filter_map(|entry| newest_in(&entry.path()))
        .max();
    own.max(within)
}
