//! Alerts: those that call somebody now, with what can be done about them, and those that are over.

use leptos::prelude::*;
use pointsman_domain::slo::{Alert, Silence};
use pointsman_domain::telemetry::UnixNanos;
use pointsman_domain::time::format_moment;

use super::{Change, Column, Confirm, DataTable, Reason, Select, ServiceName, Stamp, State};
use crate::format;
use crate::serverfns::alert::{AcknowledgeAlert, BeginSilence, EndSilence};
use crate::url::{Query, fixed, use_query};
use crate::views::slo as words;

/// How much of the time around an alert its link shows.
const AROUND_NS: u64 = 3_600_000_000_000;

/// What can be done about alerts, as far as the reader may.
#[derive(Clone, Copy)]
#[allow(missing_debug_implementations, reason = "actions have none")]
pub struct AlertChanges {
    /// Say that one looks at it.
    pub acknowledge: ServerAction<AcknowledgeAlert>,
    /// Call nobody for some time.
    pub silence: ServerAction<BeginSilence>,
    /// Call somebody again.
    pub end: ServerAction<EndSilence>,
}

/// The page of an alert's objective around the time of the alert, with the alert marked.
pub fn alert_link(alert: &Alert) -> String {
    let end_ns = alert.resolved_ns.unwrap_or(alert.opened_ns) + AROUND_NS / 4;
    let from_ns = alert.opened_ns.saturating_sub(AROUND_NS);
    let whole = |at: UnixNanos| at / 1_000_000_000 * 1_000_000_000;
    let range = fixed(whole(from_ns), whole(end_ns)).into_iter();
    let query = range.fold(Query::default(), |query, (key, value)| query.with(key, &value));
    query
        .with("alert", &alert.id.to_string())
        .link(&format!("/slos/{}", alert.objective))
}

/// An alert that has not ended.
#[component]
pub fn FiringAlert(
    /// It.
    alert: Alert,
    /// As of when.
    now_ns: UnixNanos,
    /// What can be done about it.
    changes: AlertChanges,
    /// Whether the reader may acknowledge it.
    may_acknowledge: bool,
    /// Whether the reader may silence it.
    may_silence: bool,
) -> AnyView {
    let chosen = use_query().with_untracked(|query| query.get("alert") == Some(alert.id.to_string().as_str()));
    let health = words::severity_health(alert.severity);
    let word = words::severity_word(alert.severity);
    let acknowledge = (may_acknowledge && alert.acked_by.is_none()).then(|| {
        let label = format!("Acknowledge the {word} of {}", alert.objective);
        view! {
            <Change action=changes.acknowledge label class="change-line">
                <input type="hidden" name="id" value=alert.id.to_string() />
                <button class="button primary" type="submit">"Acknowledge"</button>
            </Change>
        }
    });
    let silence = may_silence.then(|| {
        view! { <SilenceOffer service=alert.service.to_string() objective=alert.objective.to_string() action=changes.silence /> }
    });
    view! {
        <li class="alert" aria-current=chosen.then_some("true")>
            <State health word=word />
            <div class="alert-what">
                <p>
                    <a class="alert-name" href=alert_link(&alert)>{alert.objective.to_string()}</a> " "
                    <ServiceName name=alert.service.to_string() />
                    <span class="quiet">" since " <time datetime=format_moment(alert.opened_ns) title=format::exact(alert.opened_ns)>{format::moment(alert.opened_ns, now_ns)}</time> ", " {words::acknowledged(&alert)}</span>
                </p>
                <p class="alert-sentence">{format::message(&alert.sentence)}</p>
            </div>
            <div class="alert-do">{acknowledge} {silence}</div>
        </li>
    }
    .into_any()
}

