//! Server functions of contracts (SLAs).

use leptos::prelude::*;
use leptos::server_fn::codec::GetUrl;
use pointsman_domain::sla::{ContractForm, SlaDetail, SlaSummary};

use crate::failure::Failure;

/// All contracts, by name.
#[server(prefix = "/fn", endpoint = "slas", input = GetUrl, output = crate::codec::Json)]
pub async fn list_slas() -> Result<Vec<SlaSummary>, Failure> {
    super::answer(super::use_cases()?.promise().slas().await)
}

/// One contract; `None` where there is none of this name.
#[server(prefix = "/fn", endpoint = "sla", input = GetUrl, output = crate::codec::Json)]
pub async fn read_sla(name: String) -> Result<Option<SlaDetail>, Failure> {
    super::answer(super::use_cases()?.promise().sla(&name).await)
}

/// Makes a contract; then its page.
#[server(prefix = "/fn", endpoint = "sla_create")]
pub async fn create_sla(
    /// The contract, as the form has it.
    #[server(flatten)]
    form: ContractForm,
    /// What the audit says it was done for: 3 to 500 characters.
    #[server(default)]
    reason: String,
) -> Result<(), Failure> {
    let made = async {
        let contract = form.parse()?;
        super::use_cases()?
            .promise()
            .create_sla(contract, &reason)
            .await
            .map_err(Failure::from)
    };
    let contract = super::changed(made.await)?;
    super::go(&format!("/slas/{}", contract.name));
    Ok(())
}

/// Replaces a contract; then its page.
#[server(prefix = "/fn", endpoint = "sla_edit")]
pub async fn edit_sla(
    /// The name that it has so far.
    old: String,
    /// The contract as it is to be.
    #[server(flatten)]
    form: ContractForm,
    /// What the audit says it was done for: 3 to 500 characters.
    #[server(default)]
    reason: String,
) -> Result<(), Failure> {
    let edited = async {
        let contract = form.parse()?;
        super::use_cases()?
            .promise()
            .edit_sla(&old, contract, &reason)
            .await
            .map_err(Failure::from)
    };
    let contract = super::changed(edited.await)?;
    super::go(&format!("/slas/{}", contract.name));
    Ok(())
}

/// Removes a contract of which no period is closed; then the others.
#[server(prefix = "/fn", endpoint = "sla_remove")]
pub async fn remove_sla(
    name: String,
    /// What the audit says it was done for: 3 to 500 characters.
    reason: String,
) -> Result<(), Failure> {
    super::changed(super::use_cases()?.promise().remove_sla(&name, &reason).await)?;
    super::go("/slas");
    Ok(())
}

/// Computes a closed period of a contract again, into another record.
#[server(prefix = "/fn", endpoint = "sla_correct")]
pub async fn correct_sla_period(
    /// The contract's name.
    name: String,
    /// Which period: `2026-10`, `2026-Q4`.
    label: String,
    /// What the audit says it was done for: 3 to 500 characters.
    reason: String,
) -> Result<(), Failure> {
    use pointsman_domain::kit::field::FieldError;
    let corrected = async {
        let label = label
            .parse()
            .map_err(|error: pointsman_domain::period::LabelError| FieldError {
                field: "label".to_owned(),
                message: error.to_string(),
            })?;
        super::use_cases()?
            .promise()
            .correct_period(&name, label, &reason)
            .await
            .map_err(Failure::from)
    };
    super::changed(corrected.await).map(|_| ())
}
