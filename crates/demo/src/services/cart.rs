//! The carts: what each shopper has chosen, over gRPC. Asks the catalogue whether a product exists.

use axum::Router;
use tonic::{Code, Status};
use tracing::{Span, info};
use tracing_opentelemetry::OpenTelemetrySpanExt;

use super::catalog::Product;
use super::{Setting, work};
use crate::args::ServiceName;
use crate::database::Database;
use crate::messages::{AddItem, CartAdd, CartContents, CartEmpty, CartGet, Customer, Item};
use crate::rpc::{self, Method};
use crate::web::{self, CallError};

#[derive(Clone)]
struct Carts {
    database: Database,
    catalog: web::Client,
}

/// `shop.Cart`.
pub(super) fn router(setting: &Setting) -> anyhow::Result<Router> {
    let carts = Carts {
        database: setting.database.clone(),
        catalog: setting.web(ServiceName::Catalog)?,
    };
    let (add, get, empty) = (carts.clone(), carts.clone(), carts);
    Ok(Router::new()
        .route(
            CartAdd::PATH,
            rpc::serve::<CartAdd, _, _>(move |message| add.clone().add(message)),
        )
        .route(
            CartGet::PATH,
            rpc::serve::<CartGet, _, _>(move |message| get.clone().get(message)),
        )
        .route(
            CartEmpty::PATH,
            rpc::serve::<CartEmpty, _, _>(move |message| empty.clone().empty(message)),
        ))
}

impl Carts {
    async fn add(self, message: AddItem) -> Result<CartContents, Status> {
        const SQL: &str = "INSERT INTO cart_item (customer, product, quantity) VALUES ($1, $2, $3) \
            ON CONFLICT (customer, product) DO UPDATE SET quantity = cart_item.quantity + EXCLUDED.quantity";
        let item = message.item.ok_or_else(|| Status::invalid_argument("no item"))?;
        let path = format!("/products/{}", item.product);
        let product: Product = self.catalog.get("/products/{id}", &path).await.map_err(no_product)?;
        let add = sqlx::query(SQL)
            .bind(&message.customer)
            .bind(item.product)
            .bind(item.quantity)
            .execute(&self.database.pool);
        self.database
            .traced("INSERT cart_item", SQL, add)
            .await
            .map_err(broken)?;
        let contents = self.contents(&message.customer).await?;
        info!(
            customer.id = message.customer,
            product.id = i64::from(product.id),
            cart.items = contents.items.len() as i64,
            "{} put into the cart",
            product.name
        );
        Ok(contents)
    }

    async fn get(self, message: Customer) -> Result<CartContents, Status> {
        work(1..3).await;
        self.contents(&message.id).await
    }

    async fn empty(self, message: Customer) -> Result<CartContents, Status> {
        const SQL: &str = "DELETE FROM cart_item WHERE customer = $1";
        let delete = sqlx::query(SQL).bind(&message.id).execute(&self.database.pool);
        self.database
            .traced("DELETE cart_item", SQL, delete)
            .await
            .map_err(broken)?;
        Ok(CartContents::default())
    }

    async fn contents(&self, customer: &str) -> Result<CartContents, Status> {
        const SQL: &str = "SELECT product, quantity FROM cart_item WHERE customer = $1 ORDER BY product";
        let select = sqlx::query_as(SQL).bind(customer).fetch_all(&self.database.pool);
        let rows: Vec<(i32, i32)> = self
            .database
            .traced("SELECT cart_item", SQL, select)
            .await
            .map_err(broken)?;
        Span::current().set_attribute("cart.items", rows.len() as i64);
        let items = rows.into_iter().map(|(product, quantity)| Item { product, quantity });
        Ok(CartContents { items: items.collect() })
    }
}

fn no_product(error: CallError) -> Status {
    match error {
        CallError::Refused(http::StatusCode::NOT_FOUND, what) => Status::new(Code::NotFound, what),
        other => Status::unavailable(format!("catalog: {other}")),
    }
}

/// A database that does not answer, as gRPC says it.
#[expect(clippy::needless_pass_by_value, reason = "for map_err")]
pub(super) fn broken(error: sqlx::Error) -> Status {
    Status::internal(format!("database: {error}"))
}
