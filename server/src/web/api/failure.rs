//! Why `/api` has no answer: `{"error": {"message", "field"?, "id"?}}` with the status that fits.

use axum::Json;
use axum::extract::Request;
use axum::extract::rejection::QueryRejection;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http::header::{CONTENT_TYPE, RETRY_AFTER, WWW_AUTHENTICATE};
use http::{HeaderValue, StatusCode};
use pointsman_control::Problem;
use pointsman_control::access::Denial;
use pointsman_domain::kit::field::FieldError;
use serde::Serialize;

use crate::web::{MAX_BODY, REQUEST_TIMEOUT};

/// Why there is no answer.
pub enum ApiFailure {
    /// A mistake in a parameter.
    Field(FieldError),
    /// Credentials that are not good. A sentence.
    Unauthorized(&'static str),
    /// A body that can't be read.
    Body(StatusCode),
    /// The path takes other methods.
    Method,
    /// The answer took longer than [`crate::web::REQUEST_TIMEOUT`].
    Late,
    /// There is no such thing.
    NotFound(String),
    /// A use case failed.
    Problem(Problem),
}

/// Why there is no answer.
#[derive(Serialize, utoipa::ToSchema)]
#[schema(as = Failure)]
pub struct Body {
    error: Error,
}

/// What went wrong.
#[derive(Serialize, utoipa::ToSchema)]
struct Error {
    /// In a sentence.
    message: String,
    /// Which field of the query, the path or the body is wrong.
    #[serde(skip_serializing_if = "Option::is_none")]
    field: Option<String>,
    /// Under which id the server's log says more.
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<String>,
}

impl From<FieldError> for ApiFailure {
    fn from(error: FieldError) -> Self {
        Self::Field(error)
    }
}

impl From<Problem> for ApiFailure {
    fn from(problem: Problem) -> Self {
        Self::Problem(problem)
    }
}

impl From<QueryRejection> for ApiFailure {
    fn from(rejection: QueryRejection) -> Self {
        Self::Field(FieldError {
            field: "query".to_owned(),
            message: rejection.body_text(),
        })
    }
}

impl IntoResponse for ApiFailure {
    fn into_response(self) -> Response {
        let error = |message: String| Error {
            message,
            field: None,
            id: None,
        };
        let again_seconds = match &self {
            Self::Problem(Problem::Busy { seconds }) => *seconds,
            _ => 2,
        };
        let (status, error) = match self {
            Self::Field(FieldError { field, message }) => {
                let field = Some(field);
                (
                    StatusCode::BAD_REQUEST,
                    Error {
                        field,
                        ..error(message)
                    },
                )
            }
            Self::Unauthorized(sentence) => (StatusCode::UNAUTHORIZED, error(sentence.to_owned())),
            Self::Body(StatusCode::PAYLOAD_TOO_LARGE) => {
                let sentence = format!("The body is larger than {} KiB.", MAX_BODY >> 10);
                (StatusCode::PAYLOAD_TOO_LARGE, error(sentence))
            }
            Self::Body(status) => (status, error("The body is not the form that it should be.".to_owned())),
            Self::Method => {
                let sentence = "This path does not take this method; the header `allow` says which ones.".to_owned();
                (StatusCode::METHOD_NOT_ALLOWED, error(sentence))
            }
            Self::Late => {
                let sentence = format!(
                    "The answer took longer than {} s. Ask for less.",
                    REQUEST_TIMEOUT.as_secs()
                );
                (StatusCode::SERVICE_UNAVAILABLE, error(sentence))
            }
            Self::NotFound(message) => (StatusCode::NOT_FOUND, error(message)),
            Self::Problem(problem) => {
                let message = problem.to_string();
                match problem {
                    Problem::Denied(Denial::SignIn) => (StatusCode::UNAUTHORIZED, error(message)),
                    Problem::Denied(Denial::Forbidden(_)) => (StatusCode::FORBIDDEN, error(message)),
                    Problem::Field(error) => return Self::Field(error).into_response(),
                    Problem::Missing(_) => (StatusCode::NOT_FOUND, error(message)),
                    Problem::Conflict(_) => (StatusCode::CONFLICT, error(message)),
                    Problem::Unavailable | Problem::Busy { .. } => (StatusCode::SERVICE_UNAVAILABLE, error(message)),
                    Problem::Internal { id } => {
                        let id = Some(id);
                        (StatusCode::INTERNAL_SERVER_ERROR, Error { id, ..error(message) })
                    }
                }
            }
        };
        let mut response = (status, Json(Body { error })).into_response();
        if status == StatusCode::SERVICE_UNAVAILABLE {
            response.headers_mut().insert(RETRY_AFTER, again_seconds.into());
        }
        if status == StatusCode::UNAUTHORIZED {
            let headers = response.headers_mut();
            headers.insert(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        response
    }
}

/// Gives what a layer refuses (a body that is too large, a request that takes too long) the body that all failures of the API have.
pub async fn in_one_form(request: Request, next: Next) -> Response {
    let is_api = is_api(request.uri().path());
    let response = next.run(request).await;
    if !is_api
        || response
            .headers()
            .get(CONTENT_TYPE)
            .is_some_and(|kind| kind == "application/json")
    {
        return response;
    }
    match response.status() {
        StatusCode::PAYLOAD_TOO_LARGE => ApiFailure::Body(StatusCode::PAYLOAD_TOO_LARGE).into_response(),
        StatusCode::SERVICE_UNAVAILABLE => ApiFailure::Late.into_response(),
        _ => response,
    }
}

/// Whether a path is one of the API.
pub fn is_api(path: &str) -> bool {
    path.starts_with("/api/")
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

    use super::*;

    async fn told(problem: Problem) -> (StatusCode, String, String) {
        let response = ApiFailure::Problem(problem).into_response();
        let (status, again) = (
            response.status(),
            response.headers()[RETRY_AFTER].to_str().unwrap().to_owned(),
        );
        let body = axum::body::to_bytes(response.into_body(), 1000).await.unwrap();
        let body: serde_json::Value = serde_json::from_slice(&body).unwrap();
        (status, again, body["error"]["message"].as_str().unwrap().to_owned())
    }

    #[tokio::test]
    async fn busy_is_not_away() {
        let (status, again, message) = told(Problem::Busy { seconds: 5 }).await;
        assert_eq!((status, again.as_str()), (StatusCode::SERVICE_UNAVAILABLE, "5"));
        assert_eq!(message, "Pointsman is busy: too many reads at once. Try again in 5 s.");
        let (status, again, message) = told(Problem::Unavailable).await;
        assert_eq!((status, again.as_str()), (StatusCode::SERVICE_UNAVAILABLE, "2"));
        assert!(message.starts_with("The database can't be reached."), "{message}");
    }
}
