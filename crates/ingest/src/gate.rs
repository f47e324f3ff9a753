//! The port that says who may send. Behind it is whoever knows tokens; before it, each request's credentials.

use std::future::Future;

use http::HeaderMap;
use http::header::AUTHORIZATION;
use pointsman_domain::Text;
use pointsman_domain::people::Services;

/// What a request shows of who it is from.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Shown<'a> {
    /// Nothing, or credentials of a kind that is not for Pointsman.
    Nothing,
    /// One bearer token, not yet looked up.
    Token(&'a str),
    /// Something that was to be a token, or more than one.
    Unreadable,
}

/// Without the token: it must not reach a log.
impl std::fmt::Debug for Shown<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Nothing => "Nothing",
            Self::Token(_) => "Token(..)",
            Self::Unreadable => "Unreadable",
        })
    }
}

impl<'a> Shown<'a> {
    /// From the headers of a request, or the metadata of a call: `Authorization: Bearer TOKEN`.
    pub fn of(headers: &'a HeaderMap) -> Self {
        let mut all = headers.get_all(AUTHORIZATION).iter();
        let Some(first) = all.next() else { return Self::Nothing };
        if all.next().is_some() {
            return Self::Unreadable;
        }
        let Ok(text) = first.to_str() else {
            return Self::Unreadable;
        };
        let (scheme, token) = text.trim().split_once(' ').unwrap_or((text.trim(), ""));
        if !scheme.eq_ignore_ascii_case("bearer") {
            return Self::Nothing;
        }
        match token.trim() {
            "" => Self::Unreadable,
            token => Self::Token(token),
        }
    }
}

/// What a sender may send.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Permit {
    /// The name of its token; empty where it needs none.
    pub token: Text,
    /// The services that it may send for; items of others are rejected.
    pub services: Services,
}

impl Permit {
    /// For whoever needs no token.
    pub fn open() -> Self {
        Self {
            token: Text::default(),
            services: Services::All,
        }
    }
}

/// Why a sender may not send. The sentences are for whoever runs it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Denied {
    /// Without credentials, or with ones that are wrong or have expired.
    #[error("{0}")]
    Unauthenticated(String),
    /// With credentials that are good for something else.
    #[error("{0}")]
    Forbidden(String),
    /// Nobody can tell now. Retryable.
    #[error("whether this token may send can't be looked up now; send it again")]
    Unavailable,
}

/// Says who may send. Each listener has its own.
pub trait Gate: Clone + Send + Sync + 'static {
    /// What one who shows this may send.
    fn admit(&self, shown: Shown<'_>) -> impl Future<Output = Result<Permit, Denied>> + Send;
}

/// A gate that lets everybody send everything.
#[derive(Debug, Clone, Copy)]
pub struct Open;

impl Gate for Open {
    async fn admit(&self, _: Shown<'_>) -> Result<Permit, Denied> {
        Ok(Permit::open())
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)] // a panic is how a test fails

    use super::*;

    #[test]
    fn a_token_is_what_follows_bearer() {
        for (values, shown) in [
            (&[][..], Shown::Nothing),
            (&["Bearer pmt_x"], Shown::Token("pmt_x")),
            (&["bearer  pmt_x "], Shown::Token("pmt_x")),
            (&["Bearer"], Shown::Unreadable),
            (&["Bearer "], Shown::Unreadable),
            (&["Basic eDp5"], Shown::Nothing),
            (&["Bearer pmt_x", "Bearer pmt_y"], Shown::Unreadable),
            (&["Basic eDp5", "Bearer pmt_y"], Shown::Unreadable),
        ] {
            let mut headers = HeaderMap::new();
            for value in values {
                headers.append(AUTHORIZATION, value.parse().unwrap());
            }
            assert_eq!(Shown::of(&headers), shown, "{values:?}");
        }
        assert!(!format!("{:?}", Shown::Token("pmt_x")).contains("pmt_x"));
    }
}
