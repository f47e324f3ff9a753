//! The worker behind the queue: tells customers what became of their orders.

use std::time::Duration;

use axum::Router;
use serde::Deserialize;
use tokio_util::sync::CancellationToken;
use tracing::{Span, error, info};
use tracing_opentelemetry::OpenTelemetrySpanExt;

use super::checkout::ORDER_EVENTS;
use super::{Setting, work};
use crate::database::Database;
use crate::queue;

/// How long to wait when the queue is empty.
const IDLE: Duration = Duration::from_millis(150);

/// How long to wait when the queue cannot be read.
const BROKEN: Duration = Duration::from_secs(2);

#[derive(Debug, Deserialize)]
struct Event {
    order: String,
    state: String,
    tier: String,
}

/// Starts to work. Serves nothing.
pub(super) fn start(setting: Setting) -> Router {
    tokio::spawn(work_off(setting.database, setting.stop));
    Router::new()
}

async fn work_off(database: Database, stop: CancellationToken) {
    while !stop.is_cancelled() {
        let taken = queue::take(&database, ORDER_EVENTS, "notifier", |body| notify(&database, body)).await;
        let wait = match taken {
            Ok(true) => continue,
            Ok(false) => IDLE,
            Err(error) => {
                error!("cannot work off the queue: {error}");
                BROKEN
            }
        };
        tokio::select! {
            () = tokio::time::sleep(wait) => {}
            () = stop.cancelled() => {}
        }
    }
}

async fn notify(database: &Database, body: String) -> Result<(), sqlx::Error> {
    const SQL: &str = "INSERT INTO notification (order_id, channel) VALUES ($1, $2)";
    let Ok(event) = serde_json::from_str::<Event>(&body) else {
        error!("a message that is no order event was dropped");
        return Ok(());
    };
    let channel = if event.tier == "gold" { "phone" } else { "email" };
    let span = Span::current();
    span.set_attribute("order.id", event.order.clone());
    span.set_attribute("notification.channel", channel);
    work(8..25).await;
    let insert = sqlx::query(SQL)
        .bind(&event.order)
        .bind(channel)
        .execute(&database.pool);
    database.traced("INSERT notification", SQL, insert).await?;
    info!(
        order.id = event.order,
        order.state = event.state,
        notification.channel = channel,
        "told the customer"
    );
    Ok(())
}
