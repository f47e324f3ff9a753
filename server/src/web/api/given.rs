//! Bodies that are JSON: what is wrong with one is told as with any parameter.

use axum::Json;
use axum::extract::{FromRequest, Request};
use pointsman_domain::query::FieldError;
use serde::de::DeserializeOwned;

use super::Failure;

/// A body.
pub struct Body<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for Body<T> {
    type Rejection = Failure;

    async fn from_request(request: Request, state: &S) -> Result<Self, Failure> {
        let read = Json::<T>::from_request(request, state).await;
        read.map(|Json(body)| Self(body)).map_err(|rejection| {
            Failure::Field(FieldError {
                field: "body".to_owned(),
                message: rejection.body_text(),
            })
        })
    }
}

/// Why.
#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Because {
    pub reason: String,
}
