//! Lists alerts.

use leptos::prelude::*;
use leptos::server_fn::codec::GetUrl;
use pointsman_domain::slo::AlertBoard;
#[cfg(feature = "ssr")]
use pointsman_domain::slo::AlertQuery;

use crate::failure::Failure;

/// Alerts, those that have not ended before those that have.
#[server(prefix = "/fn", endpoint = "alerts", input = GetUrl, output = crate::codec::Json)]
pub async fn list_alerts(
    /// `firing` for those that have not ended.
    #[server(default)]
    state: String,
    /// Only of this objective.
    #[server(default)]
    objective: String,
    /// Only of this service.
    #[server(default)]
    service: String,
    /// Only with smaller numbers.
    #[server(default)]
    before: Option<i64>,
) -> Result<AlertBoard, Failure> {
    let query = AlertQuery {
        state,
        objective,
        service,
        before,
    };
    super::super::answer(super::super::desk()?.alert_board(&query).await)
}
