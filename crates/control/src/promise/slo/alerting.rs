//! Acts on what [`pointsman_transform::alerting`] says of alerts, in the evaluator's transaction: opens and ends them, and puts what is to be
//! sent about them into the outbox. An alert that is open is one that is sent.

use std::collections::HashMap;

use pointsman_domain::slo::Status;
use pointsman_domain::telemetry::UnixNanos;
use pointsman_store::slo::objectives::ObjectiveRow;
use pointsman_store::slo::{alerts, silences};
use pointsman_store::{StoreError, Tx};
use pointsman_transform::alerting::{AlertStep, OpenAlert, steps};

use crate::notices::Notifier;

/// Opens, keeps and ends alerts by how objectives stand; answers how many began and ended. Objectives that somebody has changed since they
/// were evaluated, or is changing now, are left for the next time.
pub(super) async fn act<'s>(
    tx: &mut Tx,
    stand: impl Iterator<Item = (&'s ObjectiveRow, &'s Status)>,
    now_ns: UnixNanos,
    public_url: Option<&str>,
) -> Result<(usize, usize), StoreError> {
    let stand: Vec<_> = stand.collect();
    let ids: Vec<i32> = stand.iter().map(|(row, _)| row.id).collect();
    let held = alerts::hold_objectives(tx, &ids).await?;
    let mut open: HashMap<i32, Vec<OpenAlert>> = HashMap::new();
    let mut removed = Vec::new();
    for row in alerts::firing(tx).await? {
        match row.objective {
            Some(objective) => open.entry(objective).or_default().push(OpenAlert {
                alert: row.alert,
                burning_ns: row.burning_ns,
            }),
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
        let open = open.remove(&row.id).unwrap_or_default();
        for step in steps(objective, status, &open, &silences, now_ns) {
            match step {
                AlertStep::Begins { mut alert, .. } => {
                    let Some(id) = alerts::open(tx, row.id, &alert).await? else {
                        continue;
                    };
                    alert.id = id;
                    began += 1;
                    if alert.silence.is_none() {
                        notify.began(tx, objective, &alert).await?;
                    }
                }
                AlertStep::GoesOn {
                    alert, silence_ended, ..
                } => {
                    burning.push(alert.id);
                    if silence_ended && alerts::end_silence(tx, alert.id).await? {
                        notify.began(tx, objective, &alert).await?;
                    }
                }
                AlertStep::Ends { alert } => {
                    ended += usize::from(notify.end(tx, objective, alert, None).await?);
                }
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
