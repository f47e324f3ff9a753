//! The switch of the fault: a small HTTP endpoint of the running demo on loopback, and the command that calls it.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context, bail};
use axum::extract::{Path as Segment, State as Shared};
use axum::routing::{get, put};
use axum::{Json, Router};
use bytes::Bytes;
use http::{HeaderMap, Method};
use hyper_util::client::legacy::Client as Pool;
use hyper_util::rt::TokioExecutor;
use serde::{Deserialize, Serialize};
use tokio::net::TcpListener;
use tokio::sync::watch;

use crate::args::{FaultArgs, FaultWord};
use crate::fault::{Mode, Schedule, State};
use crate::web;

/// The file in the data folder that names the endpoint of the demo that runs there.
const ADDRESS_FILE: &str = "control.url";

/// The fault, as the running demo holds it.
#[derive(Debug, Clone)]
pub struct Switch {
    mode: Arc<watch::Sender<Mode>>,
    schedule: Schedule,
    began: Instant,
    node: Arc<str>,
}

impl Switch {
    /// For the fault of `node`, whose schedule begins now.
    pub fn new(mode: Mode, node: &str) -> Self {
        Self {
            mode: Arc::new(watch::Sender::new(mode)),
            schedule: Schedule::default(),
            began: Instant::now(),
            node: node.into(),
        }
    }

    /// How the fault stands now.
    pub fn state(&self) -> State {
        self.schedule.at(*self.mode.borrow(), self.began.elapsed())
    }

    fn report(&self) -> Report {
        let state = self.state();
        Report {
            mode: *self.mode.borrow(),
            on: state.on,
            node: self.node.to_string(),
            changes_in_seconds: state.changes_in.map(|time| time.as_secs()),
        }
    }
}

/// What the endpoint answers.
#[derive(Debug, Serialize, Deserialize)]
struct Report {
    mode: Mode,
    on: bool,
    node: String,
    changes_in_seconds: Option<u64>,
}

impl std::fmt::Display for Report {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (now, then) = if self.on { ("on", "off") } else { ("off", "on") };
        write!(f, "The fault of {} is {now}", self.node)?;
        match self.changes_in_seconds {
            Some(seconds) => write!(f, " and goes {then} by itself in {seconds} s."),
            None => write!(f, " until told otherwise (pointsman demo fault {then}|auto)."),
        }
    }
}

/// The listening endpoint; its address file goes when this does.
pub struct Endpoint {
    /// Where it is.
    pub url: String,
    file: PathBuf,
    task: tokio::task::JoinHandle<()>,
}

impl Endpoint {
    /// Listens on loopback and writes the address to the data folder.
    pub async fn start(switch: Switch, port: u16, data_dir: &Path) -> anyhow::Result<Self> {
        let listener = TcpListener::bind(SocketAddr::from((Ipv4Addr::LOCALHOST, port)))
            .await
            .with_context(|| format!("cannot listen on port {port}"))?;
        let url = format!("http://{}", listener.local_addr()?);
        let file = data_dir.join(ADDRESS_FILE);
        std::fs::write(&file, &url).with_context(|| format!("cannot write {}", file.display()))?;
        let router = Router::new()
            .route("/fault", get(status))
            .route("/fault/{mode}", put(set))
            .with_state(switch);
        let task = tokio::spawn(async move {
            // axum::serve ends only with its task.
            let _ = axum::serve(listener, router).await;
        });
        Ok(Self { url, file, task })
    }
}

impl Drop for Endpoint {
    fn drop(&mut self) {
        self.task.abort();
        let _ = std::fs::remove_file(&self.file);
    }
}

async fn status(Shared(switch): Shared<Switch>) -> Json<Report> {
    Json(switch.report())
}

async fn set(Shared(switch): Shared<Switch>, Segment(mode): Segment<Mode>) -> Json<Report> {
    switch.mode.send_replace(mode);
    Json(switch.report())
}

/// `pointsman demo fault`.
pub async fn command(args: FaultArgs) -> anyhow::Result<()> {
    let url = match args.url {
        Some(url) => url.trim_end_matches('/').to_owned(),
        None => std::fs::read_to_string(args.data_dir.join(ADDRESS_FILE)).with_context(|| {
            format!(
                "no demo runs in {}: give its --data-dir, or the --url that it printed",
                args.data_dir.display()
            )
        })?,
    };
    let (method, path) = match args.word {
        FaultWord::Status => (Method::GET, "/fault"),
        FaultWord::On => (Method::PUT, "/fault/on"),
        FaultWord::Off => (Method::PUT, "/fault/off"),
        FaultWord::Auto => (Method::PUT, "/fault/auto"),
    };
    let pool = Pool::builder(TokioExecutor::new()).build_http();
    let target = format!("{url}{path}");
    let exchange = web::send(&pool, method, &target, HeaderMap::new(), Bytes::new());
    let answer = tokio::time::timeout(Duration::from_secs(3), exchange).await;
    match answer.context("the demo does not answer")? {
        Ok((status, body)) if status.is_success() => {
            println!("{}", serde_json::from_slice::<Report>(&body)?);
            Ok(())
        }
        Ok((status, _)) => bail!("{url} is not a demo: it answered {status}"),
        Err(error) => bail!("no demo answers: {error}"),
    }
}
