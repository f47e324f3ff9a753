//! Books parcels, over HTTP.

use axum::extract::State;
use axum::routing::post;
use axum::{Json, Router};
use rand::Rng;
use serde::{Deserialize, Serialize};
use tracing::{Span, info};
use tracing_opentelemetry::OpenTelemetrySpanExt;

use super::{Setting, work};
use crate::database::Database;
use crate::web::ShopFailure;

/// What is to be sent.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Shipment {
    /// For which order.
    pub order: String,
    /// How many pieces.
    pub pieces: i32,
}

/// What was booked.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Booked {
    /// Who brings it.
    pub carrier: String,
    /// In how many parcels.
    pub parcels: i32,
}

/// Pieces that go into one parcel.
const PARCEL: i32 = 4;

/// `POST /shipments`.
pub(super) fn router(setting: &Setting) -> Router {
    Router::new()
        .route("/shipments", post(book))
        .with_state(setting.database.clone())
}

async fn book(State(database): State<Database>, Json(shipment): Json<Shipment>) -> Result<Json<Booked>, ShopFailure> {
    const SQL: &str = "INSERT INTO shipment (order_id, carrier, parcels) VALUES ($1, $2, $3)";
    let carrier = ["post", "courier", "rail freight"][rand::rng().random_range(0..3)];
    let parcels = (shipment.pieces + PARCEL - 1) / PARCEL;
    let span = Span::current();
    span.set_attribute("order.id", shipment.order.clone());
    span.set_attribute("shipping.carrier", carrier);
    work(10..35).await;
    let insert = sqlx::query(SQL)
        .bind(&shipment.order)
        .bind(carrier)
        .bind(parcels)
        .execute(&database.pool);
    database.traced("INSERT shipment", SQL, insert).await?;
    info!(
        order.id = shipment.order,
        shipping.carrier = carrier,
        shipping.parcels = i64::from(parcels),
        "booked the shipment"
    );
    Ok(Json(Booked {
        carrier: carrier.to_owned(),
        parcels,
    }))
}
