//! The command line.

use clap::{Parser, Subcommand};
use pointsman_demo::DemoArgs;

use crate::healthcheck::HealthcheckArgs;
use crate::people::{TeamArgs, TokenArgs, UserArgs};
use crate::replay::ReplayArgs;
use crate::settings::ServeSettings;
use crate::slo::SloArgs;

/// Sees a distributed system: takes OpenTelemetry, shows topology, health, traces and logs.
#[derive(Debug, Parser)]
#[command(
    name = "pointsman",
    version,
    about,
    max_term_width = 120,
    disable_help_subcommand = true
)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Take OTLP, keep it, and show it
    Serve(Box<ServeSettings>),
    /// Send recorded OTLP JSON lines to an OTLP endpoint
    Replay(ReplayArgs),
    /// Make, list and change accounts
    User(UserArgs),
    /// Make, list and change teams, and say what they own
    Team(TeamArgs),
    /// Make, list and end tokens of programs
    Token(TokenArgs),
    /// List, import and export objectives, and tell whether their budgets are spent
    Slo(SloArgs),
    /// Ask a server of this machine, which listens as these settings say, whether it lives: for containers
    Healthcheck(HealthcheckArgs),
    /// Run a small shop that sends telemetry, with a fault that comes and goes
    Demo(Box<DemoArgs>),
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_well_formed() {
        super::Cli::command().debug_assert();
    }
}
