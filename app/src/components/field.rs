//! A field of a search form: its label, what was typed, and a mistake told where it was made.

use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;

use crate::format::{in_field, shown};
use crate::url::Query;

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

/// A text field whose value stands in the URL.
#[component]
pub fn Field(
    /// Its name in the URL.
    name: &'static str,
    /// Its label.
    label: &'static str,
    /// What stands in it.
    #[prop(into)]
    value: Signal<String>,
    /// What is wrong with it.
    #[prop(into)]
    mistake: Signal<Option<String>>,
    /// An example.
    #[prop(optional)]
    placeholder: &'static str,
    /// The id of a `<datalist>` to choose from.
    #[prop(optional)]
    list: Option<&'static str>,
    /// A class that gives it its width.
    #[prop(optional)]
    class: &'static str,
) -> AnyView {
    let id = format!("field-{name}");
    let told = format!("mistake-{name}");
    let value = Signal::derive(move || value.with(|value| in_field(value)));
    let invalid = move || mistake.with(|mistake| mistake.is_some().then_some("true"));
    let described = {
        let told = told.clone();
        move || mistake.with(|mistake| mistake.is_some().then(|| told.clone()))
    };
    view! {
        <div class=format!("field {class}")>
            <label for=id.clone()>{label}</label>
            <input id=id name=name type="text" autocomplete="off" spellcheck="false" placeholder=placeholder list=list
                value=value prop:value=value aria-invalid=invalid aria-describedby=described />
            <p class="mistake" id=told>{mistake}</p>
        </div>
    }
    .into_any()
}

/// A choice of a few whose value stands in the URL.
#[component]
pub fn Choice(
    /// Its name in the URL.
    name: &'static str,
    /// Its label.
    label: &'static str,
    /// What is chosen.
    #[prop(into)]
    value: Signal<String>,
    /// What can be chosen: value, words.
    options: &'static [(&'static str, &'static str)],
    /// What is wrong with it.
    #[prop(into)]
    mistake: Signal<Option<String>>,
    /// A class that gives it its width.
    #[prop(optional)]
    class: &'static str,
) -> AnyView {
    let id = format!("field-{name}");
    let options = options.iter().map(|&(option, words)| {
        let chosen = move || value.with(|value| value.eq_ignore_ascii_case(option));
        view! { <option value=option selected=chosen>{words}</option> }
    });
    let options = options.collect_view();
    view! {
        <div class=format!("field {class}")>
            <label for=id.clone()>{label}</label>
            <select id=id name=name prop:value=value>{options}</select>
            <p class="mistake">{mistake}</p>
        </div>
    }
    .into_any()
}

/// What the URL asks for that has no field of its own: kept by the form, and each with a link that lets go of it.
#[component]
pub fn Kept(
    /// Where the form leads.
    path: &'static str,
    /// Names in the URL with words for them.
    filters: &'static [(&'static str, &'static str)],
) -> impl IntoView {
    let query = crate::url::use_query();
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
    let shared = crate::url::use_shared();
    move || {
        let pairs = shared.with(crate::url::Shared::pairs).into_iter();
        pairs
            .map(|(name, value)| view! { <input type="hidden" name=name value=value /> })
            .collect_view()
    }
}

/// A text of several lines.
#[component]
pub fn Lines(
    /// Its name in the form.
    name: &'static str,
    /// Its label.
    label: &'static str,
    /// What stands in it.
    #[prop(into)]
    value: Signal<String>,
    /// What is wrong with it.
    #[prop(into)]
    mistake: Signal<Option<String>>,
    /// An example.
    #[prop(optional)]
    placeholder: &'static str,
    /// A class that gives it its width.
    #[prop(optional)]
    class: &'static str,
) -> AnyView {
    let id = format!("field-{name}");
    let told = format!("mistake-{name}");
    let invalid = move || mistake.with(|mistake| mistake.is_some().then_some("true"));
    let first = value.get_untracked();
    view! {
        <div class=format!("field field-lines {class}")>
            <label for=id.clone()>{label}</label>
            <textarea id=id name=name rows="3" placeholder=placeholder aria-invalid=invalid aria-describedby=told.clone() prop:value=value>{first}</textarea>
            <p class="mistake" id=told>{mistake}</p>
        </div>
    }
    .into_any()
}
