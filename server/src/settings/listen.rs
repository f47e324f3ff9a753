//! Where the server listens.

use std::net::SocketAddr;

use anyhow::{Result, bail};
use clap::Args;

/// Where the server listens.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Addresses")]
pub struct ListenSettings {
    /// The console, its JSON, the probes and the metrics
    #[arg(
        long,
        env = "POINTSMAN_HTTP_ADDR",
        default_value = "127.0.0.1:3000",
        value_name = "ADDR"
    )]
    pub http_addr: SocketAddr,

    /// OTLP over gRPC
    #[arg(
        long,
        env = "POINTSMAN_OTLP_GRPC_ADDR",
        default_value = "127.0.0.1:4317",
        value_name = "ADDR"
    )]
    pub otlp_grpc_addr: SocketAddr,

    /// OTLP over HTTP
    #[arg(
        long,
        env = "POINTSMAN_OTLP_HTTP_ADDR",
        default_value = "127.0.0.1:4318",
        value_name = "ADDR"
    )]
    pub otlp_http_addr: SocketAddr,
}

impl ListenSettings {
    /// The addresses with the flags that set them.
    pub fn all(&self) -> [(&'static str, SocketAddr); 3] {
        [
            ("--http-addr", self.http_addr),
            ("--otlp-grpc-addr", self.otlp_grpc_addr),
            ("--otlp-http-addr", self.otlp_http_addr),
        ]
    }

    /// Errors: two addresses that are the same.
    pub fn check(&self) -> Result<()> {
        let all = self.all();
        for (at, (flag, addr)) in all.iter().enumerate() {
            if let Some((other, _)) = all[..at].iter().find(|(_, other)| other == addr && addr.port() != 0) {
                bail!("{other} and {flag} are both {addr}; give each its own port");
            }
        }
        Ok(())
    }
}
