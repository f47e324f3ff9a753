//! The shop's database: made by the parent, used by most services, each query in a span after the database conventions.

use std::future::Future;
use std::str::FromStr;
use std::time::Duration;

use anyhow::Context;
use sqlx::postgres::{PgConnectOptions, PgPool, PgPoolOptions};
use sqlx::{ConnectOptions, Connection, Executor, PgConnection};
use tracing::{Instrument, info_span};
use tracing_opentelemetry::OpenTelemetrySpanExt;

use crate::telemetry;

/// The database's name.
pub const NAME: &str = "shop";

/// How one tells a database that the demo made from one that happens to have its name.
const MARK: &str = "Pointsman demo shop";

/// Makes the shop's database beside the one that `url` names, with products and nothing else in it, and gives its URL.
pub async fn prepare(url: &str) -> anyhow::Result<String> {
    let beside = PgConnectOptions::from_str(url).context("the database's URL cannot be read")?;
    let mut connection = PgConnection::connect_with(&beside)
        .await
        .context("cannot connect to PostgreSQL to make the shop's database")?;
    let found: Option<(Option<String>,)> =
        sqlx::query_as("SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = $1")
            .bind(NAME)
            .fetch_optional(&mut connection)
            .await?;
    match found {
        None => {
            connection
                .execute("CREATE DATABASE shop")
                .await
                .context("cannot create the shop's database: the role needs CREATEDB")?;
            connection
                .execute("COMMENT ON DATABASE shop IS 'Pointsman demo shop'")
                .await?;
        }
        Some((mark,)) => anyhow::ensure!(
            mark.as_deref() == Some(MARK),
            "there is a database `{NAME}` that the demo did not make; it is left alone. Use another PostgreSQL."
        ),
    }
    connection.close().await?;

    let shop = beside.database(NAME);
    let mut connection = PgConnection::connect_with(&shop)
        .await
        .context("cannot connect to the shop's database")?;
    connection
        .execute(include_str!("database/schema.sql"))
        .await
        .context("cannot set up the shop's tables")?;
    connection.close().await?;
    Ok(shop.to_url_lossy().to_string())
}

/// A service's connections.
#[derive(Clone)]
pub struct Database {
    /// For queries; wrap them in [`Database::traced`].
    pub pool: PgPool,
    server: String,
}

impl Database {
    /// Connects when first used; two connections are plenty for the shop.
    pub fn new(url: &str) -> anyhow::Result<Self> {
        let options = PgConnectOptions::from_str(url)?;
        let server = options
            .get_socket()
            .map_or_else(|| options.get_host().to_owned(), |path| path.display().to_string());
        let pool = PgPoolOptions::new()
            .max_connections(2)
            .acquire_timeout(Duration::from_secs(5))
            .connect_lazy_with(options);
        Ok(Self { pool, server })
    }

    /// Runs `query` in a client span. `summary` is the operation and the table, `text` the SQL.
    pub async fn traced<T>(
        &self,
        summary: &'static str,
        text: &'static str,
        query: impl Future<Output = Result<T, sqlx::Error>>,
    ) -> Result<T, sqlx::Error> {
        let (operation, table) = summary.split_once(' ').unwrap_or((summary, ""));
        let span = info_span!(
            "database",
            otel.name = summary,
            otel.kind = "client",
            db.system.name = "postgresql",
            db.namespace = NAME,
            db.operation.name = operation,
            db.collection.name = table,
            db.query.summary = summary,
            db.query.text = text,
            server.address = self.server,
        );
        let answer = query.instrument(span.clone()).await;
        if let Err(error) = &answer {
            let code = error.as_database_error().and_then(sqlx::error::DatabaseError::code);
            if let Some(code) = &code {
                span.set_attribute("db.response.status_code", code.to_string());
            }
            telemetry::exception(&span, "sqlx::Error", &error.to_string());
            telemetry::failed(&span, code.as_deref().unwrap_or("connection"), &error.to_string());
        }
        answer
    }
}
