//! Silences alerts.

use leptos::prelude::*;
#[cfg(feature = "ssr")]
use pointsman_domain::slo::SilenceForm;

use crate::failure::Failure;

/// Silences the alerts of a service or an objective.
#[server(prefix = "/fn", endpoint = "silence_begin")]
pub async fn silence(
    /// Of which service.
    service: String,
    /// Of which objective of it; empty for all.
    #[server(default)]
    objective: String,
    /// For how long.
    minutes: u32,
    /// Why.
    reason: String,
) -> Result<(), Failure> {
    let form = SilenceForm {
        service,
        objective,
        minutes,
        reason,
    };
    super::super::changed(super::super::use_cases()?.promise().silence(&form).await.map(|_| ()))
}
