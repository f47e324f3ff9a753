//! The catalogue: products, from the database, over HTTP.

use axum::extract::{Path, State};
use axum::routing::get;
use axum::{Json, Router};
use http::StatusCode;
use serde::{Deserialize, Serialize};
use tracing::{Span, info};
use tracing_opentelemetry::OpenTelemetrySpanExt;

use super::{Setting, work};
use crate::database::Database;
use crate::web::ShopFailure;

/// A product as the shop shows it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Product {
    pub id: i32,
    pub name: String,
    /// What it is among.
    pub category: String,
    /// In cents.
    pub price: i64,
}

type Row = (i32, String, String, i64);

fn product((id, name, category, price): Row) -> Product {
    Product {
        id,
        name,
        category,
        price,
    }
}

/// `GET /products`, `GET /products/{id}`.
pub(super) fn router(setting: &Setting) -> Router {
    Router::new()
        .route("/products", get(list))
        .route("/products/{id}", get(one))
        .with_state(setting.database.clone())
}

async fn list(State(database): State<Database>) -> Result<Json<Vec<Product>>, ShopFailure> {
    const SQL: &str = "SELECT id, name, category, price_cents FROM product ORDER BY category, name";
    let rows: Vec<Row> = database
        .traced("SELECT product", SQL, sqlx::query_as(SQL).fetch_all(&database.pool))
        .await?;
    work(2..9).await;
    Span::current().set_attribute("catalog.products", rows.len() as i64);
    info!(catalog.products = rows.len() as i64, "listed the products");
    Ok(Json(rows.into_iter().map(product).collect()))
}

async fn one(State(database): State<Database>, Path(id): Path<i32>) -> Result<Json<Product>, ShopFailure> {
    const SQL: &str = "SELECT id, name, category, price_cents FROM product WHERE id = $1";
    Span::current().set_attribute("product.id", i64::from(id));
    let row: Option<Row> = database
        .traced(
            "SELECT product",
            SQL,
            sqlx::query_as(SQL).bind(id).fetch_optional(&database.pool),
        )
        .await?;
    work(1..4).await;
    let found = row.map(product);
    let found =
        found.ok_or_else(|| ShopFailure::new(StatusCode::NOT_FOUND, "NoSuchProduct", format!("no product {id}")))?;
    Ok(Json(found))
}
