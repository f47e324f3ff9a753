//! From a request's credentials to its [`Caller`], for every surface of the console's port; and the way to the sign-in for pages.
//!
//! ```text
//! Authorization: Bearer --> the token's program; 401 where it is wrong or has expired
//! else a session cookie --> its person; nobody where it is wrong or has ended, and the browser forgets it
//! else ------------------> nobody, who may what the settings say
//! ```

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Redirect, Response};
use http::header::{ACCEPT, SET_COOKIE};
use http::{HeaderMap, Method, Uri};
use pointsman_control::access::{Actor, Caller, Denial, Target, may};
use pointsman_control::people::Secret;
use pointsman_control::{Control, Problem};
use pointsman_domain::people::Action;
use pointsman_domain::people::audit::Via;
use pointsman_ingest::gate::Shown;

use super::api::failure::ApiFailure;
use super::app_state::AppState;
use super::cookies::Kind;
use super::next::with_query;
use super::proxy::Client;

/// What a request shows of who made it.
#[derive(Debug, Clone)]
pub enum Credentials {
    /// Nothing.
    None,
    /// A token.
    Token(Secret),
    /// Something that was to be a token.
    Unreadable,
    /// A session.
    Session(Secret),
}

impl Credentials {
    fn of(headers: &HeaderMap, https: bool) -> Self {
        match Shown::of(headers) {
            Shown::Token(token) => Self::Token(Secret::from(token.to_owned())),
            Shown::Unreadable => Self::Unreadable,
            Shown::Nothing => Kind::Session.read(headers, https).map_or(Self::None, Self::Session),
        }
    }

    /// Who shows this, and in which session; `None` where it is wrong, or no longer good, or nothing.
    pub async fn actor(&self, control: &Control) -> Result<Option<(Actor, Option<i64>)>, Problem> {
        Ok(match self {
            Self::None | Self::Unreadable => None,
            Self::Token(token) => {
                let program = control.program_by_token(token.reveal()).await?;
                program.map(|program| (Actor::Program(program), None))
            }
            Self::Session(secret) => {
                let person = control.person_by_session(secret.reveal()).await?;
                person.map(|(person, session)| (Actor::Person(person), Some(session)))
            }
        })
    }
}

/// See the module. Handlers find the [`Caller`] and the [`Credentials`] among the request's extensions.
pub async fn identify(State(state): State<Arc<AppState>>, mut request: Request, next: Next) -> Response {
    let client = request.extensions().get::<Client>().cloned();
    let https = client.as_ref().is_some_and(|client| client.https);
    let place = Place::of(request.uri());
    let credentials = match place {
        // For everybody alike, and without a question to the database.
        Place::Open => Credentials::None,
        _ => Credentials::of(request.headers(), https),
    };
    let found = match credentials.actor(&state.control).await {
        Ok(found) => found,
        Err(problem) => return ApiFailure::Problem(problem).into_response(),
    };
    if found.is_none() && matches!(credentials, Credentials::Token(_) | Credentials::Unreadable) {
        return ApiFailure::Unauthorized("The token is wrong, has expired or was revoked.").into_response();
    }
    let ended = found.is_none() && matches!(credentials, Credentials::Session(_));
    let (actor, session) = found.unwrap_or((Actor::Anonymous(state.anybody()), None));
    let caller = Caller {
        actor,
        via: if place == Place::Api { Via::Api } else { Via::Console },
        address: client.and_then(|client| client.address),
        session,
    };
    let document = is_document(request.method(), request.headers());
    let mut response = if let Some(refusal) = entrance(place, &caller, document, request.uri()) {
        refusal
    } else {
        request.extensions_mut().insert(credentials);
        request.extensions_mut().insert(caller);
        next.run(request).await
    };
    // Only with a page: the answer to something that was under way during a sign-in must not undo it.
    if ended
        && document
        && !response.headers().contains_key(SET_COOKIE)
        && let Some(forget) = Kind::Session.forget(https)
    {
        response.headers_mut().append(SET_COOKIE, forget);
    }
    response
}

/// What kind of thing a path leads to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    /// Assets and probes.
    Open,
    /// The ways in and out.
    Way,
    /// `/api`, whose use cases ask who may.
    Api,
    /// Server functions and what machines read, which do so as well.
    Machine,
    /// Everything else, pages that do not exist among it.
    Page,
}

impl Place {
    fn of(uri: &Uri) -> Self {
        let path = uri.path();
        let below = |top: &str| {
            path.strip_prefix(top)
                .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        };
        if ["/pkg", "/healthz", "/readyz", "/favicon.ico"].into_iter().any(below) {
            Self::Open
        } else if ["/sign-in", "/sign-out", "/setup"].into_iter().any(below) {
            Self::Way
        } else if below("/api") {
            Self::Api
        } else if ["/fn", "/live", "/metrics"].into_iter().any(below) {
            Self::Machine
        } else {
            Self::Page
        }
    }
}

/// Whether a browser wants a page to show.
fn is_document(method: &Method, headers: &HeaderMap) -> bool {
    let accepted = headers.get(ACCEPT).and_then(|value| value.to_str().ok());
    [Method::GET, Method::HEAD].contains(method) && accepted.is_some_and(|accepted| accepted.contains("text/html"))
}

/// Why a page is not shown to this caller: browsers are led to the sign-in.
fn entrance(place: Place, caller: &Caller, document: bool, uri: &Uri) -> Option<Response> {
    if place != Place::Page {
        return None;
    }
    let denial = may(&caller.actor, Action::Read, Target::Everything).err()?;
    if denial != Denial::SignIn || !document {
        return Some(ApiFailure::Problem(denial.into()).into_response());
    }
    let wanted = uri.path_and_query().map_or("/", http::uri::PathAndQuery::as_str);
    let way = match wanted {
        "/" => "/sign-in".to_owned(),
        wanted => with_query("/sign-in", &[("next", wanted)]),
    };
    Some(Redirect::to(&way).into_response())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_open_is_open() {
        for (path, place) in [
            ("/pkg/pointsman.css", Place::Open),
            ("/healthz", Place::Open),
            ("/healthzz", Place::Page),
            ("/pkgs", Place::Page),
            ("/sign-in/oidc", Place::Way),
            ("/sign-inside", Place::Page),
            ("/api/v1/overview", Place::Api),
            ("/fn/overview", Place::Machine),
            ("/live", Place::Machine),
            ("//pkg/x", Place::Page),
            ("/PKG/x", Place::Page),
            ("/", Place::Page),
        ] {
            assert_eq!(Place::of(&Uri::from_static(path)), place, "{path}");
        }
    }
}
