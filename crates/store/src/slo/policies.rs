//! What a spent budget does to changes of a service.

use std::collections::BTreeMap;

use pointsman_domain::Text;
use pointsman_domain::slo::Policy;

use crate::error::StoreError;
use crate::text;

/// The policies that are set, by service.
pub async fn all(conn: &mut crate::Connection) -> Result<BTreeMap<Text, Policy>, StoreError> {
    let rows = sqlx::query!("SELECT service, policy FROM budget_policy")
        .fetch_all(conn)
        .await?;
    rows.into_iter()
        .map(|row| Ok((row.service.into(), row.policy.parse().map_err(StoreError::corrupt)?)))
        .collect()
}

/// The policy of a service; "nothing" where none is set.
pub async fn of(conn: &mut crate::Connection, service: &str) -> Result<Policy, StoreError> {
    let policy = sqlx::query_scalar!(
        "SELECT policy FROM budget_policy WHERE service = $1",
        text::name(service)
    )
    .fetch_optional(conn)
    .await?;
    policy.map_or(Ok(Policy::Nothing), |word| word.parse().map_err(StoreError::corrupt))
}

/// Sets the policy of a service.
pub async fn set(conn: &mut crate::Connection, service: &str, policy: Policy) -> Result<(), StoreError> {
    sqlx::query!(
        "INSERT INTO budget_policy (service, policy) VALUES ($1, $2)
        ON CONFLICT (service) DO UPDATE SET policy = excluded.policy",
        text::name(service),
        policy.word()
    )
    .execute(conn)
    .await?;
    Ok(())
}
