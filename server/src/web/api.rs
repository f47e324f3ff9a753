//! `/api/v1`: what the pages show, as JSON; the parameters are those of the pages' URLs. Objectives and
//! contracts can be changed here too.
//!
//! ```text
//! routes::api_routes! --> described: each row with its handler, and with what the handler says of itself --+--> router
//!                                                                                                           `--> document
//! ```

use axum::Json;
use axum::Router;
use axum::extract::Query;
use axum::extract::rejection::QueryRejection;
use axum::routing::{MethodRouter, any};
use pointsman_control::Control;
use pointsman_domain::kit::field::FieldError;
use pointsman_domain::time::RangeSpec;
use serde::Deserialize;
use utoipa::openapi::path::Paths;
use utoipa::openapi::{RefOr, Schema};

mod document;
pub mod failure;
mod given;
mod people;
mod promise;
mod see;

use super::routes::{Api, api_routes};
use failure::ApiFailure;

type Answer<T> = Result<Json<T>, ApiFailure>;
type Given<T> = Result<Query<T>, QueryRejection>;

/// A row of the list of routes, its handler, and what that says of itself.
struct Described {
    route: Api,
    handler: MethodRouter<Control>,
    /// Its operation, under the path and the method that its description gives.
    paths: Paths,
    /// The types that it takes and answers with, by name.
    schemas: Vec<(String, RefOr<Schema>)>,
}

macro_rules! describe {
    ($($variant:ident => $method:ident $path:literal $($handler:ident)::+ [$($action:ident)?]),+ $(,)?) => {
        /// All of [`Api`].
        fn described() -> Vec<Described> {
            vec![$({
                let (schemas, paths, handler) = utoipa_axum::routes!($($handler)::+);
                Described { route: Api::$variant, handler, paths, schemas }
            }),+]
        }
    };
}
api_routes!(describe);

/// All of [`Api`], and a JSON answer for every other path and method.
pub fn router(control: Control) -> Router {
    described()
        .into_iter()
        .fold(Router::new(), |router, row| router.route(row.route.path(), row.handler))
        .method_not_allowed_fallback(no_such_method)
        .route("/api/{*rest}", any(nothing))
        .with_state(control)
}

async fn nothing() -> ApiFailure {
    ApiFailure::NotFound("There is nothing at this path of /api/v1: see /api/openapi.json.".to_owned())
}

async fn no_such_method() -> ApiFailure {
    ApiFailure::Method
}

/// The time range of a URL.
#[derive(Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
struct RangeForm {
    /// The last so long, up to now: a whole number and a unit of `s`, `m`, `h` or `d`, such as `30m` (the default). At most 400 days.
    range: Option<String>,
    /// From when on, as RFC 3339, instead of `range`.
    from: Option<String>,
    /// Until when, as RFC 3339; a day after `from` where it is not given. At most 400 days after it.
    to: Option<String>,
}

impl RangeForm {
    fn parse(&self) -> Result<RangeSpec, FieldError> {
        let range = RangeSpec::parse(self.range.as_deref(), self.from.as_deref(), self.to.as_deref());
        range.map_err(|error| FieldError {
            field: "range".to_owned(),
            message: error.to_string(),
        })
    }
}
