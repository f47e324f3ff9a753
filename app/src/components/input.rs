//! The fields of forms that change something.

use leptos::prelude::*;

/// A text with its label over it.
#[component]
pub fn TextInput(
    /// Its name in the form.
    name: &'static str,
    label: &'static str,
    /// What stands in it.
    #[prop(optional, into)]
    value: String,
    /// `text`, `password`, `email`, `url`, `number`.
    #[prop(default = "text")]
    kind: &'static str,
    /// Whether it can't be left empty.
    #[prop(optional)]
    required: bool,
    /// The fewest characters.
    #[prop(optional)]
    least: Option<u32>,
    /// The most characters.
    #[prop(default = 500)]
    most: u32,
    /// What goes in, where the label does not say it.
    #[prop(optional)]
    hint: &'static str,
    /// An example.
    #[prop(optional)]
    placeholder: &'static str,
    /// What the browser may fill in.
    #[prop(default = "off")]
    autocomplete: &'static str,
    /// The id of a `<datalist>` to choose from.
    #[prop(optional)]
    list: Option<&'static str>,
    /// Whether one begins here.
    #[prop(optional)]
    first: bool,
    /// A class that gives it its width.
    #[prop(optional)]
    class: &'static str,
) -> AnyView {
    // Said with the field, and not as a part of its name.
    let described = (!hint.is_empty()).then_some(hint);
    let hint = described.map(|hint| view! { <span class="hint" aria-hidden="true">{hint}</span> });
    view! {
        <div class=format!("entry {class}")>
            <label>
                <span>{label}</span>
                <input name=name type=kind value=value required=required minlength=least maxlength=most placeholder=placeholder
                    autocomplete=autocomplete list=list autofocus=first autocapitalize="none" spellcheck="false"
                    aria-description=described />
            </label>
            {hint}
        </div>
    }
    .into_any()
}

/// A choice of a few.
#[component]
pub fn Select(
    /// Its name in the form.
    name: &'static str,
    label: &'static str,
    /// What can be chosen: value, words.
    options: Vec<(String, String)>,
    /// What is chosen at first.
    #[prop(optional, into)]
    chosen: String,
    /// A class that gives it its width.
    #[prop(optional)]
    class: &'static str,
) -> AnyView {
    let options = options.into_iter().map(|(value, words)| {
        let selected = value == chosen;
        view! { <option value=value selected=selected>{words}</option> }
    });
    view! {
        <div class=format!("entry {class}")>
            <label>
                <span>{label}</span>
                <select name=name>{options.collect_view()}</select>
            </label>
        </div>
    }
    .into_any()
}

/// Why something is changed, as the audit will say.
#[component]
pub fn Reason() -> AnyView {
    view! {
        <TextInput name="reason" label="Reason" required=true least=3 most=500 class="entry-wide" placeholder="Recorded in the audit" />
    }
    .into_any()
}
