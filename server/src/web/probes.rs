//! `/healthz`: the process lives. `/readyz`: it can do its work, with each check by name.

use std::time::Duration;

use axum::extract::State;
use axum::routing::on;
use axum::{Json, Router};
use http::StatusCode;
use pointsman_control::Console;
use pointsman_domain::read::CLOCK_TOLERANCE_NS;
use pointsman_store::Store;
use serde::Serialize;
use tokio_util::sync::CancellationToken;

use super::routes::Machine;

#[derive(Clone)]
struct Shared {
    store: Store,
    console: Console,
    max_lag: Duration,
    stop: CancellationToken,
}

#[derive(Serialize)]
struct Readiness {
    ready: bool,
    checks: Vec<Check>,
}

#[derive(Serialize)]
struct Check {
    name: &'static str,
    ok: bool,
    message: String,
}

pub fn router(store: Store, console: Console, max_lag: Duration, stop: CancellationToken) -> Router {
    let shared = Shared {
        store,
        console,
        max_lag,
        stop,
    };
    Router::new()
        .route(Machine::Healthy.path(), on(Machine::Healthy.filter(), async || "ok\n"))
        .route(Machine::Ready.path(), on(Machine::Ready.filter(), ready))
        .with_state(shared)
}

async fn ready(State(shared): State<Shared>) -> (StatusCode, Json<Readiness>) {
    let (database, journal) = tokio::join!(shared.database(), shared.journal());
    let checks = vec![shared.running(), database, journal, shared.clock()];
    let ready = checks.iter().all(|check| check.ok);
    let status = if ready {
        StatusCode::OK
    } else {
        StatusCode::SERVICE_UNAVAILABLE
    };
    (status, Json(Readiness { ready, checks }))
}

impl Shared {
    /// So that a balancer sends nothing new to a server that is about to end.
    fn running(&self) -> Check {
        let ok = !self.stop.is_cancelled();
        Check {
            name: "running",
            ok,
            message: if ok { "running" } else { "ending" }.to_owned(),
        }
    }

    async fn database(&self) -> Check {
        let answered = self.store.ping().await;
        if let Err(error) = &answered {
            tracing::warn!(error = %error, "the database does not answer the probe");
        }
        Check {
            name: "database",
            ok: answered.is_ok(),
            message: answered.map_or("does not answer", |()| "answers").to_owned(),
        }
    }

    /// Never a reason not to be ready: all that this replica does goes by the database's clock. But it has to be known.
    fn clock(&self) -> Check {
        let skew_ns = self.console.clock_skew_ns();
        let seconds = skew_ns as f64 / 1e9;
        Check {
            name: "clock",
            ok: true,
            message: if skew_ns.unsigned_abs() > CLOCK_TOLERANCE_NS {
                format!(
                    "this machine's clock differs from the database's by {seconds:.0} s; the database's is used, and this replica drops nothing that \
                     has expired and closes no period"
                )
            } else {
                format!("{seconds:.3} s from the database's")
            },
        }
    }

    async fn journal(&self) -> Check {
        let name = "journal_lag";
        match self.console.pipeline().await {
            Ok(status) => {
                let lag = Duration::from_nanos(status.journal_lag_ns);
                Check {
                    name,
                    ok: lag <= self.max_lag,
                    message: format!(
                        "{:.1} s of at most {:.0} s, {} items wait",
                        lag.as_secs_f64(),
                        self.max_lag.as_secs_f64(),
                        status.journal_items
                    ),
                }
            }
            Err(problem) => Check {
                name,
                ok: false,
                message: problem.to_string(),
            },
        }
    }
}
