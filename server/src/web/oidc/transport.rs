//! HTTP for the conversation with the provider: no redirects, a time limit, and bounded answers.

use std::pin::Pin;
use std::time::Duration;

use openidconnect::{AsyncHttpClient, HttpRequest, HttpResponse};

/// How long the provider may take to answer.
const TIMEOUT: Duration = Duration::from_secs(10);
/// The largest answer, in bytes.
const LARGEST: usize = 1 << 20;

/// Why there is no answer. No variant holds a body or a header.
#[derive(Debug, thiserror::Error)]
pub enum HttpError {
    /// It could not be asked.
    #[error("it can't be reached")]
    Http(#[from] reqwest::Error),
    /// Its answer makes no sense.
    #[error("its answer can't be read")]
    Answer(#[from] http::Error),
    /// Its answer has no end.
    #[error("its answer is larger than {LARGEST} bytes")]
    TooLarge,
}

/// The client.
pub struct Transport(reqwest::Client);

impl Transport {
    /// Trusts whom the machine trusts.
    pub fn new() -> Result<Self, reqwest::Error> {
        // That another part has chosen already is fine: there is only this one.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let client = reqwest::Client::builder()
            .timeout(TIMEOUT)
            .redirect(reqwest::redirect::Policy::none());
        Ok(Self(client.build()?))
    }

    /// One request and its whole answer.
    pub async fn send(&self, request: HttpRequest) -> Result<HttpResponse, HttpError> {
        let mut response = self.0.execute(request.try_into()?).await?;
        let mut answer = http::Response::builder().status(response.status());
        for (name, value) in response.headers() {
            answer = answer.header(name, value);
        }
        let mut body = Vec::new();
        while let Some(chunk) = response.chunk().await? {
            if body.len() + chunk.len() > LARGEST {
                return Err(HttpError::TooLarge);
            }
            body.extend_from_slice(&chunk);
        }
        Ok(answer.body(body)?)
    }
}

impl<'c> AsyncHttpClient<'c> for Transport {
    type Error = HttpError;
    type Future = Pin<Box<dyn Future<Output = Result<HttpResponse, HttpError>> + Send + 'c>>;

    fn call(&'c self, request: HttpRequest) -> Self::Future {
        Box::pin(self.send(request))
    }
}
