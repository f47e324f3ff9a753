//! The real binary, running on free ports with a private PostgreSQL of its own, and a reader of its `/api/v1`.

use std::os::unix::fs::PermissionsExt;
use std::process::Stdio;
use std::time::Duration;

use axum::body::Body;
use http::Request;
use hyper_util::client::legacy::Client;
use hyper_util::rt::TokioExecutor;
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use serde::de::DeserializeOwned;
use tempfile::TempDir;
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};
use tokio::time::timeout;

/// A server that is stopped at the end of the test.
pub(crate) struct Running {
    /// `http://` and the address of the console and of `/api/v1`.
    pub(crate) console: String,
    /// `http://` and the address of OTLP over gRPC.
    pub(crate) otlp_grpc: String,
    /// `http://` and the address of OTLP over HTTP.
    pub(crate) otlp_http: String,
    server: Child,
    _data: TempDir,
}

impl Running {
    /// Starts it and waits until it says that it is ready.
    pub(crate) async fn start() -> Self {
        // Open to the user that PostgreSQL runs as where this runs as root.
        let open = std::fs::Permissions::from_mode(0o755);
        let data = tempfile::Builder::new().permissions(open).tempdir().unwrap();
        let mut command = Command::new(env!("CARGO_BIN_EXE_pointsman"));
        command
            .arg("serve")
            .env_remove("DATABASE_URL")
            .env("POINTSMAN_DATA_DIR", data.path().join("data"));
        for address in [
            "POINTSMAN_HTTP_ADDR",
            "POINTSMAN_OTLP_GRPC_ADDR",
            "POINTSMAN_OTLP_HTTP_ADDR",
        ] {
            command.env(address, "127.0.0.1:0");
        }
        let mut server = command.stdout(Stdio::piped()).kill_on_drop(true).spawn().unwrap();
        let mut lines = BufReader::new(server.stdout.take().unwrap()).lines();
        let ready = async {
            while let Some(line) = lines.next_line().await.unwrap() {
                if let Some(addresses) = line.strip_prefix("Pointsman is ready: ") {
                    return addresses.to_owned();
                }
            }
            panic!("the server ended without being ready");
        };
        let ready = timeout(Duration::from_secs(120), ready)
            .await
            .expect("the server gets ready");
        // `http://CONSOLE (OTLP: gRPC GRPC, HTTP HTTP)`
        let (console, otlp) = ready.split_once(" (OTLP: gRPC ").unwrap();
        let (grpc, http) = otlp.trim_end_matches(')').split_once(", HTTP ").unwrap();
        Self {
            console: console.to_owned(),
            otlp_grpc: format!("http://{grpc}"),
            otlp_http: format!("http://{http}"),
            server,
            _data: data,
        }
    }

    /// What is at a path below `/api/v1`, or none where the answer is not a success.
    pub(crate) async fn get<T: DeserializeOwned>(&self, path: &str) -> Option<T> {
        let client: Client<_, Body> = Client::builder(TokioExecutor::new()).build_http();
        let request = Request::get(format!("{}/api/v1{path}", self.console))
            .body(Body::empty())
            .unwrap();
        let response = client.request(request).await.unwrap();
        let found = response.status().is_success();
        let body = axum::body::to_bytes(Body::new(response.into_body()), usize::MAX)
            .await
            .unwrap();
        found.then(|| serde_json::from_slice(&body).unwrap_or_else(|error| panic!("{path}: {error}")))
    }

    /// Stops it as an operator would; it ends by itself, its database with it.
    pub(crate) async fn stop(mut self) {
        let id = self.server.id().expect("the server runs");
        kill(Pid::from_raw(id as i32), Signal::SIGTERM).unwrap();
        let ended = timeout(Duration::from_secs(60), self.server.wait())
            .await
            .expect("the server ends")
            .unwrap();
        assert!(ended.success(), "the server ended with {ended}");
    }
}
