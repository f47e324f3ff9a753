//! What people say of the objective, what a spent budget does, and the end of the promise.

use leptos::prelude::*;
use pointsman_domain::slo::Policy;

use super::Known;
use crate::components::{Change, Confirm, PickOne, Reason, Told};
use crate::format;
use crate::serverfns::slo::{RemoveSlo, SetBudgetPolicy};

/// What a policy does, as one says it.
fn policy_words(policy: Policy) -> &'static str {
    match policy {
        Policy::Nothing => "nothing",
        Policy::Warn => "who changes routing or rollouts is warned",
        Policy::Block => "only an admin with a reason changes routing and rollouts",
    }
}

/// The rest of the page.
#[component]
pub(super) fn About(view: Known, policy: ServerAction<SetBudgetPolicy>, remove: ServerAction<RemoveSlo>) -> AnyView {
    let facts = view.part(|view| {
        let summary = &view.detail.summary;
        (
            summary.objective.clone(),
            summary.counted_from_ns,
            summary.revision,
            view.policy,
        )
    });
    let may = view.part(|view| (view.detail.may_edit, view.may_set_policy));
    let pairs = move || {
        let (objective, counted_from_ns, revision, policy) = facts.get()?;
        let description = if objective.description.is_empty() {
            view! { <span class="none">"not given"</span> }.into_any()
        } else {
            objective.description.to_string().into_any()
        };
        let runbook = if objective.runbook.is_empty() {
            view! { <span class="none">"not given"</span> }.into_any()
        } else {
            let address = objective.runbook.to_string();
            let href = address.clone();
            view! { <a href=href rel="external noopener noreferrer">{address}</a> }.into_any()
        };
        let counted =
            counted_from_ns.map_or_else(|| "not yet".to_owned(), |at| format!("since {} UTC", format::stamp(at)));
        let absent = objective.absent_minutes.map_or_else(
            || "nobody".to_owned(),
            |minutes| format!("by ticket after {minutes} min"),
        );
        Some(view! {
            <dl class="pairs about">
                <div><dt>"Description"</dt><dd>{description}</dd></div>
                <div><dt>"Runbook"</dt><dd>{runbook}</dd></div>
                <div><dt>"Counted"</dt><dd>{counted}</dd></div>
                <div><dt>"Missing events call"</dt><dd>{absent}</dd></div>
                <div><dt>"Revision"</dt><dd>{revision}</dd></div>
                <div><dt>"A spent budget does"</dt><dd>{policy_words(policy)}</dd></div>
            </dl>
        })
    };
    let offers = move || {
        let ((may_edit, may_set_policy), (objective, _, _, current)) = (may.get()?, facts.get()?);
        let set = may_set_policy.then(|| {
            view! { <SetIt service=objective.service.to_string() current policy /> }
        });
        let away = may_edit.then(|| {
            view! {
                <Confirm action=remove verb="Remove it" what="Nobody is called about it any longer. Its alerts stay in the history, its counts do not.">
                    <input type="hidden" name="name" value=objective.name.to_string() />
                </Confirm>
            }
        });
        Some(view! { <div class="offers">{set} {away}</div> })
    };
    view! {
        <section class="section" aria-labelledby="about">
            <h2 id="about">"About it"</h2>
            <Told action=policy />
            {pairs}
            {offers}
        </section>
    }
    .into_any()
}

#[component]
fn SetIt(service: String, current: Policy, policy: ServerAction<SetBudgetPolicy>) -> AnyView {
    let options = Policy::ALL
        .iter()
        .map(|policy| (policy.word().to_owned(), policy_words(*policy).to_owned()));
    let options: Vec<_> = options.collect();
    view! {
        <details class="offer">
            <summary>"Say what a spent budget does"</summary>
            <Change action=policy label="Say what a spent budget does">
                <p class="quiet">{format!("Of all objectives of {service}.")}</p>
                <input type="hidden" name="service" value=service />
                <PickOne name="policy" label="It does" options chosen=current.word() class="entry-role" />
                <Reason />
                <button class="button primary" type="submit">"Say so"</button>
            </Change>
        </details>
    }
    .into_any()
}
