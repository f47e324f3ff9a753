//! The way from a page to `control`, one function a file: `serverfns/<entity>/<verb>.rs`. They hold no rule: they read the
//! URL's texts into a query, call the one use case, and turn its problem into a [`crate::failure::Failure`].
//!
//! All reads are GETs under `/fn/`, so that they can be seen in a log and repeated by hand.

pub mod choices;
pub mod logs;
pub mod overview;
pub mod service;
pub mod status;
pub mod topology;
pub mod trace;
pub mod traces;

/// The use cases, from the context that the server gives every request.
#[cfg(feature = "ssr")]
pub(crate) fn console() -> Result<pointsman_control::Console, crate::failure::Failure> {
    use leptos::prelude::use_context;
    use_context::<pointsman_control::Console>()
        .ok_or_else(|| crate::failure::Failure::Protocol("the server gave no console to this request".to_owned()))
}

/// Turns the answer of a use case into that of a server function, with the HTTP status that programs go by.
#[cfg(feature = "ssr")]
pub(crate) fn answer<T>(result: Result<T, pointsman_control::Problem>) -> Result<T, crate::failure::Failure> {
    use leptos::prelude::use_context;
    result.map_err(|problem| {
        let failure = crate::failure::Failure::from(problem);
        if let Some(response) = use_context::<leptos_axum::ResponseOptions>() {
            response.set_status(match failure {
                crate::failure::Failure::Unavailable => http::StatusCode::SERVICE_UNAVAILABLE,
                _ => http::StatusCode::INTERNAL_SERVER_ERROR,
            });
        }
        failure
    })
}

/// Answers 404 where the page is rendered on the server.
pub(crate) fn not_found() {
    #[cfg(feature = "ssr")]
    if let Some(response) = leptos::prelude::use_context::<leptos_axum::ResponseOptions>() {
        response.set_status(http::StatusCode::NOT_FOUND);
    }
}
