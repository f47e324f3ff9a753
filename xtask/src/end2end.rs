//! The journeys in a real browser, over the demo.

use anyhow::Context;

use crate::command::{cargo, command, run as run_command};
use crate::setup::{self, Need};
use crate::workspace::{built, root};

/// What to run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Only {
    /// All journeys, screenshots among them.
    Everything,
    /// The screenshots.
    Screenshots,
}

/// Builds the site and, as the tests do, the server, and runs the journeys.
pub fn run(only: Only) -> anyhow::Result<()> {
    setup::ensure(&[
        Need::WasmTarget,
        Need::PostgreSql,
        Need::Chromium,
        Need::Binaryen,
        Need::Playwright,
    ])?;
    // Of a site that has not changed it makes nothing anew.
    crate::site::build(crate::site::Build::Release)?;
    // The same packages as `cargo test` builds, so that nothing is compiled twice with other features.
    run_command(&mut cargo(&[
        "build",
        "--locked",
        "--workspace",
        "--exclude",
        "pointsman-frontend",
        "--bins",
    ]))?;
    play(only)
}

/// Runs the journeys over the server and the site that are built already, as they are after `cargo test`.
pub fn play(only: Only) -> anyhow::Result<()> {
    let mut node = command("node");
    node.current_dir(root().join("end2end"));
    node.args(["--test", "--test-concurrency=1", "--test-reporter=spec"]);
    if only == Only::Screenshots {
        node.arg("--test-name-pattern=screenshots");
    }
    node.env("POINTSMAN_PROGRAM", built("debug", "pointsman"));
    node.env("POINTSMAN_CHROMIUM", setup::chromium().context("there is no Chromium")?);
    run_command(node.arg("journeys.test.mjs"))
}
