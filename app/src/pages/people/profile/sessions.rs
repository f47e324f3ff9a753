//! Where one is signed in.

use leptos::prelude::*;
use pointsman_domain::people::read::SessionSummary;

use crate::components::{Change, ChangeFailure, Stamp};
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
        <section class="section" aria-labelledby="sessions">
            <h2 id="sessions">"Sessions"</h2>
            <ChangeFailure action=end />
            <ChangeFailure action=end_others />
            <div class="table-wrap">
                <table class="people">
                    <thead>
                        <tr>
                            <th scope="col">"Browser"</th>
                            <th scope="col">"Address"</th>
                            <th scope="col">"Started" <span class="unit">"UTC"</span></th>
                            <th scope="col">"Last used" <span class="unit">"UTC"</span></th>
                            <th scope="col">"Expires" <span class="unit">"UTC"</span></th>
                            <th scope="col"><span class="only-read">"Actions"</span></th>
                        </tr>
                    </thead>
                    <tbody>{rows}</tbody>
                </table>
            </div>
            {others}
        </section>
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
