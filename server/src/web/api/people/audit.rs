//! `/api/v1/audit`: who did what, newest first; a page as JSON, or with `format=jsonl` all that match, an entry a line.

use std::convert::Infallible;

use axum::Json;
use axum::body::Body;
use axum::extract::Query;
use axum::extract::rejection::QueryRejection;
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use futures::{Stream, StreamExt};
use http::header::CONTENT_TYPE;
use pointsman_domain::kit::field::FieldError;
use pointsman_domain::people::audit::{AuditForm, AuditPage, AuditQuery, MAX_PAGE};
use serde::Deserialize;

use crate::web::api::ApiFailure;
use crate::web::use_cases::UseCases;

/// In which form.
#[derive(Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct FormatForm {
    /// `json` (the default), or `jsonl` for all entries that match, one a line.
    #[serde(default)]
    #[param(pattern = "^(json|jsonl)?$")]
    format: String,
}

/// The audit
///
/// Who did what on which service, why, and what came of it. Newest first, a page at a time, or all as JSON lines.
#[utoipa::path(get, path = "/api/v1/audit", tag = "people",
    params(AuditForm, FormatForm),
    responses((status = 200, description = "Entries.", content(
        (AuditPage = "application/json"),
        (String = "application/x-ndjson")
    ))))]
pub async fn audit(
    use_cases: UseCases,
    format: Result<Query<FormatForm>, QueryRejection>,
    form: Result<Query<AuditForm>, QueryRejection>,
) -> Result<Response, ApiFailure> {
    let query = form?.parse()?;
    match format?.format.as_str() {
        "" | "json" => Ok(Json(use_cases.people().audit(&query).await?).into_response()),
        "jsonl" => {
            // The first page says whether there is an answer at all.
            let query = AuditQuery {
                limit: MAX_PAGE,
                ..query
            };
            let first = use_cases.people().audit(&query).await?;
            let lines = Body::from_stream(lines(use_cases, query, first));
            Ok(([(CONTENT_TYPE, "application/x-ndjson")], lines).into_response())
        }
        other => Err(ApiFailure::Field(FieldError {
            field: "format".to_owned(),
            message: format!("`{other}` is no format: choose one of json, jsonl"),
        })),
    }
}

/// A page after the other, as far as the reader takes them. Where one can't be read the answer ends with a line that says so.
fn lines(use_cases: UseCases, query: AuditQuery, first: AuditPage) -> impl Stream<Item = Result<Bytes, Infallible>> {
    let start = Some((use_cases, query, Some(first)));
    futures::stream::unfold(start, async |state| {
        let (use_cases, query, page) = state?;
        let page = match page {
            Some(page) => Ok(page),
            None => use_cases.people().audit(&query).await,
        };
        let page = match page {
            Ok(page) => page,
            Err(problem) => {
                let line = serde_json::json!({ "error": { "message": problem.to_string() } });
                return Some((Ok(Bytes::from(format!("{line}\n"))), None));
            }
        };
        let mut text = Vec::new();
        for entry in &page.entries {
            // Into memory nothing fails, and an entry is JSON by its type.
            if serde_json::to_writer(&mut text, entry).is_ok() {
                text.push(b'\n');
            }
        }
        let next = page.next_before.map(|before| {
            let before = Some(before);
            (use_cases, AuditQuery { before, ..query }, None)
        });
        Some((Ok(Bytes::from(text)), next))
    })
    // The compression asks once more after the end.
    .fuse()
}
