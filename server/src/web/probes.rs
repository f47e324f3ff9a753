//! `/healthz`: the process lives. `/readyz`: this replica can do its work, with each check by name. How much waits in the journal, which all
//! replicas share, is told beside it and decides nothing: else all of them would be taken out of service at once, by what only they can mend.

use axum::extract::State;
use axum::routing::on;
use axum::{Json, Router};
use http::StatusCode;
use pointsman_control::{Control, Pulse};
use pointsman_domain::read::{CLOCK_TOLERANCE_NS, JournalFull};
use pointsman_store::Store;
use serde::Serialize;
use tokio_util::sync::CancellationToken;

use super::routes::Machine;

#[derive(Clone)]
struct Shared {
    store: Store,
    control: Control,
    pulse: Pulse,
    stop: CancellationToken,
}

#[derive(Serialize)]
struct Readiness {
    ready: bool,
    checks: Vec<Check>,
    /// `null` until it has been measured, within seconds after the start.
    journal: Option<Journal>,
}

#[derive(Serialize)]
struct Check {
    name: &'static str,
    ok: bool,
    message: String,
}

/// What waits for workers, at whatever replica, as it was a few seconds ago.
#[derive(Serialize)]
struct Journal {
    lag_seconds: f64,
    requests: u64,
    items: u64,
    bytes: u64,
    /// Why this replica refuses telemetry now, retryably; `null` where it takes it.
    full: Option<JournalFull>,
}

pub fn router(store: Store, control: Control, pulse: Pulse, stop: CancellationToken) -> Router {
    let shared = Shared {
        store,
        control,
        pulse,
        stop,
    };
    Router::new()
        .route(Machine::Healthy.path(), on(Machine::Healthy.filter(), async || "ok\n"))
        .route(Machine::Ready.path(), on(Machine::Ready.filter(), ready))
        .with_state(shared)
}

async fn ready(State(shared): State<Shared>) -> (StatusCode, Json<Readiness>) {
    let checks = vec![
        shared.running(),
        shared.database().await,
        shared.loops(),
        shared.clock(),
    ];
    let ready = checks.iter().all(|check| check.ok);
    let status = if ready {
        StatusCode::OK
    } else {
        StatusCode::SERVICE_UNAVAILABLE
    };
    let journal = shared.journal();
    let readiness = Readiness { ready, checks, journal };
    (status, Json(readiness))
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

    fn loops(&self) -> Check {
        let hanging = self.pulse.hanging();
        Check {
            name: "loops",
            ok: hanging.is_empty(),
            message: if hanging.is_empty() {
                "all go on".to_owned()
            } else {
                format!("hanging: {}", hanging.join(", "))
            },
        }
    }

    /// Never a reason not to be ready: all that this replica does goes by the database's clock. But it has to be known.
    fn clock(&self) -> Check {
        let skew_ns = self.control.clock_skew_ns();
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

    fn journal(&self) -> Option<Journal> {
        let lag = self.store.journal().last()?;
        Some(Journal {
            lag_seconds: lag.age.as_secs_f64(),
            requests: lag.rows,
            items: lag.items,
            bytes: lag.bytes,
            full: self.store.journal().full(),
        })
    }
}
