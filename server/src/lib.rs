//! The `pointsman` program: command line, settings, wiring, shutdown. It joins ports to adapters and holds no rule. The binary adds the
//! site to it.

#![recursion_limit = "512"]

mod cli;
mod healthcheck;
mod logging;
mod people;
mod replay;
mod serve;
mod settings;
mod slo;
mod web;

use std::process::ExitCode;

use clap::Parser;

use cli::{Cli, Command};
pub use web::ReadFile;

/// Pages are rendered on worker threads, and their views nest deeply in an unoptimised build.
const STACK_BYTES: usize = 16 << 20;

/// Runs what the command line asks for. `site` reads what the browser loads.
pub fn main(site: ReadFile) -> ExitCode {
    let cli = Cli::parse();
    let runtime = match tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .thread_stack_size(STACK_BYTES)
        .build()
    {
        Ok(runtime) => runtime,
        Err(error) => return fail(&anyhow::Error::new(error).context("can't start the runtime")),
    };
    let ended = runtime.block_on(async {
        match cli.command {
            Command::Serve(settings) => serve::run(*settings, site).await.map(|()| ExitCode::SUCCESS),
            Command::Replay(args) => replay::run(args).await,
            Command::User(args) => people::user(args).await.map(|()| ExitCode::SUCCESS),
            Command::Team(args) => people::team(args).await.map(|()| ExitCode::SUCCESS),
            Command::Token(args) => people::token(args).await.map(|()| ExitCode::SUCCESS),
            Command::Slo(args) => Box::pin(slo::run(args)).await,
            Command::Healthcheck(args) => healthcheck::run(args).await.map(|()| ExitCode::SUCCESS),
            Command::Demo(args) => pointsman_demo::run(*args).await.map(|()| ExitCode::SUCCESS),
        }
    });
    // What still blocks a thread (a read from standard input, say) does not keep the process.
    runtime.shutdown_background();
    ended.unwrap_or_else(|error| fail(&error))
}

/// Says what went wrong as one sentence.
fn fail(error: &anyhow::Error) -> ExitCode {
    eprintln!("pointsman: {error:#}");
    ExitCode::FAILURE
}
