//! Signing in at identity providers with habits of their own: claims of other types, other ways to take the client's secret, groups that are left
//! out. The provider is a small one in the process of the test; a certified one is in the journeys.

use std::sync::{Arc, Mutex};

use axum::extract::{Form, Query, State};
use axum::response::Redirect;
use axum::routing::{get, post};
use axum::{Json, Router};
use base64::Engine;
use base64::prelude::{BASE64_STANDARD, BASE64_URL_SAFE_NO_PAD};
use http::{HeaderMap, Request, StatusCode};
use openidconnect::core::{CoreEdDsaPrivateSigningKey, CoreJwsSigningAlgorithm};
use openidconnect::{JsonWebKeyId, PrivateSigningKey};
use pointsman_testing::TestDb;
use serde::Deserialize;
use serde_json::{Value, json};
use url::form_urlencoded::byte_serialize;

use crate::otlp::now_ns;
use crate::running::{Running, Setup, send};

/// With a sign that the two ways to send it write differently.
const SECRET: &str = "s3cret&more";

/// What a provider says and how.
struct Habits {
    issuer: String,
    /// How it takes the client's secret.
    methods: Vec<&'static str>,
    /// More claims of the ID token, and of the userinfo; null takes one away.
    token: Value,
    info: Value,
    nonce: String,
    /// How the secret came last.
    taken: &'static str,
}

type Shared = State<Arc<Mutex<Habits>>>;

/// A provider with one user.
#[derive(Clone)]
struct Provider(Arc<Mutex<Habits>>);

impl Provider {
    async fn start(methods: Vec<&'static str>) -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let habits = Arc::new(Mutex::new(Habits {
            issuer: format!("http://{}", listener.local_addr().unwrap()),
            methods,
            token: json!({}),
            info: json!({}),
            nonce: String::new(),
            taken: "",
        }));
        let router = Router::new()
            .route("/.well-known/openid-configuration", get(discovery))
            .route("/keys", get(keys))
            .route("/authorize", get(authorize))
            .route("/token", post(token))
            .route("/info", get(info))
            .with_state(habits.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self(habits)
    }

    fn says(&self, token: Value, info: Value) {
        let mut habits = self.0.lock().unwrap();
        (habits.token, habits.info) = (token, info);
    }
}

async fn discovery(State(habits): Shared) -> Json<Value> {
    let habits = habits.lock().unwrap();
    let at = |path: &str| format!("{}{path}", habits.issuer);
    Json(json!({
        "issuer": habits.issuer, "authorization_endpoint": at("/authorize"), "token_endpoint": at("/token"),
        "userinfo_endpoint": at("/info"), "jwks_uri": at("/keys"), "response_types_supported": ["code"],
        "subject_types_supported": ["public"], "id_token_signing_alg_values_supported": ["EdDSA"],
        "token_endpoint_auth_methods_supported": habits.methods,
    }))
}

fn key() -> CoreEdDsaPrivateSigningKey {
    // PKCS #8 of an Ed25519 key (RFC 8410), before the 32 bytes of the key.
    let head = *b"\x30\x2e\x02\x01\x00\x30\x05\x06\x03\x2b\x65\x70\x04\x22\x04\x20";
    let der = BASE64_STANDARD.encode([&head[..], &[9; 32]].concat());
    let pem = format!("-----BEGIN PRIVATE KEY-----\n{der}\n-----END PRIVATE KEY-----\n");
    CoreEdDsaPrivateSigningKey::from_ed25519_pem(&pem, Some(JsonWebKeyId::new("k".to_owned()))).unwrap()
}

async fn keys() -> Json<Value> {
    Json(json!({ "keys": [key().as_verification_key()] }))
}

#[derive(Deserialize)]
struct Authorize {
    redirect_uri: String,
    state: String,
    nonce: String,
    scope: String,
}

/// Whoever comes is the user.
async fn authorize(State(habits): Shared, Query(asked): Query<Authorize>) -> Redirect {
    assert!(asked.scope.split(' ').any(|scope| scope == "openid"));
    habits.lock().unwrap().nonce = asked.nonce;
    let state: String = byte_serialize(asked.state.as_bytes()).collect();
    Redirect::to(&format!("{}?code=c&state={state}", asked.redirect_uri))
}

#[derive(Deserialize)]
struct Exchange {
    client_secret: Option<String>,
    code_verifier: String,
}

