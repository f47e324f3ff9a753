//! The nodes of a service as a compact list of states, each with what failed on it and the traces that show it.

use leptos::prelude::*;
use pointsman_domain::health::Health;
use pointsman_domain::read::NodeSummary;
use pointsman_domain::rollup::{NodeErrorCount, NodeErrorKey};
use pointsman_domain::telemetry::UnixNanos;

use crate::components::{Duration, Each, Moment, Percent, Rate, Section, State};
use crate::format;
use crate::url::use_shared;

/// The list, worst first.
#[component]
pub(super) fn Nodes(nodes: Memo<Vec<NodeSummary>>, now_ns: Memo<UnixNanos>) -> AnyView {
    view! {
        <Section id="nodes" title="Nodes">
            <div class="table-wrap">
                <table class="nodes">
                    <thead>
                        <tr>
                            <th scope="col">"State"</th>
                            <th scope="col">"Node"</th>
                            <th scope="col">"Version"</th>
                            <th scope="col" class="num">"Rate" <span class="unit">"req/s"</span></th>
                            <th scope="col" class="num">"Errors" <span class="unit">"%"</span></th>
                            <th scope="col" class="num">"p50"</th>
                            <th scope="col" class="num">"p95"</th>
                            <th scope="col" class="num">"p99"</th>
                            <th scope="col" class="num">"Last seen"</th>
                        </tr>
                    </thead>
                    <Each items=nodes key=|node| node.node.clone() let:node>
                        {move || view! { <Node node=node.get() now_ns=now_ns.get() /> }}
                    </Each>
                </table>
            </div>
        </Section>
    }
    .into_any()
}

/// One body of the table a node: its row, and under it what failed.
#[component]
fn Node(node: NodeSummary, now_ns: UnixNanos) -> AnyView {
    let NodeSummary {
        node: key,
        verdict,
        red,
        last_seen_ns,
        errors,
        ..
    } = node;
    let name = if key.instance.is_empty() {
        "(unnamed)".to_owned()
    } else {
        format::shown(&key.instance)
    };
    let version = if key.version.is_empty() {
        format::NONE.to_owned()
    } else {
        format::shown(&key.version)
    };
    let unhealthy = matches!(verdict.health, Health::Degraded | Health::Failing);
    let any = !errors.is_empty();
    let failed = any.then(|| {
        let total: u64 = errors.iter().map(|(_, count)| count.count).sum();
        let told = format!(
            "{}, {} in total",
            format::counted(errors.len() as u64, "kind of error", "kinds of errors"),
            format::count(total)
        );
        let rows = errors
            .into_iter()
            .map(|(key, count)| view! { <Failed key count now_ns /> })
            .collect_view();
        view! {
            <tr class="node-errors">
                <td></td>
                <td colspan="8">
                    <details open=unhealthy>
                        <summary>{told}</summary>
                        <ul class="failed">{rows}</ul>
                    </details>
                </td>
            </tr>
        }
    });
    view! {
        <tbody class:has-errors=any>
            <tr>
                <td><State health=verdict.health /></td>
                <th scope="row" class="mono breaks">{name}</th>
                <td class="breaks">{version}</td>
                <td class="num"><Rate red /></td>
                <td class="num"><Percent red /></td>
                <td class="num"><Duration ns=red.p50_ns /></td>
                <td class="num"><Duration ns=red.p95_ns /></td>
                <td class="num"><Duration ns=red.p99_ns /></td>
                <td class="num"><Moment at=last_seen_ns now_ns /></td>
            </tr>
            {failed}
        </tbody>
    }
    .into_any()
}

/// One kind of failure: its text, where, how often, when last, and where to look.
#[component]
fn Failed(key: NodeErrorKey, count: NodeErrorCount, now_ns: UnixNanos) -> AnyView {
    let shared = use_shared();
    let examples = count.examples.into_iter().enumerate().map(|(i, (trace_id, span_id))| {
        let (trace_id, span_id) = (trace_id.to_string(), span_id.map(|id| id.to_string()));
        let label = format!("Trace {}", i + 1);
        let hint = format!("Trace {trace_id}");
        let href = move || shared.with(|shared| shared.trace(&trace_id, span_id.as_deref()));
        view! { <a href=href title=hint>{label}</a> }
    });
    let source = if key.from_log { "log of" } else { "in" };
    view! {
        <li>
            <span class="failed-count">{format::count(count.count)}<span class="unit">"×"</span></span>
            <span class="failed-what">
                <span class="failed-text">{format::message(&key.error)}</span>
                <span class="quiet">{format!("{source} {}", format::shown(&key.operation))}</span>
            </span>
            <span class="quiet failed-last"><Moment at=count.last_ns now_ns /></span>
            <span class="failed-examples">{examples.collect_view()}</span>
        </li>
    }
    .into_any()
}
