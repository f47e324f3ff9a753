//! Says what a spent budget does.

use leptos::prelude::*;

use crate::failure::Failure;

/// Says what a spent budget of a service does.
#[server(prefix = "/fn", endpoint = "policy_set")]
pub async fn set_policy(
    /// `service.name`.
    service: String,
    /// `nothing`, `warn` or `block`.
    policy: String,
    /// Why.
    reason: String,
) -> Result<(), Failure> {
    let policy = policy.parse().map_err(|message| {
        Failure::Field(pointsman_domain::query::FieldError {
            field: "policy".to_owned(),
            message,
        })
    });
    let set = async {
        super::super::use_cases()?
            .promise()
            .set_policy(&service, policy?, &reason)
            .await
            .map_err(Failure::from)
    };
    super::super::changed(set.await)
}
