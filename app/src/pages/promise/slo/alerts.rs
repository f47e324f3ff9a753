//! The alerts of the objective that fire, those that are over, and which silences hold.

use leptos::prelude::*;

use super::Known;
use crate::components::{AlertChanges, ChangeFailure, FiringAlert, PastAlerts, Section, SilenceOffer, Silences};

/// Its alerts and silences.
#[component]
pub(super) fn Alerts(view: Known, changes: AlertChanges) -> AnyView {
    let alerts = view.part(|view| view.detail.alerts.clone());
    let silences = view.part(|view| view.detail.silences.clone());
    let may = view.part(|view| (view.may_acknowledge, view.detail.may_edit));
    let subject = view.part(|view| {
        let objective = &view.detail.summary.objective;
        (objective.service.to_string(), objective.name.to_string())
    });
    let shown = move || {
        let ((may_acknowledge, may_silence), (service, objective)) = (may.get()?, subject.get()?);
        let now_ns = view
            .0
            .with_untracked(|view| view.as_ref().map(|view| view.at_ns).unwrap_or_default());
        let (firing, past): (Vec<_>, Vec<_>) = alerts.get()?.into_iter().partition(|alert| alert.resolved_ns.is_none());
        let none = firing.is_empty().then(|| {
            view! { <p class="quiet">{if past.is_empty() { "No alerts yet." } else { "No alerts are firing." }}</p> }
        });
        let offer = (may_silence && firing.is_empty()).then(|| {
            view! { <SilenceOffer service objective action=changes.silence /> }
        });
        let firing = firing.into_iter().map(|alert| {
            view! { <FiringAlert alert now_ns changes may_acknowledge may_silence /> }
        });
        let firing = firing.collect_view();
        let past = (!past.is_empty()).then(|| view! { <PastAlerts alerts=past of_one=true /> });
        Some(view! {
            {none}
            <ul class="alerts">{firing}</ul>
            {past}
            {offer}
        })
    };
    let silenced = move || {
        let (silences, may_silence) = (silences.get()?, may.get()?.1);
        let may = Callback::new(move |_| may_silence);
        (!silences.is_empty()).then(|| view! { <Silences silences end=changes.end may /> })
    };
    view! {
        <Section id="alerts" title="Alerts">
            <ChangeFailure action=changes.acknowledge />
            <ChangeFailure action=changes.silence />
            <ChangeFailure action=changes.end />
            {silenced}
            {shown}
        </Section>
    }
    .into_any()
}
