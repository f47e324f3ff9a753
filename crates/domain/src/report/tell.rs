//! A report in plain words.

use super::{CauseKind, ContractPart, ObjectiveRow, Report, ReportState};
use crate::kit::number::short;
use crate::kit::percent::with_sign;
use crate::kit::plural::counted;
use crate::kit::{duration, list, percent};
use crate::sla::Standing;

/// How an objective went, in a sentence.
pub(super) fn of_objective(row: &ObjectiveRow, running: bool) -> String {
    let target = with_sign(row.target.share());
    let total = short(row.measure.count.total);
    let few = if row.enough { "" } else { ", too few to be sure" };
    let part = if row.covered < 1.0 && !running {
        format!(", with counts of {} of the time", with_sign(row.covered))
    } else {
        String::new()
    };
    match (row.met, row.compliance) {
        (None, Some(share)) => format!(
            "{} has counts for only {} of the time: {} of {total} were good, too little to tell whether it met its target of {target}.",
            row.title,
            with_sign(row.covered),
            with_sign(share)
        ),
        (Some(met), Some(share)) => {
            let verb = match (met, running) {
                (true, false) => "met",
                (false, false) => "missed",
                (true, true) => "meets",
                (false, true) => "misses",
            };
            format!(
                "{} {verb} its target of {target}: {} of {total} were good{few}{part}.",
                row.title,
                with_sign(share)
            )
        }
        _ => format!("{} had no events, so it could not be judged.", row.title),
    }
}

/// Writes the sentences of a report from its figures.
pub fn tell(report: &mut Report) {
    let running = report.head.state == ReportState::Running;
    for row in &mut report.objectives {
        row.sentence = of_objective(row, running);
    }
    let mut said = vec![head(report, running)];
    let missed = || report.objectives.iter().filter(|row| row.met == Some(false));
    said.extend(missed().map(|row| row.sentence.clone()));
    for row in missed() {
        said.extend(cause(row));
    }
    let silent: Vec<&str> = report
        .objectives
        .iter()
        .filter(|row| row.compliance.is_none())
        .map(|row| row.title.as_str())
        .collect();
    if !silent.is_empty() {
        said.push(format!("No events were counted for {}.", list::commas(silent)));
    }
    let partly = report
        .objectives
        .iter()
        .filter(|row| row.met.is_none() && row.compliance.is_some());
    said.extend(partly.map(|row| row.sentence.clone()));
    said.push(alerts(report));
    let excluded: u64 = report.objectives.iter().map(|row| row.excluded).sum();
    match excluded {
        0 => {}
        1 => said.push("1 event was excluded.".to_owned()),
        some => said.push(format!("{} events were excluded.", short(some))),
    }
    report.sentences = said;
    if let Some(part) = &mut report.contracts {
        part.sentences = contracts(part);
    }
}

fn head(report: &Report, running: bool) -> String {
    let judged = report.objectives.iter().filter(|row| row.met.is_some()).count();
    let met = report.objectives.iter().filter(|row| row.met == Some(true)).count();
    let when = report.head.label.spoken();
    let of = report
        .head
        .team
        .as_ref()
        .map(|team| format!(" of {team}"))
        .unwrap_or_default();
    if judged == 0 && report.objectives.iter().all(|row| row.compliance.is_none()) {
        return format!("No events were counted for any SLO{of} in {when}.");
    }
    if judged == 0 {
        return format!("No SLO{of} could be judged in {when}.");
    }
    let lead = if running { "So far in" } else { "In" };
    let were = if running { "are" } else { "were" };
    match (met, judged) {
        (1, 1) => format!(
            "{lead} {when} the one SLO{of} {} met.",
            if running { "is" } else { "was" }
        ),
        (met, judged) if met == judged => format!("{lead} {when} all {judged} SLOs{of} {were} met."),
        (met, judged) => format!(
            "{lead} {when} {met} of {}{of} {were} met.",
            counted(judged as u64, "SLO", "SLOs")
        ),
    }
}

/// What most of the bad events lie near to.
fn cause(row: &ObjectiveRow) -> Option<String> {
    let first = row.spent_on.first()?;
    let share = format!("{} %", percent::fixed(first.share, 0));
    Some(match first.kind {
        CauseKind::Change => format!(
            "{share} of the bad events of {} came within hours of the change to {}.",
            row.title, first.label
        ),
        CauseKind::Incident => format!(
            "{share} of the bad events of {} came during the {}.",
            row.title, first.label
        ),
        CauseKind::Unexplained => format!("No change and no alert explains the bad events of {}.", row.title),
    })
}

fn alerts(report: &Report) -> String {
    let figures = report.alerts;
    let all = figures.pages + figures.tickets;
    if all == 0 {
        return "No alerts fired.".to_owned();
    }
    let fired = format!(
        "{} and {} fired",
        counted(u64::from(figures.pages), "page", "pages"),
        counted(u64::from(figures.tickets), "ticket", "tickets")
    );
    match figures.median_ack_seconds {
        Some(median) => format!(
            "{fired}; {} of {all} were acknowledged, after {} at the median.",
            figures.acknowledged,
            duration::rough((median * 1e9) as u64)
        ),
        None => format!("{fired}; none was acknowledged."),
    }
}

fn contracts(part: &ContractPart) -> Vec<String> {
    if part.rows.is_empty() {
        return vec!["There are no SLAs in this period.".to_owned()];
    }
    let mut said = Vec::new();
    for row in &part.rows {
        let outcome = &row.record.outcome;
        let label = row.record.label.spoken();
        let (was, running) = if row.record.number == 0 {
            ("is", true)
        } else {
            ("was", false)
        };
        let mut sentence = match outcome.standing {
            Standing::Met => format!("{} with {} {was} met in {label}", row.title, row.customer),
            Standing::Incomplete => format!(
                "Only a part of {label} was counted for {} with {}: that part meets its targets, but the whole period could not be judged, so it has no consequences",
                row.title, row.customer
            ),
            Standing::NoData => format!(
                "No events were counted for {} with {} in {label}, so it has no consequences",
                row.title, row.customer
            ),
            Standing::Missed => {
                let mut follows = Vec::new();
                if outcome.credit.minor > 0 {
                    follows.push(format!("a credit of {}", outcome.credit));
                }
                if outcome.notice {
                    follows.push("a right to give notice".to_owned());
                }
                if outcome.review {
                    follows.push("a review".to_owned());
                }
                let what = if follows.is_empty() {
                    "no consequence".to_owned()
                } else {
                    list::and(follows)
                };
                let follow = if running { "would follow" } else { "follows" };
                format!(
                    "{} with {} {was} missed in {label}: {what} {follow}",
                    row.title, row.customer
                )
            }
        };
        if running {
            sentence.push_str(", as it stands now");
        }
        sentence.push('.');
        said.push(sentence);
    }
    if !part.credits.is_empty() {
        said.push(format!("Credits total {}.", list::and(&part.credits)));
    }
    said
}

#[cfg(test)]
mod tests;
