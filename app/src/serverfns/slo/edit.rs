//! Changes what is promised.

use leptos::prelude::*;
use pointsman_domain::slo::ObjectiveForm;

use crate::failure::Failure;

/// Replaces an objective; then its page.
#[server(prefix = "/fn", endpoint = "slo_edit")]
pub async fn edit_slo(
    /// The name that it has so far.
    old: String,
    /// What is promised from now on.
    #[server(flatten)]
    form: ObjectiveForm,
    /// Why.
    #[server(default)]
    reason: String,
) -> Result<(), Failure> {
    let edited = async {
        let objective = form.parse()?;
        super::super::use_cases()?
            .promise()
            .edit_slo(&old, objective, &reason)
            .await
            .map_err(Failure::from)
    };
    let objective = super::super::changed(Box::pin(edited).await)?;
    super::super::go(&format!("/slos/{}", objective.name));
    Ok(())
}
