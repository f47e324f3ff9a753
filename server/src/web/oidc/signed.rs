//! Signed tokens (RFC 7515) of the provider: who has signed one, and whether an ID token is meant for this sign-in (OpenID Connect Core 1.0,
//! section 3.1.3.7). The cryptography is the library's. Its types for claims are not used: one that they don't like keeps somebody out even
//! where nobody reads it.

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use openidconnect::core::{CoreJsonWebKey, CoreJwsSigningAlgorithm};
use openidconnect::{JsonWebKey, JsonWebKeyAlgorithm, JsonWebKeyUse, JwsSigningAlgorithm};
use serde::Deserialize;
use serde_json::Value;

use super::claims::Claims;

/// The asymmetric ones. The others would make everybody who knows the client's secret a provider.
const ALGORITHMS: [CoreJwsSigningAlgorithm; 9] = [
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha256,
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha384,
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha512,
    CoreJwsSigningAlgorithm::RsaSsaPssSha256,
    CoreJwsSigningAlgorithm::RsaSsaPssSha384,
    CoreJwsSigningAlgorithm::RsaSsaPssSha512,
    CoreJwsSigningAlgorithm::EcdsaP256Sha256,
    CoreJwsSigningAlgorithm::EcdsaP384Sha384,
    CoreJwsSigningAlgorithm::EdDsa,
];

/// Why a token is not believed. No variant holds a part of it that could be a secret.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Untrusted {
    /// It can't be read.
    #[error("it is no signed token")]
    Form,
    /// It is signed in a way that is not taken, or not at all.
    #[error("it is signed by an algorithm that is not taken; asymmetric ones such as RS256 are")]
    Algorithm,
    /// The key is none of the provider's, or the signature is wrong.
    #[error("none of the provider's keys has signed it")]
    Key,
    /// Of another provider.
    #[error("`iss` is not the issuer")]
    Issuer,
    /// For another client, or for others, too.
    #[error("`aud` or `azp` does not name this client alone")]
    Audience,
    /// Its time is over, or it has none.
    #[error("it has expired, or `exp` is no number")]
    Expired,
    /// Of another sign-in.
    #[error("`nonce` is not the one of this sign-in")]
    Nonce,
    /// Of nobody.
    #[error("`sub` is no text")]
    Subject,
}

#[derive(Deserialize)]
struct Head {
    alg: CoreJwsSigningAlgorithm,
    kid: Option<String>,
    /// What must be understood; we understand none of it.
    crit: Option<Value>,
}

/// What one of these keys has signed.
pub fn claims(token: &str, keys: &[CoreJsonWebKey]) -> Result<Claims, Untrusted> {
    let (message, signature) = token.rsplit_once('.').ok_or(Untrusted::Form)?;
    let (head, body) = message.split_once('.').ok_or(Untrusted::Form)?;
    let bytes = |part: &str| BASE64_URL_SAFE_NO_PAD.decode(part).map_err(|_| Untrusted::Form);
    let head: Head = serde_json::from_slice(&bytes(head)?).map_err(|_| Untrusted::Form)?;
    if !ALGORITHMS.contains(&head.alg) || head.crit.is_some() {
        return Err(Untrusted::Algorithm);
    }
    let signature = bytes(signature)?;
    let signed = keys
        .iter()
        .filter(|key| may_have_signed(key, &head))
        .any(|key| key.verify_signature(&head.alg, message.as_bytes(), &signature).is_ok());
    if !signed {
        return Err(Untrusted::Key);
    }
    serde_json::from_slice(&bytes(body)?).map_err(|_| Untrusted::Form)
}

/// Whether a key is for this algorithm, for signatures, and the one that the token names.
fn may_have_signed(key: &CoreJsonWebKey, head: &Head) -> bool {
    let named = match (&head.kid, key.key_id()) {
        (Some(wanted), Some(id)) => id.as_str() == wanted.as_str(),
        _ => true,
    };
    let algorithm = match key.signing_alg() {
        JsonWebKeyAlgorithm::Algorithm(algorithm) => *algorithm == head.alg,
        JsonWebKeyAlgorithm::Unspecified => true,
        JsonWebKeyAlgorithm::Unsupported => false,
    };
    let signs = key.key_use().is_none_or(JsonWebKeyUse::allows_signature);
    named && algorithm && signs && head.alg.key_type().as_ref() == Some(key.key_type())
}

/// What an ID token has to say.
#[derive(Clone, Copy)]
pub struct Expected<'a> {
    /// Who made it.
    pub issuer: &'a str,
    /// For whom.
    pub client_id: &'a str,
    /// For which sign-in.
    pub nonce: &'a str,
    /// Now, in seconds since the epoch.
    pub now: u64,
}

