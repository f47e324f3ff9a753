//! The use cases for whoever made a request: an extractor for handlers.

use axum::extract::{FromRef, FromRequestParts};
use http::request::Parts;
use pointsman_control::Console;
use pointsman_control::access::{Actor, Anybody, Caller};
use pointsman_domain::people::audit::Via;

/// [`pointsman_control::Desk`] for the one who made the request.
pub struct Desk(pub pointsman_control::Desk);

impl std::ops::Deref for Desk {
    type Target = pointsman_control::Desk;

    fn deref(&self) -> &Self::Target {
        &self.0
    }
}

impl<S> FromRequestParts<S> for Desk
where
    S: Send + Sync,
    Console: FromRef<S>,
{
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Self::Rejection> {
        Ok(Self(Console::from_ref(state).desk(caller(parts))))
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
