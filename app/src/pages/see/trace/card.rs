//! Selected span: when, how long, how it ended, its attributes, events and links, its resource, its logs.

use leptos::prelude::*;
use leptos_router::hooks::use_location;
use pointsman_domain::health::Health;
use pointsman_domain::read::{LogLine, SpanView};
use pointsman_domain::telemetry::{Attributes, StatusCode};

use crate::components::{LiveLoaded, LogLines, ServiceName, State};
use crate::format::{self, Times};
use crate::live::use_live;
use crate::serverfns::trace::read_span;
use crate::url::{Shared, use_query, use_shared};
use crate::views::filters::pair;
use crate::views::trace::{SpanCardView, SpanKey, TraceView, clock_words};

/// The card beside the waterfall, where a span is chosen.
#[component]
pub(super) fn CardPanel(id: Memo<String>, selected: Memo<Option<SpanKey>>, trace: Memo<Option<TraceView>>) -> AnyView {
    let live = use_live();
    // A young trace still grows: its card is read again as soon as something of the span has come or changed.
    let known = Memo::new(move |_| {
        let id = selected.get()?;
        trace.with(|trace| trace.as_ref().and_then(|trace| trace.known_of(id)))
    });
    let resource = Resource::new(
        move || (id.get(), selected.get(), known.get(), live.asked.get()),
        |(trace, span, ..)| async move {
            match span {
                Some(span) => read_span(trace, span.to_string()).await,
                None => Ok(None),
            }
        },
    );
    let (query, location) = (use_query(), use_location());
    let close = move || query.get().without(&["span"]).link(&location.pathname.get());
    let open = Memo::new(move |_| selected.with(Option::is_some));
    view! {
        <aside class="panel span-card" class:hidden=move || !open.get() aria-label="Selected span">
            <a class="panel-close" href=close data-noscroll="true">"Close"</a>
            <LiveLoaded resource let:data>
                {move || match data.with(Clone::clone) {
                    Some(card) => view! { <Facts card /> }.into_any(),
                    None => view! { <p class="quiet">"This span is not in the trace."</p> }.into_any(),
                }}
                <SpanLogs lines=Memo::new(move |_| data.with(|card| card.as_ref().map(|card| card.logs.clone()).unwrap_or_default())) />
                {move || data.with(Clone::clone).map(|card| view! { <Details card /> })}
            </LiveLoaded>
        </aside>
    }
    .into_any()
}

/// What it is, when it was and how it ended.
#[component]
fn Facts(card: SpanCardView) -> AnyView {
    let span = card.span;
    let failed = span.error.then(|| {
        let said = match (span.status, span.status_message.as_str()) {
            (_, message) if !message.is_empty() => format::message(message),
            (StatusCode::Error, _) => "Status ERROR, no message.".to_owned(),
            _ => "Marked as an error by its status code or an error attribute.".to_owned(),
        };
        view! { <p class="card-error"><State health=Health::Failing word="error" /> " " {said}</p> }
    });
    let dash = |text: &str| {
        if text.is_empty() {
            format::NONE.to_owned()
        } else {
            format::shown(text)
        }
    };
    let scope = (!span.scope.name.is_empty()).then(|| {
        view! { <div><dt>"Scope"</dt><dd>{format::shown(&span.scope.name)} " " {format::shown(&span.scope.version)}</dd></div> }
    });
    let clock = (span.clock_ahead_ns != 0).then(|| {
        view! { <div><dt>"Clock"</dt><dd>"at least " {clock_words(span.clock_ahead_ns)} " its caller's"</dd></div> }
    });
    let parent = if span.orphan {
        Some("not received".to_owned())
    } else {
        span.parent.map(|parent| parent.to_string())
    };
    view! {
        <h2 class="panel-title">{format::shown(&span.name)}</h2>
        <p class="panel-kind"><ServiceName name=span.service.to_string() /> " " {span.kind.as_str()}</p>
        {failed}
        <dl class="pairs">
            <div><dt>"Start"</dt><dd>{format::clock_millis(span.start_ns)} ", " {format::duration(span.start_ns.saturating_sub(card.trace_start_ns))} " after the trace started"</dd></div>
            <div><dt>"Duration"</dt><dd>{format::duration(span.duration_ns)} ", " {format::duration(span.self_ns)} " self time"</dd></div>
            {clock}
            <div><dt>"On the critical path"</dt><dd>{if span.critical { "yes: a faster span makes a faster trace" } else { "no" }}</dd></div>
            <div><dt>"Version"</dt><dd>{dash(&span.version)}</dd></div>
            <div><dt>"Node"</dt><dd>{dash(&span.instance)}</dd></div>
            <div><dt>"Span"</dt><dd>{span.span_id.to_string()}</dd></div>
            <div><dt>"Parent"</dt><dd>{parent.unwrap_or_else(|| "none (root span)".to_owned())}</dd></div>
            {scope}
        </dl>
    }
    .into_any()
}

