//! Makes a channel.

use leptos::prelude::*;
use pointsman_domain::slo::ChannelFields;

use crate::failure::Failure;

/// Makes a channel that alerts are sent to.
#[server(prefix = "/fn", endpoint = "channel_create")]
pub async fn create_channel(
    /// As it is filled in.
    #[server(flatten)]
    form: ChannelFields,
    /// Why.
    #[server(default)]
    reason: String,
) -> Result<(), Failure> {
    let made = async {
        super::super::use_cases()?
            .promise()
            .create_channel(form.parse()?, &reason)
            .await
            .map_err(Failure::from)
    };
    super::super::changed(made.await.map(|_| ()))
}
