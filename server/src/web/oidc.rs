//! The identity provider: OpenID Connect's authorization code flow with PKCE, as a client. What it has published is kept for a while,
//! and read anew when an ID token does not verify: its keys may have been rotated.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::{Duration, Instant};

use openidconnect::core::{
    CoreAuthDisplay, CoreAuthPrompt, CoreAuthenticationFlow, CoreErrorResponseType, CoreGenderClaim, CoreJsonWebKey,
    CoreJweContentEncryptionAlgorithm, CoreJwsSigningAlgorithm, CoreRevocableToken, CoreRevocationErrorResponse,
    CoreTokenIntrospectionResponse, CoreTokenType,
};
use openidconnect::{
    AuthorizationCode, ClientId, ClientSecret, CsrfToken, EmptyExtraTokenFields, EndpointMaybeSet, EndpointNotSet,
    EndpointSet, IdTokenClaims, IdTokenFields, IssuerUrl, Nonce, OAuth2TokenResponse, PkceCodeChallenge,
    PkceCodeVerifier, ProviderMetadataWithLogout, RedirectUrl, Scope, StandardErrorResponse, StandardTokenResponse,
    TokenResponse, UserInfoClaims,
};
use pointsman_control::people::{OidcFlow, OidcIdentity, Secret};
use pointsman_domain::people::Role;
use pointsman_domain::people::name::TeamName;
use tokio::sync::Mutex;
use url::Url;

use crate::settings::{OidcSettings, PublicUrl};

mod claims;
mod transport;

use claims::{Claims, list, text};
use transport::{HttpError, Transport};

/// How long what the provider has published is believed.
const FRESH: Duration = Duration::from_secs(3600);
/// How long after one reading anew for a key that is not known the next may follow.
const BETWEEN: Duration = Duration::from_secs(10);

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

type Fields = IdTokenFields<
    Claims,
    EmptyExtraTokenFields,
    CoreGenderClaim,
    CoreJweContentEncryptionAlgorithm,
    CoreJwsSigningAlgorithm,
>;
type Tokens = StandardTokenResponse<Fields, CoreTokenType>;
type Client = openidconnect::Client<
    Claims,
    CoreAuthDisplay,
    CoreGenderClaim,
    CoreJweContentEncryptionAlgorithm,
    CoreJsonWebKey,
    CoreAuthPrompt,
    StandardErrorResponse<CoreErrorResponseType>,
    Tokens,
    CoreTokenIntrospectionResponse,
    CoreRevocableToken,
    CoreRevocationErrorResponse,
    EndpointSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointMaybeSet,
    EndpointMaybeSet,
>;

