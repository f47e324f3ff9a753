//! The ways in and out: forms that browsers post, and the way to the identity provider and back. The pages with the forms are the
//! app's; what went wrong is told to them as a word in their URL, never as text.

use std::sync::Arc;

use axum::Router;
use axum::extract::rejection::FormRejection;
use axum::extract::{Extension, Form, FromRef, Query, State};
use axum::response::{AppendHeaders, Html, IntoResponse, Redirect, Response};
use axum::routing::on;
use http::header::{HeaderName, REFRESH, SET_COOKIE, USER_AGENT};
use http::{HeaderMap, HeaderValue};
use pointsman_control::people::{Browser, NewSession, SignInError};
use pointsman_control::{Control, Problem};
use pointsman_store::people::browsers::KNOWN_FOR;
use serde::Deserialize;

use super::api::failure::ApiFailure;
use super::app_state::AppState;
use super::cookies::Kind;
use super::next::{safe, with_query};
use super::oidc::Oidc;
use super::proxy::Client;
use super::routes::Way;
use super::use_cases::UseCases;

/// How long a sign-in at the identity provider may take, in seconds.
const FLOW: u64 = 600;
/// How much of the name of a browser is kept, in characters.
const AGENT: usize = 200;

/// What the handlers share.
#[derive(Clone)]
struct Shared(Arc<AppState>);

impl FromRef<Shared> for Control {
    fn from_ref(shared: &Shared) -> Self {
        shared.0.control.clone()
    }
}

/// All of [`Way`].
pub fn router(state: Arc<AppState>) -> Router {
    let add = |router: Router<Shared>, way: &Way| {
        let handler = match way {
            Way::SignIn => on(way.filter(), sign_in),
            Way::SetUp => on(way.filter(), set_up),
            Way::SignOut => on(way.filter(), sign_out),
            Way::ToProvider => on(way.filter(), to_provider),
            Way::FromProvider => on(way.filter(), from_provider),
        };
        router.route(way.path(), handler)
    };
    Way::ALL.iter().fold(Router::new(), add).with_state(Shared(state))
}

#[derive(Deserialize)]
struct SignInForm {
    #[serde(default)]
    name: String,
    #[serde(default)]
    password: String,
    #[serde(default)]
    next: String,
}

async fn sign_in(
    use_cases: UseCases,
    Extension(client): Extension<Client>,
    headers: HeaderMap,
    form: Result<Form<SignInForm>, FormRejection>,
) -> Response {
    let form = match read(form) {
        Ok(form) => form,
        Err(failure) => return failure.into_response(),
    };
    let known_by = Kind::Browser.read(&headers, client.https);
    let browser = Browser {
        agent: &agent(&headers),
        known_by: known_by.as_ref(),
    };
    let signed_in = use_cases.people().sign_in(&form.name, &form.password, browser).await;
    entered(&use_cases, signed_in, &client, &form.next)
}

#[derive(Deserialize)]
struct SetUpForm {
    #[serde(default)]
    link: String,
    #[serde(default)]
    name: String,
    #[serde(default)]
    display_name: String,
    #[serde(default)]
    password: String,
}

async fn set_up(
    use_cases: UseCases,
    Extension(client): Extension<Client>,
    headers: HeaderMap,
    form: Result<Form<SetUpForm>, FormRejection>,
) -> Response {
    let form = match read(form) {
        Ok(form) => form,
        Err(failure) => return failure.into_response(),
    };
    let agent = agent(&headers);
    let made = use_cases
        .people()
        .set_up(&form.link, &form.name, &form.display_name, &form.password, &agent)
        .await;
    let problem = match made {
        Err(SignInError::Field(error)) => match error.field.as_str() {
            "password" => "password",
            "display_name" => "display-name",
            _ => "name",
        },
        Err(SignInError::Link) => return Redirect::to("/setup?problem=link").into_response(),
        Err(SignInError::TooMany { .. }) => "too-many",
        Err(SignInError::Problem(Problem::Unavailable)) => "unavailable",
        other => return entered(&use_cases, other, &client, "/"),
    };
    Redirect::to(&with_query("/setup", &[("link", &form.link), ("problem", problem)])).into_response()
}

async fn sign_out(State(shared): State<Shared>, use_cases: UseCases, Extension(client): Extension<Client>) -> Response {
    let id_token = match use_cases.people().sign_out().await {
        Ok(id_token) => id_token,
        Err(problem) => return ApiFailure::Problem(problem).into_response(),
    };
    let forget = cookie(Kind::Session.forget(client.https));
    let provider = match (&shared.0.oidc, id_token) {
        (Some(oidc), Some(id_token)) => oidc.sign_out_url(&id_token).await,
        _ => None,
    };
    match provider {
        Some(url) => (forget, away(&url)).into_response(),
        None => (forget, Redirect::to("/sign-in?problem=signed-out")).into_response(),
    }
}

/// Sends the browser to another site. Not as a redirect: the policy of our pages lets their forms lead nowhere but here.
fn away(url: &str) -> Response {
    let escaped = url.replace('&', "&amp;").replace('"', "&quot;").replace('<', "&lt;");
    let page = format!(
        "<!DOCTYPE html><html lang=\"en\"><title>Signing out</title><p>You are signed out here. \
         <a href=\"{escaped}\">Go on to sign out at the identity provider</a>.</p></html>"
    );
    let mut response = Html(page).into_response();
    if let Ok(refresh) = HeaderValue::from_str(&format!("0; url={url}")) {
        response.headers_mut().insert(REFRESH, refresh);
    }
    response
}

