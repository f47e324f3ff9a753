//! The tokens of one's programs.

use leptos::prelude::*;
use pointsman_domain::people::read::TokenSummary;

use crate::components::{ChangeFailure, Section, TokenTable};
use crate::serverfns::token::RevokeToken;

/// The tokens, each with a way to end it; `children` is the way to make one.
#[component]
pub(super) fn Tokens(tokens: Vec<TokenSummary>, revoke: ServerAction<RevokeToken>, children: Children) -> AnyView {
    let none = tokens.is_empty();
    let table = (!none).then(|| view! { <TokenTable tokens revoke owners=false /> });
    view! {
        <Section id="tokens" title="Tokens">
            <ChangeFailure action=revoke />
            {none.then(|| view! { <p class="quiet">"Programs use tokens to send telemetry or to read the API. You have none."</p> })}
            {table}
            {children()}
        </Section>
    }
    .into_any()
}
