//! The form of the audit's search. A GET form: every search is a URL, and it works without JavaScript.

use leptos::prelude::*;
use pointsman_domain::kit::field::FieldError;

use super::FILTERS;
use crate::components::{Choice, Field, SearchForm, mistakes};
use crate::url::{use_filters, use_query};
use crate::views::filters::mistake;

/// What can have been done, by its word; what only reads is not in the audit.
const ACTIONS: &[(&str, &str)] = &[
    ("", "any"),
    ("sign_in", "sign in"),
    ("sign_out", "sign out"),
    ("set_up", "first set-up"),
    ("account.edit", "own account"),
    ("service.edit", "edit a service"),
    ("service.assign", "assign a service"),
    ("team.edit", "edit a team"),
    ("user.edit", "edit an account"),
    ("token.create", "create a token"),
    ("token.revoke", "revoke a token"),
    ("slo.edit", "edit an SLO"),
    ("exclusion.edit", "edit exclusions"),
    ("alert.ack", "acknowledge an alert"),
    ("alert.silence", "silence alerts"),
    ("channel.edit", "edit a channel"),
    ("policy.edit", "set a budget policy"),
];

/// All filters, in any combination.
#[component]
pub(super) fn AuditFilters(
    /// The first mistake in the URL.
    error: Memo<Option<FieldError>>,
) -> AnyView {
    let query = use_query();
    let value = use_filters();
    let wrong = mistakes(error);
    let elsewhere = move || {
        error.with(|error| {
            ["limit", "before"]
                .iter()
                .find_map(|name| mistake(error.as_ref(), name))
        })
    };
    let narrows = move || query.with(|query| FILTERS.iter().any(|key| query.get(key).is_some()));
    let kept = move || {
        // The range of the pages that one came from and goes back to.
        let range = query.with(|query| query.text("range"));
        range.map(|range| view! { <input type="hidden" name="range" value=range /> })
    };
    view! {
        <SearchForm path="/audit" label="Search audit">
            {kept}
            <Field name="q" label="Text" value=value("q") mistake=wrong("q") class="field-wide" placeholder="runbook" />
            <Field name="actor" label="Actor" value=value("actor") mistake=wrong("actor") />
            <Choice name="action" label="Action" value=value("action") mistake=wrong("action") options=ACTIONS />
            <Field name="service" label="Service" value=value("service") mistake=wrong("service") />
            <Choice name="outcome" label="Outcome" value=value("outcome") mistake=wrong("outcome")
                options=&[("", "any"), ("done", "done"), ("refused", "refused")] />
            <Field name="from" label="From" value=value("from") mistake=wrong("from") placeholder="2026-01-31T14:00:00Z" />
            <Field name="to" label="To" value=value("to") mistake=wrong("to") placeholder="2026-01-31T15:00:00Z" />
            <div class="field-go">
                <button class="button primary" type="submit">"Search"</button>
                {move || narrows().then(|| view! { <a href="/audit">"Clear"</a> })}
            </div>
            <p class="mistake" role="alert">{elsewhere}</p>
        </SearchForm>
    }
    .into_any()
}
