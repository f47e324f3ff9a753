//! Prices and discounts, over gRPC.

use axum::Router;
use tonic::Status;
use tracing::{Span, info};
use tracing_opentelemetry::OpenTelemetrySpanExt;

use super::cart::broken;
use super::{Setting, work};
use crate::database::Database;
use crate::messages::{PricingQuote, Quote, QuoteRequest};
use crate::rpc::{self, Method};

/// From this subtotal in cents, 2 % more are taken off.
const LARGE_ORDER: i64 = 50_000;

/// `shop.Pricing`.
pub(super) fn router(setting: &Setting) -> Router {
    let database = setting.database.clone();
    let serve = rpc::serve::<PricingQuote, _, _>(move |message| quote(database.clone(), message));
    Router::new().route(PricingQuote::PATH, serve)
}

async fn quote(database: Database, message: QuoteRequest) -> Result<Quote, Status> {
    const SQL: &str = "SELECT id, price_cents FROM product WHERE id = ANY($1)";
    let ids: Vec<i32> = message.items.iter().map(|item| item.product).collect();
    let select = sqlx::query_as(SQL).bind(ids).fetch_all(&database.pool);
    let prices: Vec<(i32, i64)> = database.traced("SELECT product", SQL, select).await.map_err(broken)?;
    work(1..5).await;
    let mut lines = Vec::with_capacity(message.items.len());
    for item in &message.items {
        let price = prices.iter().find(|(id, _)| *id == item.product);
        let (_, price) = price.ok_or_else(|| Status::not_found(format!("no product {}", item.product)))?;
        lines.push((*price, item.quantity));
    }
    let quote = price(&lines, &message.tier);
    let span = Span::current();
    span.set_attribute("customer.tier", message.tier.clone());
    span.set_attribute("pricing.total_cents", quote.total);
    info!(
        customer.tier = message.tier,
        pricing.total_cents = quote.total,
        pricing.discount_cents = quote.discount,
        "priced {} items",
        lines.len()
    );
    Ok(quote)
}

/// Sums `(price in cents, quantity)` and takes off what the tier and a large order bring: silver 5 %, gold 10 %, from
/// 500.00 on 2 % more. Discounts are rounded down to the cent.
fn price(lines: &[(i64, i32)], tier: &str) -> Quote {
    let subtotal: i64 = lines.iter().map(|(price, quantity)| price * i64::from(*quantity)).sum();
    let tier_percent = match tier {
        "gold" => 10,
        "silver" => 5,
        _ => 0,
    };
    let percent = tier_percent + if subtotal >= LARGE_ORDER { 2 } else { 0 };
    let discount = subtotal * percent / 100;
    Quote {
        subtotal,
        discount,
        total: subtotal - discount,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn takes_off_by_tier_and_size() {
        for (lines, tier, subtotal, discount) in [
            (&[][..], "gold", 0, 0),
            (&[(999, 1)], "standard", 999, 0),
            (&[(999, 1)], "silver", 999, 49),
            (&[(999, 1)], "gold", 999, 99),
            (&[(25_000, 2)], "standard", 50_000, 1_000),
            (&[(25_000, 2), (1, 3)], "gold", 50_003, 6_000),
        ] {
            let quote = price(lines, tier);
            assert_eq!(
                (quote.subtotal, quote.discount),
                (subtotal, discount),
                "{lines:?} {tier}"
            );
            assert_eq!(quote.total, subtotal - discount);
        }
    }
}