async fn token(State(habits): Shared, headers: HeaderMap, Form(form): Form<Exchange>) -> (StatusCode, Json<Value>) {
    let mut habits = habits.lock().unwrap();
    let basic = headers
        .get("authorization")
        .map(|value| value.to_str().unwrap().to_owned());
    let encoded: String = byte_serialize(SECRET.as_bytes()).collect();
    let expected = format!("Basic {}", BASE64_STANDARD.encode(format!("pointsman:{encoded}")));
    let (way, right) = match basic {
        Some(basic) => ("client_secret_basic", basic == expected),
        None => ("client_secret_post", form.client_secret.as_deref() == Some(SECRET)),
    };
    habits.taken = way;
    if !right || form.code_verifier.is_empty() || !habits.methods.contains(&way) {
        return (StatusCode::UNAUTHORIZED, Json(json!({ "error": "invalid_client" })));
    }
    let now = now_ns() / 1_000_000_000;
    let claims = json!({
        "iss": habits.issuer, "sub": "1", "aud": "pointsman", "iat": now, "exp": now + 300, "nonce": habits.nonce,
        "preferred_username": "ann", "groups": ["ops"],
    });
    let part = |value: &Value| BASE64_URL_SAFE_NO_PAD.encode(value.to_string());
    let message = format!(
        "{}.{}",
        part(&json!({"alg": "EdDSA", "kid": "k"})),
        part(&with(claims, &habits.token))
    );
    let signature = key().sign(&CoreJwsSigningAlgorithm::EdDsa, message.as_bytes()).unwrap();
    let id_token = format!("{message}.{}", BASE64_URL_SAFE_NO_PAD.encode(signature));
    // Some send the lifetime as a text.
    let answer = json!({ "access_token": "x", "token_type": "Bearer", "expires_in": "300", "id_token": id_token });
    (StatusCode::OK, Json(answer))
}

async fn info(State(habits): Shared, headers: HeaderMap) -> Json<Value> {
    assert_eq!(headers["authorization"], "Bearer x");
    let info = json!({ "sub": "1", "email": "ann@example.org" });
    Json(with(info, &habits.lock().unwrap().info))
}

fn with(mut claims: Value, more: &Value) -> Value {
    let claims_now = claims.as_object_mut().unwrap();
    for (name, value) in more.as_object().unwrap() {
        claims_now.insert(name.clone(), value.clone());
    }
    claims_now.retain(|_, value| !value.is_null());
    claims
}

fn setup(db: &TestDb, provider: &Provider) -> Setup {
    let issuer = provider.0.lock().unwrap().issuer.clone();
    Setup::on(db.url()).with(&[
        "--anonymous",
        "none",
        "--public-url",
        "http://localhost:9",
        "--oidc-issuer",
        &issuer,
        "--oidc-client-id",
        "pointsman",
        "--oidc-client-secret",
        SECRET,
        "--oidc-role",
        "ops=admin",
        "--oidc-team",
        "ops=operations",
    ])
}

/// Signs in as a browser would; where it ends, and the cookie of the session if there is one.
async fn sign_in(server: &Running) -> (String, Option<String>) {
    let ask = async |url: &str, cookie: &str| {
        let request = Request::get(url).header("cookie", cookie).header("accept", "text/html");
        send(request.body(axum::body::Body::empty()).unwrap()).await
    };
    let begun = ask(&format!("{}/sign-in/oidc?next=%2Fslos", server.console), "").await;
    let to_provider = begun.header("location").to_owned();
    if to_provider.starts_with('/') {
        return (to_provider, None);
    }
    let flow = begun.header("set-cookie").split(';').next().unwrap().to_owned();
    let at_provider = ask(&to_provider, "").await;
    let back = at_provider
        .header("location")
        .strip_prefix("http://localhost:9")
        .unwrap()
        .to_owned();
    let entered = ask(&format!("{}{back}", server.console), &flow).await;
    (entered.header("location").to_owned(), entered.cookie())
}

