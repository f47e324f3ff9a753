//! Corrects a closed period.

use leptos::prelude::*;

use crate::failure::Failure;

/// Computes a closed period of a contract again, into another record.
#[server(prefix = "/fn", endpoint = "sla_correct")]
pub async fn correct_sla(
    /// The contract's name.
    name: String,
    /// Which period: `2026-10`, `2026-Q4`.
    label: String,
    /// Why.
    reason: String,
) -> Result<(), Failure> {
    use pointsman_domain::query::FieldError;
    let corrected = async {
        let label = label
            .parse()
            .map_err(|error: pointsman_domain::period::LabelError| FieldError {
                field: "label".to_owned(),
                message: error.to_string(),
            })?;
        super::super::use_cases()?
            .promise()
            .correct_period(&name, label, &reason)
            .await
            .map_err(Failure::from)
    };
    super::super::changed(corrected.await).map(|_| ())
}
