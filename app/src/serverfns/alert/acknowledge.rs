//! Says that one looks at an alert.

use leptos::prelude::*;

use crate::failure::Failure;

/// Says that the caller looks at an alert.
#[server(prefix = "/fn", endpoint = "alert_ack")]
pub async fn acknowledge_alert(
    /// Its number.
    id: i64,
) -> Result<(), Failure> {
    super::super::changed(super::super::use_cases()?.promise().acknowledge(id).await.map(|_| ()))
}
