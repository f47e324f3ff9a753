//! The tokens of one's programs.

use leptos::prelude::*;
use pointsman_domain::people::read::TokenSummary;

use crate::components::{ChangeFailure, TokenTable};
use crate::serverfns::token::RevokeToken;

/// The tokens, each with a way to end it; `children` is the way to make one.
#[component]
pub(super) fn Tokens(tokens: Vec<TokenSummary>, revoke: ServerAction<RevokeToken>, children: Children) -> AnyView {
    let none = tokens.is_empty();
    let table = (!none).then(|| view! { <TokenTable tokens revoke owners=false /> });
    view! {
        <section class="section" aria-labelledby="tokens">
            <h2 id="tokens">"Tokens"</h2>
            <ChangeFailure action=revoke />
            {none.then(|| view! { <p class="quiet">"Programs use tokens to send telemetry or to read the API. You have none."</p> })}
            {table}
            {children()}
        </section>
    }
    .into_any()
}
