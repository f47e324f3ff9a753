//! Builds what the browser loads: WASM modules with their JavaScript, the style sheet.
//!
//! ```text
//! cargo --> one module --[ split, optimise ]--> main and a file for each area --> target/site-parts
//!                                                       style ------------------------+
//!   target/site/pkg/<hash>/...  <--[ publish: name by content, compress ]-------------+
//! ```
//!
//! The server embeds `target/site`. The frontend is built in a call of cargo of its own: together with the server it would unify their
//! features.

mod optimise;
mod publish;
mod split;
mod style;
mod unused;
mod weigh;

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Mutex;

use anyhow::{Context, bail};

use crate::command::{cargo, run, say};
use crate::workspace::{root, short, site, target};

pub use weigh::check_budget;

/// For what the site is built.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Build {
    /// To be changed and looked at again: nothing is made small.
    Dev,
    /// To be looked at: small enough, soon.
    Demo,
    /// To be shipped: as small as it gets.
    Release,
}

impl Build {
    /// Cargo's profile for the module, and the folder that it is in.
    fn profile(self) -> (&'static str, &'static str) {
        match self {
            Self::Dev => ("wasm-dev", "wasm-dev"),
            Self::Demo => ("wasm-demo", "wasm-demo"),
            Self::Release => ("wasm-release", "wasm-release"),
        }
    }
}

const TRIPLE: &str = "wasm32-unknown-unknown";

/// The call of cargo that builds the module. It can run beside another: its folder in the target folder is its own.
pub fn compile(build: Build) -> Command {
    let (profile, _) = build.profile();
    let mut cargo = cargo(&["build", "--package", "pointsman-frontend", "--lib", "--locked"]);
    cargo.args(["--target", TRIPLE, "--profile", profile]);
    cargo
}

/// Builds the site.
pub fn build(build: Build) -> anyhow::Result<()> {
    run(&mut compile(build))?;
    assemble(build)
}

/// Makes the site of the module that [`compile`] left.
pub fn assemble(build: Build) -> anyhow::Result<()> {
    let (_, folder) = build.profile();
    let wasm = target().join(TRIPLE).join(folder).join("pointsman_frontend.wasm");
    let parts = site().with_file_name("site-parts");
    let stamp = Stamp::of(&wasm, build)?;
    if stamp.is_there() {
        say("the WASM module has not changed");
    } else {
        split::split(&wasm, &parts, build)?;
        stamp.leave()?;
    }
    let style = style::bundle(&root().join("style/main.css"))?;
    write(&parts.join("pointsman.css"), style.as_bytes())?;
    let hash = publish::publish(&parts, &site(), build)?;
    say(&format!("the site is in {} (pkg/{hash})", short(&site())));
    if build == Build::Release {
        weigh::print()?;
    }
    Ok(())
}

/// What the parts were made of: so that they are not made again of the same.
struct Stamp(String);

impl Stamp {
    fn of(wasm: &Path, build: Build) -> anyhow::Result<Self> {
        let changed = |file: &Path| -> anyhow::Result<u128> {
            let found = std::fs::metadata(file).with_context(|| format!("look at {}", file.display()))?;
            Ok(found.modified()?.duration_since(std::time::UNIX_EPOCH)?.as_nanos())
        };
        // What makes them may have changed too.
        let maker = changed(&std::env::current_exe().context("find this program")?)?;
        Ok(Self(format!(
            "{} {} {maker} {build:?}\n",
            wasm.display(),
            changed(wasm)?
        )))
    }

    /// Beside the site, not in it: all that is in it is embedded.
    fn path() -> PathBuf {
        site().with_extension("stamp")
    }

    fn is_there(&self) -> bool {
        std::fs::read_to_string(Self::path()).is_ok_and(|text| text == self.0)
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

/// Does something to each, the last first, one a core at a time; ends at the first error.
fn on_all_cores<T: Send>(items: Vec<T>, work: impl Fn(T) -> anyhow::Result<()> + Sync) -> anyhow::Result<()> {
    let waiting = Mutex::new(items);
    let next = || waiting.lock().ok()?.pop();
    let worker = || -> anyhow::Result<()> {
        while let Some(item) = next() {
            work(item)?;
        }
        Ok(())
    };
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    std::thread::scope(|scope| {
        let workers: Vec<_> = (0..cores).map(|_| scope.spawn(worker)).collect();
        workers
            .into_iter()
            .try_for_each(|worker| worker.join().unwrap_or_else(|_| bail!("a thread panicked")))
    })
}
