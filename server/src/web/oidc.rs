//! The identity provider: OpenID Connect's authorization code flow with PKCE, as a client. What it has published is kept for a while,
//! and read anew when an ID token does not verify: its keys may have been rotated.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::{Duration, Instant};

use http::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE};
use http::{HeaderValue, StatusCode};
use oauth2::basic::{BasicErrorResponse, BasicRevocationErrorResponse, BasicTokenIntrospectionResponse};
use oauth2::{AuthType, AuthUrl, EndpointNotSet, EndpointSet, StandardRevocableToken, TokenResponse, TokenUrl};
use openidconnect::core::{CoreClientAuthMethod, CoreJsonWebKey};
use openidconnect::{
    AuthorizationCode, ClientId, ClientSecret, CsrfToken, IssuerUrl, Nonce, PkceCodeChallenge, PkceCodeVerifier,
    ProviderMetadataWithLogout, RedirectUrl, Scope,
};
use pointsman_control::people::{OidcFlow, OidcIdentity, Secret, Standing};
use pointsman_domain::kit::name::TeamName;
use pointsman_domain::people::Role;
use pointsman_domain::telemetry::UnixNanos;
use tokio::sync::Mutex;
use url::Url;

use crate::settings::{OidcSettings, PublicUrl};

mod claims;
mod signed;
mod tokens;
mod transport;

use claims::{Claims, LeftOut, groups, text};
use signed::{Expected, Untrusted};
use tokens::Tokens;
use transport::{HttpError, Transport};

/// How long what the provider has published is believed.
const FRESH: Duration = Duration::from_secs(3600);
/// How long after one reading anew for a key that is not known the next may follow.
const BETWEEN: Duration = Duration::from_secs(10);

type Client = oauth2::Client<
    BasicErrorResponse,
    Tokens,
    BasicTokenIntrospectionResponse,
    StandardRevocableToken,
    BasicRevocationErrorResponse,
    EndpointSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointSet,
>;

/// Why a sign-in at the provider can't be begun or taken. No variant holds a secret.
#[derive(Debug, thiserror::Error)]
pub enum OidcError {
    /// The provider can't be reached, or its discovery is wrong.
    #[error("the provider's discovery can't be read: {0}")]
    Discovery(String),
    /// The provider has no place for codes, or takes the client's secret in no way that is known here.
    #[error("{0}")]
    Unfit(String),
    /// The code was not taken.
    #[error("the provider did not take the code: {0}")]
    Code(String),
    /// There was no ID token.
    #[error("the provider sent no ID token")]
    NoIdToken,
    /// The ID token is not what it has to be.
    #[error("the ID token is not good: {0}")]
    IdToken(#[from] Untrusted),
    /// The userinfo can't be read.
    #[error("the provider's userinfo can't be read: {0}")]
    UserInfo(String),
}

/// The identity provider, as the settings name it.
pub struct Oidc {
    issuer: IssuerUrl,
    client_id: ClientId,
    client_secret: Option<ClientSecret>,
    redirect: RedirectUrl,
    after_sign_out: String,
    scopes: Vec<Scope>,
    groups_claim: String,
    roles: Vec<(String, Role)>,
    teams: Vec<(String, TeamName)>,
    default_role: Option<Role>,
    transport: Transport,
    known: Mutex<Option<Known>>,
}

struct Known {
    metadata: Arc<ProviderMetadataWithLogout>,
    read: Instant,
    /// When it was read for a key that was not known.
    read_for_key: Option<Instant>,
}

/// A sign-in that begins.
pub struct Begun {
    /// Where the browser goes.
    pub url: String,
    /// What has to be there when it comes back.
    pub flow: OidcFlow,
}

impl Oidc {
    /// As the settings say; `None` where they name no provider. Nothing is asked of it yet: it need not be there when the server starts.
    pub fn new(settings: &OidcSettings, public: Option<&PublicUrl>) -> anyhow::Result<Option<Self>> {
        let (Some(issuer), Some(public)) = (&settings.oidc_issuer, public) else {
            return Ok(None);
        };
        let scopes = settings.oidc_scopes.split_whitespace();
        Ok(Some(Self {
            issuer: IssuerUrl::new(issuer.clone())?,
            client_id: ClientId::new(settings.oidc_client_id.clone().unwrap_or_default()),
            client_secret: settings.client_secret()?.map(ClientSecret::new),
            redirect: RedirectUrl::new(format!("{}/sign-in/oidc/callback", public.origin()))?,
            after_sign_out: format!("{}/sign-in", public.origin()),
            scopes: scopes.map(|scope| Scope::new(scope.to_owned())).collect(),
            groups_claim: settings.oidc_groups_claim.clone(),
            roles: settings.oidc_role.clone(),
            teams: settings.oidc_team.clone(),
            default_role: settings.oidc_default_role.0,
            transport: Transport::new()?,
            known: Mutex::new(None),
        }))
    }

