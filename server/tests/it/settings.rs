//! What can't work is told as a sentence before a port is opened.

use std::process::Output;
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::time::timeout;

use crate::running::{PATIENCE, Setup, pointsman};

/// A database that nobody listens at, with a password.
const NOBODY: &str = "postgres://pointsman:hunter2@127.0.0.1:1/pointsman";

async fn run(setup: &Setup) -> (Output, String) {
    let output = timeout(PATIENCE, setup.command().kill_on_drop(true).output()).await;
    let output = output.expect("it ends by itself").unwrap();
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(!output.status.success(), "it was to fail: {said}");
    assert!(output.stdout.is_empty(), "it was never ready: {said}");
    assert!(!said.contains("hunter2"), "a secret was told: {said}");
    (output, said)
}

#[tokio::test]
async fn a_wrong_setting_is_told_with_its_flag() {
    for (arguments, sentence) in [
        (&["--http-addr", "here"][..], "--http-addr"),
        (
            &["--http-addr", "127.0.0.1:23001", "--otlp-http-addr", "127.0.0.1:23001"],
            "--http-addr and --otlp-http-addr are both 127.0.0.1:23001",
        ),
        (&["--database-url", "mysql://root:hunter2@db/x"], "is no PostgreSQL URL"),
        (&["--retention", "7 weeks"], "such as 300ms, 10s, 6h or 7d"),
        (&["--retention", "1s"], "--retention must be an hour at least"),
        (&["--max-body", "1GiB"], "--max-decompressed is under --max-body"),
        (&["--failing-error-ratio", "0.001"], "--failing-error-ratio is under"),
        (&["--anonymous", "admin"], "possible values: none, viewer"),
        (
            &["--session-max", "1h"],
            "--session-max must be at least --session-idle",
        ),
        (&["--trusted-proxy", "proxy.example"], "such as 10.1.2.3 or 10.0.0.0/8"),
        (&["--public-url", "https://points.example/console"], "without a path"),
        (
            &["--otlp-cors-origin", "shop.example"],
            "write it as https://shop.example",
        ),
        (&["--tls-cert", "/cert.pem"], "--tls-cert and --tls-key go together"),
        (
            &["--tls-cert", "/no/cert.pem", "--tls-key", "/no/key.pem"],
            "can't read --tls-cert /no/cert.pem",
        ),
        (
            &["--oidc-issuer", "http://login.example"],
            "--oidc-issuer must be https://",
        ),
        (
            &["--oidc-issuer", "https://login.example"],
            "--oidc-issuer needs --oidc-client-id",
        ),
        (
            &[
                "--oidc-issuer",
                "https://login.example",
                "--oidc-client-id",
                "x",
                "--oidc-client-secret",
                "hunter2",
            ],
            "--oidc-issuer needs --public-url",
        ),
        (&["--oidc-role", "ops=owner"], "`owner` is no role"),
        (&["--secrets-key", "hunter2"], "key 1 is not 32 bytes in base64"),
        (
            &["--secrets-key-file", "/no/keys"],
            "can't read --secrets-key-file /no/keys",
        ),
        (&["--log", "shout=very"], "--log (POINTSMAN_LOG) can't be read"),
        (&["--log-format", "xml"], "possible values: text, json"),
    ] {
        let (_, said) = run(&Setup::on(NOBODY).with(arguments)).await;
        assert!(said.contains(sentence), "{arguments:?}: {said}");
    }
}

#[tokio::test]
async fn a_port_in_use_is_told_with_its_flag_before_anything_starts() {
    let taken = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let setup = Setup::private().with(&["--otlp-grpc-addr", &address]);
    let (_, said) = run(&setup).await;
    assert!(
        said.contains(&format!(
            "can't listen on {address}; free the port or choose another with --otlp-grpc-addr"
        )),
        "{said}"
    );
    assert!(!setup.data().exists(), "no database was made");
}

#[tokio::test]
async fn a_database_that_is_not_there_is_waited_for_and_then_told() {
    let (_, said) = run(&Setup::on(NOBODY).with(&["--database-wait", "3s"])).await;
    assert!(said.contains("waiting for the database"), "{said}");
    assert!(
        said.contains("gave up after 3s: the database is not available"),
        "{said}"
    );
    assert!(said.contains("DATABASE_URL"), "{said}");
}

#[tokio::test]
async fn the_help_names_each_variable_but_no_secret() {
    let mut command = pointsman();
    command.args(["serve", "--help"]).env("DATABASE_URL", NOBODY);
    command.env("POINTSMAN_OIDC_CLIENT_SECRET", "hunter2");
    command.env("POINTSMAN_SECRETS_KEY", "hunter2");
    let output = timeout(Duration::from_secs(60), command.output())
        .await
        .unwrap()
        .unwrap();
    let help = String::from_utf8_lossy(&output.stdout);
    for variable in [
        "POINTSMAN_HTTP_ADDR",
        "POINTSMAN_OTLP_GRPC_ADDR",
        "POINTSMAN_OTLP_HTTP_ADDR",
        "POINTSMAN_DATA_DIR",
        "POINTSMAN_RETENTION",
        "POINTSMAN_LOG_FORMAT",
        "POINTSMAN_ANONYMOUS",
        "POINTSMAN_INGEST_WITHOUT_TOKEN",
        "POINTSMAN_TRUSTED_PROXY",
        "POINTSMAN_PUBLIC_URL",
        "POINTSMAN_TLS_CERT",
        "POINTSMAN_OIDC_CLIENT_SECRET_FILE",
        "POINTSMAN_SECRETS_KEY_FILE",
        "DATABASE_URL",
    ] {
        assert!(help.contains(variable), "{variable} is not in:\n{help}");
    }
    assert!(!help.contains("hunter2"));
}
