//! Server functions of log records.

use leptos::prelude::*;
use leptos::server_fn::codec::GetUrl;
use pointsman_domain::query::LogForm;
use pointsman_domain::read::LogPage;

use crate::failure::Failure;

/// The log records that this form asks for, newest first.
#[server(prefix = "/fn", endpoint = "logs", input = GetUrl, output = crate::codec::Json)]
pub async fn search_logs(
    /// As in the URL.
    #[server(default)]
    form: LogForm,
) -> Result<LogPage, Failure> {
    let query = super::answer(form.parse())?;
    super::answer(super::use_cases()?.see().logs(&query).await)
}
