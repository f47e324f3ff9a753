//! Opens and ends alerts, and puts what is to be sent about them into the outbox, in the evaluator's transaction: an alert that is open is
//! one that is sent.

use std::collections::HashMap;

use pointsman_domain::Text;
use pointsman_domain::slo::{Alert, Objective, QUIET, Severity, Silence, Status, hours_words, window_words};
use pointsman_domain::telemetry::UnixNanos;
use pointsman_store::slo::objectives::ObjectiveRow;
use pointsman_store::slo::{alerts, silences};
use pointsman_store::{StoreError, Tx};

use crate::notices::Notifier;

/// The rules: one alert of each at a time.
const RULES: [(&str, Severity); 3] = [
    ("page", Severity::Page),
    ("ticket", Severity::Ticket),
    ("absent", Severity::Ticket),
];
/// Opens, keeps and ends alerts by how objectives stand; answers how many began and ended. Objectives that somebody has changed since they
/// were evaluated, or is changing now, are left for the next time.
pub(super) async fn call<'s>(
    tx: &mut Tx,
    stand: impl Iterator<Item = (&'s ObjectiveRow, &'s Status)>,
    now_ns: UnixNanos,
    public_url: Option<&str>,
) -> Result<(usize, usize), StoreError> {
    let stand: Vec<_> = stand.collect();
    let ids: Vec<i32> = stand.iter().map(|(row, _)| row.id).collect();
    let held = alerts::hold_objectives(tx, &ids).await?;
    let mut open: HashMap<(i32, Text), alerts::AlertRow> = HashMap::new();
    let mut removed = Vec::new();
    for row in alerts::firing(tx).await? {
        match row.objective {
            Some(objective) => drop(open.insert((objective, row.alert.rule.clone()), row)),
            None => removed.push(row.alert),
        }
    }
    let silences = silences::current(tx, now_ns).await?;
    let mut notify = Notifier::read(tx, public_url, now_ns).await?;
    let (mut began, mut ended, mut burning) = (0, 0, Vec::new());
    for (row, status) in stand {
        if held.get(&row.id) != Some(&row.revision) {
            continue;
        }
        let objective = &row.objective;
        for (rule, severity) in RULES {
            let on = burns(status, rule, severity);
            let known = open.remove(&(row.id, Text::from(rule)));
            let silence = silences
                .iter()
                .find(|silence| silence.holds_for(&objective.service, &objective.name, now_ns));
            match (on, known) {
                (true, None) => {
                    let mut alert = alert(objective, status, rule, severity, silence, now_ns);
                    if let Some(id) = alerts::open(tx, row.id, &alert).await? {
                        alert.id = id;
                        began += 1;
                        if silence.is_none() {
                            notify.began(tx, objective, &alert).await?;
                        }
                    }
                }
                (true, Some(known)) => {
                    burning.push(known.alert.id);
                    // A silence that has ended: who was spared is called now.
                    if known.alert.silence.is_some()
                        && silence.is_none()
                        && alerts::end_silence(tx, known.alert.id).await?
                    {
                        notify.began(tx, objective, &known.alert).await?;
                    }
                }
                (false, Some(known)) => {
                    if now_ns.saturating_sub(known.burning_ns) >= QUIET.as_nanos() as u64 {
                        ended += usize::from(notify.end(tx, objective, known.alert, None).await?);
                    }
                }
                (false, None) => {}
            }
        }
    }
    alerts::still_burning(tx, &burning, now_ns).await?;
    // Of objectives that were removed before alerts ended with them. Others that are open here wait until their objective is judged again.
    for alert in removed {
        ended += usize::from(alerts::resolve(tx, alert.id, now_ns).await?);
    }
    Ok((began, ended))
}

fn burns(status: &Status, rule: &str, severity: Severity) -> bool {
    match rule {
        "absent" => status.absent,
        _ => status
            .burns
            .iter()
            .any(|burn| burn.burning && burn.window.severity == severity),
    }
}

fn alert(
    objective: &Objective,
    status: &Status,
    rule: &str,
    severity: Severity,
    silence: Option<&Silence>,
    now_ns: UnixNanos,
) -> Alert {
    Alert {
        id: 0,
        objective: objective.name.clone(),
        service: objective.service.clone(),
        rule: rule.into(),
        severity,
        sentence: sentence(objective, status, rule, severity).into(),
        opened_ns: now_ns,
        resolved_ns: None,
        acked_ns: None,
        acked_by: None,
        silence: silence.map(|silence| silence.id),
    }
}

/// What was found, for whoever is called.
fn sentence(objective: &Objective, status: &Status, rule: &str, severity: Severity) -> String {
    let minutes = objective.absent_minutes.unwrap_or_default();
    let burn = status
        .burns
        .iter()
        .find(|burn| burn.burning && burn.window.severity == severity);
    let Some(burn) = burn.filter(|_| rule != "absent") else {
        return format!(
            "Nothing was counted for {minutes} min, although in the same hour a week before something was."
        );
    };
    let rate = burn.over_long.unwrap_or_default();
    let left = status.budget.left() * 100.0;
    let gone = match pointsman_domain::slo::hours_to_exhaustion(
        f64::from(objective.window.days()) * 24.0,
        status.budget.left(),
        rate,
    ) {
        Some(hours) if hours <= 0.0 => "All of the budget is spent.".to_owned(),
        Some(hours) => format!(
            "{left:.0} % of the budget is left; at this rate it is gone in {}.",
            hours_words(hours)
        ),
        None => String::new(),
    };
    format!(
        "Over the last {} and the last {} the budget burned {rate:.1} and {:.1} times as fast as it lasts for (the limit is {}). {gone}",
        window_words(burn.window.long),
        window_words(burn.window.short),
        burn.over_short.unwrap_or_default(),
        burn.window.burn_rate,
    )
}
