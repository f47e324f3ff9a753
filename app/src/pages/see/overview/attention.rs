//! What needs attention, worst first: who, what, since when, and the way to the traces that show it.

use leptos::prelude::*;
use pointsman_domain::health::Cause;
use pointsman_domain::read::Attention;
use pointsman_domain::telemetry::UnixNanos;

use crate::components::{Each, Section, ServiceName, State};
use crate::format;
use crate::url::use_shared;
use crate::views::overview as words;

/// The list; nothing where all is well.
#[component]
pub(super) fn AttentionList(entries: Memo<Vec<Attention>>, now_ns: Memo<UnixNanos>) -> impl IntoView {
    let any = Memo::new(move |_| entries.with(|entries| !entries.is_empty()));
    let key = |entry: &Attention| (entry.service.clone(), entry.version.clone(), entry.instance.clone());
    move || {
        any.get().then(|| {
            view! {
                <Section id="attention" title="Needs attention">
                    <ul class="attention">
                        <Each items=entries key=key let:entry>
                            {move || view! { <Entry entry=entry.get() now_ns=now_ns.get() /> }}
                        </Each>
                    </ul>
                </Section>
            }
        })
    }
}

#[component]
fn Entry(entry: Attention, now_ns: UnixNanos) -> AnyView {
    let shared = use_shared();
    let traces = match entry.verdict.cause {
        Some(Cause::Latency) => "Slow traces",
        _ => "Traces with errors",
    };
    let evidence = words::evidence(&entry);
    let href = move || {
        let filters: Vec<_> = evidence.iter().map(|(key, value)| (*key, value.as_str())).collect();
        shared.with(|shared| shared.link("/traces", &filters))
    };
    let logs = {
        let service = entry.service.to_string();
        move || shared.with(|shared| shared.link("/logs", &[("service", &service), ("severity", "ERROR")]))
    };
    let sample = format!(
        "{} of {} requests failed; p50 {}, p95 {}, p99 {}",
        format::count(entry.red.errors),
        format::count(entry.red.requests),
        format::maybe_duration(entry.red.p50_ns),
        format::maybe_duration(entry.red.p95_ns),
        format::maybe_duration(entry.red.p99_ns)
    );
    let part = words::part(&entry).map(|part| view! { <span class="attention-part">{part}</span> });
    let since = entry.since_ns.map(|since| {
        view! {
            <span class="quiet">
                "since "
                <time datetime=pointsman_domain::time::format_moment(since) title=format::exact(since)>{format::moment(since, now_ns)}</time>
            </span>
        }
    });
    view! {
        <li>
            <State health=entry.verdict.health />
            <p class="attention-what">
                <ServiceName name=entry.service.to_string() />
                {part}
                <span>{words::complaint(&entry)}</span>
                {since}
                <span class="attention-sample">{sample}</span>
            </p>
            <p class="attention-links">
                <a href=href>{traces}</a>
                <a href=logs>"Logs"</a>
            </p>
        </li>
    }
    .into_any()
}
