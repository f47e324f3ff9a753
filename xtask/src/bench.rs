//! Measures, for the table in docs/benchmarks.md.

use anyhow::Context;

use crate::command::{command, read, say};
use crate::workspace::site;
use crate::{build, setup};

/// Builds what is shipped and measures it.
pub fn run(_arguments: &[String]) -> anyhow::Result<()> {
    setup::ensure(setup::DEMO)?;
    build::release()?;
    let module = site().join("pkg/pointsman_bg.wasm");
    let size = read(
        command("sh")
            .args(["-c", "gzip -9 -c \"$1\" | wc -c", "sh"])
            .arg(&module),
    )?;
    let bytes: u64 = size.trim().parse().context("the size that wc printed")?;
    say(&format!("WASM, gzip: {} kB", bytes / 1000));
    Ok(())
}
