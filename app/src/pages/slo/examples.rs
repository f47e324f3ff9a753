//! The newest traces with bad events of the objective, in the page's time range.

use leptos::prelude::*;
use pointsman_domain::query::TraceForm;
use pointsman_domain::slo::{Indicator, Objective};

use super::Known;
use crate::components::{Held, TraceTable};
use crate::format::ends;
use crate::live::use_live;
use crate::serverfns::traces::search::search_traces;
use crate::url::{RangeForm, range_words, use_query, use_range, use_shared, use_times};
use crate::views::slo as words;

const MANY: &str = "5";

/// Whether bad events are requests, which traces can show.
fn shows(objective: &Objective) -> bool {
    matches!(objective.indicator, Indicator::Availability | Indicator::Latency { .. })
}

fn form(objective: &Objective, range: RangeForm) -> TraceForm {
    let filters = words::bad_traces(objective);
    let text = |key| {
        let value = filters
            .iter()
            .find(|(name, _)| *name == key)
            .map(|(_, value)| value.clone());
        value.filter(|value| !value.is_empty())
    };
    TraceForm {
        range: range.range,
        from: range.from,
        to: range.to,
        service: text("service"),
        operation: text("operation"),
        version: text("version"),
        calls: text("calls"),
        status: text("status"),
        min: text("min"),
        limit: Some(MANY.to_owned()),
        ..TraceForm::default()
    }
}

/// The newest bad traces, and the way to all of them.
#[component]
pub(super) fn Examples(view: Known) -> impl IntoView {
    let objective = view.part(|view| view.detail.summary.objective.clone());
    move || {
        let objective = objective.get().filter(shows)?;
        Some(view! { <Found objective /> })
    }
}

#[component]
fn Found(objective: Objective) -> AnyView {
    let (range, live, shared, query) = (use_range(), use_live(), use_shared(), use_query());
    let filters = words::bad_traces(&objective);
    let all = move || {
        let filters: Vec<(&str, &str)> = filters.iter().map(|(key, value)| (*key, value.as_str())).collect();
        shared.with(|shared| shared.link("/traces", &filters))
    };
    let resource = Resource::new(
        move || (range.get(), live.tick.get()),
        move |(range, _)| search_traces(form(&objective, range)),
    );
    let window = move || query.with(|query| range_words(query.range().unwrap_or_default()));
    view! {
        <section class="section" aria-labelledby="examples">
            <div class="section-head">
                <h2 id="examples">"Bad requests"</h2>
                <span class="quiet">{window}</span>
                <a href=all>"All of them as traces"</a>
            </div>
            <Held resource let:page>
                {
                    let traces = Memo::new(move |_| page.with(|page| page.traces.clone()));
                    let times = use_times(move || traces.with(|traces| ends(traces.iter().map(|trace| trace.start_ns))));
                    let none = Memo::new(move |_| traces.with(Vec::is_empty));
                    move || {
                        if none.get() {
                            view! { <p class="quiet">"None in this range."</p> }.into_any()
                        } else {
                            view! { <TraceTable traces times /> }.into_any()
                        }
                    }
                }
            </Held>
        </section>
    }
    .into_any()
}
