//! The console's WebAssembly, its loaders and its style: the site that `cargo xtask site` has built.
//!
//! All of it lies in one folder that is named by the content, `/pkg/<hash>`, so a browser keeps it for ever and never mixes files of two
//! builds; what an older page asks for is no longer there, and that page opens its address anew. Each file is compressed when it is
//! built, so that nothing is compressed per request.

use std::borrow::Cow;
use std::sync::Arc;

use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use http::header::{ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, VARY};
use http::{HeaderMap, HeaderValue, StatusCode};
use serde::Deserialize;

/// Reads a file of the site by its path there.
pub type ReadFile = fn(&str) -> Option<Cow<'static, [u8]>>;

/// The site, for as long as the server runs.
#[derive(Clone)]
pub struct Site {
    read: ReadFile,
    index: Arc<Index>,
}

/// What the site says of itself in `site.json`.
#[derive(Default, Deserialize)]
struct Index {
    /// The name of the only folder.
    hash: String,
}

impl Site {
    /// The site as it is now. Where none is built, pages come without style and stay as they were sent.
    pub fn open(read: ReadFile) -> Self {
        let index = read("site.json").and_then(|file| serde_json::from_slice(&file).ok());
        if index.is_none() {
            tracing::warn!("there is no site: pages come without style and script (`cargo xtask site` builds it)");
        }
        Self {
            read,
            index: Arc::new(index.unwrap_or_default()),
        }
    }

    /// Where the browser finds the files: `pkg/<hash>`.
    pub fn folder(&self) -> String {
        format!("pkg/{}", self.index.hash)
    }

    /// The answer for a path below `/pkg`, which may be that there is no such file; `None` for any other path.
    pub fn answer(&self, path: &str, headers: &HeaderMap) -> Option<Response> {
        let path = path.strip_prefix('/').filter(|path| path.starts_with("pkg/"))?;
        let folder = self.folder();
        let found = path
            .strip_prefix(&folder)
            .is_some_and(|rest| rest.starts_with('/') && !self.index.hash.is_empty())
            .then(|| (self.read)(path))
            .flatten();
        let Some(file) = found else {
            return Some((StatusCode::NOT_FOUND, "There is no such file.\n").into_response());
        };
        let common = [
            (CACHE_CONTROL, "public, max-age=31536000, immutable".to_owned()),
            (VARY, "accept-encoding".to_owned()),
            (CONTENT_TYPE, kind(path).to_owned()),
        ];
        let accepted = headers.get(ACCEPT_ENCODING).and_then(|value| value.to_str().ok());
        let compressed = [("br", "br"), ("gzip", "gz")]
            .into_iter()
            .filter(|(coding, _)| accepted.is_some_and(|accepted| accepts(accepted, coding)))
            .find_map(|(coding, suffix)| Some((coding, (self.read)(&format!("{path}.{suffix}"))?)));
        Some(match compressed {
            Some((coding, file)) => {
                let coding = [(CONTENT_ENCODING, HeaderValue::from_static(coding))];
                (common, coding, body(file)).into_response()
            }
            None => (common, body(file)).into_response(),
        })
    }
}

/// What is embedded is not copied.
fn body(file: Cow<'static, [u8]>) -> Bytes {
    match file {
        Cow::Borrowed(bytes) => Bytes::from_static(bytes),
        Cow::Owned(bytes) => Bytes::from(bytes),
    }
}

/// The media type. A module is compiled while it comes only where it says what it is.
fn kind(path: &str) -> &'static str {
    match path.rsplit_once('.').map(|(_, extension)| extension) {
        Some("js") => "text/javascript",
        Some("wasm") => "application/wasm",
        Some("css") => "text/css",
        _ => "application/octet-stream",
    }
}

/// Whether a browser takes a coding, which it does where it names it and does not say that it weighs nothing.
fn accepts(accepted: &str, coding: &str) -> bool {
    accepted.split(',').any(|part| {
        let mut words = part.split(';').map(str::trim);
        words.next() == Some(coding) && !words.any(|word| word == "q=0")
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)] // a panic is how a test fails

    use super::*;

    fn read(path: &str) -> Option<Cow<'static, [u8]>> {
        let data: &'static [u8] = match path {
            "site.json" => br#"{"hash":"abc"}"#,
            "pkg/abc/one.js" => b"plain",
            "pkg/abc/one.js.br" => b"brotli",
            "pkg/abc/one.js.gz" => b"gzip",
            "pkg/abc/two.wasm" => b"wasm",
            _ => return None,
        };
        Some(Cow::Borrowed(data))
    }

    async fn ask(path: &str, accepted: &str) -> (StatusCode, HeaderMap, String) {
        let mut headers = HeaderMap::new();
        headers.insert(ACCEPT_ENCODING, accepted.parse().unwrap());
        let response = Site::open(read).answer(path, &headers).unwrap();
        let (parts, body) = response.into_parts();
        let body = axum::body::to_bytes(body, 1000).await.unwrap();
        (parts.status, parts.headers, String::from_utf8_lossy(&body).into_owned())
    }

    #[tokio::test]
    async fn a_file_is_sent_as_the_browser_takes_it_and_kept_for_ever() {
        for (accepted, body) in [
            ("gzip, deflate, br, zstd", "brotli"),
            ("gzip, br;q=0", "gzip"),
            ("deflate", "plain"),
        ] {
            let (status, headers, sent) = ask("/pkg/abc/one.js", accepted).await;
            assert_eq!((status, sent.as_str()), (StatusCode::OK, body), "{accepted}");
            assert_eq!(headers[CACHE_CONTROL], "public, max-age=31536000, immutable");
            assert_eq!(headers[CONTENT_TYPE], "text/javascript");
            assert_eq!(headers[VARY], "accept-encoding");
        }
        let (_, headers, sent) = ask("/pkg/abc/two.wasm", "br").await;
        assert_eq!(sent, "wasm", "what is not compressed is sent as it is");
        assert!(!headers.contains_key(CONTENT_ENCODING));
    }

    #[tokio::test]
    async fn files_of_another_build_are_not_there() {
        for path in [
            "/pkg/old/one.js",
            "/pkg/one.js",
            "/pkg/abc",
            "/pkg/abcd/one.js",
            "/pkg/abc/../site.json",
        ] {
            let (status, headers, _) = ask(path, "br").await;
            assert_eq!(status, StatusCode::NOT_FOUND, "{path}");
            assert!(!headers.contains_key(CACHE_CONTROL), "{path}");
        }
        assert!(Site::open(read).answer("/site.json", &HeaderMap::new()).is_none());
        assert!(Site::open(read).answer("/pkgs", &HeaderMap::new()).is_none());
    }

    #[test]
    fn without_a_site_nothing_is_found() {
        let site = Site::open(|_| None);
        let answer = site.answer("/pkg//one.js", &HeaderMap::new()).unwrap();
        assert_eq!(answer.status(), StatusCode::NOT_FOUND);
    }
}
