//! The own password.

use leptos::prelude::*;

use crate::components::{Change, ChangeFailure, Section, TextInput};
use crate::serverfns::account::ChangeOwnPassword;

/// Changes it, for whoever knows the one that holds.
#[component]
pub(super) fn PasswordForm(change: ServerAction<ChangeOwnPassword>) -> AnyView {
    view! {
        <Section id="password" title="Password">
            <ChangeFailure action=change />
            <Change action=change label="Change password">
                <TextInput name="old" label="Current password" kind="password" required=true most=256 autocomplete="current-password" />
                <TextInput name="new" label="New password" kind="password" required=true least=12 most=256 autocomplete="new-password"
                    hint="At least 12 characters; a passphrase works well" />
                <button class="button" type="submit">"Change password"</button>
            </Change>
        </Section>
    }
    .into_any()
}
