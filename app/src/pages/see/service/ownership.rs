//! What people say of the service: who owns it, what it is for, what to do when it fails. It reads by itself and only when the
//! reader changed something, so that live data do not disturb who fills in a form.

use leptos::prelude::*;
use pointsman_domain::people::read::ServiceRecord;

use crate::components::{Change, ChangeFailure, Loaded, Reason, Section, Select, TextInput, use_change};
use crate::live::use_live;
use crate::serverfns::service::{AssignService, EditService, read_service_record};
use crate::url::{segment, use_shared};

/// Who owns the service.
#[component]
pub(super) fn Ownership(name: Memo<String>) -> AnyView {
    let live = use_live();
    let (edit, assign) = (use_change::<EditService>(), use_change::<AssignService>());
    let record = Resource::new(
        move || (name.get(), live.asked.get()),
        |(name, _)| read_service_record(name),
    );
    view! {
        <Section id="ownership" title="Ownership">
            <ChangeFailure action=edit />
            <ChangeFailure action=assign />
            <Loaded resource=record let:record>
                <Record record edit assign />
            </Loaded>
        </Section>
    }
    .into_any()
}

#[component]
fn Record(record: ServiceRecord, edit: ServerAction<EditService>, assign: ServerAction<AssignService>) -> AnyView {
    let shared = use_shared();
    let service = record.service.to_string();
    let team = match &record.team {
        Some(team) => {
            let path = format!("/teams/{}", segment(team));
            view! { <a href=move || shared.with(|shared| shared.link(&path, &[]))>{team.to_string()}</a> }.into_any()
        }
        None => view! { <span class="none">"none: only admins can edit it"</span> }.into_any(),
    };
    let link = |address: &str| {
        if address.is_empty() {
            return view! { <span class="none">"not set"</span> }.into_any();
        }
        let address = address.to_owned();
        let href = address.clone();
        view! { <a href=href rel="external noopener noreferrer">{address}</a> }.into_any()
    };
    let description = if record.description.is_empty() {
        view! { <span class="none">"not set"</span> }.into_any()
    } else {
        record.description.to_string().into_any()
    };
    let audit = record.may_read_audit.then(|| {
        let service = service.clone();
        let href = move || shared.with(|shared| shared.link("/audit", &[("service", &service)]));
        view! { <p class="offer-link"><a href=href>"Audit"</a></p> }
    });
    let editing = record.may_edit.then(|| view! { <Edit record=record.clone() edit /> });
    let assigning = record
        .may_assign
        .then(|| view! { <Assign record=record.clone() assign /> });
    view! {
        <dl class="pairs about">
            <div><dt>"Team"</dt><dd>{team}</dd></div>
            <div><dt>"Description"</dt><dd>{description}</dd></div>
            <div><dt>"Runbook"</dt><dd>{link(&record.runbook)}</dd></div>
            <div><dt>"Repository"</dt><dd>{link(&record.repository)}</dd></div>
        </dl>
        <div class="offers">{editing} {assigning} {audit}</div>
    }
    .into_any()
}

#[component]
fn Edit(record: ServiceRecord, edit: ServerAction<EditService>) -> AnyView {
    view! {
        <details class="offer">
            <summary>"Edit"</summary>
            <Change action=edit label="Edit service details">
                <input type="hidden" name="service" value=record.service.to_string() />
                <TextInput name="description" label="Description" value=record.description.to_string() most=500 class="entry-wide"
                    hint="What the service is for" />
                <TextInput name="runbook" label="Runbook" kind="url" value=record.runbook.to_string() class="entry-wide"
                    placeholder="https://" hint="What to do when it fails" />
                <TextInput name="repository" label="Repository" kind="url" value=record.repository.to_string() class="entry-wide"
                    placeholder="https://" />
                <Reason />
                <button class="button primary" type="submit">"Save"</button>
            </Change>
        </details>
    }
    .into_any()
}

#[component]
fn Assign(record: ServiceRecord, assign: ServerAction<AssignService>) -> AnyView {
    let none = (String::new(), "no team".to_owned());
    let teams = record.teams.iter().map(|team| (team.to_string(), team.to_string()));
    let options: Vec<_> = std::iter::once(none).chain(teams).collect();
    let chosen = record.team.as_ref().map(ToString::to_string).unwrap_or_default();
    view! {
        <details class="offer">
            <summary>"Assign to a team"</summary>
            <Change action=assign label="Assign to a team">
                <input type="hidden" name="service" value=record.service.to_string() />
                <Select name="team" label="Team" options chosen />
                <Reason />
                <button class="button primary" type="submit">"Assign"</button>
            </Change>
        </details>
    }
    .into_any()
}
