//! Forms that search: every search is a URL, and works without JavaScript.

use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;
use pointsman_domain::read::Choices;

use crate::failure::Failure;
use crate::format::{in_field, shown};
use crate::url::{Query, Shared, use_query, use_shared};
use crate::views::filters::narrows;

/// A search: a GET form, so that every search is a URL. With JavaScript the page stays and blank fields are left out of the URL.
#[component]
pub fn SearchForm(
    /// The page that it leads to.
    path: &'static str,
    /// What it searches.
    label: &'static str,
    /// Its fields.
    children: Children,
) -> AnyView {
    let navigate = use_navigate();
    let submit = move |event: SubmitEvent| {
        if let Some(query) = submitted(&event) {
            event.prevent_default();
            navigate(&query.link(path), NavigateOptions::default());
        }
    };
    view! {
        <search>
            <form method="get" action=path class="filters" aria-label=label on:submit=submit>{children()}</form>
        </search>
    }
    .into_any()
}

/// The filled fields of a form that is being submitted.
fn submitted(event: &SubmitEvent) -> Option<Query> {
    let data = leptos::form::form_data_from_event(event).ok()?;
    let params = leptos::web_sys::UrlSearchParams::new_with_str_sequence_sequence(&data).ok()?;
    let all = Query::parse(&params.to_string().as_string()?);
    Some(
        all.pairs()
            .fold(Query::default(), |query, (name, value)| query.with(name, value)),
    )
}

/// What the URL asks for that has no field of its own: kept by the form, and each with a link that lets go of it.
#[component]
pub fn Kept(
    /// Where the form leads.
    path: &'static str,
    /// Names in the URL with words for them.
    filters: &'static [(&'static str, &'static str)],
) -> impl IntoView {
    let query = use_query();
    move || {
        let query = query.get();
        let kept = filters.iter().filter_map(|&(name, words)| {
            let value = query.text(name)?;
            let without = query.clone().without(&[name, "before"]).link(path);
            let told = shown(&value);
            Some(view! {
                <p class="kept">
                    <input type="hidden" name=name value=in_field(&value) />
                    {words} " " <strong>{told.clone()}</strong> " "
                    <a href=without aria-label=format!("Remove the filter {words} {told}")>"remove"</a>
                </p>
            })
        });
        kept.collect_view()
    }
}

/// What every page shares, kept by a form as hidden fields.
#[component]
pub fn KeptRange() -> impl IntoView {
    let shared = use_shared();
    move || {
        let pairs = shared.with(Shared::pairs).into_iter();
        pairs
            .map(|(name, value)| view! { <input type="hidden" name=name value=value /> })
            .collect_view()
    }
}

/// A link to the search without filters, in the same range.
#[component]
pub fn Clear(path: &'static str) -> impl IntoView {
    let query = use_query();
    let shared = use_shared();
    move || {
        let narrows = query.with(narrows);
        narrows.then(|| view! { <a href=shared.with(|shared| shared.link(path, &[]))>"Clear"</a> })
    }
}

/// What a field can be completed from.
#[component]
pub fn DataLists(
    /// What there is.
    choices: Resource<Result<Choices, Failure>>,
) -> AnyView {
    view! {
        <Transition>
            {move || {
                let choices = choices.get()?.unwrap_or_default();
                let services = choices.services.into_iter().map(|(name, health)| {
                    view! { <option value=in_field(&name)>{health.word()}</option> }
                });
                let operations = choices.operations.into_iter().map(|name| view! { <option value=in_field(&name)></option> });
                Some(view! {
                    <datalist id="services">{services.collect_view()}</datalist>
                    <datalist id="operations">{operations.collect_view()}</datalist>
                })
            }}
        </Transition>
    }
    .into_any()
}
