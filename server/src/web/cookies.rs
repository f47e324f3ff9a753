//! The cookies: of a session, of a browser that is known to somebody's account, and of a sign-in that is under way at the identity provider.

use cookie::time::Duration;
use cookie::{Cookie, SameSite};
use http::header::COOKIE;
use http::{HeaderMap, HeaderValue};
use pointsman_control::people::Secret;

/// What a cookie is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A session.
    Session,
    /// That somebody has signed in in this browser before. It opens nothing.
    Browser,
    /// A sign-in at the identity provider.
    Flow,
}

impl Kind {
    /// On HTTPS with the prefix that browsers take from this host only, by HTTPS only, and for all paths: no neighbour can plant it.
    fn name(self, https: bool) -> &'static str {
        match (self, https) {
            (Self::Session, true) => "__Host-pointsman",
            (Self::Session, false) => "pointsman",
            (Self::Browser, true) => "__Host-pointsman-browser",
            (Self::Browser, false) => "pointsman-browser",
            (Self::Flow, true) => "__Host-pointsman-flow",
            (Self::Flow, false) => "pointsman-flow",
        }
    }

    /// What the browser sent of this kind, if anything.
    pub fn read(self, headers: &HeaderMap, https: bool) -> Option<Secret> {
        let values = headers.get_all(COOKIE).iter().filter_map(|value| value.to_str().ok());
        let mut cookies = values.flat_map(Cookie::split_parse).filter_map(Result::ok);
        let found = cookies.find(|cookie| cookie.name() == self.name(https))?;
        Some(Secret::from(found.value().to_owned()))
    }

    /// Keeps a secret in the browser for so many seconds. `None` where it can't stand in a header.
    pub fn keep(self, secret: &Secret, https: bool, seconds: u64) -> Option<HeaderValue> {
        self.header(secret.reveal(), https, seconds)
    }

    /// Makes the browser forget.
    pub fn forget(self, https: bool) -> Option<HeaderValue> {
        self.header("", https, 0)
    }

    fn header(self, value: &str, https: bool, seconds: u64) -> Option<HeaderValue> {
        let cookie = Cookie::build((self.name(https), value))
            .path("/")
            .http_only(true)
            .secure(https)
            .same_site(SameSite::Lax)
            .max_age(Duration::seconds(seconds.min(400 * 86_400) as i64));
        let mut header = HeaderValue::from_str(&cookie.to_string()).ok()?;
        header.set_sensitive(true);
        Some(header)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)] // a panic is how a test fails

    use super::*;

    #[test]
    fn a_cookie_is_kept_from_scripts_and_neighbours() {
        let secret = Secret::from("abc".to_owned());
        let text = |https| {
            let header = Kind::Session.keep(&secret, https, 60).unwrap();
            header.to_str().unwrap().to_owned()
        };
        assert_eq!(
            text(true),
            "__Host-pointsman=abc; HttpOnly; SameSite=Lax; Secure; Path=/; Max-Age=60"
        );
        assert_eq!(text(false), "pointsman=abc; HttpOnly; SameSite=Lax; Path=/; Max-Age=60");
    }

    #[test]
    fn the_one_of_the_other_scheme_is_not_taken() {
        let mut headers = HeaderMap::new();
        headers.insert(COOKIE, HeaderValue::from_static("x=1; pointsman=abc; y=2"));
        let read = |https| {
            Kind::Session
                .read(&headers, https)
                .map(|secret| secret.reveal().to_owned())
        };
        assert_eq!(read(false), Some("abc".to_owned()));
        assert_eq!(read(true), None);
        assert_eq!(Kind::Flow.read(&headers, false), None);
    }
}
