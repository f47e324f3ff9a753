//! Measures what is shipped, for the table in docs/benchmarks.md.

use crate::command::{cargo, run as run_command};
use crate::{build, setup};

/// Builds the server and runs the measuring program over it.
pub fn run(arguments: &[String]) -> anyhow::Result<()> {
    setup::ensure(setup::DEMO)?;
    let program = build::release()?;
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
