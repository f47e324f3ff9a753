//! The use cases for whoever made a request: an extractor for handlers.

use axum::extract::{FromRef, FromRequestParts};
use http::request::Parts;
use pointsman_control::Control;
use pointsman_control::access::{Actor, Anybody, Caller};
use pointsman_domain::people::audit::Via;

/// [`pointsman_control::UseCases`] for the one who made the request.
pub struct UseCases(pub pointsman_control::UseCases);

impl std::ops::Deref for UseCases {
    type Target = pointsman_control::UseCases;

    fn deref(&self) -> &Self::Target {
        &self.0
    }
}

impl<S> FromRequestParts<S> for UseCases
where
    S: Send + Sync,
    Control: FromRef<S>,
{
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Self::Rejection> {
        Ok(Self(Control::from_ref(state).use_cases(caller(parts))))
    }
}

/// Who made this request: what the layer around all routes found out; nobody where it did not run.
pub fn caller(parts: &Parts) -> Caller {
    parts.extensions.get::<Caller>().cloned().unwrap_or(Caller {
        actor: Actor::Anonymous(Anybody::default()),
        via: Via::Api,
        address: None,
        session: None,
    })
}
