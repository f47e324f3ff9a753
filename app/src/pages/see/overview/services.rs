//! All services in one calm table.

use leptos::prelude::*;
use pointsman_domain::read::{ServiceSummary, VersionSummary};
use pointsman_domain::telemetry::UnixNanos;

use crate::components::{
    Duration, Each, Order, Percent, Rate, Section, ServiceName, SortHead, Sparkline, State, StateGlyph, Steady,
};
use crate::format;

/// The table, in the page's order; worst first where the reader has chosen none.
#[component]
pub(super) fn ServiceTable(services: Memo<Vec<ServiceSummary>>, now_ns: Memo<UnixNanos>) -> AnyView {
    let (order, steady) = (Order::of_page(), Steady::default());
    let rows = Memo::new(move |_| {
        let mut services = services.get();
        order.with(|order| {
            sort(&mut services, order);
            steady.arrange(&mut services, order, |service| service.name.to_string());
        });
        services
    });
    view! {
        <Section id="services" title="Services">
            <div class="table-wrap" on:pointerenter=move |_| steady.enter() on:pointerleave=move |_| steady.leave()>
                <table class="services">
                    <thead>
                        <tr>
                            <SortHead column="state" label="State" worst_first=true order />
                            <SortHead column="name" label="Service" order />
                            <SortHead column="rate" label="Rate" unit="req/s" numeric=true order />
                            <SortHead column="errors" label="Errors" unit="%" numeric=true order />
                            <SortHead column="p50" label="p50" numeric=true order />
                            <SortHead column="p95" label="p95" numeric=true order />
                            <SortHead column="p99" label="p99" numeric=true order />
                            <th scope="col" class="trend">"Requests over the range"</th>
                            <th scope="col">"Versions"</th>
                            <SortHead column="nodes" label="Nodes" numeric=true order />
                        </tr>
                    </thead>
                    <tbody on:focusin=move |_| steady.focus(true) on:focusout=move |_| steady.focus(false)>
                        <Each items=rows key=|service| service.name.clone() let:service>
                            {move || view! { <Row service=service.get() now_ns=now_ns.get() /> }}
                        </Each>
                    </tbody>
                </table>
            </div>
        </Section>
    }
    .into_any()
}

/// Sorts by the chosen column; equal rows keep the order of the server, which is worst first, then by name.
fn sort(services: &mut [ServiceSummary], order: &Order) {
    services.sort_by(|a, b| {
        let ordering = if order.column == "nodes" {
            a.nodes.cmp(&b.nodes)
        } else {
            order.of_figures((a.verdict.health, &a.name, &a.red), (b.verdict.health, &b.name, &b.red))
        };
        order.directed(ordering)
    });
}

#[component]
fn Row(service: ServiceSummary, now_ns: UnixNanos) -> AnyView {
    let ServiceSummary {
        name,
        verdict,
        red,
        sparkline,
        versions,
        nodes,
        nodes_unwell,
        last_seen_ns,
    } = service;
    let most = sparkline.iter().copied().fold(0.0, f64::max);
    let trend = format!("Requests per second, at most {}", format::rate(most));
    let unhealthy = (nodes_unwell > 0 && nodes > 1)
        .then(|| view! { <span class="nodes-unhealthy">{format!("{nodes_unwell} unhealthy of ")}</span> });
    let heard = format!("Last seen {}", format::ago(last_seen_ns, now_ns));
    view! {
        <tr>
            <td title=heard><State health=verdict.health /></td>
            <th scope="row"><ServiceName name=name.to_string() /></th>
            <td class="num"><Rate red /></td>
            <td class="num"><Percent red /></td>
            <td class="num"><Duration ns=red.p50_ns /></td>
            <td class="num"><Duration ns=red.p95_ns /></td>
            <td class="num"><Duration ns=red.p99_ns /></td>
            <td class="trend"><Sparkline values=sparkline label=trend /></td>
            <td><Versions versions /></td>
            <td class="num">{unhealthy} {nodes}</td>
        </tr>
    }
    .into_any()
}

/// Versions by name, each with its state where that differs from plain health.
#[component]
fn Versions(versions: Vec<VersionSummary>) -> impl IntoView {
    let items = versions
        .into_iter()
        .filter(|version| !version.version.is_empty())
        .map(|version| {
            let health = version.verdict.health;
            let hint = format!(
                "{}: {}, {} req/s, {} % errors",
                format::shown(&version.version),
                health.word(),
                format::rate(version.red.rate),
                format::percent(version.red.error_ratio)
            );
            view! {
                <span class="version" title=hint.clone()>
                    <StateGlyph health />
                    <span class="version-name">{format::shown(&version.version)}</span>
                    <span class="only-read">{format!(" {}", health.word())}</span>
                </span>
            }
        });
    view! { <span class="versions">{items.collect_view()}</span> }
}

#[cfg(test)]
mod tests {
    use pointsman_domain::health::{Health, HealthVerdict};
    use pointsman_domain::read::Red;

    use super::*;

    fn service(name: &str, rate: f64) -> ServiceSummary {
        ServiceSummary {
            name: name.into(),
            verdict: HealthVerdict {
                health: Health::Healthy,
                cause: None,
            },
            red: Red { rate, ..Red::default() },
            sparkline: vec![],
            versions: vec![],
            nodes: 1,
            nodes_unwell: 0,
            last_seen_ns: 0,
        }
    }

    #[test]
    fn a_column_sorts_from_the_greatest_and_back() {
        let names = |column: &str, ascending| {
            let mut services = [service("a", 1.0), service("b", 9.0), service("c", 4.0)];
            let order = Order {
                column: column.to_owned(),
                ascending,
            };
            sort(&mut services, &order);
            services.map(|service| service.name.to_string()).concat()
        };
        assert_eq!(names("rate", false), "bca");
        assert_eq!(names("rate", true), "acb");
        assert_eq!(names("name", false), "cba");
        assert_eq!(names("", false), "abc");
        assert_eq!(names("unheard", true), "abc");
    }
}
