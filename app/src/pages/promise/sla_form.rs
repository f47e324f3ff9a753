//! The form of a contract (`/slas/new`, `/slas/{name}/edit`).

use leptos::prelude::*;
use leptos_meta::Title;
use pointsman_domain::kit::field::FieldError;
use pointsman_domain::sla::ContractForm;

use crate::components::{Change, ChangeFailure, Changing, Choice, Field, Lines, Loaded, Reason, mistakes, use_change};
use crate::failure::Failure;
use crate::live::use_live;
use crate::pages::promise::sla::NoContract;
use crate::serverfns::sla::{CreateSla, EditSla, read_sla};
use crate::site_map;
use crate::url::use_subject;

const UNITS: &[(&str, &str)] = &[("month", "month"), ("quarter", "quarter")];
const LEFT_OUT: &[(&str, &str)] = &[("yes", "does not count"), ("no", "counts")];

/// Makes a contract.
#[component]
pub fn NewSlaPage() -> AnyView {
    let create = use_change::<CreateSla>();
    view! {
        <Title text=site_map::NEW_SLA.title />
        <h1>{site_map::NEW_SLA.title}</h1>
        <Form action=create old=None begin=ContractForm::default() verb="Create SLA" />
    }
    .into_any()
}

/// Changes a contract.
#[component]
pub fn EditSlaPage() -> AnyView {
    let live = use_live();
    let edit = use_change::<EditSla>();
    let name = use_subject("slas");
    let resource = Resource::new(move || (name.get(), live.asked.get()), |(name, _)| read_sla(name));
    view! {
        <Title text=move || format!("Edit {}", name.get()) />
        <h1>"Edit " {name}</h1>
        <Loaded resource let:detail>
            {match detail {
                Some(detail) => {
                    let begin = ContractForm::of(&detail.summary.contract);
                    let old = Some(begin.name.clone());
                    view! { <Form action=edit old begin verb="Save" /> }.into_any()
                }
                None => view! { <NoContract name=name.get_untracked() /> }.into_any(),
            }}
        </Loaded>
    }
    .into_any()
}

#[component]
fn Form<S: Changing>(
    /// What it does.
    action: ServerAction<S>,
    /// The name so far, where there is one.
    old: Option<String>,
    /// What stands in the fields.
    begin: ContractForm,
    /// What the button says.
    verb: &'static str,
) -> AnyView {
    let mistake: Memo<Option<FieldError>> = Memo::new(move |_| {
        let value = action.value();
        value.with(|value| match value {
            Some(Err(Failure::Field(error))) => Some(error.clone()),
            _ => None,
        })
    });
    let wrong = mistakes(mistake);
    let leave = old
        .as_ref()
        .map_or_else(|| "/slas".to_owned(), |name| format!("/slas/{name}"));
    let hidden = old.map(|old| view! { <input type="hidden" name="old" value=old /> });
    let value = |text: String| Signal::stored(text);
    view! {
        <ChangeFailure action />
        <Change action label="SLA" class="slo-form">
            {hidden}
            <fieldset>
                <legend>"Customer"</legend>
                <Field name="customer" label="Customer or team" value=value(begin.customer) mistake=wrong("customer") placeholder="ACME" />
                <Field name="name" label="Name (used in URLs)" value=value(begin.name) mistake=wrong("name") placeholder="acme" />
                <Field name="title" label="Title" value=value(begin.title) mistake=wrong("title") />
                <Lines name="description" label="Description" value=value(begin.description) mistake=wrong("description") />
            </fieldset>
            <fieldset>
                <legend>"SLOs and period"</legend>
                <Lines name="terms" label="SLOs, one per line, each with its target in percent" value=value(begin.terms) mistake=wrong("terms") placeholder="checkout-fast 99" />
                <Choice name="unit" label="Period" value=value(begin.unit) mistake=wrong("unit") options=UNITS class="field-choice" />
                <Field name="zone" label="Time zone" value=value(begin.zone) mistake=wrong("zone") placeholder="Europe/Berlin" />
                <Field name="starts" label="First day" value=value(begin.starts) mistake=wrong("starts") placeholder="2026-10-01" />
                <Field name="ends" label="Last day" value=value(begin.ends) mistake=wrong("ends") placeholder="none" />
                <Choice name="honours_exclusions" label="Excluded time" value=value(begin.honours_exclusions) mistake=wrong("honours_exclusions") options=LEFT_OUT class="field-choice" />
            </fieldset>
            <fieldset>
                <legend>"Consequences"</legend>
                <Field name="amount" label="Amount per period" value=value(begin.amount) mistake=wrong("amount") placeholder="1200.00 EUR" />
                <Lines name="tiers" label="Tiers from the mildest, one per line: below how many percent, the credit in percent, and `review` or `notice`"
                    value=value(begin.tiers) mistake=wrong("tiers") placeholder="99 10" />
            </fieldset>
            <div class="slo-form-go">
                <Reason />
                <button class="button primary" type="submit">{verb}</button>
                <a href=leave>"Cancel"</a>
            </div>
        </Change>
    }
    .into_any()
}
