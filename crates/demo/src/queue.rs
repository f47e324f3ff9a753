//! The shop's queue: a table that a worker takes messages from with `SKIP LOCKED`. A message carries its sender's trace context,
//! so that the worker's span is a child of the sender's.

use std::future::Future;

use sqlx::Connection;
use tracing::{Instrument, info_span};

use crate::database::Database;
use crate::{propagation, telemetry};

/// `messaging.system`.
const SYSTEM: &str = "postgresql";

/// Puts a message into `destination`.
pub async fn send(database: &Database, destination: &'static str, body: &str) -> Result<(), sqlx::Error> {
    let span = info_span!(
        "producer",
        otel.name = format!("send {destination}"),
        otel.kind = "producer",
        messaging.system = SYSTEM,
        messaging.destination.name = destination,
        messaging.operation.name = "send",
        "messaging.operation.type" = "send",
        messaging.message.body.size = body.len() as i64,
    );
    let context = propagation::to_text(&span);
    let sent = sqlx::query("INSERT INTO queue_message (destination, context, body) VALUES ($1, $2, $3)")
        .bind(destination)
        .bind(context)
        .bind(body)
        .execute(&database.pool)
        .instrument(span.clone())
        .await;
    if let Err(error) = &sent {
        telemetry::failed(&span, "send", &error.to_string());
    }
    sent.map(|_| ())
}

/// Takes the oldest message of `destination` and handles it in a consumer span. A message whose handling fails goes back.
/// Answers whether there was one.
pub async fn take<F, Fut>(
    database: &Database,
    destination: &'static str,
    group: &'static str,
    handle: F,
) -> Result<bool, sqlx::Error>
where
    F: FnOnce(String) -> Fut,
    Fut: Future<Output = Result<(), sqlx::Error>>,
{
    let mut connection = database.pool.acquire().await?;
    let mut transaction = connection.begin().await?;
    let message: Option<(i64, String, String)> = sqlx::query_as(
        "DELETE FROM queue_message WHERE id = (
            SELECT id FROM queue_message WHERE destination = $1 ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED
        ) RETURNING id, context, body",
    )
    .bind(destination)
    .fetch_optional(&mut *transaction)
    .await?;
    let Some((id, context, body)) = message else {
        return Ok(false);
    };
    let span = info_span!(
        "consumer",
        otel.name = format!("process {destination}"),
        otel.kind = "consumer",
        messaging.system = SYSTEM,
        messaging.destination.name = destination,
        messaging.operation.name = "process",
        "messaging.operation.type" = "process",
        messaging.consumer.group.name = group,
        messaging.message.id = id.to_string(),
    );
    propagation::accept_text(&span, &context);
    let handled = handle(body).instrument(span.clone()).await;
    if let Err(error) = handled {
        telemetry::exception(&span, "sqlx::Error", &error.to_string());
        telemetry::failed(&span, "process", &error.to_string());
        return Err(error);
    }
    transaction.commit().await?;
    Ok(true)
}
