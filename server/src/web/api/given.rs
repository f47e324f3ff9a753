//! Parts of paths and bodies that are JSON: what is wrong with one is told as with any parameter.

use axum::Json;
use axum::extract::{FromRequest, FromRequestParts, Request};
use http::StatusCode;
use http::request::Parts;
use pointsman_domain::kit::field::FieldError;
use serde::de::DeserializeOwned;

use super::ApiFailure;

/// What varies in a path.
pub struct Path<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned + Send> FromRequestParts<S> for Path<T> {
    type Rejection = ApiFailure;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiFailure> {
        let read = axum::extract::Path::<T>::from_request_parts(parts, state).await;
        read.map(|axum::extract::Path(found)| Self(found)).map_err(|rejection| {
            ApiFailure::Field(FieldError {
                field: "path".to_owned(),
                message: rejection.body_text(),
            })
        })
    }
}

/// A body.
pub struct Body<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for Body<T> {
    type Rejection = ApiFailure;

    async fn from_request(request: Request, state: &S) -> Result<Self, ApiFailure> {
        let read = Json::<T>::from_request(request, state).await;
        read.map(|Json(body)| Self(body)).map_err(|rejection| {
            if rejection.status() == StatusCode::PAYLOAD_TOO_LARGE {
                return ApiFailure::Body(StatusCode::PAYLOAD_TOO_LARGE);
            }
            ApiFailure::Field(FieldError {
                field: "body".to_owned(),
                message: rejection.body_text(),
            })
        })
    }
}

/// Why something is done.
#[derive(serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = Reason)]
pub struct Because {
    /// In the words of who does it, for the audit.
    #[schema(min_length = 3, max_length = 500)]
    pub reason: String,
}
