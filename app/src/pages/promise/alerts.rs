//! Alerts (`/alerts`): what fires now, what can be done about it, which silences hold, and the history.

use leptos::prelude::*;
use leptos_meta::Title;
use pointsman_domain::slo::{AlertBoard, AlertSeverity};

use crate::components::{
    AlertChanges, ChangeFailure, Choice, Empty, Field, FiringAlert, LiveData, LiveLoaded, Pager, PastAlerts,
    SearchForm, Section, Silences, use_change,
};
use crate::format;
use crate::live::use_live;
use crate::serverfns::alert::list_alerts;
use crate::site_map;
use crate::url::{use_filters, use_query};

/// The filters, as they stand in the URL.
const FILTERS: [&str; 3] = ["state", "objective", "service"];

/// The alerts.
#[component]
pub fn AlertsPage() -> AnyView {
    let (query, live) = (use_query(), use_live());
    let changes = AlertChanges {
        acknowledge: use_change(),
        silence: use_change(),
        end: use_change(),
    };
    let asked = Memo::new(move |_| {
        query.with(|query| {
            let text = |key| query.text(key).unwrap_or_default();
            let before = query.get("before").and_then(|before| before.parse().ok());
            (text("state"), text("objective"), text("service"), before)
        })
    });
    let board = Resource::new(
        move || (asked.get(), live.tick.get()),
        |((state, objective, service, before), _)| list_alerts(state, objective, service, before),
    );
    let as_of: fn(&AlertBoard) -> _ = |board| Some(board.at_ns);
    view! {
        <Title text=site_map::ALERTS.title />
        <h1 class="only-read">{site_map::ALERTS.title}</h1>
        <ChangeFailure action=changes.acknowledge />
        <ChangeFailure action=changes.silence />
        <ChangeFailure action=changes.end />
        <LiveLoaded resource=board as_of let:data>
            <Board data changes />
        </LiveLoaded>
    }
    .into_any()
}

/// "1 page and 2 tickets are firing; 1 is not acknowledged."
fn answer(board: &AlertBoard) -> String {
    if board.firing.is_empty() {
        return "No alerts are firing.".to_owned();
    }
    let of = |severity| board.firing.iter().filter(|alert| alert.severity == severity).count() as u64;
    let (pages, tickets) = (of(AlertSeverity::Page), of(AlertSeverity::Ticket));
    let pages_words = format::counted(pages, "page", "pages");
    let tickets_words = format::counted(tickets, "ticket", "tickets");
    let who = match (pages, tickets) {
        (0, _) => tickets_words,
        (_, 0) => pages_words,
        _ => format!("{pages_words} and {tickets_words}"),
    };
    let open = board.firing.iter().filter(|alert| alert.acked_by.is_none()).count();
    let fire = if board.firing.len() == 1 {
        "is firing"
    } else {
        "are firing"
    };
    match open {
        0 => format!("{who} {fire}; all are acknowledged."),
        1 => format!("{who} {fire}; 1 is not acknowledged."),
        n => format!("{who} {fire}; {n} are not acknowledged."),
    }
}

#[component]
fn Board(data: LiveData<AlertBoard>, changes: AlertChanges) -> AnyView {
    let query = use_query();
    // Forms stay while the clock goes on: what they stand in is made anew only where alerts have changed.
    let firing = Memo::new(move |_| data.with(|board| board.firing.clone()));
    let silences = Memo::new(move |_| data.with(|board| board.silences.clone()));
    let past = Memo::new(move |_| data.with(|board| board.past.clone()));
    let may_silence = Memo::new(move |_| data.with(|board| board.may_silence.clone()));
    let may_acknowledge = Memo::new(move |_| data.with(|board| board.may_acknowledge));
    let next_before = Memo::new(move |_| data.with(|board| board.next_before.and_then(|id| u64::try_from(id).ok())));
    let paged = Memo::new(move |_| query.with(|query| query.get("before").is_some()));
    let only_firing = Memo::new(move |_| query.with(|query| query.get("state") == Some("firing")));
    let may = move |service: &str| may_silence.with(|may| may.iter().any(|own| own.as_str() == service));
    let firing_list = move || {
        let now_ns = data.with_untracked(|board| board.at_ns);
        firing.with(|firing| {
            let items = firing.iter().map(|alert| {
                let may_silence = may(&alert.service);
                view! { <FiringAlert alert=alert.clone() now_ns changes may_acknowledge=may_acknowledge.get() may_silence /> }
            });
            let items = items.collect_view();
            (!firing.is_empty()).then(|| {
                view! {
                    <Section id="firing" title="Firing">
                        <ul class="alerts">{items}</ul>
                    </Section>
                }
            })
        })
    };
    let silenced = move || {
        let silences = silences.get();
        (!silences.is_empty()).then(|| {
            view! {
                <Section id="silences" title="Silences">
                    <Silences silences end=changes.end may=Callback::new(move |service: String| may(&service)) />
                </Section>
            }
        })
    };
    let history = move || {
        let past = past.get();
        let shown = if past.is_empty() {
            view! { <Empty title=if paged.get() { "No older alerts" } else { "No past alerts" }><p>"An alert fires when an error budget burns too fast, and resolves when nothing has burned for 5 minutes."</p></Empty> }.into_any()
        } else {
            view! { <PastAlerts alerts=past /> }.into_any()
        };
        (!only_firing.get()).then(|| {
            view! {
                <Section id="history" title="History">
                    {shown}
                    <Pager path="/alerts" next_before what="alerts" />
                </Section>
            }
        })
    };
    let channels = move || {
        data.with(|board| board.may_channels)
            .then(|| view! { <a href="/alerts/channels">"Notification channels"</a> })
    };
    view! {
        <div class="section-head">
            <p class="answer">{move || if paged.get() { "Older alerts.".to_owned() } else { data.with(answer) }}</p>
            {channels}
        </div>
        <Filters />
        {firing_list}
        {silenced}
        {history}
    }
    .into_any()
}

/// The filters; a GET form, so that every choice is a URL.
#[component]
fn Filters() -> AnyView {
    let query = use_query();
    let value = use_filters();
    let fine = Signal::stored(None::<String>);
    let narrows = move || query.with(|query| FILTERS.iter().any(|key| query.get(key).is_some()));
    view! {
        <SearchForm path="/alerts" label="Filter alerts">
            <Choice name="state" label="State" value=value("state") mistake=fine options=&[("", "all"), ("firing", "firing")] />
            <Field name="service" label="Service" value=value("service") mistake=fine />
            <Field name="objective" label="SLO" value=value("objective") mistake=fine />
            <div class="field-go">
                <button class="button" type="submit">"Filter"</button>
                {move || narrows().then(|| view! { <a href="/alerts">"Clear"</a> })}
            </div>
        </SearchForm>
    }
    .into_any()
}
