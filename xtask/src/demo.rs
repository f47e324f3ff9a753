//! From a clone to a running shop with its telemetry on a page.

use std::os::unix::process::CommandExt;

use anyhow::Context;

use crate::command::{command, say};
use crate::{build, setup};

/// Sets up, builds, and becomes `pointsman demo`, so that Ctrl-C reaches it and nothing stands between.
pub fn run(arguments: &[String]) -> anyhow::Result<()> {
    setup::ensure(setup::DEMO)?;
    let program = build::demo()?;
    say("pointsman demo");
    let error = command(&program).arg("demo").args(arguments).exec();
    Err(error).with_context(|| format!("start {}", program.display()))
}
