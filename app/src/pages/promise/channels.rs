//! Notification channels (`/alerts/channels`), for admins: webhooks, chats and mail, with how the sending goes. Secrets go in and never
//! come out.

mod form;

use leptos::prelude::*;
use leptos_meta::Title;
use pointsman_domain::Text;
use pointsman_domain::health::Health;
use pointsman_domain::slo::{AlertSeverity, Channel, ChannelBoard, ChannelKind};

use self::form::ChannelEntries;
use crate::components::{Change, ChangeFailure, Confirm, Empty, Loaded, Reason, Stamp, State, use_change};
use crate::format;
use crate::live::use_live;
use crate::serverfns::channel::{CreateChannel, EditChannel, RemoveChannel, list_channels};
use crate::site_map;

/// What the page offers to change.
#[derive(Clone, Copy)]
struct Changes {
    edit: ServerAction<EditChannel>,
    remove: ServerAction<RemoveChannel>,
}

/// The channels.
#[component]
pub fn ChannelsPage() -> AnyView {
    let live = use_live();
    let create = use_change::<CreateChannel>();
    let changes = Changes {
        edit: use_change(),
        remove: use_change(),
    };
    let channels = Resource::new(move || live.asked.get(), |_| list_channels());
    view! {
        <Title text=site_map::CHANNELS.title />
        <header class="page-head">
            <h1>{site_map::CHANNELS.title}</h1>
            <p class="onward"><a href="/alerts">"Alerts"</a></p>
        </header>
        <ChangeFailure action=create />
        <ChangeFailure action=changes.edit />
        <ChangeFailure action=changes.remove />
        <Loaded resource=channels let:board>
            <Board board create changes />
        </Loaded>
    }
    .into_any()
}

/// "2 channels, 1 failing."
fn answer(board: &ChannelBoard) -> String {
    let fails = |channel: &&Channel| delivery(channel, channel.is_locked(&board.keys)).0 == Health::Failing;
    let failing = board.channels.iter().filter(fails).count();
    let all = format::counted(board.channels.len() as u64, "channel", "channels");
    match failing {
        0 => format!("{all}, none failing."),
        1 => format!("{all}, 1 failing."),
        n => format!("{all}, {n} failing."),
    }
}

#[component]
fn Board(board: ChannelBoard, create: ServerAction<CreateChannel>, changes: Changes) -> AnyView {
    let none = board.channels.is_empty();
    let top = if none {
        view! {
            <Empty title="No notification channels yet">
                <p>"A channel is a webhook, a chat or an email address. It gets the alerts of all services, or of the services of selected teams."</p>
            </Empty>
        }
        .into_any()
    } else {
        view! { <p class="answer">{answer(&board)}</p> }.into_any()
    };
    let clear = board.keys.is_empty().then(|| {
        view! {
            <p class="quiet">
                "Channel secrets are stored unencrypted: the server has no key to encrypt them ("<code>"--secrets-key-file"</code>")."
            </p>
        }
    });
    let keys = board.keys;
    let rows = board.channels.into_iter().map(|channel| {
        let locked = channel.is_locked(&keys);
        view! { <Row channel locked changes /> }
    });
    let rows = rows.collect_view();
    let teams = board
        .teams
        .into_iter()
        .map(|team| view! { <option value=team.to_string()></option> });
    view! {
        {top}
        {clear}
        <datalist id="channel-teams">{teams.collect_view()}</datalist>
        <ul class="channels">{rows}</ul>
        <details class="offer" open=none>
            <summary>"New channel"</summary>
            <Change action=create label="New channel" class="channel-form">
                <ChannelEntries channel=None />
                <Reason />
                <button class="button primary" type="submit">"Create channel"</button>
            </Change>
        </details>
    }
    .into_any()
}

