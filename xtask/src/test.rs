//! Everything that has to pass, in the order in which it fails soonest; with how long each part took.

use std::time::{Duration, Instant};

use anyhow::Context;

use crate::command::{cargo, command, run as run_command, say};
use crate::site::{self, Build};
use crate::workspace::root;
use crate::{build, database, end2end, lint, setup};

type Part = (&'static str, fn() -> anyhow::Result<()>);

const PARTS: [Part; 6] = [
    ("set-up", || setup::ensure(setup::ALL)),
    // Neither keeps both cores busy all the time.
    ("lint, and the module of the site", || {
        build::beside(&mut site::compile(Build::Release), lint::run)
    }),
    ("site", site_in_budget),
    // Tests of the server run them.
    ("programs of others", prepare_programs),
    ("tests of the crates", crates),
    ("journeys in the browser", || end2end::play(end2end::Only::Everything)),
];

/// Runs all parts, or up to the first that fails.
pub fn run() -> anyhow::Result<()> {
    let mut took: Vec<(&str, Duration)> = Vec::new();
    let result = PARTS.iter().try_for_each(|(name, part)| {
        let begin = Instant::now();
        say(&format!("test: {name}"));
        let result = part();
        took.push((name, begin.elapsed()));
        result.map_err(|error| error.context(format!("test: {name}")))
    });
    database::stop_test_server()?;
    for (name, took) in took {
        say(&format!("{:>6.0} s  {name}", took.as_secs_f64()));
    }
    result
}

/// The site as it is shipped; no page may load more than it should.
fn site_in_budget() -> anyhow::Result<()> {
    site::build(Build::Release)?;
    site::check_budget()
}

fn crates() -> anyhow::Result<()> {
    let arguments = [
        "test",
        "--locked",
        "--workspace",
        "--exclude",
        "pointsman-frontend",
        "--no-fail-fast",
    ];
    run_command(&mut cargo(&arguments))
}

/// The OpenTelemetry SDKs of Python and Node, which a test of the server sends with, and Schemathesis, which another one runs.
fn prepare_programs() -> anyhow::Result<()> {
    if root().join("end2end/senders/package-lock.json").is_file() {
        setup::ensure_packages("end2end/senders")?;
    }
    python_packages("end2end/senders", "target/venv")?;
    python_packages("end2end/schemathesis", "target/venv-schemathesis")
}

/// What `requirements.txt` of a folder names, in an environment of its own.
fn python_packages(of: &str, into: &str) -> anyhow::Result<()> {
    let requirements = root().join(of).join("requirements.txt");
    let Ok(wanted) = std::fs::read_to_string(&requirements) else {
        return Ok(());
    };
    let folder = root().join(into);
    let stamp = folder.join("requirements.txt");
    if std::fs::read_to_string(&stamp).is_ok_and(|installed| installed == wanted) {
        say(&format!("the Python packages of {of} are installed"));
        return Ok(());
    }
    let python = setup::python().context("there is no Python 3 with venv")?;
    run_command(command(python).args(["-m", "venv", "--clear"]).arg(&folder))?;
    let mut pip = command(folder.join("bin/pip"));
    pip.args(["install", "--quiet", "--disable-pip-version-check", "--requirement"]);
    run_command(pip.arg(requirements))?;
    std::fs::write(&stamp, wanted).context("note what is installed")
}
