//! What shoppers talk to, over HTTP: the first page, product pages, the cart, the till.

use axum::extract::{Path, State};
use axum::routing::{get, post};
use axum::{Json, Router};
use serde::{Deserialize, Serialize};
use tracing::{Span, info};
use tracing_opentelemetry::OpenTelemetrySpanExt;

use super::catalog::Product;
use super::checkout::{Buyer, Order, of};
use super::{Setting, work};
use crate::args::ServiceName;
use crate::messages::{AddItem, CartAdd, Item, PricingQuote, QuoteRequest};
use crate::web::ShopFailure;
use crate::{rpc, web};

#[derive(Clone)]
struct Shop {
    catalog: web::Client,
    pricing: rpc::Client,
    cart: rpc::Client,
    checkout: web::Client,
}

/// What a shopper puts into their cart.
#[derive(Debug, Deserialize)]
struct Choice {
    customer: String,
    product: i32,
    quantity: i32,
}

/// A product page.
#[derive(Debug, Serialize)]
struct Page {
    product: Product,
    price: i64,
}

/// `GET /`, `GET /products/{id}`, `POST /cart/items`, `POST /checkout`.
pub(super) fn router(setting: &Setting) -> anyhow::Result<Router> {
    let shop = Shop {
        catalog: setting.web(ServiceName::Catalog)?,
        pricing: setting.rpc(ServiceName::Pricing)?,
        cart: setting.rpc(ServiceName::Cart)?,
        checkout: setting.web(ServiceName::Checkout)?,
    };
    Ok(Router::new()
        .route("/", get(home))
        .route("/products/{id}", get(product))
        .route("/cart/items", post(add))
        .route("/checkout", post(check_out))
        .with_state(shop))
}

async fn home(State(shop): State<Shop>) -> Result<Json<Vec<Product>>, ShopFailure> {
    let products: Vec<Product> = shop
        .catalog
        .get("/products", "/products")
        .await
        .map_err(|e| e.of("catalog"))?;
    work(1..4).await;
    Ok(Json(products))
}

async fn product(State(shop): State<Shop>, Path(id): Path<i32>) -> Result<Json<Page>, ShopFailure> {
    Span::current().set_attribute("product.id", i64::from(id));
    let path = format!("/products/{id}");
    let product: Product = shop
        .catalog
        .get("/products/{id}", &path)
        .await
        .map_err(|e| e.of("catalog"))?;
    let item = Item {
        product: id,
        quantity: 1,
    };
    let question = QuoteRequest {
        items: vec![item],
        tier: "standard".to_owned(),
    };
    let quote = shop
        .pricing
        .call::<PricingQuote>(question)
        .await
        .map_err(|e| of("pricing", &e))?;
    let price = quote.total;
    Ok(Json(Page { product, price }))
}

async fn add(State(shop): State<Shop>, Json(choice): Json<Choice>) -> Result<Json<usize>, ShopFailure> {
    let span = Span::current();
    span.set_attribute("customer.id", choice.customer.clone());
    span.set_attribute("product.id", i64::from(choice.product));
    let item = Item {
        product: choice.product,
        quantity: choice.quantity,
    };
    let message = AddItem {
        customer: choice.customer,
        item: Some(item),
    };
    let cart = shop.cart.call::<CartAdd>(message).await.map_err(|e| of("cart", &e))?;
    span.set_attribute("cart.items", cart.items.len() as i64);
    Ok(Json(cart.items.len()))
}

async fn check_out(State(shop): State<Shop>, Json(buyer): Json<Buyer>) -> Result<Json<Order>, ShopFailure> {
    let span = Span::current();
    span.set_attribute("customer.id", buyer.customer.clone());
    span.set_attribute("customer.tier", buyer.tier.clone());
    let order: Order = shop
        .checkout
        .post("/orders", &buyer)
        .await
        .map_err(|e| e.of("checkout"))?;
    span.set_attribute("order.id", order.id.clone());
    info!(
        order.id = order.id,
        customer.tier = buyer.tier,
        order.state = order.state,
        "showed the order"
    );
    Ok(Json(order))
}
