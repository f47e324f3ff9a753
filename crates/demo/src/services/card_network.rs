//! The card network: a company outside the shop. It sends no telemetry, so that it shows as an external host.

use axum::routing::post;
use axum::{Json, Router};
use rand::Rng;

use super::payments::{Authorization, Authorized};
use super::work;

/// The share of cards that a bank declines.
const DECLINED: f64 = 0.02;

/// `POST /authorizations`.
pub(super) fn router() -> Router {
    Router::new().route("/authorizations", post(authorize))
}

async fn authorize(Json(question): Json<Authorization>) -> Json<Authorized> {
    work(30..90).await;
    let mut random = rand::rng();
    Json(Authorized {
        approved: question.amount > 0 && !random.random_bool(DECLINED),
        reference: format!("auth-{:08x}", random.random::<u32>()),
    })
}
