//! A rule: which requests it is for, and where they go.

use serde::{Deserialize, Serialize};

use super::{HeaderMatch, Method, PathMatch, Route, TextMatch};
use crate::name::RuleName;
use crate::{Request, ServiceName};

/// A rule: which requests it is for, and where they go.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Rule {
    /// What people call it; no two of a strategy have the same.
    pub name: RuleName,
    /// Which requests.
    #[serde(rename = "match", default)]
    pub matches: Match,
    /// Where they go.
    #[serde(default)]
    pub route: Route,
}

/// Which requests a rule is for: those that meet every condition. Without any, all.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Match {
    /// The path.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub path: Option<PathMatch>,
    /// One of these methods, at most 10; empty is any.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub methods: Vec<Method>,
    /// All of these headers, at most 20.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub headers: Vec<HeaderMatch>,
    /// The session that the request belongs to: `session.id` in its W3C baggage. Without one no session matches.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub session: Option<TextMatch>,
    /// One of these services calls, at most 50; empty is anybody. It is the name that the client signed in with, or that the Envoy has as its cluster.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub callers: Vec<ServiceName>,
}

impl Match {
    /// Whether it is for every request.
    pub fn is_everything(&self) -> bool {
        *self == Self::default()
    }

    /// Whether it is for this request.
    pub fn is_match(&self, request: &Request) -> bool {
        let method = self.methods.is_empty() || self.methods.iter().any(|method| method.as_str() == request.method());
        let caller = || self.callers.is_empty() || request.caller().is_some_and(|caller| self.callers.contains(caller));
        let path = || self.path.as_ref().is_none_or(|path| path.is_match(request.path()));
        let session = || {
            let wanted = self.session.as_ref();
            wanted.is_none_or(|wanted| request.session().is_some_and(|session| wanted.is_match(session)))
        };
        let headers = || {
            let mut wanted = self.headers.iter();
            wanted.all(|wanted| wanted.is_match(request.header(wanted.name.as_str())))
        };
        method && caller() && path() && session() && headers()
    }
}
