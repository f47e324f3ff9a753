//! `/api/v1/channels`: where alerts are sent. Secrets go in and never come out.

use axum::Json;
use axum::extract::Path;
use http::StatusCode;
use pointsman_domain::slo::{Channel, ChannelForm};
use serde::{Deserialize, Serialize};

use super::given::{Because, Body};
use super::{Answer, Failure};
use crate::web::desk::Desk;

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

pub async fn list(desk: Desk) -> Answer<Vec<Channel>> {
    Ok(Json(desk.channels().await?))
}

pub async fn create(desk: Desk, Body(change): Body<Change>) -> Result<(StatusCode, Json<Made>), Failure> {
    let id = desk.create_channel(change.channel, &change.reason).await?;
    Ok((StatusCode::CREATED, Json(Made { id })))
}

pub async fn edit(desk: Desk, Path(id): Path<i64>, Body(change): Body<Change>) -> Result<StatusCode, Failure> {
    desk.edit_channel(id, change.channel, &change.reason).await?;
    Ok(StatusCode::NO_CONTENT)
}

pub async fn remove(desk: Desk, Path(id): Path<i64>, Body(because): Body<Because>) -> Result<StatusCode, Failure> {
    desk.remove_channel(id, &because.reason).await?;
    Ok(StatusCode::NO_CONTENT)
}
