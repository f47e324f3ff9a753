//! SIGTERM and SIGINT: the first asks the server to end, the second ends it at once.

use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use tokio::signal::unix::{SignalKind, signal};
use tokio_util::sync::CancellationToken;

/// The exit code after a second signal, as a shell has it for one that SIGINT ended.
const AT_ONCE: i32 = 130;

/// Signals that follow the first within this time are the same wish: a terminal and a parent that both pass a Ctrl-C on, or the
/// kernel, which sends the death signal of a parent once for each of its threads that inherits us while it ends.
const SAME_WISH: Duration = Duration::from_secs(1);

/// Listens from now on; the token is cancelled by the first signal.
pub fn listen() -> Result<CancellationToken> {
    let mut terminate = signal(SignalKind::terminate()).context("can't listen for SIGTERM")?;
    let mut interrupt = signal(SignalKind::interrupt()).context("can't listen for SIGINT")?;
    let stop = CancellationToken::new();
    let asked = stop.clone();
    tokio::spawn(async move {
        let mut first: Option<Instant> = None;
        loop {
            let name = tokio::select! {
                _ = terminate.recv() => "SIGTERM",
                _ = interrupt.recv() => "SIGINT",
            };
            if first.is_some_and(|first| first.elapsed() < SAME_WISH) {
                continue;
            }
            if first.is_some() {
                tracing::warn!(signal.name = name, "a second signal: ending at once");
                std::process::exit(AT_ONCE);
            }
            tracing::info!(
                signal.name = name,
                "ending: no new connections, what is under way is answered"
            );
            asked.cancel();
            first = Some(Instant::now());
        }
    });
    Ok(stop)
}
