//! The demo: a shop of small real services that are traced with the OpenTelemetry SDK as any user would, a steady load, and a
//! fault that comes and goes.
//!
//! Each instance of a service is a process of its own; they talk HTTP and gRPC on loopback, share a PostgreSQL database and a
//! queue in it, and send OTLP to Pointsman. Pointsman knows nothing of them.
//!
//! ```text
//! load -> storefront -+-> catalog -------------------------+
//!                     +-> pricing -------------------------+
//!                     +-> cart --> catalog ----------------+--> PostgreSQL `shop`
//!                     +-> checkout -+-> cart, pricing -----+
//!                                   +-> payments (1.4.0, 2.0.0) --> card-network (not traced)
//!                                   +-> shipping ----------+
//!                                   +-> queue order-events --> notifier
//! ```
//!
//! [`run`] is the whole of `pointsman demo`: the parent process ([`mod@run`]), the services it starts from the same executable
//! ([`services`]), and the command that switches the fault ([`control`]).

mod args;
mod children;
mod cli;
mod control;
mod database;
mod fault;
mod load;
mod messages;
mod people;
mod pointsman;
mod promises;
mod propagation;
mod queue;
mod rpc;
mod run;
mod services;
mod telemetry;
mod web;

pub use args::{DemoArgs, DemoCommand, FaultArgs, FaultWord, RunArgs, ServiceArgs, ServiceName};
pub use fault::{Mode, Schedule};

/// Runs `pointsman demo` or one of its subcommands to its end.
///
/// # Errors
///
/// What kept the demo from starting or what ended it, as a sentence for the one who started it.
pub async fn run(args: DemoArgs) -> anyhow::Result<()> {
    match args.command {
        None => run::run(args.run).await,
        Some(DemoCommand::Fault(args)) => control::command(args).await,
        Some(DemoCommand::Service(args)) => services::run(args).await,
        Some(DemoCommand::Attached(args)) => Err(pointsman::attached(&args)),
    }
}
