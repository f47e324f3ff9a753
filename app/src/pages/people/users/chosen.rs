//! One account, to change.

use leptos::prelude::*;
use pointsman_domain::people::read::UserSummary;

use crate::components::{Change, ChangeFailure, Confirm, Reason, Select, TextInput};
use crate::serverfns::user::{EndUserSessions, SetUserDisabled, SetUserPassword, SetUserRole};
use crate::url::use_shared;
use crate::views::people::role_options;

/// What can be changed of an account.
#[derive(Clone, Copy)]
pub(super) struct Changes {
    pub(super) role: ServerAction<SetUserRole>,
    /// Whether they can sign in.
    pub(super) disabled: ServerAction<SetUserDisabled>,
    /// Where they have signed in.
    pub(super) end_sessions: ServerAction<EndUserSessions>,
    /// With which password.
    pub(super) password: ServerAction<SetUserPassword>,
}

/// One account, to change.
#[component]
pub(super) fn Chosen(user: UserSummary, changes: Changes) -> AnyView {
    let shared = use_shared();
    let name = user.name.to_string();
    let mail = (!user.email.is_empty()).then(|| user.email.to_string());
    let kept = StoredValue::new(name.clone());
    let hidden = move || view! { <input type="hidden" name="name" value=kept.get_value() /> };
    let enable = if user.disabled {
        view! {
            <Confirm action=changes.disabled verb="Enable user" what=format!("{name} can sign in again.")>
                {hidden()}
                <input type="hidden" name="disabled" value="false" />
            </Confirm>
        }
    } else {
        let what = format!("{name} can no longer sign in; their sessions end and their tokens are refused.");
        view! {
            <Confirm action=changes.disabled verb="Disable user" what>
                {hidden()}
                <input type="hidden" name="disabled" value="true" />
            </Confirm>
        }
    };
    view! {
        <section class="chosen" aria-labelledby="account">
            <div class="section-head">
                <h2 id="account">{name}</h2>
                <span class="quiet">{mail}</span>
                <a href=move || shared.with(|shared| shared.link("/users", &[]))>"Close"</a>
            </div>
            <ChangeFailure action=changes.role />
            <ChangeFailure action=changes.password />
            <ChangeFailure action=changes.disabled />
            <ChangeFailure action=changes.end_sessions />
            <details class="offer">
                <summary>"Change role"</summary>
                <Change action=changes.role label="Change role">
                    {hidden()}
                    <Select name="role" label="Role" options=role_options() chosen=user.role.word() class="entry-role" />
                    <Reason />
                    <button class="button primary" type="submit">"Save"</button>
                </Change>
            </details>
            <details class="offer">
                <summary>"Reset password"</summary>
                <Change action=changes.password label="Reset password">
                    {hidden()}
                    <TextInput name="password" label="New password" kind="password" required=true least=12 most=256
                        autocomplete="new-password" hint="At least 12 characters; all their sessions end" />
                    <Reason />
                    <button class="button primary" type="submit">"Reset password"</button>
                </Change>
            </details>
            <Confirm action=changes.end_sessions verb="Sign out everywhere" what="They are signed out everywhere, and can sign in again.">
                {hidden()}
            </Confirm>
            {enable}
        </section>
    }
    .into_any()
}