#[tokio::test]
async fn claims_that_nobody_reads_keep_nobody_out_and_groups_that_are_left_out_are_told() {
    let db = TestDb::new().await;
    let provider = Provider::start(vec!["client_secret_basic"]).await;
    let setup = setup(&db, &provider);
    let server = setup.start().await;
    let none = json!({});
    for (token, info) in [
        (json!({}), json!({})),
        (json!({}), json!({"email_verified": "true"})),
        (json!({"email_verified": "true"}), json!({})),
        (
            json!({"updated_at": "2026-01-31T12:00:00.000Z"}),
            json!({"updated_at": {"seconds": 5}}),
        ),
        (
            json!({"address": "Main Street 1", "phone_number_verified": 1, "zoneinfo": ["UTC"]}),
            json!({"locale": 5}),
        ),
        (
            json!({"name": 7, "email": ["a@example.org"], "auth_time": "now", "amr": "pwd"}),
            json!({}),
        ),
        (json!({"aud": ["pointsman"], "azp": "pointsman"}), json!({"aud": 5})),
        (json!({"groups": null}), json!({"groups": ["ops"]})),
        (json!({"groups": "ops"}), json!({})),
    ] {
        provider.says(token.clone(), info.clone());
        let (end, cookie) = sign_in(&server).await;
        assert_eq!(
            (end.as_str(), cookie.is_some()),
            ("/slos", true),
            "{token} {info}: {}",
            setup.log()
        );
    }
    assert_eq!(provider.0.lock().unwrap().taken, "client_secret_basic");

    provider.says(json!({}), none.clone());
    let cookie = sign_in(&server).await.1.unwrap();
    let still_in = async || {
        let request = Request::get(format!("{}/api/v1/overview", server.console)).header("cookie", &cookie);
        send(request.body(axum::body::Body::empty()).unwrap()).await.status == StatusCode::OK
    };
    for (token, advice) in [
        (json!({"groups": null}), "--oidc-scopes"),
        (
            json!({"groups": null, "_claim_names": {"groups": "s"}, "_claim_sources": {}}),
            "only says where to ask for it",
        ),
        (
            json!({"groups": null, "hasgroups": true}),
            "only says where to ask for it",
        ),
        (json!({"groups": {"ops": true}}), "neither a list of texts nor a text"),
    ] {
        provider.says(token.clone(), none.clone());
        let before = setup.log().matches(advice).count();
        assert_eq!(
            sign_in(&server).await,
            ("/sign-in?problem=no-groups&next=%2Fslos".to_owned(), None),
            "{token}"
        );
        assert_eq!(
            setup.log().matches(advice).count(),
            before + 1,
            "{advice}: {}",
            setup.log()
        );
        assert!(still_in().await, "{token}: what is not known ends nothing");
    }
    let page = server.console("/sign-in?problem=no-groups").await.text();
    assert!(page.contains("did not say which groups you are in"), "{page}");

    // Trust is as strict as before.
    for token in [
        json!({"aud": "other"}),
        json!({"aud": ["pointsman", "other"]}),
        json!({"iss": "https://other.example"}),
        json!({"exp": 1}),
        json!({"nonce": "other"}),
    ] {
        provider.says(token.clone(), none.clone());
        assert_eq!(
            sign_in(&server).await,
            ("/sign-in?problem=provider".to_owned(), None),
            "{token}"
        );
    }
    provider.says(json!({}), json!({"sub": "2"}));
    assert_eq!(
        sign_in(&server).await.0,
        "/sign-in?problem=provider",
        "the userinfo of somebody else"
    );

    // In no group any longer is another thing: that ends what there was.
    provider.says(json!({"groups": []}), none);
    assert_eq!(sign_in(&server).await.0, "/sign-in?problem=no-role&next=%2Fslos");
    assert!(!still_in().await);
    assert!(!setup.log().contains(SECRET));
    server.stop().await;
}

#[tokio::test]
async fn the_clients_secret_goes_as_the_provider_takes_it() {
    for (methods, end, taken) in [
        (vec!["client_secret_post"], "/slos", "client_secret_post"),
        (
            vec!["client_secret_post", "client_secret_basic"],
            "/slos",
            "client_secret_basic",
        ),
        (vec!["private_key_jwt"], "/sign-in?problem=provider", ""),
    ] {
        let db = TestDb::new().await;
        let provider = Provider::start(methods.clone()).await;
        let setup = setup(&db, &provider);
        let server = setup.start().await;
        assert_eq!(sign_in(&server).await.0, end, "{methods:?}: {}", setup.log());
        assert_eq!(provider.0.lock().unwrap().taken, taken, "{methods:?}");
        let told = "neither client_secret_basic nor client_secret_post";
        assert_eq!(setup.log().contains(told), taken.is_empty(), "{}", setup.log());
        server.stop().await;
    }
}
