//! SIGTERM and SIGINT: the first asks the server to end, the second ends it at once.

use anyhow::{Context, Result};
use tokio::signal::unix::{SignalKind, signal};
use tokio_util::sync::CancellationToken;

/// The exit code after a second signal, as a shell has it for one that SIGINT ended.
const AT_ONCE: i32 = 130;

/// Listens from now on; the token is cancelled by the first signal.
pub fn listen() -> Result<CancellationToken> {
    let mut terminate = signal(SignalKind::terminate()).context("can't listen for SIGTERM")?;
    let mut interrupt = signal(SignalKind::interrupt()).context("can't listen for SIGINT")?;
    let stop = CancellationToken::new();
    let asked = stop.clone();
    tokio::spawn(async move {
        for turn in 0.. {
            let name = tokio::select! {
                _ = terminate.recv() => "SIGTERM",
                _ = interrupt.recv() => "SIGINT",
            };
            if turn > 0 {
                tracing::warn!(signal.name = name, "a second signal: ending at once");
                std::process::exit(AT_ONCE);
            }
            tracing::info!(
                signal.name = name,
                "ending: no new connections, what is under way is answered"
            );
            asked.cancel();
        }
    });
    Ok(stop)
}
