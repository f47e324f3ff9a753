//! Closes reports, whole and by team, and puts them into the outboxes of those who get them.
//!
//! A report closes a day after its period's end, once the contracts in it are closed: what it says of them does not change either.
//! The audit says of each period that its reports were closed, and that no person did it.

use std::time::Duration;

use pointsman_domain::Text;
use pointsman_domain::people::Action;
use pointsman_domain::period::PeriodLabel;
use pointsman_domain::report::{Report, Schedule, TREND};
use pointsman_domain::slo::{CalendarUnit, ReportNotice};
use pointsman_domain::telemetry::UnixNanos;
use pointsman_store::lock::{self, Guard, LoopName};
use pointsman_store::report::{records, schedules};
use pointsman_store::sla::{contracts, records as periods};
use pointsman_store::slo::failures::{self, Step};
use pointsman_store::slo::{objectives, outbox};
use pointsman_store::{Store, StoreError, Tx};
use serde_json::json;

use super::csv;
use super::make::{Maker, contract_labels};
use crate::access::Automation;
use crate::audit::automation::Mandate;
use crate::promise::period;
use crate::promise::sla::{GRACE, closed_all, oldest};
use crate::promise::slo::note;

/// Closes all reports that are due, unless another replica is at it; how many periods. One for which that fails is noted, and tried again with
/// growing pauses; the others are closed all the same.
pub async fn close_reports(
    store: &Store,
    now_ns: UnixNanos,
    zone: &str,
    public_url: Option<&str>,
) -> Result<usize, StoreError> {
    let mandate = match Mandate::ask(Automation::ReportMaker, Action::MakeReports, now_ns) {
        Ok(mandate) => mandate,
        Err(denial) => {
            tracing::error!(%denial, "reports are not closed");
            return Ok(0);
        }
    };
    let Some(guard) = lock::try_advisory(store, LoopName::Evaluator).await? else {
        return Ok(0);
    };
    let due = due(store, zone, now_ns).await?;
    let failing = failures::of_step(&mut *store.conn().await?, Step::Report).await?;
    let mut made = 0;
    for label in due {
        let subject = label.to_string();
        let before = failing.get(&subject);
        if before.is_some_and(|failing| failing.next_ns > now_ns) {
            continue;
        }
        match close(&guard, &mandate, store, label, zone, now_ns, public_url).await {
            Ok(false) => {}
            Ok(true) => {
                made += 1;
                if before.is_some() {
                    failures::clear(&mut *store.conn().await?, Step::Report, &subject).await?;
                }
            }
            Err(error) => note(store, Step::Report, &subject, &error, now_ns).await?,
        }
    }
    guard.release().await?;
    Ok(made)
}

/// So long after the end of its period a report waits for objectives that are not counted yet.
const WAITS: Duration = Duration::from_secs(7 * 86_400);

/// Closes the reports of one period; whether it did, or waits.
async fn close(
    guard: &Guard,
    mandate: &Mandate,
    store: &Store,
    label: PeriodLabel,
    zone: &str,
    now_ns: UnixNanos,
    public_url: Option<&str>,
) -> Result<bool, StoreError> {
    let mut at = store.snapshot().await?;
    let made = Maker::read(&mut at, label, zone, now_ns, true).await?;
    at.rollback().await?;
    let Some(maker) = made else { return Ok(false) };
    if let Some(name) = maker.uncounted()
        && now_ns < maker.ends_ns() + WAITS.as_nanos() as u64
    {
        let reason = format!("the recorded past of {name} is not counted yet");
        failures::note(
            &mut *store.conn().await?,
            Step::Report,
            &label.to_string(),
            &reason,
            now_ns,
        )
        .await?;
        return Ok(false);
    }
    let mut tx = store.begin().await?;
    guard.fence(&mut tx).await?;
    let waiting: Vec<Schedule> = schedules::all(&mut tx)
        .await?
        .into_iter()
        .filter(|schedule| schedule.unit == label.unit() && schedule.next <= label)
        .collect();
    let mut teams = maker.teams();
    teams.extend(waiting.iter().filter_map(|schedule| schedule.team.clone()));
    teams.sort();
    teams.dedup();
    let scopes: Vec<Option<&Text>> = std::iter::once(None).chain(teams.iter().map(Some)).collect();
    let mut sent = Vec::new();
    for team in scopes {
        let report = maker.report(team);
        records::insert(&mut tx, &report).await?;
        for schedule in &waiting {
            if schedule.team.as_ref() == team {
                send(&mut tx, schedule, &report, public_url, now_ns).await?;
                sent.push(&schedule.channel_name);
            }
        }
    }
    let detail = format!("closed the reports of {label}");
    let after = json!({ "teams": teams, "sent_to": sent });
    mandate.note(&mut tx, &label.to_string(), detail, after).await?;
    tx.commit().await?;
    Ok(true)
}

