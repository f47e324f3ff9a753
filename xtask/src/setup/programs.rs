//! Rust's target, the browser, Python.

use std::path::{Path, PathBuf};

use anyhow::bail;

use crate::command::{command, find, read, run};

const TARGET: &str = "wasm32-unknown-unknown";

/// Whether rustc has the standard library for the browser.
pub fn has_wasm_target() -> bool {
    let folder = read(command("rustc").args(["--print", "target-libdir", "--target", TARGET]));
    folder.is_ok_and(|folder| Path::new(folder.trim()).is_dir())
}

/// Adds it.
pub fn add_wasm_target() -> anyhow::Result<()> {
    if find("rustup").is_none() {
        bail!("there is no rustup; install the standard library of the target {TARGET} the way Rust was installed");
    }
    run(command("rustup").args(["target", "add", TARGET]))
}

/// The browser: what `POINTSMAN_CHROMIUM` names, or one on the PATH.
pub fn chromium() -> Option<PathBuf> {
    match std::env::var_os("POINTSMAN_CHROMIUM").filter(|value| !value.is_empty()) {
        Some(path) => Some(PathBuf::from(path)).filter(|path| path.is_file()),
        None => ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"]
            .into_iter()
            .find_map(find),
    }
}

/// A Python that can make virtual environments.
pub fn python() -> Option<PathBuf> {
    let python = find("python3")?;
    let able = read(command(&python).args(["-c", "import venv, ensurepip"])).is_ok();
    able.then_some(python)
}
