//! A report as CSV: an objective a line.

use pointsman_domain::report::{CauseKind, ObjectiveRow, Report};

const COLUMNS: [&str; 24] = [
    "period",
    "team",
    "objective",
    "title",
    "service",
    "service_team",
    "target",
    "compliance",
    "confidence_low",
    "confidence_high",
    "events",
    "bad_events",
    "excluded_events",
    "enough_events",
    "budget_spent",
    "met",
    "pages",
    "tickets",
    "acknowledged",
    "median_ack_seconds",
    "spent_on_changes",
    "spent_on_incidents",
    "unexplained",
    "state",
];

/// The figures of all objectives. Shares are of 1. What people wrote can't be taken for a formula by a spreadsheet.
pub fn csv(report: &Report) -> String {
    let mut writer = ::csv::Writer::from_writer(Vec::new());
    let mut write = |line: &[String]| {
        // Into memory nothing fails, and all lines have the same columns.
        let _ = writer.write_record(line);
    };
    write(&COLUMNS.map(str::to_owned));
    for row in &report.objectives {
        write(&line(report, row));
    }
    let bytes = writer.into_inner().unwrap_or_default();
    String::from_utf8_lossy(&bytes).into_owned()
}

fn line(report: &Report, row: &ObjectiveRow) -> [String; 24] {
    let number = |share: Option<f64>| share.map(|share| share.to_string()).unwrap_or_default();
    let known = |share: f64| number(row.compliance.map(|_| share));
    let spent = |kind| -> u64 {
        row.spent_on
            .iter()
            .filter(|cause| cause.kind == kind)
            .map(|cause| cause.bad)
            .sum()
    };
    [
        report.head.label.to_string(),
        plain(report.head.team.as_deref().unwrap_or_default()),
        plain(&row.name),
        plain(&row.title),
        plain(&row.service),
        plain(row.team.as_deref().unwrap_or_default()),
        row.target.share().to_string(),
        number(row.compliance),
        known(row.confidence.0),
        known(row.confidence.1),
        row.measure.count.total.to_string(),
        row.measure.count.bad().to_string(),
        row.excluded.to_string(),
        row.enough.to_string(),
        known(row.budget_spent),
        row.met.map(|met| met.to_string()).unwrap_or_default(),
        row.alerts.pages.to_string(),
        row.alerts.tickets.to_string(),
        row.alerts.acknowledged.to_string(),
        number(row.alerts.median_ack_seconds),
        spent(CauseKind::Change).to_string(),
        spent(CauseKind::Incident).to_string(),
        spent(CauseKind::Unexplained).to_string(),
        report.head.state.to_string(),
    ]
}

/// Text that a spreadsheet would take for a formula gets an apostrophe before it.
fn plain(text: &str) -> String {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r', '\n']) {
        format!("'{text}")
    } else {
        text.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_a_formula() {
        for (text, safe) in [
            ("=1+1", "'=1+1"),
            ("@cmd", "'@cmd"),
            ("-2", "'-2"),
            ("cart", "cart"),
            ("", ""),
        ] {
            assert_eq!(plain(text), safe);
        }
    }
}
