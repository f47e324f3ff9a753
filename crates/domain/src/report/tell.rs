//! A report in plain words.

use super::{CauseKind, ContractPart, ObjectiveRow, Report, ReportState};
use crate::sla::Standing;

/// A share as people write it, with as many decimals as it takes to tell it from 100 %: `98.41 %`, `99.9987 %`.
pub fn percent(share: f64) -> String {
    let percent = share * 100.0;
    let missing = 100.0 - percent;
    let decimals: usize = match missing {
        m if m <= 0.0 || m >= 0.1 => 2,
        m if m >= 0.01 => 3,
        m if m >= 0.001 => 4,
        _ => 6,
    };
    // Never up: what is missing is missing. A share that is a whole number of the last digit may lie a hair below it.
    let scale = 10_f64.powi(decimals as i32);
    let shown = if missing > 0.0 {
        ((percent * scale + 1e-6).floor() / scale).min(100.0 - 1.0 / scale)
    } else {
        100.0
    };
    format!("{} %", trimmed(&format!("{shown:.decimals$}")))
}

fn trimmed(number: &str) -> &str {
    if number.contains('.') {
        number.trim_end_matches('0').trim_end_matches('.')
    } else {
        number
    }
}

/// How many, with at most three digits: `812`, `1.2 M`.
pub fn events(count: u64) -> String {
    let value = count as f64;
    let (value, unit) = match value {
        n if n < 10_000.0 => return count.to_string(),
        n if n < 999_500.0 => (n / 1e3, "k"),
        n if n < 999_500_000.0 => (n / 1e6, "M"),
        n => (n / 1e9, "G"),
    };
    let decimals = usize::from(value < 99.95);
    format!("{} {unit}", trimmed(&format!("{value:.decimals$}")))
}

fn seconds(seconds: f64) -> String {
    match seconds {
        s if s < 120.0 => format!("{s:.0} s"),
        s if s < 7200.0 => format!("{:.0} min", s / 60.0),
        s if s < 172_800.0 => format!("{:.1} h", s / 3600.0),
        s => format!("{:.1} days", s / 86_400.0),
    }
}

fn plural(count: u64, one: &str, many: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { many })
}

/// How an objective went, in a sentence.
pub(super) fn of_objective(row: &ObjectiveRow, running: bool) -> String {
    let target = percent(row.target.share());
    let counted = events(row.measure.count.total);
    let few = if row.enough { "" } else { ", too few to be sure" };
    let part = if row.covered < 1.0 && !running {
        format!(", with counts of {} of the time", percent(row.covered))
    } else {
        String::new()
    };
    match (row.met, row.compliance) {
        (None, Some(share)) => format!(
            "{} has counts for only {} of the time: {} of {counted} were good, too little to tell whether it met its target of {target}.",
            row.title,
            percent(row.covered),
            percent(share)
        ),
        (Some(met), Some(share)) => {
            let verb = match (met, running) {
                (true, false) => "met",
                (false, false) => "missed",
                (true, true) => "meets",
                (false, true) => "misses",
            };
            format!(
                "{} {verb} its target of {target}: {} of {counted} were good{few}{part}.",
                row.title,
                percent(share)
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
        said.push(format!("No events were counted for {}.", silent.join(", ")));
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
        some => said.push(format!("{} events were excluded.", events(some))),
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
            plural(judged as u64, "SLO", "SLOs")
        ),
    }
}

/// What most of the bad events lie near to.
fn cause(row: &ObjectiveRow) -> Option<String> {
    let first = row.spent_on.first()?;
    let share = format!("{:.0} %", first.share * 100.0);
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
        plural(u64::from(figures.pages), "page", "pages"),
        plural(u64::from(figures.tickets), "ticket", "tickets")
    );
    match figures.median_ack_seconds {
        Some(median) => format!(
            "{fired}; {} of {all} were acknowledged, after {} at the median.",
            figures.acknowledged,
            seconds(median)
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
                    follows.join(" and ")
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
        let sums: Vec<String> = part.credits.iter().map(ToString::to_string).collect();
        said.push(format!("Credits total {}.", sums.join(" and ")));
    }
    said
}

#[cfg(test)]
mod tests;
