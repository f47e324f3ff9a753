//! How fast the budget burns, by the rows of the alerts' table.

use leptos::prelude::*;

use super::Known;
use crate::components::{Column, DataTable, Section, State};
use crate::views::slo as words;

/// The rows.
#[component]
pub(super) fn Burns(view: Known) -> AnyView {
    let burns = view.part(|view| view.detail.summary.status.as_ref().map(|status| status.burns));
    let rows = move || {
        let burns = burns.get().flatten()?;
        let rows = burns.map(|burn| {
            let (health, word) = words::burn_state(&burn);
            view! {
                <tr>
                    <td>{words::severity_word(burn.window.severity)}</td>
                    <th scope="row">{words::burn_windows(&burn)}</th>
                    <td class="num">{words::burn_rate(burn.over_long)}</td>
                    <td class="num">{words::burn_rate(burn.over_short)}</td>
                    <td class="num">{burn.window.burn_rate}</td>
                    <td><State health word=word /></td>
                </tr>
            }
        });
        Some(rows.collect_view())
    };
    view! {
        <Section id="burns" title="Burn rate">
            <p class="quiet">
                "An alert fires when the budget burns faster than the limit over both windows, with statistical confidence. At a burn rate of 1 the budget lasts exactly for the window."
            </p>
            <DataTable class="burns" columns=vec![
                Column::text("Severity"),
                Column::text("Windows"),
                Column::figure("Long window"),
                Column::figure("Short window"),
                Column::figure("Limit"),
                Column::text("State"),
            ]>
                {rows}
            </DataTable>
        </Section>
    }
    .into_any()
}
