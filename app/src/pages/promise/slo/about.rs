//! The details of the objective, what happens when its budget is exhausted, and its removal.

use leptos::prelude::*;
use pointsman_domain::slo::Policy;

use super::Known;
use crate::components::{Change, ChangeFailure, Confirm, Reason, Section, Select};
use crate::format;
use crate::serverfns::slo::{RemoveSlo, SetBudgetPolicy};

/// What a policy does, as one says it.
fn policy_words(policy: Policy) -> &'static str {
    match policy {
        Policy::Nothing => "do nothing",
        Policy::Warn => "warn on changes to routing and rollouts",
        Policy::Block => "block changes to routing and rollouts, except by admins with a reason",
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
            view! { <span class="none">"not set"</span> }.into_any()
        } else {
            objective.description.to_string().into_any()
        };
        let runbook = if objective.runbook.is_empty() {
            view! { <span class="none">"not set"</span> }.into_any()
        } else {
            let address = objective.runbook.to_string();
            let href = address.clone();
            view! { <a href=href rel="external noopener noreferrer">{address}</a> }.into_any()
        };
        let counted = counted_from_ns.map_or_else(|| "not yet".to_owned(), |at| format!("{} UTC", format::stamp(at)));
        let absent = objective
            .absent_minutes
            .map_or_else(|| "no".to_owned(), |minutes| format!("ticket after {minutes} min"));
        Some(view! {
            <dl class="pairs about">
                <div><dt>"Description"</dt><dd>{description}</dd></div>
                <div><dt>"Runbook"</dt><dd>{runbook}</dd></div>
                <div><dt>"Counted since"</dt><dd>{counted}</dd></div>
                <div><dt>"Alert when there is no data"</dt><dd>{absent}</dd></div>
                <div><dt>"Revision"</dt><dd>{revision}</dd></div>
                <div><dt>"When the budget is exhausted"</dt><dd>{policy_words(policy)}</dd></div>
            </dl>
        })
    };
    let offers = move || {
        let ((may_edit, may_set_policy), (objective, _, _, current)) = (may.get()?, facts.get()?);
        let set = may_set_policy.then(|| {
            view! { <SetPolicy service=objective.service.to_string() current policy /> }
        });
        let away = may_edit.then(|| {
            view! {
                <Confirm action=remove verb="Delete SLO" what="Nobody is notified about it any more. Its alerts stay in the history; its counts are deleted.">
                    <input type="hidden" name="name" value=objective.name.to_string() />
                </Confirm>
            }
        });
        Some(view! { <div class="offers">{set} {away}</div> })
    };
    view! {
        <Section id="about" title="Details">
            <ChangeFailure action=policy />
            {pairs}
            {offers}
        </Section>
    }
    .into_any()
}

#[component]
fn SetPolicy(service: String, current: Policy, policy: ServerAction<SetBudgetPolicy>) -> AnyView {
    let options = Policy::ALL
        .iter()
        .map(|policy| (policy.word().to_owned(), policy_words(*policy).to_owned()));
    let options: Vec<_> = options.collect();
    view! {
        <details class="offer">
            <summary>"Set budget policy"</summary>
            <Change action=policy label="Set budget policy">
                <p class="quiet">{format!("Applies to all SLOs of {service}.")}</p>
                <input type="hidden" name="service" value=service />
                <Select name="policy" label="When the budget is exhausted" options chosen=current.word() class="entry-role" />
                <Reason />
                <button class="button primary" type="submit">"Save"</button>
            </Change>
        </details>
    }
    .into_any()
}
