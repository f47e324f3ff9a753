//! One trace: what it was in a sentence, the whole of it small, the waterfall with the chosen span's card, its logs.

mod card;
mod header;
mod keys;
mod waterfall;

use std::collections::BTreeSet;

use leptos::prelude::*;
use leptos_meta::Title;
use pointsman_domain::read::LogLine;

use self::card::CardPanel;
use self::header::{Header, Minimap};
use self::waterfall::{Waterfall, WaterfallState};
use crate::components::{Empty, LiveData, LiveLoaded, LogLines};
use crate::format::{self, Times, ends};
use crate::live::use_live;
use crate::serverfns::trace::read_trace;
use crate::site_map;
use crate::url::{use_query, use_shared, use_subject};
use crate::views::trace::{SpanKey, TraceView};

/// One trace.
#[component]
pub fn TracePage() -> AnyView {
    let live = use_live();
    let id = use_subject("traces");
    // A young trace still grows: its services send their spans every few seconds.
    let resource = Resource::new(move || (id.get(), live.tick.get()), |(id, _)| read_trace(id));
    view! {
        <Title text=site_map::TRACE.title />
        <LiveLoaded resource let:data>
            <Found data id />
        </LiveLoaded>
    }
    .into_any()
}

#[component]
fn Found(data: LiveData<Option<TraceView>>, id: Memo<String>) -> impl IntoView {
    let (live, there) = (use_live(), Memo::new(move |_| data.with(Option::is_some)));
    // The whole trace is read again at whatever arrives: not for good.
    Effect::new(move |_| {
        live.complete
            .set(data.with(|trace| trace.as_ref().is_some_and(|trace| trace.settled)));
    });
    on_cleanup(move || live.complete.set(false));
    let trace = Memo::new(move |_| data.with(Clone::clone));
    move || {
        if there.get() {
            view! { <Whole trace id /> }.into_any()
        } else {
            crate::serverfns::not_found();
            view! { <NotFound id=id.get() /> }.into_any()
        }
    }
}

/// The trace is there. `trace` is `None` only while the page turns to another one.
#[component]
fn Whole(trace: Memo<Option<TraceView>>, id: Memo<String>) -> AnyView {
    let query = use_query();
    let rows =
        Memo::new(move |_| trace.with(|trace| trace.as_ref().map(|trace| trace.spans.clone()).unwrap_or_default()));
    // As its row has it, where there is one: an id alone means the first row with it.
    let selected = Memo::new(move |_| {
        let asked = query.with(|query| query.get("span").and_then(|span| span.parse::<SpanKey>().ok()))?;
        Some(rows.with(|rows| asked.find(rows).map_or(asked, |row| rows[row].key())))
    });
    let state = WaterfallState {
        rows,
        length_ns: Memo::new(move |_| trace.with(|trace| trace.as_ref().map_or(0, |trace| trace.summary.duration_ns))),
        selected,
        folded: RwSignal::new(BTreeSet::new()),
        critical_only: Memo::new(move |_| query.with(|query| query.get("path") == Some("critical"))),
        page: Memo::new(move |_| query.with(|query| query.get("rows").and_then(|rows| rows.parse().ok()))),
    };
    let truncated = move || {
        let cut = trace.with(|trace| trace.as_ref().is_some_and(|trace| trace.truncated));
        cut.then(|| view! { <p class="lag">"This trace is too large to show in full: at most 10,000 spans and 1,000 log lines are shown."</p> })
    };
    let logs =
        Memo::new(move |_| trace.with(|trace| trace.as_ref().map(|trace| trace.logs.clone()).unwrap_or_default()));
    keys::listen(state);
    keys::start_at_chosen(state);
    view! {
        <Header trace />
        {truncated}
        <Minimap state />
        <keys::Tools state />
        <div class="trace-body" class:with-panel=move || selected.with(Option::is_some)>
            <Waterfall state />
            <CardPanel id selected trace />
        </div>
        <Logs lines=logs />
    }
    .into_any()
}

/// With the day only where they lie on two: which day it was stands above.
fn times_of(lines: Memo<Vec<LogLine>>) -> Times {
    let ends = lines.with(|lines| ends(lines.iter().map(|line| line.time_ns)));
    ends.map_or_else(Times::default, |(oldest, newest)| Times::between(oldest, newest))
}

/// What was logged in the trace.
#[component]
fn Logs(lines: Memo<Vec<LogLine>>) -> AnyView {
    let title = move || match lines.with(Vec::len) {
        0 => "No log lines".to_owned(),
        n => format::counted(n as u64, "log line", "log lines"),
    };
    let none = Memo::new(move |_| lines.with(Vec::is_empty));
    let times = Memo::new(move |_| times_of(lines));
    view! {
        <section class="section trace-logs">
            <h2>{title}</h2>
            {move || {
                if none.get() {
                    view! { <p class="quiet">"No log records have this trace id. SDKs add it to records that are written within a span."</p> }.into_any()
                } else {
                    view! { <LogLines lines times /> }.into_any()
                }
            }}
        </section>
    }
    .into_any()
}

#[component]
fn NotFound(id: String) -> AnyView {
    let shared = use_shared();
    let search = move || shared.with(|shared| shared.link("/traces", &[]));
    let whole = id.len() == 32 && id.bytes().all(|b| b.is_ascii_hexdigit());
    view! {
        <h1 class="only-read">"Trace not found"</h1>
        <Empty title="Trace not found">
            <p class="mono">{id}</p>
            {if whole {
                view! {
                    <p>
                        "It may not have arrived yet: services export spans every few seconds, and this page refreshes by itself. Or it is older than the retention."
                    </p>
                }
            } else {
                view! { <p>"A trace id has 32 hexadecimal digits; this one does not. Was it copied in full?"</p> }
            }}
            <p><a href=search>"Search traces"</a></p>
        </Empty>
    }
    .into_any()
}
