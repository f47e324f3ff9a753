//! A request as routing sees it.

mod baggage;

use std::collections::BTreeMap;

pub use baggage::{MAX_BAGGAGE, OVERRIDE_PREFIX, Override, SESSION_KEY};

use crate::{ServiceName, Version};

/// A request as routing sees it: what of it a rule can compare. Made of whatever somebody sent; nothing of it can make routing fail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    method: String,
    path: String,
    headers: BTreeMap<String, String>,
    session: Option<String>,
    caller: Option<ServiceName>,
    overrides: Vec<Override>,
}

impl Request {
    /// A request by this method to this path; a query is set aside, and a path begins with `/`. For gRPC it is `POST` and `/package.Service/Method`.
    pub fn new(method: &str, path: &str) -> Self {
        let path = path.split(['?', '#']).next().unwrap_or_default();
        let slash = if path.starts_with('/') { "" } else { "/" };
        Self {
            method: method.to_owned(),
            path: format!("{slash}{path}"),
            headers: BTreeMap::new(),
            session: None,
            caller: None,
            overrides: Vec::new(),
        }
    }

    /// The same with one more header; its name in any case. Values of one name are joined by `,`. From `baggage` the session and the route
    /// overrides are read.
    #[must_use]
    pub fn with_header(mut self, name: &str, value: &str) -> Self {
        let name = name.to_ascii_lowercase();
        if name == "baggage" {
            let (session, overrides) = baggage::read(value);
            self.session = self.session.or(session);
            self.overrides.extend(overrides);
        }
        // Values of cookies are divided by `; ` (RFC 9113, section 8.2.3).
        let between = if name == "cookie" { "; " } else { "," };
        let there = self.headers.entry(name);
        there
            .and_modify(|joined| {
                joined.push_str(between);
                joined.push_str(value);
            })
            .or_insert_with(|| value.to_owned());
        self
    }

    /// The same of a session, where its baggage names none.
    #[must_use]
    pub fn with_session(mut self, session: &str) -> Self {
        self.session.get_or_insert_with(|| session.to_owned());
        self
    }

    /// The same by this caller.
    #[must_use]
    pub fn with_caller(mut self, caller: ServiceName) -> Self {
        self.caller = Some(caller);
        self
    }

    /// The same without what it asks to be routed by.
    #[must_use]
    pub fn without_overrides(mut self) -> Self {
        self.overrides.clear();
        self
    }

    /// As it was given.
    pub fn method(&self) -> &str {
        &self.method
    }

    /// Without its query.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// The value of a header, by its name in lower case.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(String::as_str)
    }

    /// The value of a cookie, the first of that name.
    pub fn cookie(&self, name: &str) -> Option<&str> {
        let pairs = self.header("cookie")?.split(';');
        let mut named = pairs
            .filter_map(|pair| pair.trim().split_once('='))
            .filter(|(key, _)| *key == name);
        named.next().map(|(_, value)| value.trim_matches('"'))
    }

    /// Which session it belongs to.
    pub fn session(&self) -> Option<&str> {
        self.session.as_deref()
    }

    /// Which service sends it.
    pub fn caller(&self) -> Option<&ServiceName> {
        self.caller.as_ref()
    }

    /// To which version of the service it asks to go.
    pub fn override_for(&self, service: &ServiceName) -> Option<&Version> {
        let asked = self.overrides.iter().find(|asked| asked.service == *service);
        asked.map(|asked| &asked.version)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_is_read_as_routing_needs_it() {
        let request = Request::new("GET", "/cart?id=7")
            .with_header("Cookie", "a=1; session=\"x y\"")
            .with_header("cookie", "b=2")
            .with_header("X-Tag", "one")
            .with_header("x-tag", "two");
        assert_eq!((request.method(), request.path()), ("GET", "/cart"));
        assert_eq!(request.header("x-tag"), Some("one,two"));
        assert_eq!(
            (request.cookie("session"), request.cookie("b")),
            (Some("x y"), Some("2"))
        );
        assert_eq!(
            (request.cookie("c"), request.header("x-none"), request.session()),
            (None, None, None)
        );
    }

    #[test]
    fn baggage_brings_the_session_and_the_overrides() {
        let cart = ServiceName::parse("cart").unwrap();
        let request =
            Request::new("GET", "/").with_header("baggage", "session.id=ada,pointsman.route.cart=2.3.0-dark.1");
        assert_eq!(request.session(), Some("ada"));
        assert_eq!(
            request.override_for(&cart).map(ToString::to_string).as_deref(),
            Some("2.3.0-dark.1")
        );
        assert_eq!(request.with_session("other").session(), Some("ada"));
    }
}
