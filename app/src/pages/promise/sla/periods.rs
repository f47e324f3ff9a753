//! Periods that are closed, and their corrections. A record never changes.

use leptos::prelude::*;
use pointsman_domain::sla::PeriodRecord;

use crate::components::{ChangeFailure, Column, Confirm, DataTable, Section, Stamp, State};
use crate::format;
use crate::serverfns::sla::CorrectSlaPeriod;
use crate::views::report as words;

/// The records, newest period first, and of each its last correction first.
#[component]
pub(super) fn Periods(
    periods: Vec<PeriodRecord>,
    name: String,
    may_edit: bool,
    correct: ServerAction<CorrectSlaPeriod>,
) -> AnyView {
    let none = periods.is_empty();
    let computed = format!("/api/v1/slas/{name}/periods");
    let mut before = None;
    let rows = periods
        .into_iter()
        .map(|record| {
            let newest = before.replace(record.label) != Some(record.label);
            view! { <Row record offer=may_edit && newest correct /> }
        })
        .collect_view();
    view! {
        <Section id="periods" title="Closed periods">
            <ChangeFailure action=correct />
            {none.then(|| view! { <p class="quiet">"None yet. A period closes one day after it ends, so that late telemetry is counted."</p> })}
            <DataTable class="people" hidden=none columns=vec![
                Column::text("Period"),
                Column::text("Outcome"),
                Column::text("Good"),
                Column::text("Consequence"),
                Column::moment("Closed"),
                Column::unseen("Actions"),
            ]>
                {rows}
            </DataTable>
            {(!none).then(|| view! {
                <p class="quiet">"Records are final; a correction adds another record. "
                    <a href=computed rel="external">"Inputs of each record, as JSON"</a> "."</p>
            })}
        </Section>
    }
    .into_any()
}

#[component]
fn Row(record: PeriodRecord, offer: bool, correct: ServerAction<CorrectSlaPeriod>) -> AnyView {
    let (health, word) = words::standing(record.outcome.standing);
    let terms = record.outcome.terms.iter().map(|term| {
        let count = term.measure.count;
        let mut of = format!("{} bad of {}", format::count(count.bad()), format::count(count.total));
        if term.covered < 1.0 {
            let covered = format::percent_with_sign(term.covered);
            of = format!("{of}, covering {covered} of the time");
        }
        let good = format!("{} {} %", term.objective, words::good(term.compliance));
        view! { <li>{good} <span class="slo-sample">{of}</span></li> }
    });
    let terms = terms.collect_view();
    let follows = words::follows(&record.outcome);
    let (name, label) = (record.contract.to_string(), record.label.to_string());
    let report = format!("/reports/{label}");
    let number = (record.number > 1).then(|| format!("record {}: {}", record.number, record.reason));
    let again = offer.then(|| {
        let label = label.clone();
        view! {
            <Confirm action=correct verb="Correct record" what="The period is computed again from the current counts, into a new record. This one stays.">
                <input type="hidden" name="name" value=name />
                <input type="hidden" name="label" value=label />
            </Confirm>
        }
    });
    view! {
        <tr>
            <th scope="row"><a href=report>{label}</a> <span class="slo-sample">{number}</span></th>
            <td><State health word=word /></td>
            <td><ul>{terms}</ul></td>
            <td>{follows}</td>
            <td><Stamp at=record.closed_ns /> <span class="slo-sample">"by " {record.by.to_string()}</span></td>
            <td class="row-change">{again}</td>
        </tr>
    }
    .into_any()
}
