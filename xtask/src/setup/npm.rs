//! Packages of npm, as the lock files beside their `package.json` say.

use std::time::SystemTime;

use anyhow::bail;

use crate::command::{command, find, run};
use crate::workspace::root;

/// Whether the packages of a folder are installed as its lock file says.
pub fn is_fresh(folder: &str) -> bool {
    let changed =
        |file: &str| -> Option<SystemTime> { std::fs::metadata(root().join(folder).join(file)).ok()?.modified().ok() };
    match (changed("package-lock.json"), changed("node_modules/.package-lock.json")) {
        (Some(wanted), Some(installed)) => installed >= wanted,
        _ => false,
    }
}

/// Installs them, unless they are there.
pub fn ensure_packages(folder: &str) -> anyhow::Result<()> {
    if is_fresh(folder) {
        return Ok(());
    }
    if find("npm").is_none() {
        bail!("there is no npm; install Node.js 20 or newer with npm");
    }
    let mut npm = command("npm");
    npm.current_dir(root().join(folder));
    run(npm.args(["ci", "--no-audit", "--no-fund"]))
}
