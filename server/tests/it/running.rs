//! The real binary, running on free ports, with a private PostgreSQL of its own or a given database, and what one asks it.

use std::fs::{File, OpenOptions, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::process::{ExitStatus, Stdio};
use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use bytes::Bytes;
use http::{HeaderMap, Request, StatusCode};
use hyper_util::client::legacy::Client;
use hyper_util::rt::TokioExecutor;
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use serde::de::DeserializeOwned;
use tempfile::TempDir;
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};
use tokio::time::{Instant, sleep, timeout};

/// How long anything may take that is waited for. The machine may be busy.
pub(crate) const PATIENCE: Duration = Duration::from_secs(120);

/// How a server is started; the same one can be started again on what it left.
#[derive(Clone)]
pub(crate) struct Setup {
    folder: Arc<TempDir>,
    database_url: Option<String>,
    arguments: Vec<String>,
}

impl Setup {
    /// With a private PostgreSQL in a new folder.
    pub(crate) fn private() -> Self {
        // Open to the user that PostgreSQL runs as where this runs as root.
        let open = Permissions::from_mode(0o755);
        Self {
            folder: Arc::new(tempfile::Builder::new().permissions(open).tempdir().unwrap()),
            database_url: None,
            arguments: Vec::new(),
        }
    }

    /// On a given database.
    pub(crate) fn on(database_url: &str) -> Self {
        Self {
            database_url: Some(database_url.to_owned()),
            ..Self::private()
        }
    }

    /// With more arguments.
    pub(crate) fn with(mut self, arguments: &[&str]) -> Self {
        self.arguments.extend(arguments.iter().map(ToString::to_string));
        self
    }

    /// Its data folder.
    pub(crate) fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    /// All that its servers have logged.
    pub(crate) fn log(&self) -> String {
        std::fs::read_to_string(self.log_path()).unwrap_or_default()
    }

    fn log_path(&self) -> PathBuf {
        self.folder.path().join("log")
    }

    /// `pointsman serve` on free ports, without what the one who runs the tests has set. Anybody may read, unless the arguments say
    /// otherwise.
    pub(crate) fn command(&self) -> Command {
        let mut command = pointsman();
        command.arg("serve").env("POINTSMAN_DATA_DIR", self.data());
        command.env("POINTSMAN_ANONYMOUS", "viewer");
        for address in [
            "POINTSMAN_HTTP_ADDR",
            "POINTSMAN_OTLP_GRPC_ADDR",
            "POINTSMAN_OTLP_HTTP_ADDR",
        ] {
            command.env(address, "127.0.0.1:0");
        }
        if let Some(url) = &self.database_url {
            command.env("DATABASE_URL", url);
        }
        command.args(&self.arguments);
        command
    }

    /// Starts it and waits until it says that it is ready.
    pub(crate) async fn start(&self) -> Running {
        let log: File = OpenOptions::new()
            .create(true)
            .append(true)
            .open(self.log_path())
            .unwrap();
        let mut command = self.command();
        command.stdout(Stdio::piped()).stderr(log).kill_on_drop(true);
        let mut server = command.spawn().unwrap();
        let mut lines = BufReader::new(server.stdout.take().unwrap()).lines();
        let ready = async {
            while let Some(line) = lines.next_line().await.unwrap() {
                if let Some(addresses) = line.strip_prefix("Pointsman is ready: ") {
                    return addresses.to_owned();
                }
            }
            panic!("the server ended without being ready:\n{}", self.log());
        };
        let ready = timeout(PATIENCE, ready)
            .await
            .unwrap_or_else(|_| panic!("the server is not ready:\n{}", self.log()));
        // `http://CONSOLE (OTLP: gRPC GRPC, HTTP HTTP)`
        let (console, otlp) = ready.split_once(" (OTLP: gRPC ").unwrap();
        let (grpc, http) = otlp.trim_end_matches(')').split_once(", HTTP ").unwrap();
        Running {
            console: console.to_owned(),
            otlp_grpc: format!("http://{grpc}"),
            otlp_http: format!("http://{http}"),
            server,
            setup: self.clone(),
        }
    }
}

/// The binary, without what the one who runs the tests has set.
pub(crate) fn pointsman() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_pointsman"));
    for (name, _) in std::env::vars() {
        if name.starts_with("POINTSMAN_") || name == "DATABASE_URL" {
            command.env_remove(name);
        }
    }
    command
}

/// A server that is ended at the end of the test.
pub(crate) struct Running {
    /// `http://` and the address of the console and of `/api/v1`.
    pub(crate) console: String,
    /// `http://` and the address of OTLP over gRPC.
    pub(crate) otlp_grpc: String,
    /// `http://` and the address of OTLP over HTTP.
    pub(crate) otlp_http: String,
    server: Child,
    setup: Setup,
}

impl Running {
    /// With a private PostgreSQL.
    pub(crate) async fn start() -> Self {
        Setup::private().start().await
    }

