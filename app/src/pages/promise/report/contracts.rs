//! Contracts of a report, and money.

use leptos::prelude::*;
use pointsman_domain::report::{ContractPart, ContractRow};

use crate::components::State;
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
        <section class="section" aria-labelledby="contracts">
            <h2 id="contracts">"SLAs"</h2>
            {sentences}
            <div class="table-wrap" hidden=none>
                <table class="report-table">
                    <thead>
                        <tr>
                            <th scope="col">"SLA"</th>
                            <th scope="col">"Customer"</th>
                            <th scope="col">"Period"</th>
                            <th scope="col">"Outcome"</th>
                            <th scope="col">"Consequence"</th>
                        </tr>
                    </thead>
                    <tbody>{rows.collect_view()}</tbody>
                </table>
            </div>
        </section>
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
