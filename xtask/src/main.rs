//! The workshop: sets a machine up, builds the site and the server, checks, tests, measures. `cargo xtask help` lists it all; the
//! Makefile's targets are calls of it.

mod bench;
mod build;
mod command;
mod database;
mod demo;
mod dev;
mod end2end;
mod lint;
mod setup;
mod site;
mod test;
mod tidy;
mod workspace;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

use site::Build;

/// Builds, checks and tests Pointsman.
#[derive(Debug, Parser)]
#[command(name = "xtask", disable_help_subcommand = true)]
struct Cli {
    #[command(subcommand)]
    task: Task,
}

#[derive(Debug, Subcommand)]
enum Task {
    /// Install what the machine lacks: WASM target, PostgreSQL, Chromium, npm packages
    Setup,
    /// Build what the browser loads, into target/site
    Site {
        /// Small, as it is shipped
        #[arg(long)]
        release: bool,
    },
    /// Build the server as it is shipped, with the site in it
    Build,
    /// Set up, build, and run the demo
    Demo {
        /// Handed on to `pointsman demo`
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        arguments: Vec<String>,
    },
    /// Run the server and build it again when a source changes
    Dev {
        /// Handed on to `pointsman`; `demo` where nothing is given
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        arguments: Vec<String>,
    },
    /// Formatting, clippy, licences, and the house's own rules
    Lint,
    /// The house's own rules alone
    Tidy,
    /// Everything that has to pass
    Test,
    /// The journeys in a browser, over the demo
    End2end,
    /// The journeys' screenshots alone, that of the README among them
    Screenshot,
    /// Measure, and print the table for docs/benchmarks.md
    Bench {
        /// Handed on to the measuring programs
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        arguments: Vec<String>,
    },
    /// Write .sqlx anew from the queries and the migrations
    SqlxPrepare,
    /// Stop the PostgreSQL that tests have left running
    StopTestDb,
}

/// Errors are sentences for the reader of the terminal; where in xtask they arose helps nobody.
fn main() -> ExitCode {
    match run(Cli::parse().task) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("xtask: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(task: Task) -> anyhow::Result<()> {
    match task {
        Task::Setup => setup::ensure(setup::ALL),
        Task::Site { release } => site::build(if release { Build::Release } else { Build::Dev }),
        Task::Build => build::release().map(|_| ()),
        Task::Demo { arguments } => demo::run(&arguments),
        Task::Dev { arguments } => dev::run(&arguments),
        Task::Lint => lint::run(),
        Task::Tidy => tidy::run(),
        Task::Test => test::run(),
        Task::End2end => end2end::run(end2end::Only::Everything),
        Task::Screenshot => end2end::run(end2end::Only::Screenshots),
        Task::Bench { arguments } => bench::run(&arguments),
        Task::SqlxPrepare => database::sqlx_prepare(),
        Task::StopTestDb => database::stop_test_server(),
    }
}
