//! Promises something.

use leptos::prelude::*;
use pointsman_domain::slo::ObjectiveForm;

use crate::failure::Failure;

/// Makes an objective; then its page.
#[server(prefix = "/fn", endpoint = "slo_create")]
pub async fn create_slo(
    /// What is promised.
    #[server(flatten)]
    form: ObjectiveForm,
    /// Why.
    #[server(default)]
    reason: String,
) -> Result<(), Failure> {
    let made = async {
        let objective = form.parse()?;
        super::super::use_cases()?
            .promise()
            .create_slo(objective, &reason)
            .await
            .map_err(Failure::from)
    };
    let objective = super::super::changed(made.await)?;
    super::super::go(&format!("/slos/{}", objective.name));
    Ok(())
}
