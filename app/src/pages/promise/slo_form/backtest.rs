//! What the draft would have done on the recorded past.

use leptos::prelude::*;
use pointsman_domain::slo::{AlertSeverity, Backtest, ObjectiveForm};

use crate::components::{ChartEvent, ChartLink, Figure, LiveLoaded, TimeChart, state_class};
use crate::failure::Failure;
use crate::format;
use crate::serverfns::slo::backtest_slo;
use crate::views::slo as words;
use crate::views::slo_form::{answer, called_health, draft, line};

/// How many alerts are named by their time.
const TOLD: usize = 8;

/// A draft that can be read, with its backtest.
pub(super) type Found = Option<(ObjectiveForm, Backtest)>;
/// The backtest of what was last tried.
pub(super) type Backtesting = Resource<Result<Found, Failure>>;

/// Tries a draft whenever it rests.
pub(super) fn use_backtest(tried: RwSignal<Option<ObjectiveForm>>, past: RwSignal<String>) -> Backtesting {
    let asked = Memo::new(move |_| tried.get().map(draft).filter(|form| form.parse().is_ok()));
    Resource::new(
        move || (asked.get(), past.get()),
        |(form, past)| async move {
            let Some(form) = form else {
                return Ok(None);
            };
            let found = backtest_slo(form.clone(), past).await?;
            Ok(Some((form, found)))
        },
    )
}

/// What came of it in a sentence, right under the sliders; for where the whole does not stand beside them.
#[component]
pub(super) fn BacktestSummary(backtest: Backtesting) -> AnyView {
    let text = move || {
        let found = backtest.get()?.ok().flatten()?;
        Some(answer(&found.1))
    };
    view! { <p class="tried-short"><Transition>{text}</Transition></p> }.into_any()
}

/// What came of it.
#[component]
pub(super) fn BacktestPanel(backtest: Backtesting) -> AnyView {
    let link = ChartLink::default();
    view! {
        <section class="tried" aria-labelledby="tried" aria-live="polite">
            <h2 id="tried">"Backtest"</h2>
            <LiveLoaded resource=backtest let:data>
                {move || match data.with(Clone::clone) {
                    Some((form, found)) => view! { <Shown form found link /> }.into_any(),
                    None => view! {
                        <p class="quiet">"Fill in a service, an indicator and a target to see how this SLO would have done on the recorded data."</p>
                    }.into_any(),
                }}
            </LiveLoaded>
        </section>
    }
    .into_any()
}

#[component]
fn Shown(form: ObjectiveForm, found: Backtest, link: ChartLink) -> AnyView {
    let sentence = form
        .parse()
        .map(|objective| words::sentence(&objective))
        .unwrap_or_default();
    let count = found.measure.count;
    let range = format::span_words(found.range.from_ns, found.range.to_ns);
    let sample = format!(
        "{} good of {}, {range}",
        format::count(count.good),
        format::count(count.total)
    );
    let good = found
        .compliance
        .map_or_else(|| format::NONE.to_owned(), format::compliance);
    let budget = format!(
        "{} bad of {:.1} allowed, in the window that ends now",
        format::count(count.bad()),
        found.budget.allowed
    );
    let class = |severity, times| state_class(called_health(severity, times));
    let chart = line(&found).map(|(start_ns, step_ns, lines)| {
        let events = found.called.iter().map(|call| {
            let word = words::severity_word(call.severity);
            ChartEvent {
                at_ns: call.from_ns,
                until_ns: None,
                look: if call.severity == AlertSeverity::Page { "event-page" } else { "event-ticket" },
                words: format!("{word} at {}", format::stamp(call.from_ns)),
            }
        });
        let events = events.collect();
        view! {
            <TimeChart title="Budget left" unit="% of the window's budget" start_ns step_ns lines written=format::percent least_top=1.0 link events />
        }
    });
    let more = found.called.len().saturating_sub(TOLD);
    let calls = found.called.iter().rev().take(TOLD).map(|call| {
        let lasted = call.to_ns.map_or_else(
            || "still burning at the end".to_owned(),
            |to| format!("for {}", format::rough(to.saturating_sub(call.from_ns))),
        );
        let text = format!(
            "{} on {} UTC, {lasted}",
            words::severity_word(call.severity),
            format::stamp(call.from_ns)
        );
        view! { <li>{text}</li> }
    });
    let calls = calls.collect_view();
    let more = (more > 0).then(|| view! { <li class="quiet">{format!("and {more} earlier")}</li> });
    let effective = found.effective_threshold_ns.map(|ns| {
        view! { <p class="quiet">{format!("Effective threshold: {}, the end of a bucket.", format::duration(ns))}</p> }
    });
    view! {
        <p class="tried-what">{sentence}</p>
        <p class="tried-answer">{answer(&found)}</p>
        <dl class="figures">
            <Figure label="Good" value=good unit="%" from=sample />
            <Figure label="Budget left" value=format::budget_left(found.budget.left()) unit="%" from=budget />
            <Figure label="Lowest budget" value=format::budget_left(found.least_left) unit="%" from="Of any minute, by the events in the window up to then" />
            <Figure label="Pages" value=found.pages.to_string() unit="" class=class(AlertSeverity::Page, found.pages) from="Pages that would have been sent" />
            <Figure label="Tickets" value=found.tickets.to_string() unit="" class=class(AlertSeverity::Ticket, found.tickets) from="Tickets that would have been opened" />
        </dl>
        {chart}
        <ul class="tried-calls">{calls} {more}</ul>
        {effective}
    }
    .into_any()
}