#[derive(Deserialize)]
struct ToProvider {
    #[serde(default)]
    next: String,
}

async fn to_provider(
    State(shared): State<Shared>,
    use_cases: UseCases,
    Extension(client): Extension<Client>,
    Query(query): Query<ToProvider>,
) -> Response {
    let Some(oidc) = &shared.0.oidc else {
        return no_provider();
    };
    let begun = match oidc.begin(safe(&query.next)).await {
        Ok(begun) => begun,
        Err(error) => return failed(&error, "the identity provider can't be asked"),
    };
    let state = begun.flow.state.clone();
    if let Err(problem) = use_cases.people().keep_flow(begun.flow).await {
        return ApiFailure::Problem(problem).into_response();
    }
    let keep = cookie(Kind::Flow.keep(&state, client.https, FLOW));
    (keep, Redirect::to(&begun.url)).into_response()
}

#[derive(Deserialize)]
struct FromProvider {
    #[serde(default)]
    state: String,
    code: Option<String>,
    error: Option<String>,
}

async fn from_provider(
    State(shared): State<Shared>,
    use_cases: UseCases,
    Extension(client): Extension<Client>,
    headers: HeaderMap,
    Query(query): Query<FromProvider>,
) -> Response {
    let Some(oidc) = &shared.0.oidc else {
        return no_provider();
    };
    let answer = back(oidc, &use_cases, &client, &headers, query).await;
    let forget = cookie(Kind::Flow.forget(client.https));
    (forget, answer).into_response()
}

async fn back(
    oidc: &Oidc,
    use_cases: &UseCases,
    client: &Client,
    headers: &HeaderMap,
    query: FromProvider,
) -> Response {
    // Only the browser that went may come back: else somebody could sign others in as themselves.
    let gone = Kind::Flow.read(headers, client.https);
    if query.state.is_empty() || gone.is_none_or(|state| state.reveal() != query.state) {
        return problem("expired", "");
    }
    let flow = match use_cases.people().take_flow(&query.state).await {
        Ok(Some(flow)) => flow,
        Ok(None) => return problem("expired", ""),
        Err(problem) => return ApiFailure::Problem(problem).into_response(),
    };
    let Some(code) = query.code else {
        let said = query.error.unwrap_or_default();
        let said: String = said.chars().filter(char::is_ascii_graphic).take(60).collect();
        tracing::info!(oidc.error = said, "the identity provider refused a sign-in");
        return problem("provider", &flow.next);
    };
    match oidc.identity(code, &flow, || use_cases.now_ns()).await {
        Ok(identity) => {
            let signed_in = use_cases.people().sign_in_oidc(identity, &agent(headers)).await;
            entered(use_cases, signed_in, client, &flow.next)
        }
        Err(error) => failed(&error, "a sign-in at the identity provider could not be taken"),
    }
}

fn failed(error: &super::oidc::OidcError, message: &'static str) -> Response {
    tracing::warn!(error = %error, "{message}");
    problem("provider", "")
}

fn no_provider() -> Response {
    ApiFailure::NotFound("There is no identity provider to sign in at.".to_owned()).into_response()
}

/// The form, where the body is one. What is wrong with it is not repeated: it holds a password.
fn read<T>(form: Result<Form<T>, FormRejection>) -> Result<T, ApiFailure> {
    form.map(|Form(form)| form)
        .map_err(|rejection| ApiFailure::Body(rejection.status()))
}

/// In, with cookies; or back to the form.
fn entered(use_cases: &UseCases, result: Result<NewSession, SignInError>, client: &Client, next: &str) -> Response {
    match result {
        Ok(session) => {
            let seconds = session.expires_ns.saturating_sub(use_cases.now_ns()) / 1_000_000_000;
            let keep = cookie(Kind::Session.keep(&session.secret, client.https, seconds));
            let known = session.browser.as_ref();
            let known = cookie(known.and_then(|known| Kind::Browser.keep(known, client.https, KNOWN_FOR.as_secs())));
            (keep, known, Redirect::to(safe(next))).into_response()
        }
        Err(SignInError::Wrong | SignInError::Field(_)) => problem("wrong", next),
        Err(SignInError::TooMany { minutes }) => {
            let minutes = minutes.to_string();
            back_to_form(&[("problem", "too-many"), ("minutes", &minutes)], next)
        }
        Err(SignInError::NoRole) => problem("no-role", next),
        Err(SignInError::NoGroups) => problem("no-groups", next),
        Err(SignInError::Link) => problem("expired", next),
        Err(SignInError::Problem(Problem::Unavailable)) => problem("unavailable", next),
        Err(SignInError::Problem(problem)) => ApiFailure::Problem(problem).into_response(),
    }
}

fn problem(word: &str, next: &str) -> Response {
    back_to_form(&[("problem", word)], next)
}

fn back_to_form(parameters: &[(&str, &str)], next: &str) -> Response {
    let mut parameters = parameters.to_vec();
    if safe(next) != "/" {
        parameters.push(("next", next));
    }
    Redirect::to(&with_query("/sign-in", &parameters)).into_response()
}

fn cookie(value: Option<HeaderValue>) -> AppendHeaders<Vec<(HeaderName, HeaderValue)>> {
    AppendHeaders(value.into_iter().map(|value| (SET_COOKIE, value)).collect())
}

fn agent(headers: &HeaderMap) -> String {
    let text = headers.get(USER_AGENT).and_then(|value| value.to_str().ok());
    text.unwrap_or_default().chars().take(AGENT).collect()
}
