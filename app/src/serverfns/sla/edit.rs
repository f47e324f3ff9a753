//! Changes a contract.

use leptos::prelude::*;
use pointsman_domain::sla::ContractForm;

use crate::failure::Failure;

/// Replaces a contract; then its page.
#[server(prefix = "/fn", endpoint = "sla_edit")]
pub async fn edit_sla(
    /// The name that it has so far.
    old: String,
    /// What is promised from now on.
    #[server(flatten)]
    form: ContractForm,
    /// Why.
    #[server(default)]
    reason: String,
) -> Result<(), Failure> {
    let edited = async {
        let contract = form.parse()?;
        super::super::use_cases()?
            .promise()
            .edit_sla(&old, contract, &reason)
            .await
            .map_err(Failure::from)
    };
    let contract = super::super::changed(edited.await)?;
    super::super::go(&format!("/slas/{}", contract.name));
    Ok(())
}
