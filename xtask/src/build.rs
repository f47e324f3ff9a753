//! The server with the site and the migrations in it: as it is shipped, or sooner.

use std::path::PathBuf;
use std::process::Command;

use anyhow::Context;

use crate::command::{cargo, run, say, shown};
use crate::setup;
use crate::site::{self, Build};
use crate::workspace::{built, root, short};

/// The server as it is shipped; answers where it is.
pub fn release() -> anyhow::Result<PathBuf> {
    setup::ensure(setup::BUILD)?;
    let program = server(Build::Release, "release")?;
    let promised = root().join("target/release/pointsman");
    if program != promised {
        std::fs::create_dir_all(root().join("target/release"))?;
        std::fs::copy(&program, &promised)?;
    }
    say(&format!("the server is {}", short(&promised)));
    Ok(promised)
}

/// The server to look at: in half of the time, and not as quick.
pub fn demo() -> anyhow::Result<PathBuf> {
    server(Build::Demo, "demo")
}

fn server(build: Build, profile: &str) -> anyhow::Result<PathBuf> {
    // All but the program itself, which embeds the site, is built beside it: each waits for the other at times, and the cores do not.
    let flags = ["--locked", "--package", "pointsman", "--profile", profile];
    beside(cargo(&["build", "--lib"]).args(flags), || site::build(build))?;
    run(cargo(&["build"]).args(flags))?;
    Ok(built(profile, "pointsman"))
}

/// Runs a command while something else is done; an error of either is told when both have ended.
pub fn beside(command: &mut Command, work: impl FnOnce() -> anyhow::Result<()>) -> anyhow::Result<()> {
    let name = shown(command);
    say(&format!("{name} (beside what follows)"));
    let mut child = command
        .spawn()
        .with_context(|| format!("`{name}` could not be started"))?;
    let done = work();
    let status = child.wait().with_context(|| format!("wait for `{name}`"))?;
    anyhow::ensure!(status.success(), "`{name}` failed ({status})");
    done
}
