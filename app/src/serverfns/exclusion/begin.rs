//! Leaves time out.

use leptos::prelude::*;
#[cfg(feature = "ssr")]
use pointsman_domain::slo::ExclusionForm;

use crate::failure::Failure;

/// Leaves time out of the figures of a service or an objective.
#[server(prefix = "/fn", endpoint = "exclusion_begin")]
pub async fn exclude(
    /// Of which service.
    service: String,
    /// Of which objective of it; empty for all.
    #[server(default)]
    objective: String,
    /// From when on, as RFC 3339.
    from: String,
    /// Until when, as RFC 3339.
    to: String,
    /// Why.
    reason: String,
) -> Result<(), Failure> {
    let form = ExclusionForm {
        service,
        objective,
        from,
        to,
        reason,
    };
    super::super::changed(super::super::use_cases()?.promise().exclude(&form).await.map(|_| ()))
}