/// Where to, as one says it.
fn target(channel: &Channel) -> String {
    match &channel.to {
        ChannelKind::Webhook { url } => format!("webhook {url}"),
        ChannelKind::Slack => "chat (its URL is the secret)".to_owned(),
        ChannelKind::Email { host, to, .. } => {
            let to: Vec<&str> = to.iter().map(Text::as_str).collect();
            format!("email to {} via {host}", to.join(", "))
        }
    }
}

/// How the sending goes: the sign, and words.
fn delivery(channel: &Channel, locked: bool) -> (Health, &'static str) {
    if locked {
        return (Health::Failing, "secret unreadable");
    }
    match (channel.failing_since_ns, &channel.last_failure, channel.last_sent_ns) {
        (Some(_), ..) => (Health::Failing, "failing"),
        (None, Some(_), _) => (Health::Degraded, "some rejected"),
        (None, None, Some(_)) => (Health::Healthy, "delivering"),
        (None, None, None) => (Health::NoTraffic, "nothing sent yet"),
    }
}

/// What fails, and since when.
fn trouble(channel: &Channel, locked: bool) -> AnyView {
    if locked {
        let key = channel.encrypted_by.clone().unwrap_or_default();
        return view! {
            <p class="bad">
                "Its secret is encrypted with the key " {key.to_string()} ", which this server does not have. Start the server with that key, or enter the \
                 secret again."
            </p>
        }
        .into_any();
    }
    let Some(failure) = channel.last_failure.as_ref().map(ToString::to_string) else {
        return ().into_any();
    };
    let since = channel
        .failing_since_ns
        .map(|at| view! { "Since " <Stamp at /> " UTC: " });
    let next = channel
        .next_attempt_ns
        .map(|at| view! { ". Next attempt: " <Stamp at /> " UTC." });
    view! { <p class="bad">{since} {failure} {next}</p> }.into_any()
}

#[component]
fn Row(
    channel: Channel,
    /// Whether the server lacks the key of its secret.
    locked: bool,
    changes: Changes,
) -> AnyView {
    let (health, word) = delivery(&channel, locked);
    let what = match channel.least {
        AlertSeverity::Page => "pages only",
        AlertSeverity::Ticket => "pages and tickets",
    };
    let teams = if channel.teams.is_empty() {
        "for all teams".to_owned()
    } else {
        let teams: Vec<&str> = channel.teams.iter().map(Text::as_str).collect();
        format!("for {}", teams.join(", "))
    };
    let sent = channel
        .last_sent_ns
        .map(|at| view! { <span class="quiet">"last sent " <Stamp at /> " UTC"</span> });
    let waiting = channel.oldest_waiting_ns.map(|at| {
        let count = format::counted(channel.waiting.into(), "notification queued", "notifications queued");
        view! { <span class="quiet">{count} ", the oldest since " <Stamp at /> " UTC"</span> }
    });
    let given_up = (channel.given_up > 0).then(|| {
        let count = format::counted(channel.given_up.into(), "notification was", "notifications were");
        view! { <span class="quiet">{count} " dropped in the last 7 days"</span> }
    });
    let trouble = trouble(&channel, locked);
    let (name, id) = (channel.name.to_string(), channel.id.to_string());
    let target = target(&channel);
    let gone = format!("Nothing is sent to {name} any more, and queued notifications are dropped.");
    view! {
        <li class="channel">
            <State health word=word />
            <div>
                <p><strong>{name}</strong> " " <span class="channel-to">{target}</span></p>
                <p class="quiet">{what} ", " {teams} " " {sent} " " {waiting} " " {given_up}</p>
                {trouble}
                <details class="offer">
                    <summary>"Edit"</summary>
                    <Change action=changes.edit label="Edit channel" class="channel-form">
                        <ChannelEntries channel=Some(channel) />
                        <Reason />
                        <button class="button primary" type="submit">"Save"</button>
                    </Change>
                </details>
                <Confirm action=changes.remove verb="Delete" what=gone>
                    <input type="hidden" name="id" value=id />
                </Confirm>
            </div>
        </li>
    }
    .into_any()
}
