//! The period that runs: so far, and what is to be expected.

use leptos::prelude::*;
use pointsman_domain::sla::{Contract, Outcome, Running, TermOutcome};

use crate::components::{Column, DataTable, Section, State, StateGlyph};
use crate::format;
use crate::views::report as words;

/// What would come of it, and what will.
#[component]
pub(super) fn RunningPeriod(running: Running, contract: Contract) -> AnyView {
    let title = format::begun(&running.label.spoken());
    let answer = sentence(&running, &contract);
    let by = format!(
        "Expected: the counts so far, and for the rest of the period the rate and the share of bad events of {}.",
        format::span_words(running.projection.recent.from_ns, running.projection.recent.to_ns)
    );
    let terms = running.so_far.terms.into_iter().zip(running.projection.outcome.terms);
    let rows = terms.map(|(so_far, expected)| view! { <Row so_far expected /> });
    view! {
        <Section id="running" title=format!("{title}, in progress")>
            <p>{answer}</p>
            <DataTable class="people" columns=vec![
                Column::text("SLO"),
                Column::figure("Target").of("%"),
                Column::figure("So far").of("%"),
                Column::text("State"),
                Column::figure("Expected").of("%"),
            ]>
                {rows.collect_view()}
            </DataTable>
            <p class="quiet">{by}</p>
        </Section>
    }
    .into_any()
}

fn told(outcome: &Outcome) -> String {
    let (_, word) = words::standing(outcome.standing);
    format!("{word}, consequence: {}", words::follows(outcome))
}

/// "If it ended now it would be missed, and what follows is 100.00 EUR; ..."
fn sentence(running: &Running, contract: &Contract) -> String {
    format!(
        "If {} ended now: {}. At the current rate: {}. Maximum: {}.",
        contract.display_title(),
        told(&running.so_far),
        told(&running.projection.outcome),
        contract.amount
    )
}

#[component]
fn Row(so_far: TermOutcome, expected: TermOutcome) -> AnyView {
    let href = format!("/slos/{}", so_far.objective);
    let (health, word) = words::standing(so_far.standing);
    let (expected_health, expected_word) = words::standing(expected.standing);
    let count = so_far.measure.count;
    let from = format!("{} bad of {}", format::count(count.bad()), format::count(count.total));
    let excluded = (so_far.excluded > 0).then(|| format!("{} excluded", format::count(so_far.excluded)));
    view! {
        <tr>
            <th scope="row"><a href=href>{so_far.objective.to_string()}</a></th>
            <td class="num">{format::exact_percent(so_far.target.share())}</td>
            <td class="num">
                {words::good(so_far.compliance)}
                <span class="slo-sample">{from}</span>
                <span class="slo-sample">{excluded}</span>
            </td>
            <td><State health word=word /></td>
            <td class="num">
                {words::good(expected.compliance)}
                <span class="slo-sample"><StateGlyph health=expected_health /> " " {expected_word}</span>
            </td>
        </tr>
    }
    .into_any()
}
