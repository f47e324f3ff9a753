//! Lists where alerts are sent.

use leptos::prelude::*;
use leptos::server_fn::codec::GetUrl;
use pointsman_domain::slo::ChannelBoard;

use crate::failure::Failure;

/// All channels, without their secrets.
#[server(prefix = "/fn", endpoint = "channels", input = GetUrl, output = crate::codec::Json)]
pub async fn list_channels() -> Result<ChannelBoard, Failure> {
    super::super::answer(super::super::desk()?.channel_board().await)
}
