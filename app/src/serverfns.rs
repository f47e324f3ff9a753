//! The way from a page to `control`, one file an entity. They hold no rule: they read the
//! URL's texts into a query, call the one use case, and turn its problem into a [`crate::failure::Failure`].
//!
//! All reads are GETs under `/fn/`, so that they can be seen in a log and repeated by hand; all changes are POSTs of forms, which
//! a browser can send by itself.

pub mod account;
pub mod alert;
pub mod audit;
pub mod channel;
pub mod choices;
pub mod entry;
pub mod log;
pub mod overview;
pub mod report;
pub mod service;
pub mod sla;
pub mod slo;
pub mod status;
pub mod team;
pub mod token;
pub mod topology;
pub mod trace;
pub mod user;

/// The use cases for whoever made this request, from the contexts that the server gives it.
#[cfg(feature = "ssr")]
pub(crate) fn desk() -> Result<pointsman_control::Desk, crate::failure::Failure> {
    use leptos::prelude::use_context;
    use pointsman_control::{Console, access::Caller};
    let console = use_context::<Console>();
    let caller = use_context::<http::request::Parts>().and_then(|parts| parts.extensions.get::<Caller>().cloned());
    console
        .zip(caller)
        .map(|(console, caller)| console.desk(caller))
        .ok_or_else(|| crate::failure::Failure::Protocol("the server does not know who asks".to_owned()))
}

/// Turns the answer of a use case, or of reading what stands in the URL, into that of a server function, with the HTTP status
/// that programs go by.
#[cfg(feature = "ssr")]
pub(crate) fn answer<T, E: Into<crate::failure::Failure>>(result: Result<T, E>) -> Result<T, crate::failure::Failure> {
    use leptos::prelude::use_context;
    result.map_err(|problem| {
        let failure: crate::failure::Failure = problem.into();
        if let Some(response) = use_context::<leptos_axum::ResponseOptions>() {
            response.set_status(failure.status());
            if let Some(seconds) = failure.again_seconds() {
                response.insert_header(http::header::RETRY_AFTER, seconds.into());
            }
        }
        failure
    })
}

/// Turns the answer of a change into that of a server function. A form that the browser sent by itself is led back to its page,
/// which tells what went wrong: a status would keep the browser from following.
#[cfg(feature = "ssr")]
pub(crate) fn changed<T, E: Into<crate::failure::Failure>>(result: Result<T, E>) -> Result<T, crate::failure::Failure> {
    use leptos::prelude::use_context;
    let by_itself = use_context::<http::request::Parts>().is_some_and(|parts| {
        let accept = parts.headers.get(http::header::ACCEPT);
        accept
            .and_then(|accept| accept.to_str().ok())
            .is_some_and(|accept| accept.contains("text/html"))
    });
    if by_itself {
        result.map_err(Into::into)
    } else {
        answer(result)
    }
}

/// Leads to another page after a change.
#[cfg(feature = "ssr")]
pub(crate) fn go(path: &str) {
    leptos_axum::redirect(path);
}

/// Answers 404 where the page is rendered on the server.
pub(crate) fn not_found() {
    #[cfg(feature = "ssr")]
    if let Some(response) = leptos::prelude::use_context::<leptos_axum::ResponseOptions>() {
        response.set_status(http::StatusCode::NOT_FOUND);
    }
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use std::pin::pin;
    use std::task::{Context, Poll, Waker};

    use leptos::prelude::{Owner, provide_context};
    use leptos_axum::ResponseOptions;

    use crate::failure::Failure;
    use crate::url::RangeForm;

    /// What a server function that asks nobody answers, with the status that is sent.
    fn at_once<T>(
        asked: impl Future<Output = Result<T, Failure>>,
        response: &ResponseOptions,
    ) -> (Result<T, Failure>, Option<http::StatusCode>) {
        let mut asked = pin!(asked);
        let Poll::Ready(answer) = asked.as_mut().poll(&mut Context::from_waker(Waker::noop())) else {
            panic!("it waits for somebody")
        };
        let status = response.0.read().expect("no test fails in it").status;
        (answer, status)
    }

    #[test]
    fn a_mistyped_url_is_the_readers_mistake() {
        let response = ResponseOptions::default();
        Owner::new().with(|| {
            provide_context(response.clone());
            let soon = || RangeForm {
                range: Some("soon".to_owned()),
                ..RangeForm::default()
            };
            let (answer, status) = at_once(super::topology::read_topology(soon()), &response);
            assert!(matches!(answer, Err(Failure::Field(_))), "{answer:?}");
            assert_eq!(status, Some(http::StatusCode::BAD_REQUEST));
            response.0.write().expect("no test fails in it").status = None;
            let form = pointsman_domain::query::TraceForm {
                min: Some("fast".to_owned()),
                ..Default::default()
            };
            let (answer, status) = at_once(super::trace::search_traces(form), &response);
            assert!(matches!(answer, Err(Failure::Field(_))), "{answer:?}");
            assert_eq!(status, Some(http::StatusCode::BAD_REQUEST));
        });
    }
}
