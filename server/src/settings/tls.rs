//! The certificate that all listeners show.

use std::path::{Path, PathBuf};

use anyhow::{Result, bail};
use clap::Args;

/// The certificate that all listeners show; without it they speak plain HTTP.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "TLS")]
pub struct TlsSettings {
    /// The certificate chain for all three ports, as PEM, the server's own first; read again when the file changes
    #[arg(long, env = "POINTSMAN_TLS_CERT", value_name = "FILE")]
    pub tls_cert: Option<PathBuf>,

    /// Its private key, as PEM; read again when the file changes
    #[arg(long, env = "POINTSMAN_TLS_KEY", value_name = "FILE")]
    pub tls_key: Option<PathBuf>,
}

impl TlsSettings {
    /// Errors: one file without the other.
    pub fn check(&self) -> Result<()> {
        if self.tls_cert.is_some() != self.tls_key.is_some() {
            bail!("--tls-cert and --tls-key go together; give both or none");
        }
        Ok(())
    }

    /// The files of the certificate and of the key, where TLS is wanted.
    pub fn files(&self) -> Option<(&Path, &Path)> {
        self.tls_cert.as_deref().zip(self.tls_key.as_deref())
    }
}
