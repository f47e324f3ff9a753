//! The fields of an objective. Those that its kind has no use for are hidden by the stylesheet alone, so that the form works without
//! JavaScript.

use leptos::prelude::*;
use pointsman_domain::kit::field::FieldError;
use pointsman_domain::slo::ObjectiveForm;

use super::backtest::{BacktestSummary, Backtesting};
use crate::components::{Choice, DataLists, Field, Lines, mistakes};
use crate::serverfns::choices::list_choices;
use crate::views::slo_slider::{TARGETS, THRESHOLDS, target_at, target_place, threshold_at, threshold_place};

const WINDOWS: &[(&str, &str)] = &[
    ("7d", "the last 7 days"),
    ("28d", "the last 28 days"),
    ("30d", "the last 30 days"),
    ("90d", "the last 90 days"),
    ("week", "a calendar week"),
    ("month", "a calendar month"),
    ("quarter", "a calendar quarter"),
];
const KINDS: &[(&str, &str)] = &[
    ("availability", "availability: no error"),
    ("latency", "latency: fast enough"),
    ("throughput", "throughput: requests per second"),
    ("composite", "composite: other SLOs"),
];
const BUDGETINGS: &[(&str, &str)] = &[("occurrences", "occurrences"), ("timeslices", "time slices")];
const LIMITS: &[(&str, &str)] = &[("at_least", "at least"), ("at_most", "at most")];
const PASTS: &[(&str, &str)] = &[
    ("1d", "the last day"),
    ("7d", "the last 7 days"),
    ("31d", "the last 31 days"),
];

/// All fields.
#[component]
pub(super) fn Fields(
    /// What stands in them.
    draft: RwSignal<ObjectiveForm>,
    /// How far back the backtest goes.
    past: RwSignal<String>,
    /// The first mistake.
    mistake: Memo<Option<FieldError>>,
    /// The backtest of it.
    backtest: Backtesting,
) -> AnyView {
    let value =
        move |read: fn(&ObjectiveForm) -> &String| Signal::derive(move || draft.with(|form| read(form).clone()));
    let wrong = mistakes(mistake);
    let fine = Signal::stored(None::<String>);
    let service = Memo::new(move |_| draft.with(|form| Some(form.service.clone()).filter(|name| !name.is_empty())));
    let choices = Resource::new(move || service.get(), list_choices);
    view! {
        <fieldset>
            <legend>"Scope"</legend>
            <Field name="service" label="Service" value=value(|form| &form.service) mistake=wrong("service") list="services" />
            <Choice name="kind" label="Indicator" value=value(|form| &form.kind) mistake=wrong("kind") options=KINDS class="field-choice" />
            <Field name="operation" label="Operation" value=value(|form| &form.operation) mistake=wrong("operation") list="operations" class="but-composite" />
            <Field name="version" label="Version" value=value(|form| &form.version) mistake=wrong("version") class="but-composite" />
            <Field name="caller" label="Caller" value=value(|form| &form.caller) mistake=wrong("caller") list="services" class="but-composite" />
            <Lines name="members" label="SLOs, one per line, each with its weight" value=value(|form| &form.members) mistake=wrong("members")
                placeholder="checkout-fast 2" class="for-composite" />
        </fieldset>
        <fieldset>
            <legend>"Target"</legend>
            <div class="dragged">
                <Field name="target" label="Target, %" value=value(|form| &form.target) mistake=wrong("target") class="field-short" placeholder="99.5" />
                <Slider label="Target" last=TARGETS place=Signal::derive(move || draft.with(|form| target_place(&form.target)))
                    said=Signal::derive(move || draft.with(|form| format!("{} %", form.target)))
                    moved=Callback::new(move |place| draft.update(|form| form.target = target_at(place))) />
            </div>
            <div class="dragged for-latency">
                <Field name="threshold" label="Latency threshold" value=value(|form| &form.threshold) mistake=wrong("threshold") class="field-short" placeholder="300ms" />
                <Slider label="Threshold" last=THRESHOLDS place=Signal::derive(move || draft.with(|form| threshold_place(&form.threshold)))
                    said=Signal::derive(move || draft.with(|form| form.threshold.clone()))
                    moved=Callback::new(move |place| draft.update(|form| form.threshold = threshold_at(place))) />
            </div>
            <BacktestSummary backtest />
            <Choice name="limit" label="Limit" value=value(|form| &form.limit) mistake=wrong("limit") options=LIMITS class="for-throughput" />
            <Field name="per_second" label="Requests per second" value=value(|form| &form.per_second) mistake=wrong("per_second") class="for-throughput" />
            <Choice name="window" label="Window" value=value(|form| &form.window) mistake=wrong("window") options=WINDOWS class="field-choice" />
            <Field name="zone" label="Time zone" value=value(|form| &form.zone) mistake=fine placeholder="Europe/Berlin" class="for-calendar" />
        </fieldset>
        <fieldset>
            <legend>"Counting"</legend>
            <Choice name="budgeting" label="Budgeting method" value=value(|form| &form.budgeting) mistake=wrong("budgeting") options=BUDGETINGS class="field-choice for-events" />
            <Field name="slice_minutes" label="Slice length, min" value=value(|form| &form.slice_minutes) mistake=wrong("slice_minutes") class="field-short for-slices" />
            <Field name="slice_target" label="Good per slice, %" value=value(|form| &form.slice_target) mistake=wrong("slice_target") class="for-slices but-throughput" placeholder="same as target" />
            <Field name="min_events" label="Minimum events" value=value(|form| &form.min_events) mistake=wrong("min_events") class="field-short" />
            <Field name="absent_minutes" label="Alert when there is no data for, min" value=value(|form| &form.absent_minutes) mistake=wrong("absent_minutes") placeholder="never" />
        </fieldset>
        <fieldset>
            <legend>"Name and description"</legend>
            <Field name="name" label="Name (used in URLs)" value=value(|form| &form.name) mistake=wrong("name") placeholder="checkout-fast" />
            <Field name="title" label="Title" value=value(|form| &form.title) mistake=wrong("title") />
            <Field name="runbook" label="Runbook" value=value(|form| &form.runbook) mistake=wrong("runbook") placeholder="https://" />
            <Lines name="description" label="Description" value=value(|form| &form.description) mistake=wrong("description") />
        </fieldset>
        <fieldset>
            <legend>"Backtest"</legend>
            <Choice name="past" label="Period" value=past mistake=wrong("range") options=PASTS class="field-choice" />
        </fieldset>
        <DataLists choices />
    }
    .into_any()
}

/// A slider beside the field that it fills in. It is there for those who can drag: without JavaScript it is not.
#[component]
fn Slider(
    label: &'static str,
    last: u32,
    #[prop(into)] place: Signal<u32>,
    #[prop(into)] said: Signal<String>,
    moved: Callback<u32>,
) -> AnyView {
    let drag = move |event| {
        if let Ok(place) = event_target_value(&event).parse() {
            moved.run(place);
        }
    };
    view! {
        <input class="slider" type="range" min="0" max=last.to_string() step="1" aria-label=label aria-valuetext=said
            value=move || place.get().to_string() prop:value=move || place.get().to_string() on:input=drag />
    }
    .into_any()
}
