//! Who calls the service, and whom it calls.

use leptos::prelude::*;
use pointsman_domain::read::TopologyEdge;
use pointsman_domain::rollup::{Endpoint, NodeKind};

use crate::components::{Column, DataTable, Duration, Each, Percent, Rate, ServiceName, State};
use crate::format::shown;
use crate::url::use_shared;
use crate::views::topology::{pairs, traces_of};

/// Two tables side by side.
#[component]
pub(super) fn Neighbours(upstream: Memo<Vec<TopologyEdge>>, downstream: Memo<Vec<TopologyEdge>>) -> AnyView {
    view! {
        <div class="neighbours">
            <Side title="Callers" id="upstream" none="No traced callers in this range." edges=upstream at_source=true />
            <Side title="Calls" id="downstream" none="No outgoing calls in this range." edges=downstream at_source=false />
        </div>
    }
    .into_any()
}

#[component]
fn Side(
    title: &'static str,
    id: &'static str,
    none: &'static str,
    edges: Memo<Vec<TopologyEdge>>,
    at_source: bool,
) -> AnyView {
    let nobody = Memo::new(move |_| edges.with(Vec::is_empty));
    let empty = move || nobody.get().then(|| view! { <p class="quiet">{none}</p> });
    view! {
        <section class="section" aria-labelledby=id>
            <h2 id=id>{title}</h2>
            {empty}
            <DataTable hidden=nobody columns=vec![
                Column::text("State"),
                Column::text("Name"),
                Column::figure("Rate").of("calls/s"),
                Column::figure("Errors").of("%"),
                Column::figure("p95"),
                Column::unseen("Traces"),
            ]>
                <Each items=edges key=|edge| (edge.source.clone(), edge.target.clone()) let:edge>
                    {move || view! { <Row edge=edge.get() at_source /> }}
                </Each>
            </DataTable>
        </section>
    }
    .into_any()
}

#[component]
fn Row(edge: TopologyEdge, at_source: bool) -> AnyView {
    let shared = use_shared();
    let traces = traces_of(&edge.source, &edge.target).map(|filters| {
        view! { <a href=move || shared.with(|shared| shared.link("/traces", &pairs(&filters)))>"Traces"</a> }
    });
    let endpoint = if at_source { edge.source } else { edge.target };
    view! {
        <tr>
            <td><State health=edge.verdict.health /></td>
            <th scope="row" class="breaks"><Name endpoint /></th>
            <td class="num"><Rate red=edge.red /></td>
            <td class="num"><Percent red=edge.red /></td>
            <td class="num"><Duration ns=edge.red.p95_ns /></td>
            <td class="num">{traces}</td>
        </tr>
    }
    .into_any()
}

/// A service leads to its page; a database, queue or host says what it is.
#[component]
fn Name(endpoint: Endpoint) -> impl IntoView {
    let Endpoint { kind, name, .. } = endpoint;
    match kind {
        NodeKind::Service => view! { <ServiceName name=name.to_string() /> }.into_any(),
        kind => view! { {shown(&name)} " " <span class="quiet">{kind.as_str()}</span> }.into_any(),
    }
}