/// A form that silences an objective or its whole service.
#[component]
pub fn SilenceOffer(
    service: String,
    /// Which of its objectives.
    objective: String,
    /// What it does.
    action: ServerAction<BeginSilence>,
) -> AnyView {
    let of = vec![
        (objective.clone(), objective.clone()),
        (String::new(), format!("all SLOs of {}", format::shown(&service))),
    ];
    let lengths = [
        ("30", "30 min"),
        ("60", "1 h"),
        ("240", "4 h"),
        ("1440", "1 day"),
        ("10080", "7 days"),
    ];
    let lengths = lengths
        .map(|(minutes, word)| (minutes.to_owned(), word.to_owned()))
        .to_vec();
    let label = format!("Silence {objective}");
    view! {
        <details class="offer">
            <summary>"Silence"</summary>
            <Change action label>
                <input type="hidden" name="service" value=service />
                <Select name="objective" label="Scope" options=of chosen=objective />
                <Select name="minutes" label="Duration" options=lengths chosen="60" class="entry-short" />
                <Reason />
                <button class="button primary" type="submit">"Silence"</button>
            </Change>
        </details>
    }
    .into_any()
}

/// Silences that hold.
#[component]
pub fn Silences(
    silences: Vec<Silence>,
    /// What ends one.
    end: ServerAction<EndSilence>,
    /// Whether the reader may end those of a service.
    may: Callback<String, bool>,
) -> AnyView {
    let rows = silences.into_iter().map(|silence| {
        let what = format::shown(silence.objective.as_ref().unwrap_or(&silence.service));
        let of_all = silence
            .objective
            .is_none()
            .then(|| view! { <span class="quiet">" all its SLOs"</span> });
        let ending = may.run(silence.service.to_string()).then(|| {
            let asked = format!("Notifications about {what} are sent again, immediately for alerts that still fire.");
            view! {
                <Confirm action=end verb="End silence" what=asked>
                    <input type="hidden" name="id" value=silence.id.to_string() />
                </Confirm>
            }
        });
        view! {
            <tr>
                <th scope="row">{what} {of_all}</th>
                <td><Stamp at=silence.until_ns /></td>
                <td>{silence.by.to_string()}</td>
                <td class="reason">{silence.reason.to_string()}</td>
                <td class="row-change">{ending}</td>
            </tr>
        }
    });
    let rows = rows.collect_view();
    view! {
        <DataTable class="people" columns=vec![
            Column::text("Scope"),
            Column::moment("Until"),
            Column::text("By"),
            Column::text("Reason"),
            Column::unseen("Actions"),
        ]>
            {rows}
        </DataTable>
    }
    .into_any()
}

/// Alerts that are over, newest first.
#[component]
pub fn PastAlerts(
    alerts: Vec<Alert>,
    /// Whether all are of one objective, which the page names.
    #[prop(optional)]
    of_one: bool,
) -> AnyView {
    let chosen = use_query().with_untracked(|query| query.text("alert"));
    let rows = alerts.into_iter().map(|alert| {
        let href = alert_link(&alert);
        let (health, word) = (
            words::severity_health(alert.severity),
            words::severity_word(alert.severity),
        );
        let lasted = alert
            .resolved_ns
            .map(|end| format::rough(end.saturating_sub(alert.opened_ns)));
        let here = (chosen.as_deref() == Some(alert.id.to_string().as_str())).then_some("true");
        let of = (!of_one).then(|| {
            view! { <td>{alert.objective.to_string()} " " <span class="quiet">{format::shown(&alert.service)}</span></td> }
        });
        view! {
            <tr aria-current=here>
                <td><State health word=word /></td>
                <th scope="row"><a href=href><Stamp at=alert.opened_ns /></a></th>
                {of}
                <td class="num">{lasted.unwrap_or_else(|| format::NONE.to_owned())}</td>
                <td>{words::acknowledged(&alert)}</td>
                <td class="reason">{format::message(&alert.sentence)}</td>
            </tr>
        }
    });
    let rows = rows.collect_view();
    let mut columns = vec![Column::text("Severity"), Column::moment("Started")];
    if !of_one {
        columns.push(Column::text("SLO"));
    }
    columns.extend([
        Column::figure("Duration"),
        Column::text("Acknowledged"),
        Column::text("Details"),
    ]);
    view! { <DataTable class="people" columns>{rows}</DataTable> }.into_any()
}
