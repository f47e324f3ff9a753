//! TLS on all ports, a certificate that is replaced while the server runs, and one that can't be used.

use std::path::Path;
use std::sync::{Arc, Mutex};

use http::{Request, StatusCode};
use http_body_util::{BodyExt, Empty};
use hyper_util::rt::{TokioExecutor, TokioIo};
use pointsman_testing::TestDb;
use rcgen::{CertifiedKey, KeyPair, generate_simple_self_signed};
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::ring;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{ClientConfig, DigitallySignedStruct, SignatureScheme};
use tempfile::TempDir;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_rustls::TlsConnector;

use crate::running::{PATIENCE, Running, Setup, pointsman};

/// Notes which certificate was shown, and takes it.
#[derive(Debug, Default)]
struct Notes(Mutex<Vec<u8>>);

impl ServerCertVerifier for Notes {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        _: &[CertificateDer<'_>],
        _: &ServerName<'_>,
        _: &[u8],
        _: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        *self.0.lock().unwrap() = end_entity.to_vec();
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        let provider = ring::default_provider();
        rustls::crypto::verify_tls12_signature(message, cert, dss, &provider.signature_verification_algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        let provider = ring::default_provider();
        rustls::crypto::verify_tls13_signature(message, cert, dss, &provider.signature_verification_algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        ring::default_provider()
            .signature_verification_algorithms
            .supported_schemes()
    }
}

/// Asks over TLS with one protocol; the certificate that was shown, the status and the headers.
async fn ask(url: &str, alpn: &str) -> (Vec<u8>, StatusCode, http::HeaderMap) {
    let (_, rest) = url.split_once("://").unwrap();
    let (address, path) = rest.split_once('/').unwrap_or((rest, ""));
    let notes = Arc::new(Notes::default());
    let builder = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()));
    let builder = builder.with_safe_default_protocol_versions().unwrap();
    let verifier = Arc::clone(&notes) as Arc<dyn ServerCertVerifier>;
    let mut config = builder
        .dangerous()
        .with_custom_certificate_verifier(verifier)
        .with_no_client_auth();
    config.alpn_protocols = vec![alpn.as_bytes().to_vec()];
    let stream = TcpStream::connect(address).await.unwrap();
    let name = ServerName::try_from("points.example").unwrap();
    let stream = TlsConnector::from(Arc::new(config))
        .connect(name, stream)
        .await
        .unwrap();
    assert_eq!(stream.get_ref().1.alpn_protocol(), Some(alpn.as_bytes()));
    let request = if alpn == "h2" {
        Request::get(format!("https://{address}/{path}"))
    } else {
        Request::get(format!("/{path}")).header("host", address)
    };
    let request = request.body(Empty::<bytes::Bytes>::new()).unwrap();
    let io = TokioIo::new(stream);
    let response = if alpn == "h2" {
        let (mut sender, connection) = hyper::client::conn::http2::handshake(TokioExecutor::new(), io)
            .await
            .unwrap();
        tokio::spawn(connection);
        sender.send_request(request).await.unwrap()
    } else {
        let (mut sender, connection) = hyper::client::conn::http1::handshake(io).await.unwrap();
        tokio::spawn(connection);
        sender.send_request(request).await.unwrap()
    };
    let (head, body) = response.into_parts();
    body.collect().await.unwrap();
    let shown = notes.0.lock().unwrap().clone();
    (shown, head.status, head.headers)
}

/// Writes a new pair into the folder; the certificate.
fn certify(folder: &Path) -> Vec<u8> {
    let CertifiedKey { cert, signing_key } = generate_simple_self_signed(vec!["points.example".to_owned()]).unwrap();
    std::fs::write(folder.join("key.pem"), signing_key.serialize_pem()).unwrap();
    std::fs::write(folder.join("cert.pem"), cert.pem()).unwrap();
    cert.der().to_vec()
}

async fn shows(server: &Running, cert: &[u8]) {
    let what = "the certificate is shown";
    let shown = async || (ask(&server.console, "h2").await.0 == cert).then_some(());
    server.until(what, shown).await;
}

#[tokio::test]
async fn all_ports_speak_tls_and_a_new_certificate_is_taken_up() {
    let db = TestDb::new().await;
    let folder = TempDir::new().unwrap();
    let first = certify(folder.path());
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let setup = Setup::on(db.url()).with(&["--tls-cert", &path("cert.pem"), "--tls-key", &path("key.pem")]);
    let server = setup.start().await;
    assert!(server.console.starts_with("https://"), "{}", server.console);
    for (url, status) in [
        (format!("{}/healthz", server.console), StatusCode::OK),
        (
            format!("{}/v1/traces", server.otlp_http),
            StatusCode::METHOD_NOT_ALLOWED,
        ),
        (format!("{}/nothing", server.otlp_grpc), StatusCode::NOT_FOUND),
    ] {
        for alpn in ["h2", "http/1.1"] {
            let (shown, answered, headers) = ask(&url, alpn).await;
            assert_eq!((shown == first, answered), (true, status), "{url} {alpn}");
            assert_eq!(
                headers.contains_key("strict-transport-security"),
                url.contains("healthz")
            );
        }
    }
    let healthy = async |tls: bool| {
        let mut check = pointsman();
        check.args([
            "healthcheck",
            "--http-addr",
            server.console.trim_start_matches("https://"),
        ]);
        if tls {
            check.args(["--tls-cert", &path("cert.pem"), "--tls-key", &path("key.pem")]);
        }
        check.output().await.unwrap().status.success()
    };
    assert!(
        healthy(true).await,
        "the container's check speaks TLS as the server does"
    );
    assert!(!healthy(false).await);
    // Plain HTTP is not answered, and a client that says nothing is no bother.
    let address = server.console.strip_prefix("https://").unwrap();
    let silent = TcpStream::connect(address).await.unwrap();
    let mut plain = TcpStream::connect(address).await.unwrap();
    plain
        .write_all(b"GET /healthz HTTP/1.1\r\nhost: x\r\n\r\n")
        .await
        .unwrap();
    let mut answer = Vec::new();
    timeout(PATIENCE, plain.read_to_end(&mut answer))
        .await
        .unwrap()
        .unwrap();
    assert!(!answer.starts_with(b"HTTP"), "{}", String::from_utf8_lossy(&answer));

    let second = certify(folder.path());
    shows(&server, &second).await;
    // A key that fits no certificate: the old pair stays.
    let foreign = KeyPair::generate().unwrap();
    std::fs::write(folder.path().join("key.pem"), foreign.serialize_pem()).unwrap();
    let told = async || setup.log().contains("the old one stays").then_some(());
    server.until("the bad pair is told", told).await;
    assert!(ask(&server.console, "h2").await.0 == second);
    let third = certify(folder.path());
    shows(&server, &third).await;
    drop(silent);
    server.stop().await;
}
