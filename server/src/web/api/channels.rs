//! `/api/v1/channels`: where alerts are sent. Secrets go in and never come out.

use axum::Json;
use axum::extract::Path;
use http::StatusCode;
use pointsman_domain::slo::{Channel, ChannelForm};
use serde::{Deserialize, Serialize};

use super::given::{Because, Body};
use super::{Answer, Failure};
use crate::web::use_cases::UseCases;

/// A channel, and why it is to be so.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Change {
    channel: ChannelForm,
    reason: String,
}

/// The number of a new channel.
#[derive(Serialize)]
pub struct Made {
    id: i64,
}

pub async fn list(use_cases: UseCases) -> Answer<Vec<Channel>> {
    Ok(Json(use_cases.promise().channels().await?))
}

pub async fn create(use_cases: UseCases, Body(change): Body<Change>) -> Result<(StatusCode, Json<Made>), Failure> {
    let id = use_cases
        .promise()
        .create_channel(change.channel, &change.reason)
        .await?;
    Ok((StatusCode::CREATED, Json(Made { id })))
}

pub async fn edit(use_cases: UseCases, Path(id): Path<i64>, Body(change): Body<Change>) -> Result<StatusCode, Failure> {
    use_cases
        .promise()
        .edit_channel(id, change.channel, &change.reason)
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

pub async fn remove(
    use_cases: UseCases,
    Path(id): Path<i64>,
    Body(because): Body<Because>,
) -> Result<StatusCode, Failure> {
    use_cases.promise().remove_channel(id, &because.reason).await?;
    Ok(StatusCode::NO_CONTENT)
}
