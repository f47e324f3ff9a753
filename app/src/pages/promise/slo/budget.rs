//! What was left of the budget over its window, with what happened in the window as marks, and as a list.

use leptos::prelude::*;
use pointsman_domain::telemetry::UnixNanos;
use pointsman_domain::time::format_moment;

use super::Known;
use crate::components::{ChartLink, Section, TimeChart};
use crate::format;
use crate::views::slo as words;

/// The chart and its events.
#[component]
pub(super) fn Budget(view: Known) -> AnyView {
    let link = ChartLink::default();
    let drawn = view.part(|view| {
        let detail = &view.detail;
        (
            detail.points.clone(),
            words::events(detail),
            view.at_ns / 60_000_000_000 * 60_000_000_000,
            detail.summary.objective.is_counted(),
        )
    });
    let chart = move || {
        let (points, mut events, at_ns, counted) = drawn.get()?;
        let drawn = match words::budget_line(&points, at_ns) {
            Some((start_ns, step_ns, lines)) => {
                events.retain(|event| event.until_ns.unwrap_or(event.at_ns) >= start_ns);
                let marks = words::marks(&events);
                view! {
                    <TimeChart title="Budget left" unit="% of the window's budget" start_ns step_ns lines written=format::percent least_top=1.0 link events=marks />
                }
                .into_any()
            }
            None if counted => view! { <p class="quiet">"No events in the window yet."</p> }.into_any(),
            None => view! { <p class="quiet">"This is a composite SLO: see the SLOs it is made of for their budgets over time."</p> }
                .into_any(),
        };
        Some(view! {
            {drawn}
            <EventList events at_ns />
        })
    };
    view! {
        <Section id="budget" title="Budget over time">
            {chart}
        </Section>
    }
    .into_any()
}

/// The same events as text, newest first.
#[component]
fn EventList(events: Vec<words::Event>, at_ns: UnixNanos) -> impl IntoView {
    if events.is_empty() {
        return None;
    }
    let count = format::counted(events.len() as u64, "event", "events");
    let items = events.into_iter().rev().map(|event| {
        view! {
            <li>
                <time datetime=format_moment(event.at_ns) title=format::exact(event.at_ns)>{format::moment(event.at_ns, at_ns)}</time>
                " " <span class=format!("event-kind {}", event.kind.class())>{event.kind.word()}</span> " " {event.text}
            </li>
        }
    });
    let items = items.collect_view();
    Some(
        view! {
            <details class="happened">
                <summary>{count} " in the window"</summary>
                <ul>{items}</ul>
            </details>
        }
        .into_any(),
    )
}
