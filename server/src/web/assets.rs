//! The console's WebAssembly, its loader and its style, embedded in a release and read from the disk else.
//!
//! Names do not change with the content, so a browser asks each time whether what it has is still right, by the content's hash.

use std::collections::HashMap;
use std::io::Write;
use std::sync::{LazyLock, Mutex};

use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use http::header::{ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, ETAG, IF_NONE_MATCH, VARY};
use http::{HeaderMap, HeaderValue, StatusCode};
use rust_embed::{Embed, EmbeddedFile};

#[derive(Embed)]
#[folder = "../target/site"]
struct Site;

/// What is under this size is not worth compressing.
const WORTH_COMPRESSING: usize = 1024;

/// The answer for a path of the site; `None` where it has no such file.
pub async fn answer(path: &str, headers: &HeaderMap) -> Option<Response> {
    let path = path.trim_start_matches('/');
    let file = Site::get(path)?;
    let tag = tag(&file);
    let header = |name| headers.get(name).and_then(|value: &HeaderValue| value.to_str().ok());
    let common = [
        (CACHE_CONTROL, "public, no-cache".to_owned()),
        (ETAG, format!("\"{tag}\"")),
        (VARY, "accept-encoding".to_owned()),
    ];
    if header(IF_NONE_MATCH).is_some_and(|known| known.contains(&tag)) {
        return Some((StatusCode::NOT_MODIFIED, common).into_response());
    }
    let kind = file.metadata.mimetype().to_owned();
    let wants_gzip = header(ACCEPT_ENCODING).is_some_and(accepts_gzip);
    if wants_gzip && file.data.len() >= WORTH_COMPRESSING {
        let compressed = compressed(tag, file).await?;
        let kind = [(CONTENT_TYPE, kind), (CONTENT_ENCODING, "gzip".to_owned())];
        return Some((common, kind, compressed).into_response());
    }
    let body = Bytes::from(file.data.into_owned());
    Some((common, [(CONTENT_TYPE, kind)], body).into_response())
}

fn tag(file: &EmbeddedFile) -> String {
    let hash = file.metadata.sha256_hash();
    let half = hash
        .iter()
        .take(16)
        .fold(0_u128, |bits, byte| (bits << 8) | u128::from(*byte));
    format!("{half:032x}")
}

fn accepts_gzip(accepted: &str) -> bool {
    accepted.split(',').any(|part| {
        let mut words = part.split(';').map(str::trim);
        words.next() == Some("gzip") && !words.any(|word| word == "q=0")
    })
}

/// Compressed once and kept, by the content's hash: there are a handful of files.
async fn compressed(tag: String, file: EmbeddedFile) -> Option<Bytes> {
    static KEPT: LazyLock<Mutex<HashMap<String, Bytes>>> = LazyLock::new(Mutex::default);
    let kept = KEPT.lock().ok()?.get(&tag).cloned();
    if kept.is_some() {
        return kept;
    }
    let work = tokio::task::spawn_blocking(move || {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::new(8));
        encoder.write_all(&file.data)?;
        encoder.finish()
    });
    let compressed = Bytes::from(work.await.ok()?.ok()?);
    let mut kept = KEPT.lock().ok()?;
    // Where a site under development changes again and again, the old ones go.
    if kept.len() > 64 {
        kept.clear();
    }
    kept.insert(tag, compressed.clone());
    Some(compressed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gzip_is_sent_to_whom_accepts_it() {
        assert!(accepts_gzip("gzip, deflate, br"));
        assert!(accepts_gzip("br;q=1.0, gzip;q=0.8"));
        assert!(!accepts_gzip("gzip;q=0"));
        assert!(!accepts_gzip("br"));
    }

    #[tokio::test]
    async fn what_the_site_does_not_have_is_not_an_asset() {
        assert!(answer("/../Cargo.toml", &HeaderMap::new()).await.is_none());
        assert!(answer("/no/such/file", &HeaderMap::new()).await.is_none());
    }
}
