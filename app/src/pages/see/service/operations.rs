//! What the service is asked, and what it asks of others.

use leptos::prelude::*;
use pointsman_domain::read::OperationSummary;
use pointsman_domain::telemetry::SpanKind;

use crate::components::{Duration, Each, Order, Percent, Rate, Section, SortHead, State, Steady};
use crate::format;
use crate::url::use_shared;

/// Requests served; calls made fold away under them.
#[component]
pub(super) fn Operations(operations: Memo<Vec<OperationSummary>>, service: Memo<String>) -> AnyView {
    let order = Order::of_page();
    let of = move |wanted: bool| {
        Memo::new(move |_| {
            let operations = operations.get().into_iter();
            operations
                .filter(|operation| is_call(operation) == wanted)
                .collect::<Vec<_>>()
        })
    };
    let (served, made) = (of(false), of(true));
    let count = Memo::new(move |_| made.with(Vec::len));
    let any = Memo::new(move |_| count.get() > 0);
    let calls = move || {
        any.get().then(|| {
            view! {
                <details class="calls-made">
                    <summary>{move || format::counted(count.get() as u64, "kind of outgoing call", "kinds of outgoing calls")}</summary>
                    <Table operations=made service order />
                </details>
            }
        })
    };
    view! {
        <Section id="operations" title="Operations">
            <Table operations=served service order />
            {calls}
        </Section>
    }
    .into_any()
}

/// Whether it is one that the service asks of another.
fn is_call(operation: &OperationSummary) -> bool {
    matches!(operation.kind, SpanKind::Client | SpanKind::Producer)
}

#[component]
fn Table(operations: Memo<Vec<OperationSummary>>, service: Memo<String>, order: Memo<Order>) -> AnyView {
    let steady = Steady::default();
    let rows = Memo::new(move |_| {
        let mut operations = operations.get();
        order.with(|order| {
            sort(&mut operations, order);
            let key = |operation: &OperationSummary| format!("{:?} {}", operation.kind, operation.name);
            steady.arrange(&mut operations, order, key);
        });
        operations
    });
    view! {
        <div class="table-wrap" on:pointerenter=move |_| steady.enter() on:pointerleave=move |_| steady.leave()>
            <table>
                <thead>
                    <tr>
                        <SortHead column="state" label="State" worst_first=true order />
                        <SortHead column="name" label="Operation" order />
                        <th scope="col">"Kind"</th>
                        <SortHead column="rate" label="Rate" unit="req/s" numeric=true order />
                        <SortHead column="errors" label="Errors" unit="%" numeric=true order />
                        <SortHead column="p50" label="p50" numeric=true order />
                        <SortHead column="p95" label="p95" numeric=true order />
                        <SortHead column="p99" label="p99" numeric=true order />
                    </tr>
                </thead>
                <tbody on:focusin=move |_| steady.focus(true) on:focusout=move |_| steady.focus(false)>
                    <Each items=rows key=|operation| (operation.kind, operation.name.clone()) let:operation>
                        {move || view! { <Row operation=operation.get() service=service.get() /> }}
                    </Each>
                </tbody>
            </table>
        </div>
    }
    .into_any()
}

/// Sorts by the chosen column; equal rows keep the server's order, most requests first.
fn sort(operations: &mut [OperationSummary], order: &Order) {
    operations.sort_by(|a, b| {
        order.directed(order.of_figures((a.verdict.health, &a.name, &a.red), (b.verdict.health, &b.name, &b.red)))
    });
}

#[component]
fn Row(operation: OperationSummary, service: String) -> AnyView {
    let shared = use_shared();
    let OperationSummary {
        name,
        kind,
        verdict,
        red,
    } = operation;
    let href = {
        let name = name.clone();
        move || shared.with(|shared| shared.link("/traces", &[("service", &service), ("operation", &name)]))
    };
    view! {
        <tr>
            <td><State health=verdict.health /></td>
            <th scope="row" class="operation"><a href=href title=format!("Traces of {}", format::shown(&name))>{format::shown(&name)}</a></th>
            <td class="quiet">{kind.as_str()}</td>
            <td class="num"><Rate red /></td>
            <td class="num"><Percent red /></td>
            <td class="num"><Duration ns=red.p50_ns /></td>
            <td class="num"><Duration ns=red.p95_ns /></td>
            <td class="num"><Duration ns=red.p99_ns /></td>
        </tr>
    }
    .into_any()
}
