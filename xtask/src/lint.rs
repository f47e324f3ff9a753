//! What is checked without running anything: formatting, the house's rules, clippy on both sides, licences.

use crate::command::{cargo, find, run as run_command, say};
use crate::workspace::site;
use crate::{setup, tidy};

pub fn run() -> anyhow::Result<()> {
    run_command(&mut cargo(&["fmt", "--all", "--check"]))?;
    tidy::run()?;
    clippy()?;
    licences()
}

fn clippy() -> anyhow::Result<()> {
    setup::ensure(&[setup::Need::WasmTarget])?;
    // The server embeds this folder, even if nothing is in it yet.
    std::fs::create_dir_all(site())?;
    let strict = ["--", "--deny", "warnings"];
    let host = [
        "clippy",
        "--locked",
        "--workspace",
        "--exclude",
        "pointsman-frontend",
        "--all-targets",
    ];
    run_command(cargo(&host).args(strict))?;
    let browser = [
        "clippy",
        "--locked",
        "--package",
        "pointsman-frontend",
        "--target",
        "wasm32-unknown-unknown",
    ];
    run_command(cargo(&browser).args(strict))
}

fn licences() -> anyhow::Result<()> {
    if find("cargo-deny").is_none() {
        say(
            "cargo-deny is not installed: licences, advisories and sources are not checked here (cargo install cargo-deny)",
        );
        return Ok(());
    }
    run_command(&mut cargo(&["deny", "check", "licenses", "bans", "sources"]))
}
