//! The entries of the audit: one line of facts, one that says what was done and unfolds what changed.

use leptos::prelude::*;
use pointsman_domain::health::Health;
use pointsman_domain::people::audit::{ActorKind, AuditEntry, Outcome};

use crate::components::{ServiceName, State};
use crate::format;
use crate::views::diff::{Changed, changed};
use crate::views::people::action_words;

/// Entries, in the order given.
#[component]
pub(super) fn Entries(entries: Vec<AuditEntry>) -> AnyView {
    let bodies = entries
        .into_iter()
        .map(|entry| view! { <Entry entry /> })
        .collect_view();
    view! {
        <div class="table-wrap">
            <table class="audit">
                <thead>
                    <tr>
                        <th scope="col">"Time" <span class="unit">"UTC"</span></th>
                        <th scope="col">"Outcome"</th>
                        <th scope="col">"Actor"</th>
                        <th scope="col">"Action"</th>
                        <th scope="col">"Target"</th>
                        <th scope="col">"Reason"</th>
                    </tr>
                </thead>
                {bodies}
            </table>
        </div>
    }
    .into_any()
}

#[component]
fn Entry(entry: AuditEntry) -> AnyView {
    let when = format!("{}, {}", format::day(entry.at_ns), format::clock_seconds(entry.at_ns));
    let (health, word) = match entry.outcome {
        Outcome::Done => (Health::Healthy, "done"),
        Outcome::Refused => (Health::Failing, "refused"),
    };
    let on = match &entry.service {
        Some(service) => view! { <ServiceName name=service.to_string() /> }.into_any(),
        None => format::shown(&entry.target).into_any(),
    };
    let fields = changed(&entry.before, &entry.after);
    let more = (!fields.is_empty()).then(|| view! { <Diff fields /> });
    let from = place(&entry);
    let reason = format::message(&entry.reason);
    let whole = (!reason.is_empty()).then(|| view! { <div><dt>"Reason"</dt><dd>{reason.clone()}</dd></div> });
    view! {
        <tbody>
            <tr>
                <td><time title=format::exact(entry.at_ns)>{when}</time></td>
                <td><State health word /></td>
                <td><Who kind=entry.actor_kind name=format::shown(&entry.actor) /></td>
                <td>{action_words(entry.action)}</td>
                <td>{on}</td>
                <td class="audit-reason" title=reason.clone()>{reason.clone()}</td>
            </tr>
            <tr class="audit-more">
                <td colspan="6">
                    <details>
                        <summary>{sentence(&entry)}</summary>
                        <dl class="pairs">
                            {whole}
                            <div><dt>"Source"</dt><dd>{from}</dd></div>
                            <div><dt>"Target"</dt><dd>{format::shown(&entry.target)}</dd></div>
                            <div><dt>"Exact time"</dt><dd>{format::exact(entry.at_ns)}</dd></div>
                        </dl>
                        {more}
                    </details>
                </td>
            </tr>
        </tbody>
    }
    .into_any()
}

/// What was done, beginning as sentences do; why not is a sentence already.
fn sentence(entry: &AuditEntry) -> String {
    let detail = entry.detail.as_str();
    if entry.outcome == Outcome::Refused && !detail.is_empty() {
        return format::message(detail);
    }
    let detail = format::message(detail);
    if detail.is_empty() {
        return action_words(entry.action).to_owned();
    }
    format::begun(&detail)
}

/// "The console, 127.0.0.1".
fn place(entry: &AuditEntry) -> String {
    let via = entry.via.label();
    if entry.address.is_empty() {
        via.to_owned()
    } else {
        format!("{via}, {}", entry.address)
    }
}

#[component]
fn Who(kind: ActorKind, name: String) -> AnyView {
    let kind = kind.label();
    view! { {name} " " <span class="quiet">{kind}</span> }.into_any()
}

/// What changed: how it was struck, how it is, field by field.
#[component]
fn Diff(fields: Vec<Changed>) -> AnyView {
    let rows = fields.into_iter().map(|field| {
        let before = field
            .before
            .map(|text| view! { <del><span class="only-read">"before: "</span>{format::message(&text)}</del> });
        let after = field
            .after
            .map(|text| view! { <ins><span class="only-read">"after: "</span>{format::message(&text)}</ins> });
        view! { <div><dt>{field.field}</dt><dd>{before}{after}</dd></div> }
    });
    view! { <dl class="diff" aria-label="What changed">{rows.collect_view()}</dl> }.into_any()
}
