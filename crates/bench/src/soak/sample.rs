//! One look at a running server.

use std::fmt;

use anyhow::{Context, Result};
use reqwest::Client;
use tokio::process::Command;

use crate::process::{Server, memory_mb};

pub(super) struct Sample {
    /// Of the oldest request that waits.
    pub(super) lag_seconds: f64,
    /// Resident, of the server without PostgreSQL.
    pub(super) memory_mb: f64,
    /// Of PostgreSQL, all clients together.
    pub(super) connections: f64,
    /// In `pg_locks`.
    pub(super) locks: f64,
}

impl Sample {
    pub(super) async fn take(server: &Server, http: &Client, database: &str) -> Result<Self> {
        let status: serde_json::Value = http.get(server.control("/api/v1/status")).send().await?.json().await?;
        let lag_ns = status["journal_lag_ns"].as_f64().context("the status tells the lag")?;
        let counts = "SELECT (SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend'), (SELECT count(*) FROM pg_locks)";
        let arguments = ["--no-psqlrc", "--tuples-only", "--no-align", "--field-separator= "];
        let mut psql = Command::new("psql");
        psql.args(arguments).args(["--command", counts, "--dbname", database]);
        let output = psql.output().await.context("starting psql")?;
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        let mut counts = text.split_whitespace().map(str::parse);
        let mut count = || counts.next().context("psql answers two numbers")?.context("a number");
        Ok(Self {
            lag_seconds: lag_ns / 1e9,
            memory_mb: memory_mb(server.pid()),
            connections: count()?,
            locks: count()?,
        })
    }
}

impl fmt::Display for Sample {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "lag {:.1} s, {:.0} MB, {} connections, {} locks",
            self.lag_seconds, self.memory_mb, self.connections, self.locks
        )
    }
}
