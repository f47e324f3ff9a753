//! The form of the log search. A GET form: every search is a URL, and it works without JavaScript.

use leptos::prelude::*;
use pointsman_domain::kit::field::FieldError;
use pointsman_domain::read::Choices;

use crate::components::{Choice, Clear, DataLists, Field, Kept, KeptRange, SearchForm, mistake_elsewhere, mistakes};
use crate::failure::Failure;
use crate::url::use_filters;

/// Severities, as the form takes them.
const SEVERITIES: &[(&str, &str)] = &[
    ("", "any"),
    ("DEBUG", "DEBUG and above"),
    ("INFO", "INFO and above"),
    ("WARN", "WARN and above"),
    ("ERROR", "ERROR and above"),
    ("FATAL", "FATAL"),
];

/// All filters, in any combination.
#[component]
pub(super) fn LogFilters(
    /// The first mistake in the URL.
    #[prop(into)]
    error: Signal<Option<FieldError>>,
    /// What services can be chosen.
    choices: Resource<Result<Choices, Failure>>,
) -> AnyView {
    let value = use_filters();
    let wrong = mistakes(error);
    let elsewhere = mistake_elsewhere(error, &["range", "limit", "before"]);
    view! {
        <SearchForm path="/logs" label="Search logs">
                <KeptRange />
                <Field name="q" label="Text and attributes" value=value("q") mistake=wrong("q") class="field-wide"
                    placeholder="timeout user.id=42" />
                <Field name="service" label="Service" value=value("service") mistake=wrong("service") list="services" />
                <Choice name="severity" label="Severity" value=value("severity") mistake=wrong("severity") options=SEVERITIES />
                <Field name="trace" label="Trace id" value=value("trace") mistake=wrong("trace") class="field-id"
                    placeholder="32 hex digits" />
                <Choice name="limit" label="Show" value=value("limit") mistake=Signal::stored(None::<String>)
                    options=&[("", "100"), ("200", "200"), ("500", "500"), ("1000", "1,000")] />
                <div class="field-go">
                    <button class="button primary" type="submit">"Search"</button>
                    <Clear path="/logs" />
                </div>
                <Kept path="/logs" filters=&[("instance", "node")] />
                <p class="mistake" role="alert">{elsewhere}</p>
                <DataLists choices />
            </SearchForm>
    }
    .into_any()
}
