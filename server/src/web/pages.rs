//! The pages: rendered on the server by the app, which the browser then hydrates.

use std::net::SocketAddr;

use axum::Router;
use axum::body::Body;
use axum::extract::Request;
use axum::response::{IntoResponse, Response};
use axum::routing::any;
use http::{Method, StatusCode};
use leptos::prelude::{LeptosOptions, provide_context};
use leptos_axum::{LeptosRoutes, generate_route_list};
use pointsman_app::{App, Provider, shell};

use super::app_state::AppState;
use super::oidc::Oidc;
use super::routes::Form;
use super::{Site, new_token};

/// The app's routes and server functions; assets; and the app's own page for everything that is neither.
pub fn router(state: &AppState, site: Site, http_addr: SocketAddr) -> Router {
    let options = LeptosOptions::builder()
        .output_name("pointsman")
        .site_root("target/site")
        .site_pkg_dir(site.folder())
        .site_addr(http_addr)
        .build();
    let context = {
        let control = state.control.clone();
        let provider = Provider(state.oidc.as_ref().map(Oidc::origin));
        move || {
            provide_context(control.clone());
            provide_context(provider.clone());
        }
    };
    let page = {
        let options = options.clone();
        move || shell(options.clone())
    };
    let routes = generate_route_list(App);
    let other = leptos_axum::render_app_async_with_context(context.clone(), page.clone());
    let form = new_token::method(state.control.clone(), context.clone(), page.clone());
    Router::new()
        .route(Form::NewToken.path(), form)
        .leptos_routes_with_context(&options, routes, context, page)
        .fallback_service(any(async move |request: Request| asset_or(&site, other, request).await))
        .with_state(options)
}

/// An asset, else the page that says that there is none.
async fn asset_or<F, A>(site: &Site, page: F, request: Request) -> Response
where
    F: FnOnce(http::Request<Body>) -> A,
    A: Future<Output = Response>,
{
    if ![Method::GET, Method::HEAD].contains(request.method()) {
        return StatusCode::METHOD_NOT_ALLOWED.into_response();
    }
    if let Some(asset) = site.answer(request.uri().path(), request.headers()) {
        return asset;
    }
    page(request).await
}