    /// Scheme, host and port of the provider.
    pub fn origin(&self) -> String {
        self.issuer.url().origin().ascii_serialization()
    }

    /// Where to send a browser that wants to sign in, and what to keep until it is back.
    pub async fn begin(&self, next: &str) -> Result<Begun, OidcError> {
        let metadata = self.metadata().await?;
        let client = self.client(&metadata)?;
        let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
        let nonce = Nonce::new_random_len(32);
        let request = client
            .authorize_url(|| CsrfToken::new_random_len(32))
            .add_scopes(self.scopes.clone())
            .add_extra_param("nonce", nonce.secret())
            .set_pkce_challenge(challenge);
        let (url, state) = request.url();
        Ok(Begun {
            url: url.into(),
            flow: OidcFlow {
                state: Secret::from(state.into_secret()),
                nonce: Secret::from(nonce.secret().clone()),
                pkce_verifier: Secret::from(verifier.into_secret()),
                next: next.to_owned(),
            },
        })
    }

    /// Who has come back with this code. `now_ns` tells the time once the provider has answered: their ID token must not have expired by then.
    pub async fn identity(
        &self,
        code: String,
        flow: &OidcFlow,
        now_ns: impl Fn() -> UnixNanos,
    ) -> Result<OidcIdentity, OidcError> {
        let metadata = self.metadata().await?;
        let client = self.client(&metadata)?;
        let tokens = client
            .exchange_code(AuthorizationCode::new(code))
            .set_pkce_verifier(PkceCodeVerifier::new(flow.pkce_verifier.reveal().to_owned()))
            .request_async(&self.transport)
            .await
            .map_err(|error| refused(&error))?;
        let id_token = tokens.id_token().ok_or(OidcError::NoIdToken)?;
        let claims = self.signed(id_token, &metadata).await?;
        let expected = Expected {
            issuer: self.issuer.as_str(),
            client_id: self.client_id.as_str(),
            nonce: flow.nonce.reveal(),
            now: now_ns() / 1_000_000_000,
        };
        let subject = expected.check(&claims)?;
        let about = self.about(&metadata, &tokens, subject).await?;
        Ok(self.who(subject, &claims, about.as_ref(), id_token))
    }

    /// Where to send a browser whose session here has ended, so that it ends there too; `None` where the provider has no such place.
    pub async fn sign_out_url(&self, id_token: &Secret) -> Option<String> {
        let metadata = self.metadata().await.ok()?;
        let place = metadata.additional_metadata().end_session_endpoint.as_ref()?;
        let mut url: Url = place.url().clone();
        url.query_pairs_mut()
            .append_pair("id_token_hint", id_token.reveal())
            .append_pair("client_id", &self.client_id)
            .append_pair("post_logout_redirect_uri", &self.after_sign_out);
        Some(url.into())
    }

    /// What the provider has signed. Where none of the keys that are known has, they are read anew: they may have been rotated.
    async fn signed(&self, token: &str, metadata: &ProviderMetadataWithLogout) -> Result<Claims, OidcError> {
        let keys = |metadata: &ProviderMetadataWithLogout| -> Vec<CoreJsonWebKey> { metadata.jwks().keys().clone() };
        match signed::claims(token, &keys(metadata)) {
            Err(Untrusted::Key) => match self.metadata_for_key().await? {
                Some(metadata) => Ok(signed::claims(token, &keys(&metadata))?),
                None => Err(Untrusted::Key.into()),
            },
            read => Ok(read?),
        }
    }

