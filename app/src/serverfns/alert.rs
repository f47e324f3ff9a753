//! Server functions of alerts and silences.

use leptos::prelude::*;
use leptos::server_fn::codec::GetUrl;
use pointsman_domain::slo::AlertBoard;
#[cfg(feature = "ssr")]
use pointsman_domain::slo::{AlertQuery, SilenceForm};

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
    super::answer(super::use_cases()?.promise().alert_board(&query).await)
}

/// Says that the caller looks at an alert.
#[server(prefix = "/fn", endpoint = "alert_ack")]
pub async fn acknowledge_alert(id: i64) -> Result<(), Failure> {
    super::changed(super::use_cases()?.promise().acknowledge(id).await.map(|_| ()))
}

/// Silences the alerts of a service or an objective.
#[server(prefix = "/fn", endpoint = "silence_begin")]
pub async fn begin_silence(
    service: String,
    /// Of which objective of it; empty for all.
    #[server(default)]
    objective: String,
    /// For how long.
    minutes: u32,
    /// What the audit says it was done for: 3 to 500 characters.
    reason: String,
) -> Result<(), Failure> {
    let form = SilenceForm {
        service,
        objective,
        minutes,
        reason,
    };
    super::changed(super::use_cases()?.promise().silence(&form).await.map(|_| ()))
}

/// Ends a silence before its time.
#[server(prefix = "/fn", endpoint = "silence_end")]
pub async fn end_silence(
    id: i64,
    /// What the audit says it was done for: 3 to 500 characters.
    reason: String,
) -> Result<(), Failure> {
    super::changed(super::use_cases()?.promise().end_silence(id, &reason).await)
}
