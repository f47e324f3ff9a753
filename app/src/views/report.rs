//! The words of reports and contracts.

use pointsman_domain::health::Health;
use pointsman_domain::report::{AlertFigures, CauseKind, Head, ReportState};
use pointsman_domain::sla::{Contract, Outcome, Standing, Tier};
use pointsman_domain::slo::CalendarUnit;

use crate::format;

/// Whether the figures of a report can change.
pub fn state(head: &Head) -> String {
    let at = format::stamp(head.made_ns);
    match head.state {
        ReportState::Running => format!("In progress. Figures as of {at} UTC."),
        ReportState::Ended => {
            format!("The period has ended; late telemetry is counted for a day. Figures as of {at} UTC.")
        }
        ReportState::Closed => format!("Closed on {at} UTC. These figures are final."),
    }
}

/// A compliance in percent, or a dash.
pub fn good(share: Option<f64>) -> String {
    share.map_or_else(|| format::NONE.to_owned(), format::compliance)
}

/// What a cause is, before its label.
pub fn cause(kind: CauseKind) -> &'static str {
    match kind {
        CauseKind::Change => "change",
        CauseKind::Incident => "incident",
        CauseKind::Unexplained => "unexplained",
    }
}

/// "2 pages and 1 ticket; 2 acknowledged, after 4 min (median) or 6 min (mean)."
pub fn alerts(figures: &AlertFigures) -> String {
    if figures.pages + figures.tickets == 0 {
        return "No alerts.".to_owned();
    }
    let fired = format!(
        "{} and {}",
        format::counted(figures.pages.into(), "page", "pages"),
        format::counted(figures.tickets.into(), "ticket", "tickets")
    );
    let after = |seconds: f64| format::rough((seconds * 1e9) as u64);
    match (figures.median_ack_seconds, figures.mean_ack_seconds) {
        (Some(median), Some(mean)) => format!(
            "{fired}; {} acknowledged, after {} (median) or {} (mean).",
            figures.acknowledged,
            after(median),
            after(mean)
        ),
        _ => format!("{fired}; none acknowledged."),
    }
}

/// Whether a target was met: the sign and the word.
pub fn met(met: Option<bool>) -> (Health, &'static str) {
    match met {
        Some(true) => (Health::Healthy, "met"),
        Some(false) => (Health::Failing, "missed"),
        None => (Health::NoTraffic, "no data"),
    }
}

/// The same of a term of a contract.
pub fn standing(standing: Standing) -> (Health, &'static str) {
    match standing {
        Standing::Met => met(Some(true)),
        Standing::Missed => met(Some(false)),
        Standing::NoData => met(None),
        Standing::Incomplete => (Health::NoTraffic, "incomplete"),
    }
}

/// What follows from an outcome: "100.00 EUR, review"; "nothing".
pub fn follows(outcome: &Outcome) -> String {
    let credit = (outcome.credit.minor > 0).then(|| outcome.credit.to_string());
    let review = outcome.review.then(|| "review".to_owned());
    let notice = outcome.notice.then(|| "right to give notice".to_owned());
    let parts: Vec<String> = [credit, review, notice].into_iter().flatten().collect();
    if parts.is_empty() {
        "nothing".to_owned()
    } else {
        parts.join(", ")
    }
}

/// What a tier says: "10 % credit, review".
pub fn tier(tier: &Tier) -> String {
    let credit = tier
        .credit_percent
        .filter(|percent| *percent > 0.0)
        .map(|percent| format!("{percent} % credit"));
    let review = tier.review.then(|| "joint review".to_owned());
    let notice = tier.notice.then(|| "right to give notice".to_owned());
    let parts: Vec<String> = [credit, review, notice].into_iter().flatten().collect();
    parts.join(", ")
}

/// "ACME is promised 99.9 % of up and 99 % of fast each month, by the calendar of Europe/Berlin, for 1,000.00 EUR."
pub fn promise(contract: &Contract) -> String {
    let terms: Vec<String> = contract
        .terms
        .iter()
        .map(|term| format!("{} % of {}", format::exact_percent(term.target.share()), term.objective))
        .collect();
    let unit = match contract.unit {
        CalendarUnit::Quarter => "quarter",
        _ => "month",
    };
    let terms = format::list(&terms);
    format!(
        "{} is promised {terms} each {unit}, by the calendar of {}, for {}.",
        contract.customer, contract.zone, contract.amount
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_called_and_what_follows_in_words() {
        assert_eq!(alerts(&AlertFigures::default()), "No alerts.");
        assert_eq!(
            alerts(&AlertFigures::of(2, 1, vec![240.0, 600.0])),
            "2 pages and 1 ticket; 2 acknowledged, after 7 min (median) or 7 min (mean)."
        );
        assert_eq!(
            alerts(&AlertFigures::of(1, 0, vec![])),
            "1 page and 0 tickets; none acknowledged."
        );
    }
}