    /// What is at a path below `/api/v1`, or none where the answer is not a success.
    pub(crate) async fn get<T: DeserializeOwned>(&self, path: &str) -> Option<T> {
        let answer = self.console(&format!("/api/v1{path}")).await;
        let found = answer.status.is_success();
        found.then(|| serde_json::from_slice(&answer.body).unwrap_or_else(|error| panic!("{path}: {error}")))
    }

    /// What is at a path of the console's port.
    pub(crate) async fn console(&self, path: &str) -> Answer {
        let request = Request::get(format!("{}{path}", self.console));
        send(request.body(Body::empty()).unwrap()).await
    }

    /// Posts JSON to a path below `/api/v1`.
    pub(crate) async fn post_api(&self, path: &str, body: &serde_json::Value) -> Answer {
        let request = Request::post(format!("{}/api/v1{path}", self.console));
        let request = request.header("content-type", "application/json");
        send(request.body(Body::from(body.to_string())).unwrap()).await
    }

    /// Posts JSON to `/v1/traces` or `/v1/logs`.
    pub(crate) async fn post(&self, signal: &str, body: impl Into<Bytes>) -> Answer {
        let request = Request::post(format!("{}/v1/{signal}", self.otlp_http));
        let request = request.header("content-type", "application/json");
        send(request.body(Body::from(body.into())).unwrap()).await
    }

    /// The value of a metric, written with its labels as it stands in `/metrics`.
    pub(crate) async fn metric(&self, name: &str) -> Option<u64> {
        let text = self.console("/metrics").await.text();
        let line = text.lines().find(|line| line.split(' ').next() == Some(name))?;
        line.split(' ').nth(1)?.parse().ok()
    }

    /// Waits until no request waits for a worker.
    pub(crate) async fn transformed(&self) {
        self.until("nothing waits in the journal", async || {
            let status: pointsman_domain::read::PipelineStatus = self.get("/status").await?;
            assert_eq!(status.journal_dead, 0, "{}", self.setup.log());
            (status.journal_rows == 0).then_some(())
        })
        .await;
    }

    /// Asks again and again until there is an answer.
    pub(crate) async fn until<T>(&self, what: &str, mut ask: impl AsyncFnMut() -> Option<T>) -> T {
        // What a large replay leaves behind takes a while on a busy machine.
        let deadline = Instant::now() + 4 * PATIENCE;
        loop {
            if let Some(answer) = ask().await {
                return answer;
            }
            assert!(Instant::now() < deadline, "not so: {what}\n{}", self.setup.log());
            sleep(Duration::from_millis(50)).await;
        }
    }

    /// The most memory that it has ever had, in kB.
    pub(crate) fn most_memory_kb(&self) -> u64 {
        let id = self.server.id().expect("the server runs");
        let status = std::fs::read_to_string(format!("/proc/{id}/status")).unwrap();
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
        line.trim().trim_end_matches(" kB").parse().unwrap()
    }

    /// Asks it to end.
    pub(crate) fn terminate(&self) {
        self.signal(Signal::SIGTERM);
    }

    /// Stops it where it is, as a host that is paused does.
    pub(crate) fn freeze(&self) {
        self.signal(Signal::SIGSTOP);
    }

    /// Lets it go on.
    pub(crate) fn thaw(&self) {
        self.signal(Signal::SIGCONT);
    }

    fn signal(&self, signal: Signal) {
        let id = self.server.id().expect("the server runs");
        kill(Pid::from_raw(id as i32), signal).unwrap();
    }

    /// Waits until it has ended.
    pub(crate) async fn ended(&mut self) -> ExitStatus {
        let ended = timeout(PATIENCE, self.server.wait()).await;
        ended
            .unwrap_or_else(|_| panic!("the server does not end:\n{}", self.setup.log()))
            .unwrap()
    }

    /// Stops it as an operator would; it ends by itself, its database with it.
    pub(crate) async fn stop(mut self) {
        self.terminate();
        let ended = self.ended().await;
        assert!(ended.success(), "the server ended with {ended}:\n{}", self.setup.log());
    }

    /// Ends it as a crash would.
    pub(crate) async fn kill(mut self) {
        self.signal(Signal::SIGKILL);
        self.ended().await;
    }
}

/// What a server answered.
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

impl Answer {
    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|error| panic!("{error}: {}", self.text()))
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }
}

/// Sends a request and reads the whole answer.
pub(crate) async fn send(request: Request<Body>) -> Answer {
    let client: Client<_, Body> = Client::builder(TokioExecutor::new()).build_http();
    let uri = request.uri().clone();
    let answer = async {
        let (head, body) = client.request(request).await.unwrap().into_parts();
        Answer {
            status: head.status,
            headers: head.headers,
            body: axum::body::to_bytes(Body::new(body), usize::MAX).await.unwrap(),
        }
    };
    timeout(PATIENCE, answer)
        .await
        .unwrap_or_else(|_| panic!("{uri} does not answer"))
}
