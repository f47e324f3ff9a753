//! Where one is signed in.

use leptos::prelude::*;
use pointsman_domain::people::read::SessionSummary;

use crate::components::{Change, ChangeFailure, Column, DataTable, Section, Stamp};
use crate::serverfns::account::{EndOtherSessions, EndSession};
use crate::views::people::browser;

/// The sessions, each with a way to end it.
#[component]
pub(super) fn Sessions(
    sessions: Vec<SessionSummary>,
    end: ServerAction<EndSession>,
    end_others: ServerAction<EndOtherSessions>,
) -> AnyView {
    let others = (sessions.iter().filter(|session| !session.current).count() > 1).then(|| {
        view! {
            <Change action=end_others class="change-line">
                <button class="button" type="submit">"Sign out all other sessions"</button>
            </Change>
        }
    });
    let rows = sessions
        .into_iter()
        .map(|session| view! { <Row session end /> })
        .collect_view();
    view! {
        <Section id="sessions" title="Sessions">
            <ChangeFailure action=end />
            <ChangeFailure action=end_others />
            <DataTable class="people" columns=vec![
                Column::text("Browser"),
                Column::text("Address"),
                Column::moment("Started"),
                Column::moment("Last used"),
                Column::moment("Expires"),
                Column::unseen("Actions"),
            ]>
                {rows}
            </DataTable>
            {others}
        </Section>
    }
    .into_any()
}

#[component]
fn Row(session: SessionSummary, end: ServerAction<EndSession>) -> AnyView {
    let words = browser(&session.agent);
    let last = if session.current {
        view! { <span class="tag">"this session"</span> }.into_any()
    } else {
        view! {
            <Change action=end label=format!("Sign out {words}")>
                <input type="hidden" name="id" value=session.id.to_string() />
                <button class="link" type="submit">"Sign out"</button>
            </Change>
        }
        .into_any()
    };
    view! {
        <tr>
            <th scope="row" title=session.agent.to_string()>{words}</th>
            <td class="mono">{session.address.to_string()}</td>
            <td><Stamp at=session.created_ns /></td>
            <td><Stamp at=session.last_seen_ns /></td>
            <td><Stamp at=session.expires_ns /></td>
            <td class="row-change">{last}</td>
        </tr>
    }
    .into_any()
}