    /// The userinfo, where there is such a place: with codes, many providers tell names and groups only there.
    async fn about(
        &self,
        metadata: &ProviderMetadataWithLogout,
        tokens: &Tokens,
        subject: &str,
    ) -> Result<Option<Claims>, OidcError> {
        let Some(place) = metadata.userinfo_endpoint() else {
            return Ok(None);
        };
        let wrong = |what: &str| OidcError::UserInfo(what.to_owned());
        let mut bearer = HeaderValue::from_str(&format!("Bearer {}", tokens.access_token().secret()))
            .map_err(|_| wrong("the access token can't stand in a header"))?;
        bearer.set_sensitive(true);
        let request = http::Request::get(place.as_str())
            .header(ACCEPT, "application/json")
            .header(AUTHORIZATION, bearer)
            .body(Vec::new())
            .map_err(|error| wrong(&error.to_string()))?;
        let answer = self.transport.send(request).await;
        let answer = answer.map_err(|error| OidcError::UserInfo(with_causes(&error)))?;
        if answer.status() != StatusCode::OK {
            return Err(wrong(&format!("it is answered with {}", answer.status())));
        }
        let kind = answer.headers().get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
        let claims = if kind.is_some_and(|kind| kind.trim().starts_with("application/jwt")) {
            let token = String::from_utf8(answer.into_body()).map_err(|_| wrong("it is no text"))?;
            self.signed(token.trim(), metadata).await?
        } else {
            serde_json::from_slice(answer.body()).map_err(|error| wrong(&format!("it is no JSON object: {error}")))?
        };
        // Else somebody could be told things of somebody else (OpenID Connect Core 1.0, section 5.3.2).
        if claims.text("sub") != Some(subject) {
            return Err(wrong("it is of somebody else"));
        }
        Ok(Some(claims))
    }

    fn who(&self, subject: &str, claims: &Claims, about: Option<&Claims>, id_token: &str) -> OidcIdentity {
        let told = |name: &str| claims.text(name).or_else(|| about.and_then(|about| about.text(name)));
        let email = told("email");
        let name = told("preferred_username").or(email).unwrap_or(subject);
        let all: Vec<&Claims> = [Some(claims), about].into_iter().flatten().collect();
        let (standing, teams) = self.standing(subject, &all);
        OidcIdentity {
            issuer: self.issuer.as_str().into(),
            subject: subject.into(),
            name: text(name),
            display_name: text(told("name").unwrap_or(name)),
            email: text(email.unwrap_or_default()),
            standing,
            teams: teams.into_iter().cloned().collect(),
            id_token: Secret::from(id_token.to_owned()),
        }
    }

    /// What somebody's groups make them, and in which teams they are. Groups that were left out make nobody anything.
    fn standing(&self, subject: &str, told: &[&Claims]) -> (Standing, BTreeSet<&TeamName>) {
        let by_default = self.default_role.map_or(Standing::NoRole, Standing::Role);
        if self.roles.is_empty() && self.teams.is_empty() {
            return (by_default, BTreeSet::new());
        }
        let groups = match groups(told, &self.groups_claim) {
            Ok(groups) => groups,
            // Some leave the claim out where the list is empty: the settings say what becomes of who is in no group.
            Err(LeftOut::Absent) if self.default_role.is_some() => BTreeSet::new(),
            Err(why) => {
                tracing::warn!(
                    oidc.subject = %text(subject),
                    oidc.groups_claim = self.groups_claim,
                    "the identity provider did not say which groups somebody is in, so they are not let in: {}",
                    why.advice()
                );
                return (Standing::Unknown, BTreeSet::new());
            }
        };
        let roles = self.roles.iter().filter(|(group, _)| groups.contains(group));
        let teams = self.teams.iter().filter(|(group, _)| groups.contains(group));
        let highest = roles.map(|(_, role)| *role).max();
        (
            highest.map_or(by_default, Standing::Role),
            teams.map(|(_, team)| team).collect(),
        )
    }

