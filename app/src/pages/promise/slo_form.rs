//! The editor of objectives (`/slos/new`, `/slos/{name}/edit`), with a backtest beside it: what the draft would have said of the recorded
//! past. It follows while the reader types or drags; without JavaScript "Run backtest" leads to the same page with the draft in its URL.

mod backtest;
mod fields;

use std::time::Duration;

use leptos::leptos_dom::helpers::debounce;
use leptos::prelude::*;
use leptos_meta::Title;
use pointsman_domain::kit::field::FieldError;
use pointsman_domain::slo::ObjectiveForm;

use self::backtest::{BacktestPanel, use_backtest};
use self::fields::Fields;
use crate::components::{Change, ChangeFailure, Changing, Loaded, Reason, use_change};
use crate::failure::Failure;
use crate::live::use_live;
use crate::pages::promise::slo::NoObjective;
use crate::serverfns::slo::{CreateSlo, EditSlo, read_slo};
use crate::site_map;
use crate::url::{use_query, use_subject};
use crate::views::slo_form::{PAST, form_of, mistake_so_far, was_tried};

/// How long after the last change a draft is tried.
const REST: Duration = Duration::from_millis(200);

/// Makes an objective.
#[component]
pub fn NewSloPage() -> AnyView {
    let create = use_change::<CreateSlo>();
    view! {
        <Title text=site_map::NEW_SLO.title />
        <h1>{site_map::NEW_SLO.title}</h1>
        <Editor action=create old=None begin=ObjectiveForm::default() path="/slos/new".to_owned() verb="Create SLO" />
    }
    .into_any()
}

/// Changes an objective.
#[component]
pub fn EditSloPage() -> AnyView {
    let live = use_live();
    let edit = use_change::<EditSlo>();
    let name = use_subject("slos");
    let resource = Resource::new(move || (name.get(), live.asked.get()), |(name, _)| read_slo(name));
    view! {
        <Title text=move || format!("Edit {}", name.get()) />
        <h1>"Edit " {name}</h1>
        <Loaded resource let:view>
            {match view {
                Some(view) => {
                    let begin = ObjectiveForm::of(&view.detail.summary.objective);
                    let path = format!("/slos/{}/edit", begin.name);
                    let old = Some(begin.name.clone());
                    view! { <Editor action=edit old begin path verb="Save" /> }.into_any()
                }
                None => view! { <NoObjective name=name.get_untracked() /> }.into_any(),
            }}
        </Loaded>
    }
    .into_any()
}

#[component]
fn Editor<S: Changing>(
    /// What it does in the end.
    action: ServerAction<S>,
    /// The name so far, where there is one.
    old: Option<String>,
    /// What stands in the fields where the URL says nothing.
    begin: ObjectiveForm,
    /// The page's own path.
    path: String,
    /// What the button says.
    verb: &'static str,
) -> AnyView {
    let query = use_query();
    let known = old.is_some();
    let (first, tried_at_first, past) = query.with_untracked(|query| {
        let past = query.text(PAST).unwrap_or_else(|| "7d".to_owned());
        (form_of(query, &begin), was_tried(query) || known, past)
    });
    let draft = RwSignal::new(first.clone());
    let past = RwSignal::new(past);
    // What the backtest goes by; it follows the draft when that rests.
    let tried = RwSignal::new(tried_at_first.then_some(first));
    let mut rest = debounce(REST, move |form: ObjectiveForm| tried.set(Some(form)));
    Effect::new(move |before: Option<ObjectiveForm>| {
        let now = draft.get();
        if before.is_some_and(|before| before != now) {
            rest(now.clone());
        }
        now
    });
    let backtest = use_backtest(tried, past);
    let refused = move || {
        action
            .value()
            .with(|value| value.as_ref().and_then(|value| value.as_ref().err().cloned()))
    };
    let mistake = Memo::new(move |_| match refused() {
        Some(Failure::Field(error)) => Some(error),
        _ => tried.with(|tried| tried.as_ref().and_then(mistake_so_far)),
    });
    let hidden = old.map(|old| view! { <input type="hidden" name="old" value=old /> });
    let cancel = if known {
        path.trim_end_matches("/edit").to_owned()
    } else {
        "/slos".to_owned()
    };
    view! {
        <ChangeFailure action />
        <div class="slo-editor">
            <div class="slo-form-side" on:input=move |event| follow(&event, draft, past)>
                <Change action label="SLO" class="slo-form">
                    {hidden}
                    <Fields draft past mistake backtest />
                    <div class="slo-form-go">
                        <Reason />
                        <RunBacktest path />
                        <button class="button primary" type="submit">{verb}</button>
                        <a href=cancel>"Cancel"</a>
                    </div>
                    <Elsewhere mistake />
                </Change>
            </div>
            <BacktestPanel backtest />
        </div>
    }
    .into_any()
}

/// The way to a backtest without JavaScript, and what the Enter key does. Where WASM runs the backtest is there already.
#[component]
fn RunBacktest(path: String) -> AnyView {
    view! {
        <button class="button" type="submit" formmethod="get" formaction=path formnovalidate=true on:click=|event| event.prevent_default()>
            "Run backtest"
        </button>
    }
    .into_any()
}

/// A mistake in no field of the form.
#[component]
fn Elsewhere(mistake: Memo<Option<FieldError>>) -> impl IntoView {
    move || {
        let told = mistake
            .get()
            .filter(|error| ["range", "reason"].contains(&error.field.as_str()))?;
        Some(view! { <p class="mistake" role="alert">{told.message}</p> })
    }
}

/// Takes over what stands in the fields.
#[cfg(feature = "hydrate")]
fn follow(event: &leptos::ev::Event, draft: RwSignal<ObjectiveForm>, past: RwSignal<String>) {
    use leptos::wasm_bindgen::JsCast;
    use leptos::web_sys::{FormData, HtmlFormElement, UrlSearchParams};

    use crate::url::Query;

    let filled = || {
        let target = event.target()?.dyn_into::<web_sys::Element>().ok()?;
        // A slider has no name: it fills in the field beside it.
        target.get_attribute("name")?;
        let form = target.closest("form").ok()??.dyn_into::<HtmlFormElement>().ok()?;
        let data = FormData::new_with_form(&form).ok()?;
        let params = UrlSearchParams::new_with_str_sequence_sequence(&data).ok()?;
        Some(Query::parse(&params.to_string().as_string()?))
    };
    if let Some(query) = filled() {
        draft.set(form_of(&query, &ObjectiveForm::default()));
        past.set(query.text(PAST).unwrap_or_default());
    }
}

/// There is nobody who types on a server.
#[cfg(not(feature = "hydrate"))]
fn follow(_event: &leptos::ev::Event, _draft: RwSignal<ObjectiveForm>, _past: RwSignal<String>) {}
