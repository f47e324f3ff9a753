//! Turns a cart into an order, over HTTP: prices it, charges the card, books the shipment, keeps the order, tells the queue.

use axum::extract::State;
use axum::routing::post;
use axum::{Json, Router};
use http::StatusCode;
use rand::Rng;
use serde::{Deserialize, Serialize};
use tonic::{Code, Status};
use tracing::{Span, info, warn};
use tracing_opentelemetry::OpenTelemetrySpanExt;

use super::shipping::{Booked, Shipment};
use super::{Setting, work};
use crate::args::ServiceName;
use crate::database::Database;
use crate::messages::{CartEmpty, CartGet, ChargeRequest, Customer, PaymentsCharge, PricingQuote, Quote, QuoteRequest};
use crate::web::ShopFailure;
use crate::{queue, rpc, web};

/// The queue of what happened to orders.
pub(super) const ORDER_EVENTS: &str = "order-events";

/// Who wants to buy what is in their cart.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Buyer {
    /// The customer.
    pub customer: String,
    /// `standard`, `silver` or `gold`.
    pub tier: String,
}

/// What became of it.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Order {
    pub id: String,
    /// `placed` or `declined`.
    pub state: String,
    /// To pay, in cents.
    pub total: i64,
}

#[derive(Clone)]
struct Checkout {
    cart: rpc::Client,
    pricing: rpc::Client,
    payments: rpc::Client,
    shipping: web::Client,
    database: Database,
}

/// `POST /orders`.
pub(super) fn router(setting: &Setting) -> anyhow::Result<Router> {
    let checkout = Checkout {
        cart: setting.rpc(ServiceName::Cart)?,
        pricing: setting.rpc(ServiceName::Pricing)?,
        payments: setting.rpc(ServiceName::Payments)?,
        shipping: setting.web(ServiceName::Shipping)?,
        database: setting.database.clone(),
    };
    Ok(Router::new().route("/orders", post(place)).with_state(checkout))
}

async fn place(State(checkout): State<Checkout>, Json(buyer): Json<Buyer>) -> Result<Json<Order>, ShopFailure> {
    let order = format!("ord-{:010x}", rand::rng().random::<u64>() >> 24);
    let span = Span::current();
    span.set_attribute("order.id", order.clone());
    span.set_attribute("customer.id", buyer.customer.clone());
    span.set_attribute("customer.tier", buyer.tier.clone());

    let customer = Customer {
        id: buyer.customer.clone(),
    };
    let cart = checkout
        .cart
        .call::<CartGet>(customer.clone())
        .await
        .map_err(|e| of("cart", &e))?;
    span.set_attribute("cart.items", cart.items.len() as i64);
    if cart.items.is_empty() {
        return Err(ShopFailure::new(
            StatusCode::CONFLICT,
            "EmptyCart",
            "there is nothing in the cart",
        ));
    }
    let pieces = cart.items.iter().map(|item| item.quantity).sum();
    let question = QuoteRequest {
        items: cart.items,
        tier: buyer.tier.clone(),
    };
    let quote = checkout
        .pricing
        .call::<PricingQuote>(question)
        .await
        .map_err(|e| of("pricing", &e))?;
    work(2..6).await;

    // Not tried again elsewhere: a charge whose answer was lost may have been made.
    let charge = ChargeRequest {
        order: order.clone(),
        amount: quote.total,
        tier: buyer.tier.clone(),
    };
    let charged = checkout
        .payments
        .call::<PaymentsCharge>(charge)
        .await
        .map_err(|e| of("payments", &e))?;
    let state = if charged.approved { "placed" } else { "declined" };
    if charged.approved {
        let shipment = Shipment {
            order: order.clone(),
            pieces,
        };
        let booked: Result<Booked, _> = checkout.shipping.post("/shipments", &shipment).await;
        booked.map_err(|error| error.of("shipping"))?;
    }
    checkout.keep(&order, &buyer, &quote, state).await?;
    let event = serde_json::json!({ "order": order, "state": state, "tier": buyer.tier }).to_string();
    queue::send(&checkout.database, ORDER_EVENTS, &event).await?;
    if charged.approved {
        checkout
            .cart
            .call::<CartEmpty>(customer)
            .await
            .map_err(|e| of("cart", &e))?;
        info!(
            order.id = order,
            customer.tier = buyer.tier,
            order.total_cents = quote.total,
            "order placed"
        );
    } else {
        warn!(
            order.id = order,
            customer.tier = buyer.tier,
            "order not placed: the card was declined"
        );
    }
    span.set_attribute("order.total_cents", quote.total);
    span.set_attribute("order.state", state);
    Ok(Json(Order {
        id: order,
        state: state.to_owned(),
        total: quote.total,
    }))
}

impl Checkout {
    async fn keep(&self, order: &str, buyer: &Buyer, quote: &Quote, state: &str) -> Result<(), ShopFailure> {
        const SQL: &str = "INSERT INTO customer_order (id, customer, total_cents, state) VALUES ($1, $2, $3, $4)";
        let insert = sqlx::query(SQL)
            .bind(order)
            .bind(&buyer.customer)
            .bind(quote.total)
            .bind(state)
            .execute(&self.database.pool);
        self.database.traced("INSERT customer_order", SQL, insert).await?;
        Ok(())
    }
}

/// The failure of an HTTP service whose gRPC call failed.
pub(super) fn of(callee: &str, status: &Status) -> ShopFailure {
    let message = format!("{callee}: {}", status.message());
    match status.code() {
        Code::NotFound => ShopFailure::new(StatusCode::NOT_FOUND, "NotFound", message),
        Code::InvalidArgument => ShopFailure::new(StatusCode::BAD_REQUEST, "InvalidArgument", message),
        Code::Unavailable => ShopFailure::new(StatusCode::SERVICE_UNAVAILABLE, "UpstreamUnavailable", message),
        _ => ShopFailure::new(StatusCode::BAD_GATEWAY, "UpstreamFailed", message),
    }
}
