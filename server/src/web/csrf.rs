//! Refuses what another site makes a browser send. A browser says where a request comes from; a request that does not say passes only
//! without the cookie that would give it somebody's rights. Nor does another site learn what came of a request: forms that need no
//! JavaScript are led back to where they came from, which has to be here.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http::header::{HeaderName, ORIGIN, REFERER};
use http::{HeaderMap, Method};
use pointsman_control::Problem;
use pointsman_control::access::Denial;
use pointsman_ingest::gate::Shown;
use url::Url;

use super::api::failure::ApiFailure;
use super::app_state::AppState;
use super::cookies::Kind;
use super::proxy::Client;

const SEC_FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

/// See the module.
pub async fn check(State(state): State<Arc<AppState>>, mut request: Request, next: Next) -> Response {
    let client = request.extensions().get::<Client>();
    let public = state.public_url.as_ref().map(crate::settings::PublicUrl::origin);
    let allowed = client.is_some_and(|client| comes_from_here(request.method(), request.headers(), client, public));
    let way_back = client.is_some_and(|client| leads_here(request.headers(), client, public));
    if !way_back {
        request.headers_mut().remove(REFERER);
    }
    if allowed {
        return next.run(request).await;
    }
    let sentence = "This request comes from another site. Open the console itself and do it there.".to_owned();
    ApiFailure::Problem(Problem::Denied(Denial::Forbidden(sentence))).into_response()
}

fn comes_from_here(method: &Method, headers: &HeaderMap, client: &Client, public: Option<&str>) -> bool {
    // They change nothing.
    if [Method::GET, Method::HEAD, Method::OPTIONS].contains(method) {
        return true;
    }
    // A browser never shows a token by itself, and where there is one the cookie is not looked at.
    if Shown::of(headers) != Shown::Nothing {
        return true;
    }
    let mut sites = headers.get_all(SEC_FETCH_SITE).iter();
    if let Some(site) = sites.next() {
        return sites.next().is_none() && [&b"same-origin"[..], b"none"].contains(&site.as_bytes());
    }
    let mut origins = headers.get_all(ORIGIN).iter();
    if let Some(origin) = origins.next() {
        let origin = origin.to_str().unwrap_or_default();
        return origins.next().is_none() && (is_host(origin, &client.host) || public == Some(origin));
    }
    Kind::Session.read(headers, client.https).is_none()
}

/// Whether the page that a request names as the one before is one of this host.
fn leads_here(headers: &HeaderMap, client: &Client, public: Option<&str>) -> bool {
    let before = headers.get(REFERER).and_then(|value| value.to_str().ok());
    let origin = before
        .and_then(|before| Url::parse(before).ok())
        .map(|url| url.origin().ascii_serialization());
    origin.is_some_and(|origin| is_host(&origin, &client.host) || public == Some(&origin))
}

/// Whether an origin is of this host. Its scheme is not compared: a proxy that is not trusted may speak HTTPS to the browser.
fn is_host(origin: &str, host: &str) -> bool {
    let Some((scheme, authority)) = origin.split_once("://") else {
        return false; // `null`, say
    };
    let port = match scheme {
        "https" => ":443",
        "http" => ":80",
        _ => return false,
    };
    let bare = |host: &str| host.strip_suffix(port).unwrap_or(host).to_ascii_lowercase();
    !authority.is_empty() && bare(authority) == bare(host)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)] // a panic is how a test fails

    use http::header::{AUTHORIZATION, COOKIE};

    use super::*;

    fn passes(method: &Method, headers: &[(HeaderName, &str)]) -> bool {
        let client = Client {
            address: None,
            https: false,
            host: "points.example:3000".to_owned(),
        };
        let mut map = HeaderMap::new();
        for (name, value) in headers {
            map.append(name, value.parse().unwrap());
        }
        comes_from_here(method, &map, &client, Some("https://outside.example"))
    }

    #[test]
    fn what_another_site_sends_is_refused() {
        let cookie = (COOKIE, "pointsman=abc");
        for (headers, expected) in [
            (&[(SEC_FETCH_SITE, "same-origin")][..], true),
            (&[(SEC_FETCH_SITE, "none")], true),
            (&[(SEC_FETCH_SITE, "same-site")], false),
            (&[(SEC_FETCH_SITE, "cross-site")], false),
            (
                &[(SEC_FETCH_SITE, "same-origin"), (SEC_FETCH_SITE, "cross-site")],
                false,
            ),
            (
                &[(SEC_FETCH_SITE, "cross-site"), (ORIGIN, "http://points.example:3000")],
                false,
            ),
            (&[(ORIGIN, "http://points.example:3000")], true),
            (&[(ORIGIN, "http://Points.example:3000")], true),
            (&[(ORIGIN, "https://outside.example")], true),
            (&[(ORIGIN, "http://points.example")], false),
            (&[(ORIGIN, "http://points.example:3000.evil.example")], false),
            (&[(ORIGIN, "http://evil.example")], false),
            (&[(ORIGIN, "null")], false),
            (&[(ORIGIN, "")], false),
            (&[(ORIGIN, "http://points.example:3000"), (ORIGIN, "null")], false),
        ] {
            assert_eq!(passes(&Method::POST, headers), expected, "{headers:?}");
            let mut with_cookie = headers.to_vec();
            with_cookie.push(cookie.clone());
            assert_eq!(passes(&Method::POST, &with_cookie), expected, "{with_cookie:?}");
            assert!(passes(&Method::GET, &with_cookie));
        }
        assert!(passes(&Method::POST, &[]), "a program without credentials");
        assert!(!passes(&Method::POST, std::slice::from_ref(&cookie)));
        assert!(!passes(&Method::DELETE, std::slice::from_ref(&cookie)));
        assert!(passes(
            &Method::POST,
            &[(AUTHORIZATION, "Bearer pmt_x"), (ORIGIN, "null")]
        ));
        assert!(!passes(&Method::POST, &[(AUTHORIZATION, "Basic x"), cookie]));
    }

    #[test]
    fn nobody_is_led_back_to_another_site() {
        let client = Client {
            address: None,
            https: false,
            host: "points.example:3000".to_owned(),
        };
        for (before, expected) in [
            ("http://points.example:3000/teams?x=1", true),
            ("https://outside.example/teams", true),
            ("https://evil.example/points.example:3000", false),
            ("http://points.example:3000@evil.example/", false),
            ("/teams", false),
            ("about:blank", false),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(REFERER, before.parse().unwrap());
            assert_eq!(
                leads_here(&headers, &client, Some("https://outside.example")),
                expected,
                "{before}"
            );
        }
    }

    #[test]
    fn usual_ports_go_without_saying() {
        assert!(is_host("https://a.example", "a.example:443"));
        assert!(is_host("http://a.example:80", "a.example"));
        assert!(!is_host("https://a.example", "a.example:80"));
        assert!(!is_host("https://", ""));
        assert!(!is_host("file://a.example", "a.example"));
    }
}
