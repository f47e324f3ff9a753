//! Contracts of a report, and money.

use leptos::prelude::*;
use pointsman_domain::report::{ContractPart, ContractRow};

use crate::components::{Column, DataTable, Section, State};
use crate::views::report as words;

/// What came of them.
#[component]
pub(super) fn Contracts(part: ContractPart) -> AnyView {
    let none = part.rows.is_empty();
    let sentences = part
        .sentences
        .iter()
        .map(|sentence| view! { <p>{sentence.clone()}</p> });
    let sentences = sentences.collect_view();
    let rows = part.rows.into_iter().map(|row| view! { <Row row /> });
    view! {
        <Section id="contracts" title="SLAs">
            {sentences}
            <DataTable class="report-table" hidden=none columns=vec![
                Column::text("SLA"),
                Column::text("Customer"),
                Column::text("Period"),
                Column::text("Outcome"),
                Column::text("Consequence"),
            ]>
                {rows.collect_view()}
            </DataTable>
        </Section>
    }
    .into_any()
}

#[component]
fn Row(row: ContractRow) -> AnyView {
    let (health, word) = words::standing(row.record.outcome.standing);
    let href = format!("/slas/{}", row.record.contract);
    let title = row.title.to_string();
    let number = match row.record.number {
        0 => Some("so far".to_owned()),
        1 => None,
        n => Some(format!("corrected, record {n}")),
    };
    view! {
        <tr>
            <th scope="row"><a href=href>{title}</a></th>
            <td>{row.customer.to_string()}</td>
            <td>{row.record.label.to_string()} <span class="slo-sample">{number}</span></td>
            <td><State health word=word /></td>
            <td>{words::follows(&row.record.outcome)}</td>
        </tr>
    }
    .into_any()
}
