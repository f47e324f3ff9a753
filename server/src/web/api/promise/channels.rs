//! `/api/v1/channels`: where alerts are sent. Secrets go in and never come out.

use axum::Json;
use http::StatusCode;
use pointsman_domain::slo::{Channel, ChannelForm};
use serde::{Deserialize, Serialize};

use crate::web::api::given::{Because, Body, Path};
use crate::web::api::{Answer, ApiFailure};
use crate::web::use_cases::UseCases;

/// A channel, and why it is to be so.
#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ChannelChange {
    /// The channel.
    channel: ChannelForm,
    /// Why, in the words of who does it, for the audit.
    #[schema(min_length = 3, max_length = 500)]
    reason: String,
}

/// The number of a new channel.
#[derive(Serialize, utoipa::ToSchema)]
#[schema(as = NewChannel)]
pub struct Made {
    id: i64,
}

/// Channels
///
/// Where alerts are sent, without secrets.
#[utoipa::path(get, path = "/api/v1/channels", tag = "promise",
    responses((status = 200, description = "Channels.", body = Vec<Channel>)))]
pub async fn list(use_cases: UseCases) -> Answer<Vec<Channel>> {
    Ok(Json(use_cases.promise().channels().await?))
}

/// Make a channel
#[utoipa::path(post, path = "/api/v1/channels", tag = "promise",
    request_body = ChannelChange,
    responses((status = 201, description = "Its number.", body = Made)))]
pub async fn create(
    use_cases: UseCases,
    Body(change): Body<ChannelChange>,
) -> Result<(StatusCode, Json<Made>), ApiFailure> {
    let id = use_cases
        .promise()
        .create_channel(change.channel, &change.reason)
        .await?;
    Ok((StatusCode::CREATED, Json(Made { id })))
}

/// Change a channel
///
/// Without a secret the one that is kept stays, if it goes to the same place.
#[utoipa::path(put, path = "/api/v1/channels/{id}", tag = "promise",
    params(("id" = i64, Path, description = "The channel's number.")),
    request_body = ChannelChange,
    responses((status = 204, description = "It is changed.")))]
pub async fn edit(
    use_cases: UseCases,
    Path(id): Path<i64>,
    Body(change): Body<ChannelChange>,
) -> Result<StatusCode, ApiFailure> {
    use_cases
        .promise()
        .edit_channel(id, change.channel, &change.reason)
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Remove a channel
#[utoipa::path(delete, path = "/api/v1/channels/{id}", tag = "promise",
    params(("id" = i64, Path, description = "The channel's number.")),
    request_body = Because,
    responses((status = 204, description = "It is removed.")))]
pub async fn remove(
    use_cases: UseCases,
    Path(id): Path<i64>,
    Body(because): Body<Because>,
) -> Result<StatusCode, ApiFailure> {
    use_cases.promise().remove_channel(id, &because.reason).await?;
    Ok(StatusCode::NO_CONTENT)
}
