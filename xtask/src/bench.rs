//! Measures what is shipped, for the tables in docs/benchmarks.md.

use std::path::Path;

use anyhow::Context;

use crate::build;
use crate::command::{cargo, command, run as run_command};
use crate::setup::{self, Need};
use crate::workspace::root;

/// Builds the server and runs the measuring programs over it: the pages in a browser, then what arrives and what is read.
pub fn run(arguments: &[String]) -> anyhow::Result<()> {
    setup::ensure(setup::DEMO)?;
    let program = build::release()?;
    if arguments.is_empty() {
        pages(&program)?;
    }
    let mut bench = cargo(&[
        "run",
        "--release",
        "--locked",
        "--package",
        "pointsman-bench",
        "--",
        "--server",
    ]);
    run_command(bench.arg(program).args(arguments))
}

/// How soon a page is there and alive.
fn pages(program: &Path) -> anyhow::Result<()> {
    setup::ensure(&[Need::Chromium, Need::Playwright])?;
    let mut node = command("node");
    node.current_dir(root().join("end2end")).arg("load.mjs");
    node.env("POINTSMAN_PROGRAM", program);
    node.env("POINTSMAN_CHROMIUM", setup::chromium().context("there is no Chromium")?);
    run_command(&mut node)
}
