//! Accounts, sessions and tokens for tests, made by the use cases themselves on the server's database.

use axum::body::Body;
use http::{Method, Request};
use pointsman_control::access::Caller;
use pointsman_control::{Clock, Control, ControlSettings, UseCases};
use pointsman_domain::people::form::{TokenForm, UserForm};
use pointsman_domain::people::{Role, Scope};
use pointsman_store::{Retention, SILENCE, Store, StoreOptions};
use pointsman_testing::TestDb;

use crate::otlp::now_ns;
use crate::running::{Answer, Running, send};

/// The password of every account.
pub(crate) const PASSWORD: &str = "a signal at clear is green";
/// Why the tests do something.
pub(crate) const REASON: &str = "for a test";

const DAY_NS: u64 = 86_400_000_000_000;

/// Makes people and tokens.
pub(crate) struct People {
    /// What tells whose a session or a token is.
    pub(crate) control: Control,
    /// As if it were 400 days ago: what is made there has long ended.
    past: Control,
}

impl People {
    pub(crate) async fn on(db: &TestDb) -> Self {
        Self::of(&db.store().await).await
    }

    /// On a database that a server has made ready.
    pub(crate) async fn at(url: &str) -> Self {
        let options = StoreOptions {
            url: url.to_owned(),
            max_connections: 8,
            retention: Retention::default(),
            silence: SILENCE,
        };
        Self::of(&Store::connect(&options).await.unwrap()).await
    }

    async fn of(store: &Store) -> Self {
        let control = |clock| Control::new(store.clone(), ControlSettings::default(), clock);
        Self {
            control: control(Clock::of_database(store, 0).await.unwrap()),
            past: control(Clock::fixed(now_ns() - 400 * DAY_NS)),
        }
    }

    /// What the command line can do.
    pub(crate) fn operator(&self) -> UseCases {
        self.control.use_cases(Caller::operator("test"))
    }

    /// An account with [`PASSWORD`].
    pub(crate) async fn account(&self, name: &str, role: Role) {
        let form = UserForm {
            name: name.to_owned(),
            role,
            password: PASSWORD.to_owned(),
            ..UserForm::default()
        };
        self.operator().people().create_user(&form, REASON).await.unwrap();
    }

    /// A token of the command line; for all services where none is named.
    pub(crate) async fn token(&self, scopes: &[Scope], services: &str) -> String {
        token(&self.control, scopes, services).await
    }

    /// A token that has expired.
    pub(crate) async fn expired_token(&self) -> String {
        token(&self.past, Scope::ALL, "").await
    }

    /// A session of this account that has ended.
    pub(crate) async fn expired_session(&self, name: &str) -> String {
        let nobody = Caller {
            actor: pointsman_control::access::Actor::Anonymous(pointsman_control::access::Anybody::default()),
            ..Caller::operator("")
        };
        let session = self
            .past
            .use_cases(nobody)
            .people()
            .sign_in(name, PASSWORD, "")
            .await
            .unwrap();
        session.secret.reveal().to_owned()
    }
}

async fn token(control: &Control, scopes: &[Scope], services: &str) -> String {
    let form = TokenForm {
        name: format!("test {services}"),
        scopes: scopes.to_vec(),
        services: services.to_owned(),
        days: 30,
    };
    let made = control
        .use_cases(Caller::operator("test"))
        .people()
        .create_token(&form)
        .await;
    made.unwrap().secret
}

/// A form that a browser posts from a page of the console; `headers` are more of them.
pub(crate) fn form(url: &str, body: &str, headers: &[(&str, &str)]) -> Request<Body> {
    let mut request = Request::builder().method(Method::POST).uri(url);
    request = request.header("content-type", "application/x-www-form-urlencoded");
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    request.body(Body::from(body.to_owned())).unwrap()
}

/// What of this text stands in a form or a query.
pub(crate) fn encoded(text: &str) -> String {
    url::form_urlencoded::byte_serialize(text.as_bytes()).collect()
}

impl Running {
    /// Signs in with a form and without a cookie.
    pub(crate) async fn sign_in(&self, name: &str, password: &str) -> Answer {
        let body = format!("name={}&password={}", encoded(name), encoded(password));
        send(form(&format!("{}/sign-in", self.console), &body, &[])).await
    }

    /// The cookie of a new session, as a browser sends it.
    pub(crate) async fn session(&self, name: &str) -> String {
        let answer = self.sign_in(name, PASSWORD).await;
        answer
            .cookie()
            .unwrap_or_else(|| panic!("{name} is not signed in: {}", answer.text()))
    }
}

impl Answer {
    /// `name=value` of the session's cookie that it sets.
    pub(crate) fn cookie(&self) -> Option<String> {
        let mut set = self
            .headers
            .get_all("set-cookie")
            .iter()
            .map(|value| value.to_str().unwrap());
        let cookie = set.find(|cookie| cookie.contains("pointsman=") && !cookie.contains("Max-Age=0"))?;
        Some(cookie.split(';').next().unwrap().to_owned())
    }
}
