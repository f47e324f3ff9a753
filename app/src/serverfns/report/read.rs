//! Reads one report.

use leptos::prelude::*;
use leptos::server_fn::codec::GetUrl;
use pointsman_domain::report::Report;

use crate::failure::Failure;

/// The report of a period; `None` where there is none.
#[server(prefix = "/fn", endpoint = "report", input = GetUrl, output = crate::codec::Json)]
pub async fn read_report(
    /// Which period: `2026-10`, `2026-Q4`.
    label: String,
    /// Of which team; empty for all.
    #[server(default)]
    team: String,
) -> Result<Option<Report>, Failure> {
    // What is no name of a period is one of which there is no report.
    let Ok(label) = label.parse() else { return Ok(None) };
    let team = Some(team.as_str()).filter(|team| !team.is_empty());
    super::super::answer(super::super::desk()?.report(label, team).await)
}
