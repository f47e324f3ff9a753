//! The form of the trace search. A GET form: every search is a URL, and it works without JavaScript.

use leptos::prelude::*;
use pointsman_domain::kit::field::FieldError;
use pointsman_domain::read::Choices;

use crate::components::{Choice, Clear, DataLists, Field, Kept, KeptRange, SearchForm, mistake_elsewhere, mistakes};
use crate::failure::Failure;
use crate::url::use_filters;

/// Filters that a link can set and that have no field.
const KEPT: &[(&str, &str)] = &[("calls", "calls"), ("version", "version"), ("instance", "node")];

/// All filters, in any combination.
#[component]
pub(super) fn TraceFilters(
    /// The first mistake in the URL.
    #[prop(into)]
    error: Signal<Option<FieldError>>,
    /// What services and operations can be chosen.
    choices: Resource<Result<Choices, Failure>>,
) -> AnyView {
    let value = use_filters();
    let wrong = mistakes(error);
    let elsewhere = mistake_elsewhere(error, &["range", "limit", "before", "calls"]);
    view! {
        <SearchForm path="/traces" label="Search traces">
                <KeptRange />
                <Field name="q" label="Text and attributes" value=value("q") mistake=wrong("q") class="field-wide"
                    placeholder="http.route=/cart timeout" />
                <Field name="service" label="Service" value=value("service") mistake=wrong("service") list="services" />
                <Field name="operation" label="Operation" value=value("operation") mistake=wrong("operation") list="operations" />
                <Choice name="status" label="Status" value=value("status") mistake=wrong("status")
                    options=&[("", "any"), ("error", "error")] />
                <Field name="min" label="At least" value=value("min") mistake=wrong("min") placeholder="300ms" class="field-short" />
                <Field name="max" label="At most" value=value("max") mistake=wrong("max") placeholder="2s" class="field-short" />
                <Choice name="limit" label="Show" value=value("limit") mistake=Signal::stored(None::<String>)
                    options=&[("", "20"), ("50", "50"), ("100", "100"), ("200", "200")] />
                <div class="field-go">
                    <button class="button primary" type="submit">"Search"</button>
                    <Clear path="/traces" />
                </div>
                <Kept path="/traces" filters=KEPT />
                <p class="mistake" role="alert">{elsewhere}</p>
                <DataLists choices />
            </SearchForm>
    }
    .into_any()
}
