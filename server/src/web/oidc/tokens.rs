//! What the provider gives for a code. As with claims, only what is used is looked at.

use std::time::Duration;

use oauth2::basic::BasicTokenType;
use oauth2::{AccessToken, RefreshToken, Scope, TokenResponse};
use serde::{Deserialize, Serialize};

/// What the provider gives for a code.
#[derive(Deserialize, Serialize)]
pub struct Tokens {
    access_token: AccessToken,
    id_token: Option<String>,
    #[serde(skip, default = "bearer")]
    kind: BasicTokenType,
}

impl Tokens {
    /// The ID token, if there is one.
    pub fn id_token(&self) -> Option<&str> {
        self.id_token.as_deref()
    }
}

fn bearer() -> BasicTokenType {
    BasicTokenType::Bearer
}

/// Without the tokens.
impl std::fmt::Debug for Tokens {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Tokens(..)")
    }
}

impl TokenResponse for Tokens {
    type TokenType = BasicTokenType;

    fn access_token(&self) -> &AccessToken {
        &self.access_token
    }

    fn token_type(&self) -> &BasicTokenType {
        &self.kind
    }

    fn expires_in(&self) -> Option<Duration> {
        None
    }

    fn refresh_token(&self) -> Option<&RefreshToken> {
        None
    }

    fn scopes(&self) -> Option<&Vec<Scope>> {
        None
    }
}
