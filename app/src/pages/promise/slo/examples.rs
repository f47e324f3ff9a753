//! The objective in the page's time range: how much was bad when, and the newest traces that show it.

use leptos::prelude::*;
use pointsman_domain::query::TraceForm;
use pointsman_domain::slo::{Indicator, Objective};

use super::Known;
use crate::components::{ChartLink, LiveLoaded, Section, TimeChart, TraceTable};
use crate::format::{self, ends};
use crate::live::use_live;
use crate::serverfns::slo::read_slo_course;
use crate::serverfns::trace::search_traces;
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

/// How much was bad when, the newest bad traces, and the way to all of them.
#[component]
pub(super) fn Examples(view: Known, name: Memo<String>) -> AnyView {
    let query = use_query();
    let window = move || query.with(|query| range_words(query.range().unwrap_or_default()));
    let objective = view.part(|view| view.detail.summary.objective.clone());
    let events = view.part(|view| words::events(&view.detail));
    let found = move || {
        let objective = objective.get().filter(shows)?;
        Some(view! { <Found objective /> })
    };
    view! {
        <Section id="examples" title="Bad events" beside=view! { <span class="quiet">{window}</span> }.into_any()>
            <Course name events />
            {found}
        </Section>
    }
    .into_any()
}

/// The share that was bad, over the range.
#[component]
fn Course(name: Memo<String>, events: Memo<Option<Vec<words::Event>>>) -> AnyView {
    let (range, live) = (use_range(), use_live());
    let link = ChartLink::default();
    let resource = Resource::new(
        move || (name.get(), range.get(), live.tick.get()),
        |(name, range, _)| read_slo_course(name, range),
    );
    view! {
        <LiveLoaded resource let:data>
            {move || {
                let course = data.with(Clone::clone)?;
                let (start_ns, step_ns) = (course.start_ns, course.step_ns);
                let lines = words::bad_line(&course);
                let events = words::marks(&events.get().unwrap_or_default());
                Some(view! {
                    <TimeChart title="Bad" unit="% of events" start_ns step_ns lines written=format::percent least_top=0.01 link events />
                })
            }}
        </LiveLoaded>
    }
    .into_any()
}

#[component]
fn Found(objective: Objective) -> AnyView {
    let (range, live, shared) = (use_range(), use_live(), use_shared());
    let filters = words::bad_traces(&objective);
    let all = move || {
        let filters: Vec<(&str, &str)> = filters.iter().map(|(key, value)| (*key, value.as_str())).collect();
        shared.with(|shared| shared.link("/traces", &filters))
    };
    let resource = Resource::new(
        move || (range.get(), live.tick.get()),
        move |(range, _)| search_traces(form(&objective, range)),
    );
    view! {
        <div class="bad-requests">
            <div class="section-head">
                <h3>"Bad requests"</h3>
                <a href=all>"All as traces"</a>
            </div>
            <LiveLoaded resource let:page>
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
            </LiveLoaded>
        </div>
    }
    .into_any()
}