impl Expected<'_> {
    /// Whether an ID token with these claims is meant for this sign-in; whose it is.
    pub fn check<'c>(&self, claims: &'c Claims) -> Result<&'c str, Untrusted> {
        if claims.text("iss") != Some(self.issuer) {
            return Err(Untrusted::Issuer);
        }
        let for_this = match claims.get("aud") {
            Some(Value::String(one)) => one == self.client_id,
            Some(Value::Array(all)) => !all.is_empty() && all.iter().all(|one| one == self.client_id),
            _ => false,
        };
        let by_this = claims.get("azp").is_none_or(|party| party == self.client_id);
        if !for_this || !by_this {
            return Err(Untrusted::Audience);
        }
        let expires = claims.get("exp").and_then(Value::as_f64).unwrap_or_default();
        if expires <= self.now as f64 {
            return Err(Untrusted::Expired);
        }
        if claims.text("nonce") != Some(self.nonce) {
            return Err(Untrusted::Nonce);
        }
        claims.text("sub").ok_or(Untrusted::Subject)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)] // a panic is how a test fails

    use base64::prelude::BASE64_STANDARD;
    use openidconnect::core::CoreEdDsaPrivateSigningKey;
    use openidconnect::{JsonWebKeyId, PrivateSigningKey};
    use serde_json::json;

    use super::*;

    /// Always the same one.
    fn key(id: &str) -> CoreEdDsaPrivateSigningKey {
        // PKCS #8 of an Ed25519 key (RFC 8410), before the 32 bytes of the key.
        let head = *b"\x30\x2e\x02\x01\x00\x30\x05\x06\x03\x2b\x65\x70\x04\x22\x04\x20";
        let der = BASE64_STANDARD.encode([&head[..], &[7; 32]].concat());
        let pem = format!("-----BEGIN PRIVATE KEY-----\n{der}\n-----END PRIVATE KEY-----\n");
        CoreEdDsaPrivateSigningKey::from_ed25519_pem(&pem, Some(JsonWebKeyId::new(id.to_owned()))).unwrap()
    }

    fn token(head: &Value, body: &Value) -> String {
        let part = |value: &Value| BASE64_URL_SAFE_NO_PAD.encode(value.to_string());
        let message = format!("{}.{}", part(head), part(body));
        let signature = key("k")
            .sign(&CoreJwsSigningAlgorithm::EdDsa, message.as_bytes())
            .unwrap();
        format!("{message}.{}", BASE64_URL_SAFE_NO_PAD.encode(signature))
    }

    #[test]
    fn only_what_the_provider_has_signed_is_read() {
        let keys = [key("k").as_verification_key()];
        let body = json!({ "sub": "1", "email_verified": "true" });
        let good = token(&json!({ "alg": "EdDSA", "kid": "k" }), &body);
        assert_eq!(claims(&good, &keys).unwrap().text("sub"), Some("1"));
        let without_id = token(&json!({ "alg": "EdDSA" }), &body);
        assert_eq!(claims(&without_id, &keys).unwrap().text("sub"), Some("1"));

        let other = BASE64_URL_SAFE_NO_PAD.encode(json!({ "sub": "2" }).to_string());
        let parts: Vec<&str> = good.split('.').collect();
        let forged = format!("{}.{other}.{}", parts[0], parts[2]);
        for (token, why) in [
            (forged, Untrusted::Key),
            (token(&json!({ "alg": "EdDSA", "kid": "other" }), &body), Untrusted::Key),
            (token(&json!({ "alg": "RS256", "kid": "k" }), &body), Untrusted::Key),
            (
                token(&json!({ "alg": "HS256", "kid": "k" }), &body),
                Untrusted::Algorithm,
            ),
            (token(&json!({ "alg": "none" }), &body), Untrusted::Algorithm),
            (
                token(&json!({ "alg": "EdDSA", "crit": ["b64"] }), &body),
                Untrusted::Algorithm,
            ),
            ("nonsense".to_owned(), Untrusted::Form),
            ("a.b.c".to_owned(), Untrusted::Form),
        ] {
            assert_eq!(claims(&token, &keys).unwrap_err(), why, "{token}");
        }
        assert_eq!(claims(&good, &[]).unwrap_err(), Untrusted::Key);
    }

    #[test]
    fn an_id_token_is_for_this_sign_in_alone() {
        let expected = Expected {
            issuer: "https://id.example",
            client_id: "pointsman",
            nonce: "n",
            now: 1000,
        };
        let good = json!({ "iss": "https://id.example", "aud": "pointsman", "exp": 1001, "nonce": "n", "sub": "1" });
        let check = |change: Value| {
            let mut claims = good.clone();
            for (name, value) in change.as_object().unwrap() {
                claims[name] = value.clone();
            }
            let claims: Claims = serde_json::from_value(claims).unwrap();
            expected.check(&claims).map(ToOwned::to_owned)
        };
        for (change, outcome) in [
            (json!({}), Ok("1".to_owned())),
            (
                json!({ "aud": ["pointsman"], "azp": "pointsman", "exp": 1000.5 }),
                Ok("1".to_owned()),
            ),
            (json!({ "iss": "https://other.example" }), Err(Untrusted::Issuer)),
            (json!({ "aud": "other" }), Err(Untrusted::Audience)),
            (json!({ "aud": [] }), Err(Untrusted::Audience)),
            (json!({ "aud": ["pointsman", "other"] }), Err(Untrusted::Audience)),
            (json!({ "azp": "other" }), Err(Untrusted::Audience)),
            (json!({ "exp": 1000 }), Err(Untrusted::Expired)),
            (json!({ "exp": "2000" }), Err(Untrusted::Expired)),
            (json!({ "nonce": "other" }), Err(Untrusted::Nonce)),
            (json!({ "nonce": null }), Err(Untrusted::Nonce)),
            (json!({ "sub": 1 }), Err(Untrusted::Subject)),
        ] {
            assert_eq!(check(change.clone()), outcome, "{change}");
        }
    }
}
