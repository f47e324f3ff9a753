//! Schemathesis makes requests of the document, good ones and bad ones, and finds no answer that is not as the document says. See
//! `end2end/schemathesis/README.md`.

use http::Method;
use tokio::process::Command;

use super::furnished::Furnished;
use crate::senders::{installed, root};

#[tokio::test]
async fn schemathesis_finds_nothing() {
    let program = root().join("target/venv-schemathesis/bin/schemathesis");
    if !installed(&program, "the Python packages of end2end/schemathesis") {
        return;
    }
    let server = Box::pin(Furnished::new()).await;
    let address = server.address();
    let output = Command::new(program)
        .arg("--config-file")
        .arg(root().join("end2end/schemathesis/schemathesis.toml"))
        .args(["run", "--no-color", &format!("{address}/api/openapi.json")])
        .env("POINTSMAN_SESSION", server.session())
        .args(["--header", &format!("Origin: {address}")])
        .kill_on_drop(true)
        .output()
        .await
        .unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    let why = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}\n{why}");
    let status = server.ask(Method::GET, "/api/v1/status", None).await.status;
    assert!(status.is_success(), "afterwards: {status}");
    server.stop().await;
}