/// Its events, attributes, links and resource.
#[component]
fn Details(card: SpanCardView) -> AnyView {
    let span = card.span;
    let events = events(&span, card.trace_start_ns);
    let links = links(&span);
    view! {
        {events}
        <h3>"Attributes"</h3>
        <Pairs attributes=span.attributes searchable=true />
        {links}
        <details>
            <summary>"Resource"</summary>
            <Pairs attributes=span.resource searchable=true />
        </details>
    }
    .into_any()
}

/// What was logged in it.
#[component]
fn SpanLogs(lines: Memo<Vec<LogLine>>) -> impl IntoView {
    let any = Memo::new(move |_| lines.with(|lines| !lines.is_empty()));
    move || {
        any.get()
            .then(|| view! { <h3>"Logs"</h3> <LogLines lines times=Times::default() of_one_service=true /> })
    }
}

fn events(span: &SpanView, trace_start_ns: u64) -> Option<impl IntoView + use<>> {
    let events = span.events.iter().map(|event| {
        let when = format::duration(event.time_ns.saturating_sub(trace_start_ns));
        view! {
            <li>
                <p><span class="mono">{when}</span> " " <strong>{format::shown(&event.name)}</strong></p>
                <Pairs attributes=event.attributes.clone() searchable=false />
            </li>
        }
    });
    (!span.events.is_empty()).then(|| view! { <h3>"Events"</h3> <ol class="card-list">{events.collect_view()}</ol> })
}

fn links(span: &SpanView) -> Option<impl IntoView + use<>> {
    let shared = use_shared();
    let links = span.links.iter().map(|link| {
        let (trace, id) = (link.trace_id.to_string(), link.span_id.to_string());
        let shown = trace.clone();
        let href = move || shared.with(|shared| shared.trace(&trace, Some(&id)));
        view! { <li><a class="mono" href=href>{shown}</a> <Pairs attributes=link.attributes.clone() searchable=false /></li> }
    });
    (!span.links.is_empty()).then(|| view! { <h3>"Links"</h3> <ol class="card-list">{links.collect_view()}</ol> })
}

/// Attributes; where they can be searched for, each value leads to the traces that have it.
#[component]
fn Pairs(attributes: Attributes, searchable: bool) -> impl IntoView {
    let shared = use_shared();
    if attributes.0.is_empty() {
        return view! { <p class="quiet">"None"</p> }.into_any();
    }
    let rows = attributes.iter().map(|(key, value)| {
        let value = value.to_string();
        let search = pair(key, &value).filter(|_| searchable);
        let told = format::message(&value);
        let shown = match search {
            Some(q) => {
                let href = move || shared.with(|shared: &Shared| shared.link("/traces", &[("q", &q)]));
                view! { <a class="find-value" href=href title="Find traces with this value">{told}</a> }.into_any()
            }
            None => told.into_any(),
        };
        view! { <div><dt>{format::shown(key)}</dt><dd>{shown}</dd></div> }
    });
    view! { <dl class="pairs">{rows.collect_view()}</dl> }.into_any()
}
