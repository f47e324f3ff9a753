//! The fields of a channel. Those that its kind has no use for are hidden by the stylesheet alone, so that the form works without
//! JavaScript.

use leptos::prelude::*;
use pointsman_domain::slo::{Channel, ChannelFields};

use crate::components::{Select, TextInput};

fn options(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    let own = |(value, words): &(&str, &str)| ((*value).to_owned(), (*words).to_owned());
    pairs.iter().map(own).collect()
}

/// All fields, filled with those of a channel where there is one.
#[component]
pub(super) fn ChannelEntries(channel: Option<Channel>) -> AnyView {
    let new = channel.is_none();
    let fields = channel.as_ref().map_or_else(
        || ChannelFields {
            kind: "webhook".to_owned(),
            port: "587".to_owned(),
            security: "start_tls".to_owned(),
            least: "ticket".to_owned(),
            ..ChannelFields::default()
        },
        ChannelFields::of,
    );
    let kinds = options(&[
        ("webhook", "webhook, signed"),
        ("slack", "chat: Slack, Mattermost and others"),
        ("email", "email"),
    ]);
    let securities = options(&[
        ("start_tls", "STARTTLS (587)"),
        ("tls", "TLS (465)"),
        ("none", "none: this machine, or no password"),
    ]);
    let least = options(&[("ticket", "pages and tickets"), ("page", "pages only")]);
    let secret_hint = if new {
        "Webhook: 16 characters or more. Chat: the webhook URL. Email: the password."
    } else {
        "Leave empty to keep the current secret, unless URL, server, encryption or user change"
    };
    view! {
        <input type="hidden" name="id" value=fields.id />
        <TextInput name="name" label="Name" value=fields.name required=true most=63 hint="Lower-case letters, digits, hyphens" />
        <Select name="kind" label="Kind" options=kinds chosen=fields.kind />
        <TextInput name="url" label="URL" value=fields.url kind="url" most=2000 placeholder="https://" class="entry-wide for-webhook" />
        <TextInput name="host" label="Mail server" value=fields.host most=253 class="for-email" placeholder="mail.example.org" />
        <TextInput name="port" label="Port" value=fields.port most=5 class="entry-short for-email" />
        <Select name="security" label="Encryption" options=securities chosen=fields.security class="for-email" />
        <TextInput name="user" label="User name" value=fields.user most=254 class="for-email" />
        <TextInput name="from" label="From" value=fields.from most=254 class="for-email" placeholder="pointsman@example.org" />
        <TextInput name="to" label="To" value=fields.to most=2000 class="entry-wide for-email" placeholder="oncall@example.org" />
        <TextInput name="secret" label="Secret" kind="password" most=2000 hint=secret_hint autocomplete="new-password" />
        <Select name="least" label="Send" options=least chosen=fields.least />
        <TextInput name="teams" label="Teams" value=fields.teams most=2000 list="channel-teams" hint="Leave empty for all teams" />
    }
    .into_any()
}
