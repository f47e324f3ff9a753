//! A field of a form whose mistakes are told where they are made: its label, what was typed, what is wrong with it.

use leptos::prelude::*;
use pointsman_domain::kit::field::FieldError;

use crate::format::in_field;
use crate::views::filters::mistake;

/// What is wrong with each field, by its name.
pub fn mistakes(
    error: impl Into<Signal<Option<FieldError>>>,
) -> impl Fn(&'static str) -> Signal<Option<String>> + Copy {
    let error = error.into();
    move |name| Signal::derive(move || error.with(|error| mistake(error.as_ref(), name)))
}

/// What is wrong with the first of these parts of the URL, which have no field to say it beside.
pub fn mistake_elsewhere(
    error: Signal<Option<FieldError>>,
    names: &'static [&'static str],
) -> impl Fn() -> Option<String> + Copy {
    move || error.with(|error| names.iter().find_map(|name| mistake(error.as_ref(), name)))
}

/// A text field whose value stands in the URL.
#[component]
pub fn Field(
    /// Its name in the URL.
    name: &'static str,
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

/// A text of several lines.
#[component]
pub fn Lines(
    /// Its name in the form.
    name: &'static str,
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