    fn client(&self, metadata: &ProviderMetadataWithLogout) -> Result<Client, OidcError> {
        let unfit = |what: &str| OidcError::Unfit(format!("the identity provider's discovery names {what}"));
        let token_url = metadata
            .token_endpoint()
            .ok_or_else(|| unfit("no `token_endpoint`, which takes the codes"))?;
        let auth_url = AuthUrl::from_url(metadata.authorization_endpoint().url().clone());
        let client = oauth2::Client::new(self.client_id.clone())
            .set_auth_uri(auth_url)
            .set_token_uri(TokenUrl::from_url(token_url.url().clone()))
            .set_redirect_uri(self.redirect.clone());
        let Some(secret) = &self.client_secret else {
            return Ok(client);
        };
        let way = way_of_secret(metadata.token_endpoint_auth_methods_supported().map(Vec::as_slice));
        let way = way.ok_or_else(|| {
            unfit("neither client_secret_basic nor client_secret_post as a way to take the client's secret; allow one of them there")
        })?;
        Ok(client.set_client_secret(secret.clone()).set_auth_type(way))
    }

    /// What the provider has published, read anew where it is old.
    async fn metadata(&self) -> Result<Arc<ProviderMetadataWithLogout>, OidcError> {
        let mut known = self.known.lock().await;
        if let Some(known) = known.as_ref().filter(|known| known.read.elapsed() < FRESH) {
            return Ok(Arc::clone(&known.metadata));
        }
        let metadata = self.discover().await?;
        *known = Some(Known {
            metadata: Arc::clone(&metadata),
            read: Instant::now(),
            read_for_key: known.take().and_then(|known| known.read_for_key),
        });
        Ok(metadata)
    }

    /// The same, read anew now; `None` where that was done a moment ago already.
    async fn metadata_for_key(&self) -> Result<Option<Arc<ProviderMetadataWithLogout>>, OidcError> {
        let mut known = self.known.lock().await;
        let last = known.as_ref().and_then(|known| known.read_for_key);
        if last.is_some_and(|last| last.elapsed() < BETWEEN) {
            return Ok(None);
        }
        let metadata = self.discover().await?;
        *known = Some(Known {
            metadata: Arc::clone(&metadata),
            read: Instant::now(),
            read_for_key: Some(Instant::now()),
        });
        Ok(Some(metadata))
    }

    async fn discover(&self) -> Result<Arc<ProviderMetadataWithLogout>, OidcError> {
        let found = ProviderMetadataWithLogout::discover_async(self.issuer.clone(), &self.transport).await;
        found
            .map(Arc::new)
            .map_err(|error| OidcError::Discovery(with_causes(&error)))
    }
}

/// How the provider takes the client's secret; `None` where it does in no way that is known here. One that does not say takes it by HTTP's basic
/// authentication (OpenID Connect Discovery 1.0, section 3).
fn way_of_secret(methods: Option<&[CoreClientAuthMethod]>) -> Option<AuthType> {
    let Some(methods) = methods else {
        return Some(AuthType::BasicAuth);
    };
    if methods.contains(&CoreClientAuthMethod::ClientSecretBasic) {
        return Some(AuthType::BasicAuth);
    }
    methods
        .contains(&CoreClientAuthMethod::ClientSecretPost)
        .then_some(AuthType::RequestBody)
}

/// What the provider says about a code. Its body is not told where it can't be read: it may hold tokens.
fn refused(error: &openidconnect::RequestTokenError<HttpError, BasicErrorResponse>) -> OidcError {
    use openidconnect::RequestTokenError as E;
    OidcError::Code(match error {
        E::ServerResponse(response) => response.to_string(),
        E::Request(error) => with_causes(error),
        E::Parse(error, _) => format!("its answer can't be read: {error}"),
        E::Other(other) => other.clone(),
    })
}

/// An error and what caused it, in one line.
fn with_causes(error: &dyn std::error::Error) -> String {
    let causes = std::iter::successors(error.source(), |cause| cause.source());
    causes.fold(error.to_string(), |told, cause| {
        let cause = cause.to_string();
        if told.contains(&cause) {
            told
        } else {
            format!("{told}: {cause}")
        }
    })
}
