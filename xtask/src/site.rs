//! Builds what the browser loads: the WASM module with its JavaScript, the style sheet, the static files.
//!
//! `target/site/pkg/pointsman.js`, `pkg/pointsman_bg.wasm` and `pkg/pointsman.css` are what Leptos' hydration script and the shell ask
//! for. The frontend is built in a call of cargo of its own: together with the server it would unify their features.

mod bindgen;
mod optimise;
mod style;

use std::path::Path;

use anyhow::Context;

use crate::command::{cargo, run, say};
use crate::workspace::{root, short, site, target};

/// Builds the site: small and slowly (`release`), or quickly.
pub fn build(release: bool) -> anyhow::Result<()> {
    let profile = if release { "wasm-release" } else { "dev" };
    let triple = "wasm32-unknown-unknown";
    let flags = [
        "--package",
        "pointsman-frontend",
        "--lib",
        "--locked",
        "--target",
        triple,
        "--profile",
        profile,
    ];
    run(cargo(&["build"]).args(flags))?;
    let folder = if release { "wasm-release" } else { "debug" };
    let wasm = target().join(triple).join(folder).join("pointsman_frontend.wasm");

    let package = site().join("pkg");
    let stamp = Stamp::of(&wasm, release)?;
    if stamp.is_there() {
        say("the WASM module has not changed");
    } else {
        bindgen::generate(&wasm, &package, !release)?;
        if release {
            optimise::shrink(&package.join("pointsman_bg.wasm"))?;
        }
        stamp.leave()?;
    }
    write(
        &package.join("pointsman.css"),
        style::bundle(&root().join("style/main.css"))?.as_bytes(),
    )?;
    copy_folder(&root().join("public"), &site())?;
    let size = std::fs::metadata(package.join("pointsman_bg.wasm"))
        .context("measure the WASM module")?
        .len();
    say(&format!("the site is in {} (WASM: {} kB)", short(&site()), size / 1000));
    Ok(())
}

/// What the module in the site was made of: so that it is not made again of the same.
struct Stamp(String);

impl Stamp {
    fn of(wasm: &Path, release: bool) -> anyhow::Result<Self> {
        let found = std::fs::metadata(wasm).with_context(|| format!("look at {}", wasm.display()))?;
        let changed = found.modified()?.duration_since(std::time::UNIX_EPOCH)?.as_nanos();
        Ok(Self(format!(
            "{} {} {changed} release={release}\n",
            wasm.display(),
            found.len()
        )))
    }

    /// Beside the site, not in it: all that is in it is embedded.
    fn path() -> std::path::PathBuf {
        site().with_extension("stamp")
    }

    fn is_there(&self) -> bool {
        let module = site().join("pkg/pointsman_bg.wasm").is_file();
        module && std::fs::read_to_string(Self::path()).is_ok_and(|text| text == self.0)
    }

    fn leave(&self) -> anyhow::Result<()> {
        write(&Self::path(), self.0.as_bytes())
    }
}

/// Writes a file unless it says that already: an unchanged file does not make the server be built again.
fn write(path: &Path, bytes: &[u8]) -> anyhow::Result<()> {
    if std::fs::read(path).is_ok_and(|found| found == bytes) {
        return Ok(());
    }
    if let Some(parent) = path.parent() {
        std::fs::create_dir_all(parent)?;
    }
    std::fs::write(path, bytes).with_context(|| format!("write {}", path.display()))
}

fn copy_folder(from: &Path, to: &Path) -> anyhow::Result<()> {
    if !from.is_dir() {
        return Ok(());
    }
    for entry in std::fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy_folder(&entry.path(), &target)?;
        } else {
            write(&target, &std::fs::read(entry.path())?)?;
        }
    }
    Ok(())
}
