//! Makes a contract.

use leptos::prelude::*;
use pointsman_domain::sla::ContractForm;

use crate::failure::Failure;

/// Makes a contract; then its page.
#[server(prefix = "/fn", endpoint = "sla_create")]
pub async fn create_sla(
    /// What is promised.
    #[server(flatten)]
    form: ContractForm,
    /// Why.
    #[server(default)]
    reason: String,
) -> Result<(), Failure> {
    let made = async {
        let contract = form.parse()?;
        super::super::use_cases()?
            .promise()
            .create_sla(contract, &reason)
            .await
            .map_err(Failure::from)
    };
    let contract = super::super::changed(made.await)?;
    super::super::go(&format!("/slas/{}", contract.name));
    Ok(())
}
