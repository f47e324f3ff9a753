//! Server functions of the channels that alerts and reports are sent to.

use leptos::prelude::*;
use leptos::server_fn::codec::GetUrl;
use pointsman_domain::slo::{ChannelBoard, ChannelFields};

use crate::failure::Failure;

/// All channels, without their secrets.
#[server(prefix = "/fn", endpoint = "channels", input = GetUrl, output = crate::codec::Json)]
pub async fn list_channels() -> Result<ChannelBoard, Failure> {
    super::answer(super::use_cases()?.promise().channel_board().await)
}

/// Makes a channel that alerts are sent to.
#[server(prefix = "/fn", endpoint = "channel_create")]
pub async fn create_channel(
    /// As it is filled in.
    #[server(flatten)]
    form: ChannelFields,
    /// What the audit says it was done for: 3 to 500 characters.
    #[server(default)]
    reason: String,
) -> Result<(), Failure> {
    let made = async {
        super::use_cases()?
            .promise()
            .create_channel(form.parse()?, &reason)
            .await
            .map_err(Failure::from)
    };
    super::changed(made.await.map(|_| ()))
}

/// Replaces a channel; without a secret the one that is kept stays.
#[server(prefix = "/fn", endpoint = "channel_edit")]
pub async fn edit_channel(
    /// As it is filled in, with its number.
    #[server(flatten)]
    form: ChannelFields,
    /// What the audit says it was done for: 3 to 500 characters.
    #[server(default)]
    reason: String,
) -> Result<(), Failure> {
    let edited = async {
        let (id, form) = (form.number()?, form.parse()?);
        super::use_cases()?
            .promise()
            .edit_channel(id, form, &reason)
            .await
            .map_err(Failure::from)
    };
    super::changed(edited.await)
}

/// Removes a channel, with what waits to be sent to it.
#[server(prefix = "/fn", endpoint = "channel_remove")]
pub async fn remove_channel(
    id: i64,
    /// What the audit says it was done for: 3 to 500 characters.
    reason: String,
) -> Result<(), Failure> {
    super::changed(super::use_cases()?.promise().remove_channel(id, &reason).await)
}
