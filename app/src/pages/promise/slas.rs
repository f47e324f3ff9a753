//! The contracts (`/slas`): with whom, how the running period stands and what is to be expected of it.

use leptos::prelude::*;
use leptos_meta::Title;
use pointsman_domain::sla::{SlaSummary, Standing};

use crate::components::{Column, DataTable, Empty, Loaded, State};
use crate::format;
use crate::live::use_live;
use crate::serverfns::account::read_me;
use crate::serverfns::sla::list_slas;
use crate::site_map;
use crate::views::report as words;

/// The contracts.
#[component]
pub fn SlasPage() -> AnyView {
    let live = use_live();
    let slas = Resource::new(
        move || live.asked.get(),
        |_| async {
            let may_edit = read_me().await?.may_edit_contracts;
            Ok((list_slas().await?, may_edit))
        },
    );
    view! {
        <Title text=site_map::SLAS.title />
        <h1 class="only-read">"Service level agreements"</h1>
        <Loaded resource=slas let:found>
            <Whole slas=found.0 may_edit=found.1 />
        </Loaded>
    }
    .into_any()
}

#[component]
fn Whole(slas: Vec<SlaSummary>, may_edit: bool) -> AnyView {
    let new = may_edit.then(|| view! { <a class="button primary" href="/slas/new">"New SLA"</a> });
    if slas.is_empty() {
        return view! {
            <Empty title="No SLAs yet">
                <p>
                    "An SLA agrees targets for one or more SLOs with a customer or another team, over a month or a quarter, and the \
                    consequences of missing them: a credit, a review, a right to give notice. Each closed period becomes a final record."
                </p>
                {new}
            </Empty>
        }
        .into_any();
    }
    let answer = answer(&slas);
    let rows = slas.into_iter().map(|sla| view! { <Row sla /> }).collect_view();
    view! {
        <div class="section-head">
            <p class="answer">{answer}</p>
            {new}
        </div>
        <DataTable class="people" columns=vec![
            Column::text("SLA"),
            Column::text("Current period"),
            Column::text("Expected at period end"),
            Column::text("Last closed period"),
        ]>
            {rows}
        </DataTable>
    }
    .into_any()
}

/// "3 SLAs; 1 is expected to be missed."
fn answer(slas: &[SlaSummary]) -> String {
    let missed = |sla: &&SlaSummary| {
        let running = sla.running.as_ref();
        running.is_some_and(|running| running.projection.outcome.standing == Standing::Missed)
    };
    let contracts = format::counted(slas.len() as u64, "SLA", "SLAs");
    match slas.iter().filter(missed).count() {
        0 => format!("{contracts}; none is expected to be missed."),
        1 => format!("{contracts}; 1 is expected to be missed."),
        n => format!("{contracts}; {n} are expected to be missed."),
    }
}

#[component]
fn Row(sla: SlaSummary) -> AnyView {
    let href = format!("/slas/{}", sla.contract.name);
    let outcome = |outcome: &pointsman_domain::sla::Outcome| {
        let (health, word) = words::standing(outcome.standing);
        let follows = (outcome.standing == Standing::Missed).then(|| words::follows(outcome));
        view! { <State health word=word /> <span class="slo-sample">{follows}</span> }
    };
    let none = || view! { <span class="none">{format::NONE}</span> };
    let (so_far, expected) = match &sla.running {
        Some(running) => (
            outcome(&running.so_far).into_any(),
            outcome(&running.projection.outcome).into_any(),
        ),
        None => (none().into_any(), none().into_any()),
    };
    let failing = sla.failing.as_ref().map(|failing| {
        let said = crate::views::slo::failing("Closing a period has failed", failing);
        view! { <span class="slo-sample">{said}</span> }
    });
    let last = match &sla.last {
        Some(record) => {
            let label = record.label.to_string();
            view! { <span class="slo-sample">{label}</span> {outcome(&record.outcome)} }.into_any()
        }
        None => none().into_any(),
    };
    view! {
        <tr>
            <th scope="row" class="slo-name">
                <a href=href>{sla.contract.display_title().to_owned()}</a>
                <span class="slo-sentence">{words::promise(&sla.contract)}</span>
            </th>
            <td>{so_far}</td>
            <td>{expected}</td>
            <td>{last} {failing}</td>
        </tr>
    }
    .into_any()
}