/// The periods that are over for long enough and not closed, oldest first: from the one in which the first objective was made, or the first
/// contract begins, but no more than a trend has.
async fn due(store: &Store, zone: &str, now_ns: UnixNanos) -> Result<Vec<PeriodLabel>, StoreError> {
    let conn = &mut *store.conn().await?;
    let Some(first_ns) = objectives::first_made(conn).await? else {
        return Ok(Vec::new());
    };
    let zone = period::known_zone(zone);
    let closed = records::closed(conn).await?;
    let all = contracts::histories(conn).await?;
    let mut due = Vec::new();
    for unit in [CalendarUnit::Month, CalendarUnit::Quarter] {
        let begun = |history: &contracts::ContractHistory| {
            let (year, month, _) = history.row.contract.starts.parts();
            PeriodLabel::of(unit, year, month)
        };
        let first = period::at(unit, &zone, first_ns)
            .into_iter()
            .chain(all.iter().filter_map(begun))
            .min();
        let now = period::at(unit, &zone, now_ns);
        let oldest = std::iter::successors(now, |label| Some(label.previous())).nth(TREND);
        let mut next = first.max(oldest);
        while let Some(label) = next
            && let Some(range) = period::range(label, &zone)
            && range.to_ns + GRACE.as_nanos() as u64 <= now_ns
        {
            if !closed.contains(&label) {
                due.push(label);
            }
            next = Some(label.next());
        }
    }
    if due.is_empty() {
        return Ok(due);
    }
    let done = periods::closed(conn).await?;
    due.retain(|label| closed_all(&all, &done, &contract_labels(*label), oldest(store, now_ns)));
    Ok(due)
}

async fn send(
    tx: &mut Tx,
    schedule: &Schedule,
    report: &Report,
    public_url: Option<&str>,
    now_ns: UnixNanos,
) -> Result<(), StoreError> {
    let label = report.head.label;
    let contracts = report.contracts.iter().flat_map(|part| &part.sentences);
    let of = report
        .head
        .team
        .as_ref()
        .map(|team| format!(" of {team}"))
        .unwrap_or_default();
    let notice = ReportNotice {
        report: label,
        team: report.head.team.clone(),
        title: format!("How {}{of} went", label.spoken()),
        sentences: report.sentences.iter().chain(contracts).cloned().collect(),
        url: public_url.map(|url| link(url, label, report.head.team.as_ref())),
        csv: csv(report),
    };
    let key = format!("report-{}-{label}", schedule.id);
    outbox::put(tx, schedule.channel, &key, None, &notice, now_ns).await?;
    schedules::set_next(tx, schedule.id, label.next()).await
}

/// Names of teams need no escaping in a URL.
fn link(public_url: &str, label: PeriodLabel, team: Option<&Text>) -> String {
    let page = format!("{}/reports/{label}", public_url.trim_end_matches('/'));
    match team {
        Some(team) => format!("{page}?team={team}"),
        None => page,
    }
}
