//! Log records as lines: time, severity as a word, service, message; attributes unfold in place.

use leptos::prelude::*;
use pointsman_domain::read::LogLine;
use pointsman_domain::telemetry::LogSeverity;

use super::{Chip, Clock};
use crate::format::{self, Times};
use crate::url::use_shared;

/// A severity as shape, word and colour.
#[component]
pub fn SeverityWord(
    /// How bad.
    severity: LogSeverity,
) -> AnyView {
    view! {
        <span class=format!("severity severity-{}", severity.word().to_lowercase())>
            <svg class="severity-glyph" viewBox="0 0 12 12" width="10" height="10" aria-hidden="true">
                <path d=crate::views::severity::shape(severity) fill-rule="evenodd" />
            </svg>
            {severity.word()}
        </span>
    }
    .into_any()
}

/// Lines of a log: one that the reader has unfolded stays so when newer ones come.
#[component]
pub fn LogLines(
    /// The records, in the order to show.
    #[prop(into)]
    lines: Signal<Vec<LogLine>>,
    /// How their times are written.
    #[prop(into)]
    times: Signal<Times>,
    /// Leaves the service out, where all lines are of one.
    #[prop(optional)]
    of_one_service: bool,
) -> AnyView {
    let numbered = move || {
        // Records have no id: the time and what was said tell them apart, a number those that are alike.
        let mut seen = std::collections::HashMap::<_, u32>::new();
        let mut rows = Vec::new();
        for line in lines.get() {
            let key = (line.time_ns, line.span_id, line.service.clone(), line.body.to_string());
            let number = seen.entry(key.clone()).and_modify(|number| *number += 1).or_default();
            rows.push(((key, *number), line));
        }
        rows
    };
    view! {
        <ol class="log">
            <For each=numbered key=|(key, _)| key.clone() let:row>
                <li><Line line=row.1 times of_one_service /></li>
            </For>
        </ol>
    }
    .into_any()
}

#[component]
fn Line(line: LogLine, times: Signal<Times>, of_one_service: bool) -> AnyView {
    let shared = use_shared();
    let trace = line.trace_id.map(|trace_id| {
        let (trace_id, span_id) = (trace_id.to_string(), line.span_id.map(|id| id.to_string()));
        let href = move || shared.with(|shared| shared.trace(&trace_id, span_id.as_deref()));
        view! { <p><a href=href>"View trace"</a></p> }
    });
    let service = (!of_one_service).then(|| {
        let name = line.service.to_string();
        let told = format::shown(&name);
        view! { <span class="log-service" title=told.clone()><Chip name />{told.clone()}</span> }
    });
    let body = format::message(&line.body.to_string());
    let name = (!line.event_name.is_empty()).then(|| format::shown(&line.event_name));
    // Beside a text it is in the detail: libraries give each line an event's name that says where in the code it was written.
    let event = name
        .clone()
        .filter(|_| body.is_empty())
        .map(|name| view! { <strong class="log-event">{name}</strong> });
    let whole_event = name.map(|name| view! { <p class="log-event">"Event " <strong>{name}</strong></p> });
    let pairs = |attributes: &pointsman_domain::telemetry::Attributes| {
        attributes
            .iter()
            .map(|(key, value)| view! { <div><dt>{format::shown(key)}</dt><dd>{format::message(&value.to_string())}</dd></div> })
            .collect_view()
    };
    view! {
        <details class="log-line">
            <summary>
                <Clock at=line.time_ns times />
                <SeverityWord severity=line.severity />
                {service}
                <span class="log-body">{event}{body.clone()}</span>
            </summary>
            <div class="log-more">
                <p class="quiet">{format::exact(line.time_ns)}</p>
                {whole_event}
                <p class="log-whole">{body}</p>
                {trace}
                <dl class="pairs">{pairs(&line.attributes)}</dl>
                <details>
                    <summary>"Resource"</summary>
                    <dl class="pairs">{pairs(&line.resource)}</dl>
                </details>
            </div>
        </details>
    }
    .into_any()
}
