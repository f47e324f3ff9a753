//! The audit (`/audit`): who did what, on which service, why, and what came of it. A search by form, newest first; each entry
//! unfolds what changed; all that was found can be taken along as JSON lines.

mod entry;
mod form;

use leptos::prelude::*;
use leptos_meta::Title;
use pointsman_domain::people::audit::{AuditForm, AuditPage as Page, Outcome};

use self::entry::Entries;
use self::form::AuditFilters;
use crate::components::{Empty, Loaded, Pager};
use crate::format;
use crate::live::use_live;
use crate::serverfns::audit::search_audit;
use crate::site_map;
use crate::url::{Query, use_query};

/// The filters, as they stand in the URL.
const FILTERS: [&str; 7] = ["actor", "action", "service", "outcome", "q", "from", "to"];

/// The form that stands in this URL.
fn audit_form(query: &Query) -> AuditForm {
    let text = |key| query.text(key).unwrap_or_default();
    AuditForm {
        actor: text("actor"),
        action: text("action"),
        service: text("service"),
        outcome: text("outcome"),
        q: text("q"),
        from: text("from"),
        to: text("to"),
        before: text("before"),
        limit: text("limit"),
    }
}

/// The audit.
#[component]
pub fn AuditPage() -> AnyView {
    let (query, live) = (use_query(), use_live());
    let form = Memo::new(move |_| query.with(audit_form));
    let error = Memo::new(move |_| form.with(|form| form.parse().err()));
    let found = Resource::new(
        move || (form.get(), live.asked.get()),
        |(form, _)| async move {
            // A mistake is told at its field; there is nothing to ask the server for.
            if form.parse().is_err() {
                return Ok(None);
            }
            search_audit(form).await.map(Some)
        },
    );
    view! {
        <Title text=site_map::AUDIT.title />
        <h1 class="only-read">{site_map::AUDIT.title}</h1>
        <AuditFilters error />
        <Loaded resource=found let:page>
            {match page {
                Some(page) => view! { <Found page /> }.into_any(),
                None => view! { <p class="quiet">"No search was run: a filter is not valid."</p> }.into_any(),
            }}
        </Loaded>
    }
    .into_any()
}

#[component]
fn Found(page: Page) -> AnyView {
    let query = use_query();
    let narrowed = query.with_untracked(|query| FILTERS.iter().any(|key| query.get(key).is_some()));
    if page.entries.is_empty() {
        let title = if narrowed {
            "No entries match these filters"
        } else {
            "No entries yet"
        };
        return view! {
            <Empty title=title>
                <p>"Every change, sign-in and refused change is recorded here: who, when, from where and why."</p>
            </Empty>
        }
        .into_any();
    }
    let next_before = Signal::stored(page.next_before.and_then(|id| u64::try_from(id).ok()));
    let export = query.with_untracked(|query| {
        query
            .clone()
            .only(&FILTERS)
            .with("format", "jsonl")
            .link("/api/v1/audit")
    });
    let answer = answer(&page);
    view! {
        <div class="section-head audit-head">
            <p class="answer">{answer}</p>
            <a href=export rel="external" download="audit.jsonl">"Export as JSON lines"</a>
        </div>
        <Entries entries=page.entries />
        <Pager path="/audit" next_before what="entries" />
    }
    .into_any()
}

/// "50 entries, 3 of them refused, from 2 Jan 2026, 14:02 to 31 Jan 2026, 14:02 UTC."
fn answer(page: &Page) -> String {
    let refused = page
        .entries
        .iter()
        .filter(|entry| entry.outcome == Outcome::Refused)
        .count();
    let refused = match refused {
        0 => String::new(),
        n => format!(", {} of them refused", format::count(n as u64)),
    };
    let ends = page.entries.last().zip(page.entries.first());
    let when = ends.map(|(oldest, newest)| {
        format!(
            ", from {} to {} UTC",
            format::stamp(oldest.at_ns),
            format::stamp(newest.at_ns)
        )
    });
    let count = format::counted(page.entries.len() as u64, "entry", "entries");
    format!("{count}{refused}{}.", when.unwrap_or_default())
}