/// Why a sign-in at the provider can't be begun or taken. No variant holds a secret.
#[derive(Debug, thiserror::Error)]
pub enum OidcError {
    /// The provider can't be reached, or its discovery is wrong.
    #[error("the provider's discovery can't be read: {0}")]
    Discovery(String),
    /// The code was not taken.
    #[error("the provider did not take the code: {0}")]
    Code(String),
    /// There was no ID token.
    #[error("the provider sent no ID token")]
    NoIdToken,
    /// The ID token is not what it has to be.
    #[error("the ID token is not good: {0}")]
    IdToken(#[from] openidconnect::ClaimsVerificationError),
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
            // The library asks for `openid` by itself.
            scopes: scopes
                .filter(|scope| *scope != "openid")
                .map(|scope| Scope::new(scope.to_owned()))
                .collect(),
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
        let client = self.client(&metadata);
        let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
        let request = client
            .authorize_url(
                CoreAuthenticationFlow::AuthorizationCode,
                || CsrfToken::new_random_len(32),
                || Nonce::new_random_len(32),
            )
            .add_scopes(self.scopes.clone())
            .set_pkce_challenge(challenge);
        let (url, state, nonce) = request.url();
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

    /// Who has come back with this code.
    pub async fn identity(&self, code: String, flow: &OidcFlow) -> Result<OidcIdentity, OidcError> {
        let metadata = self.metadata().await?;
        let client = self.client(&metadata);
        let request = client.exchange_code(AuthorizationCode::new(code));
        let request = request.map_err(|error| OidcError::Code(error.to_string()))?;
        let request = request.set_pkce_verifier(PkceCodeVerifier::new(flow.pkce_verifier.reveal().to_owned()));
        let tokens = request
            .request_async(&self.transport)
            .await
            .map_err(|error| refused(&error))?;
        let claims = self.verified(&client, &tokens, flow).await?;
        let about = self.about(&client, &tokens, &claims).await?;
        let id_token = tokens.id_token().map(ToString::to_string).unwrap_or_default();
        Ok(self.who(&claims, about.as_ref(), id_token))
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

    /// Issuer, audience, signature, times and nonce are right.
    async fn verified(
        &self,
        client: &Client,
        tokens: &Tokens,
        flow: &OidcFlow,
    ) -> Result<IdTokenClaims<Claims, CoreGenderClaim>, OidcError> {
        let id_token = tokens.id_token().ok_or(OidcError::NoIdToken)?;
        let nonce = Nonce::new(flow.nonce.reveal().to_owned());
        let check = |client: &Client| {
            let verifier = client.id_token_verifier().set_allowed_algs(ALGORITHMS);
            id_token.claims(&verifier, &nonce).cloned()
        };
        match check(client) {
            Err(openidconnect::ClaimsVerificationError::SignatureVerification(error)) => {
                let Some(metadata) = self.metadata_for_key().await? else {
                    return Err(openidconnect::ClaimsVerificationError::SignatureVerification(error).into());
                };
                Ok(check(&self.client(&metadata))?)
            }
            checked => Ok(checked?),
        }
    }

    /// The userinfo: with codes, many providers tell names and groups only there.
    async fn about(
        &self,
        client: &Client,
        tokens: &Tokens,
        claims: &IdTokenClaims<Claims, CoreGenderClaim>,
    ) -> Result<Option<UserInfoClaims<Claims, CoreGenderClaim>>, OidcError> {
        let Ok(request) = client.user_info(tokens.access_token().clone(), Some(claims.subject().clone())) else {
            return Ok(None);
        };
        let about = request.request_async(&self.transport).await;
        about.map(Some).map_err(|error| OidcError::UserInfo(error.to_string()))
    }

    fn who(
        &self,
        claims: &IdTokenClaims<Claims, CoreGenderClaim>,
        about: Option<&UserInfoClaims<Claims, CoreGenderClaim>>,
        id_token: String,
    ) -> OidcIdentity {
        let subject = claims.subject().as_str();
        let email = claims.email().or_else(|| about.and_then(UserInfoClaims::email));
        let email = email.map(|email| email.as_str()).unwrap_or_default();
        let name = claims
            .preferred_username()
            .or_else(|| about.and_then(UserInfoClaims::preferred_username))
            .map(|name| name.as_str())
            .filter(|name| !name.is_empty());
        let name = name
            .or(Some(email).filter(|email| !email.is_empty()))
            .unwrap_or(subject);
        let display_name = claims
            .name()
            .or_else(|| about.and_then(UserInfoClaims::name))
            .and_then(|names| names.get(None).or_else(|| names.iter().next().map(|(_, name)| name)))
            .map(|name| name.as_str())
            .filter(|name| !name.is_empty());
        let own = list(claims.additional_claims(), &self.groups_claim);
        let told = about.map(|about| list(about.additional_claims(), &self.groups_claim));
        let groups: BTreeSet<String> = own.into_iter().chain(told.unwrap_or_default()).collect();
        let roles = self.roles.iter().filter(|(group, _)| groups.contains(group));
        let teams = self.teams.iter().filter(|(group, _)| groups.contains(group));
        let teams: BTreeSet<&TeamName> = teams.map(|(_, team)| team).collect();
        OidcIdentity {
            issuer: self.issuer.as_str().into(),
            subject: subject.into(),
            name: text(name),
            display_name: text(display_name.unwrap_or(name)),
            email: text(email),
            role: roles.map(|(_, role)| *role).max().or(self.default_role),
            teams: teams.into_iter().cloned().collect(),
            id_token: Secret::from(id_token),
        }
    }

    fn client(&self, metadata: &ProviderMetadataWithLogout) -> Client {
        let (id, secret) = (self.client_id.clone(), self.client_secret.clone());
        Client::from_provider_metadata(metadata.clone(), id, secret).set_redirect_uri(self.redirect.clone())
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

/// What the provider says about a code. Its body is not told where it can't be read: it may hold tokens.
fn refused(
    error: &openidconnect::RequestTokenError<HttpError, StandardErrorResponse<CoreErrorResponseType>>,
) -> OidcError {
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
