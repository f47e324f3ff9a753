//! Server functions of the audit.

use leptos::prelude::*;
use leptos::server_fn::codec::GetUrl;
use pointsman_domain::people::audit::{AuditForm, AuditPage};

use crate::failure::Failure;

/// What was done, newest first.
#[server(prefix = "/fn", endpoint = "audit", input = GetUrl, output = crate::codec::Json)]
pub async fn search_audit(
    /// As in the URL.
    #[server(default)]
    form: AuditForm,
) -> Result<AuditPage, Failure> {
    let query = super::answer(form.parse())?;
    super::answer(super::use_cases()?.people().audit(&query).await)
}
