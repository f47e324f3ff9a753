//! Changes a channel.

use leptos::prelude::*;
use pointsman_domain::slo::ChannelFields;

use crate::failure::Failure;

/// Replaces a channel; without a secret the one that is kept stays.
#[server(prefix = "/fn", endpoint = "channel_edit")]
pub async fn edit_channel(
    /// As it is filled in, with its number.
    #[server(flatten)]
    form: ChannelFields,
    /// Why.
    #[server(default)]
    reason: String,
) -> Result<(), Failure> {
    let edited = async {
        let (id, form) = (form.number()?, form.parse()?);
        super::super::use_cases()?
            .promise()
            .edit_channel(id, form, &reason)
            .await
            .map_err(Failure::from)
    };
    super::super::changed(edited.await)
}
