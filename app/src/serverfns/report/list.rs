//! Lists reports.

use leptos::prelude::*;
use leptos::server_fn::codec::GetUrl;
use pointsman_domain::report::ReportBoard;

use crate::failure::Failure;

/// The reports that there are, and, for whom it is for, who gets them by mail.
#[server(prefix = "/fn", endpoint = "reports", input = GetUrl, output = crate::codec::Json)]
pub async fn list_reports() -> Result<ReportBoard, Failure> {
    super::super::answer(super::super::desk()?.report_board().await)
}
