//! The certificate of all listeners, which is read again when its files change. What can't be used is told, and the old one stays.

use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use anyhow::{Context, Result};
use rustls::ServerConfig;
use rustls::crypto::{CryptoProvider, ring};
use rustls::server::{ClientHello, ResolvesServerCert};
use rustls::sign::CertifiedKey;
use rustls_pki_types::pem::PemObject;
use rustls_pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::TlsAcceptor;
use tokio_util::sync::CancellationToken;

use crate::settings::TlsSettings;

/// How often the files are looked at.
const LOOK: Duration = Duration::from_secs(5);

/// A certificate that can change while it is shown.
#[derive(Clone)]
pub struct Tls {
    files: Arc<(PathBuf, PathBuf)>,
    shown: Arc<Shown>,
    read: Pems,
}

/// What stands in the two files.
#[derive(Clone, PartialEq, Eq)]
struct Pems {
    cert: Vec<u8>,
    key: Vec<u8>,
}

struct Shown(RwLock<Arc<CertifiedKey>>);

/// Without the key.
impl std::fmt::Debug for Shown {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Shown(..)")
    }
}

impl ResolvesServerCert for Shown {
    fn resolve(&self, _: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        Some(self.0.read().unwrap_or_else(PoisonError::into_inner).clone())
    }
}

impl Tls {
    /// Reads the pair; `None` where TLS is not wanted. Errors: a sentence that says what is wrong with the files.
    pub fn load(settings: &TlsSettings) -> Result<Option<Self>> {
        let Some((cert, key)) = settings.files() else {
            return Ok(None);
        };
        let read = Pems::read(cert, key)?;
        let certified = read.certified()?;
        Ok(Some(Self {
            files: Arc::new((cert.to_owned(), key.to_owned())),
            shown: Arc::new(Shown(RwLock::new(Arc::new(certified)))),
            read,
        }))
    }

    /// What accepts connections, for HTTP/2 and HTTP/1.1.
    pub fn acceptor(&self) -> Result<TlsAcceptor> {
        let builder = ServerConfig::builder_with_provider(provider()).with_safe_default_protocol_versions()?;
        let mut config = builder
            .with_no_client_auth()
            .with_cert_resolver(Arc::clone(&self.shown) as Arc<dyn ResolvesServerCert>);
        config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
        Ok(TlsAcceptor::from(Arc::new(config)))
    }

    /// Looks at the files again and again until it is stopped.
    pub async fn watch(mut self, stop: CancellationToken) {
        loop {
            tokio::select! {
                () = tokio::time::sleep(LOOK) => {}
                () = stop.cancelled() => return,
            }
            let files = Arc::clone(&self.files);
            let read = tokio::task::spawn_blocking(move || Pems::read(&files.0, &files.1)).await;
            // Where one is not there it is being replaced, most likely; what is shown stays good meanwhile.
            let Ok(Ok(read)) = read else { continue };
            if read == self.read {
                continue;
            }
            match read.certified() {
                Ok(certified) => {
                    *self.shown.0.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(certified);
                    tracing::info!(tls.cert = %self.files.0.display(), "a new certificate is shown from now on");
                }
                Err(error) => {
                    let why = format!("{error:#}");
                    tracing::error!(error = %why, "the new certificate can't be used; the old one stays");
                }
            }
            self.read = read;
        }
    }
}

impl Pems {
    fn read(cert: &Path, key: &Path) -> Result<Self> {
        let read = |flag: &str, file: &Path| {
            std::fs::read(file).with_context(|| format!("can't read {flag} {}", file.display()))
        };
        Ok(Self {
            cert: read("--tls-cert", cert)?,
            key: read("--tls-key", key)?,
        })
    }

    fn certified(&self) -> Result<CertifiedKey> {
        let chain: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(&self.cert).collect();
        let chain = chain.context("--tls-cert is no PEM")?;
        anyhow::ensure!(!chain.is_empty(), "--tls-cert holds no certificate");
        let key = PrivateKeyDer::from_pem_slice(&self.key).context("--tls-key holds no private key as PEM")?;
        CertifiedKey::from_der(chain, key, &provider()).context("--tls-cert and --tls-key don't fit each other")
    }
}

fn provider() -> Arc<CryptoProvider> {
    Arc::new(ring::default_provider())
}
