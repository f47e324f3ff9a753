//! Tokens: the table of them, and the form of a new one.

use leptos::prelude::*;
use pointsman_domain::Text;
use pointsman_domain::people::form::{MAX_TOKEN_DAYS, TokenForm};
use pointsman_domain::people::read::TokenSummary;
use pointsman_domain::people::{Scope, Services};

use super::{Column, Confirm, DataTable, ServiceName, Stamp, TextInput};
use crate::serverfns::token::RevokeToken;
use crate::views::people;

/// What programs show, each with a way to end it.
#[component]
pub fn TokenTable(
    /// The tokens.
    tokens: Vec<TokenSummary>,
    /// Ends one.
    revoke: ServerAction<RevokeToken>,
    /// Whether it says whose they are; to end another's takes a reason.
    owners: bool,
) -> AnyView {
    let rows = tokens
        .into_iter()
        .map(|token| view! { <Row token revoke owners /> })
        .collect_view();
    let mut columns = vec![Column::text("Name")];
    if owners {
        columns.push(Column::text("Owner"));
    }
    columns.extend([
        Column::text("Scopes"),
        Column::text("Services"),
        Column::moment("Created"),
        Column::moment("Last used"),
        Column::moment("Expires"),
        Column::unseen("Actions"),
    ]);
    view! { <DataTable class="people" columns>{rows}</DataTable> }.into_any()
}

#[component]
fn Row(token: TokenSummary, revoke: ServerAction<RevokeToken>, owners: bool) -> AnyView {
    let name = token.name.to_string();
    let owner = owners.then(|| match token.owner {
        Some(owner) => view! { <td>{owner.to_string()}</td> }.into_any(),
        None => view! { <td><span class="quiet">"command line"</span></td> }.into_any(),
    });
    let services = match token.services {
        Services::All => view! { <span class="quiet">"all"</span> }.into_any(),
        Services::Named(names) => {
            let names = names
                .into_iter()
                .map(|name| view! { <li><ServiceName name=name.to_string() /></li> });
            view! { <ul class="names">{names.collect_view()}</ul> }.into_any()
        }
    };
    let used = match token.last_used_ns {
        Some(at) => view! { <Stamp at /> }.into_any(),
        None => view! { <span class="none">"never"</span> }.into_any(),
    };
    let what = format!("Programs that use {name} are refused within half a minute.");
    view! {
        <tr>
            <th scope="row">{name}</th>
            {owner}
            <td>{people::scopes(&token.scopes)}</td>
            <td>{services}</td>
            <td><Stamp at=token.created_ns /></td>
            <td>{used}</td>
            <td><Stamp at=token.expires_ns /></td>
            <td class="row-change">
                <Confirm action=revoke verb="Revoke" what reason=owners>
                    <input type="hidden" name="id" value=token.id.to_string() />
                    {(!owners).then(|| view! { <input type="hidden" name="reason" value="" /> })}
                </Confirm>
            </td>
        </tr>
    }
    .into_any()
}

/// The form of a new token. It posts to the server itself, which answers with the secret on a page of its own: a secret never
/// stands in a URL.
#[component]
pub fn NewTokenForm(
    /// What stands in it.
    form: TokenForm,
    /// What the token can be for.
    scopes: Vec<Scope>,
    /// Which services it can name; all where empty.
    services: Vec<Text>,
    /// Whether it is unfolded.
    open: bool,
) -> AnyView {
    let boxes = scopes.into_iter().map(|scope| {
        let checked = form.scopes.contains(&scope);
        view! {
            <label class="check">
                <input type="checkbox" name="scope" value=scope.word() checked=checked />
                {format!("{scope}: {}", people::scope_words(scope))}
            </label>
        }
    });
    let bound = !services.is_empty();
    let options = services
        .iter()
        .map(|name| view! { <option value=name.to_string()></option> })
        .collect_view();
    let hint = if bound {
        "Service names; a token that sends telemetry must name services of your teams"
    } else {
        "Comma-separated service names; leave empty for all, including new ones"
    };
    view! {
        <details class="offer" open=open>
            <summary>"New token"</summary>
            <form class="change" method="post" action="/profile/tokens" aria-label="New token">
                <TextInput name="name" label="Name" value=form.name hint="What the token is for: ci, collector-1" required=true most=100 />
                <fieldset class="checks">
                    <legend>"Scopes"</legend>
                    {boxes.collect_view()}
                </fieldset>
                <TextInput name="services" label="Services" value=form.services hint most=2000 list="token-services" class="entry-wide" />
                <div class="entry entry-short">
                    <label>
                        <span>"Valid for, days"</span>
                        <input name="days" type="number" min="1" max=MAX_TOKEN_DAYS.to_string() value=form.days.to_string() required=true />
                    </label>
                </div>
                <datalist id="token-services">{options}</datalist>
                <button class="button primary" type="submit">"Create token"</button>
            </form>
        </details>
    }
    .into_any()
}
