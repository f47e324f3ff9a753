//! The form of an objective: from a URL, or what stands in the fields of a page, to what `domain` reads; and a backtest in words.

use pointsman_domain::health::Health;
use pointsman_domain::kit::field::FieldError;
use pointsman_domain::slo::{AlertSeverity, Backtest, ObjectiveForm};
use pointsman_domain::telemetry::UnixNanos;

use crate::components::ChartMark;
use crate::format;
use crate::url::Query;

/// What the URL says beside the fields of the objective: how far back a backtest goes.
pub const PAST: &str = "past";

/// The form that stands in this URL, or in the fields of a page that are written as one; what does not stand there is as in `otherwise`.
pub fn form_of(query: &Query, otherwise: &ObjectiveForm) -> ObjectiveForm {
    let mut form = serde_json::to_value(otherwise).unwrap_or_default();
    for (key, text) in query.pairs() {
        // What was emptied stays empty; what is no field of it is not its matter.
        if let Some(field) = form.get_mut(key) {
            *field = text.into();
        }
    }
    serde_json::from_value(form).unwrap_or_default()
}

/// Whether the URL is that of a form that was tried.
pub fn was_tried(query: &Query) -> bool {
    query.get("target").is_some()
}

/// The form as a backtest takes it: what it is to be called is no matter yet.
pub fn draft(mut form: ObjectiveForm) -> ObjectiveForm {
    "draft".clone_into(&mut form.name);
    form.title.clear();
    form.description.clear();
    form.runbook.clear();
    form
}

/// What is wrong with what was filled in so far; fields that are still to be filled in are not.
pub fn mistake_so_far(form: &ObjectiveForm) -> Option<FieldError> {
    if form.service.is_empty() {
        return None;
    }
    let named = ObjectiveForm {
        name: if form.name.trim().is_empty() {
            "draft".to_owned()
        } else {
            form.name.clone()
        },
        ..form.clone()
    };
    named.parse().err()
}

/// "Over 6 days recorded: 2 pages and 1 ticket, 38 % of the budget left at the end."
pub fn answer(found: &Backtest) -> String {
    let past = format::rough(found.range.length_ns());
    let Some(good) = found.compliance else {
        return "No matching events were recorded in this time.".to_owned();
    };
    let called = match (found.pages, found.tickets) {
        (0, 0) => "no alerts".to_owned(),
        (pages, 0) => calls(pages, "page", "pages"),
        (0, tickets) => calls(tickets, "ticket", "tickets"),
        (pages, tickets) => format!(
            "{} and {}",
            calls(pages, "page", "pages"),
            calls(tickets, "ticket", "tickets")
        ),
    };
    let budget = match found.budget.left() {
        left if left <= 0.0 => "budget exhausted".to_owned(),
        left => format!("{:.0} % of budget left", (left * 100.0).floor()),
    };
    let good = format::compliance(good);
    format!("In the {past} recorded: {called}, {good} % good, {budget} at the end.")
}

fn calls(n: u32, one: &str, many: &str) -> String {
    format::counted(n.into(), one, many)
}

/// What would have been left of the budget: when the line begins, how far a point is from the next, and the line.
pub fn line(found: &Backtest) -> Option<(UnixNanos, u64, Vec<ChartMark>)> {
    let [(first, _), (second, _), ..] = found.spent[..] else {
        return None;
    };
    let step = second - first;
    let values = found.spent.iter().map(|(_, spent)| Some((1.0 - spent).max(0.0)));
    let line = ChartMark {
        name: "left",
        values: values.collect(),
        look: 1,
        area: true,
    };
    Some((first - step, step, vec![line]))
}

/// The sign of a number of calls.
pub fn called_health(severity: AlertSeverity, times: u32) -> Health {
    match (severity, times) {
        (_, 0) => Health::Healthy,
        (AlertSeverity::Ticket, _) => Health::Degraded,
        (AlertSeverity::Page, _) => Health::Failing,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_that_was_tried_keeps_what_was_emptied() {
        let old = ObjectiveForm {
            name: "fast".to_owned(),
            service: "cart".to_owned(),
            title: "Fast".to_owned(),
            ..ObjectiveForm::default()
        };
        let fresh = form_of(&Query::parse("?service=checkout"), &old);
        assert_eq!((fresh.service.as_str(), fresh.title.as_str()), ("checkout", "Fast"));
        let tried = form_of(&Query::parse("?service=checkout&title=&target=98&name=x"), &old);
        assert_eq!((tried.title.as_str(), tried.target.as_str()), ("", "98"));
        assert_eq!(tried.window, "30d");
    }

    #[test]
    fn what_is_still_to_be_filled_in_is_no_mistake() {
        let mut form = ObjectiveForm::default();
        assert_eq!(mistake_so_far(&form), None);
        form.service = "cart".to_owned();
        assert_eq!(mistake_so_far(&form), None);
        form.target = "much".to_owned();
        assert_eq!(
            mistake_so_far(&form).map(|error| error.field).as_deref(),
            Some("target")
        );
    }
}
