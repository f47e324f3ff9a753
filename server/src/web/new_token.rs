//! The form of a new token. Its answer is the app's page with the secret in it: a redirect would have to carry the secret in a URL
//! or keep it somewhere.

use axum::body::Body;
use axum::extract::{RawForm, Request};
use axum::response::Response;
use axum::routing::{MethodRouter, post};
use http::header::{CONTENT_LENGTH, CONTENT_TYPE};
use http::request::Parts;
use http::{Method, StatusCode};
use leptos::prelude::{IntoView, provide_context};
use pointsman_app::failure::Failure;
use pointsman_app::pages::people::new_token::Made;
use pointsman_app::url::Query;
use pointsman_control::Control;
use pointsman_domain::kit::field::FieldError;
use pointsman_domain::people::form::TokenForm;

use super::use_cases::caller;

/// Makes a token and shows it; GET of the same path is the page without a secret. `context` is what pages are given, `page` the app.
pub fn method<C, P, V, S>(control: Control, context: C, page: P) -> MethodRouter<S>
where
    C: Fn() + Clone + Send + Sync + 'static,
    P: Fn() -> V + Clone + Send + Sync + 'static,
    V: IntoView + 'static,
    S: Clone + Send + Sync + 'static,
{
    post(async move |mut parts: Parts, RawForm(body): RawForm| {
        let (form, outcome) = match token_form(&String::from_utf8_lossy(&body)) {
            Ok(form) => {
                let made = control.use_cases(caller(&parts)).people().create_token(&form).await;
                (form, made.map_err(Failure::from))
            }
            Err((form, error)) => (form, Err(Failure::Field(error))),
        };
        let status = outcome.as_ref().err().map_or(StatusCode::OK, Failure::status);
        let made = Made { form, outcome };
        let context = move || {
            context();
            provide_context(made.clone());
        };
        // The page is rendered as any other.
        parts.method = Method::GET;
        parts.headers.remove(CONTENT_TYPE);
        parts.headers.remove(CONTENT_LENGTH);
        let render = leptos_axum::render_app_async_with_context(context, page);
        let mut response: Response = render(Request::from_parts(parts, Body::empty())).await;
        *response.status_mut() = status;
        response
    })
}

/// What was filled in; with the first mistake, where there is one that the form's type can't hold.
#[allow(clippy::result_large_err, reason = "both sides hold the form")]
fn token_form(body: &str) -> Result<TokenForm, (TokenForm, FieldError)> {
    let query = Query::parse(body);
    let text = |name| query.text(name).unwrap_or_default();
    let mut form = TokenForm {
        name: text("name"),
        services: text("services"),
        ..TokenForm::default()
    };
    let mut mistake = None;
    let mut wrong = |field: &str, message: String| {
        mistake.get_or_insert(FieldError {
            field: field.to_owned(),
            message,
        });
    };
    for (_, word) in query.pairs().filter(|(name, _)| *name == "scope") {
        match word.parse() {
            Ok(scope) => form.scopes.push(scope),
            Err(_) => wrong("scopes", "are not known".to_owned()),
        }
    }
    match text("days").parse() {
        Ok(days) => form.days = days,
        Err(_) => wrong("days", "are a whole number".to_owned()),
    }
    match mistake {
        None => Ok(form),
        Some(error) => Err((form, error)),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test says what it expects")]

    use pointsman_domain::people::Scope;

    use super::*;

    #[test]
    fn boxes_repeat_their_name() {
        let form = token_form("name=ci+runner&scope=ingest&scope=read&services=cart%2C+payments&days=30").unwrap();
        let expected = TokenForm {
            name: "ci runner".to_owned(),
            scopes: vec![Scope::Ingest, Scope::Read],
            services: "cart, payments".to_owned(),
            days: 30,
        };
        assert_eq!(form, expected);
    }

    #[test]
    fn what_was_filled_in_is_kept_beside_the_mistake() {
        let (form, error) = token_form("name=ci&scope=root&days=soon").unwrap_err();
        assert_eq!(
            (form.name.as_str(), form.days, error.field.as_str()),
            ("ci", 90, "scopes")
        );
        assert_eq!(token_form("name=ci&days=soon").unwrap_err().1.field, "days");
    }
}
