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

/// What became of alerts.
#[derive(Debug, Default)]
pub(super) struct Acted {
    /// How many began.
    pub began: usize,
    /// How many ended.
    pub ended: usize,
    /// The objectives whose alerts could not be written, by their place, and why.
    pub failed: Vec<(usize, String)>,
    /// Those that go on.
    burning: Vec<i64>,
}

/// Opens, keeps and ends alerts by how objectives stand (each by its place among the rows). Objectives that somebody has changed since they were
/// evaluated, or is changing now, are left for the next time. What fails for one keeps no other waiting. Errors: the database is away.
pub(super) async fn act(
    tx: &mut Tx,
    rows: &[ObjectiveRow],
    stand: &[(usize, Status)],
    now_ns: UnixNanos,
    public_url: Option<&str>,
) -> Result<Acted, StoreError> {
    let ids: Vec<i32> = stand.iter().map(|(at, _)| rows[*at].id).collect();
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
    let mut acted = Acted::default();
    for (at, status) in stand {
        let row = &rows[*at];
        if held.get(&row.id) != Some(&row.revision) {
            continue;
        }
        let open = open.remove(&row.id).unwrap_or_default();
        let steps = steps(&row.objective, status, &open, &silences, now_ns);
        if steps.is_empty() {
            continue;
        }
        let done = tx.apart(async |tx| take(tx, row, steps, &mut notify).await).await;
        match done {
            Ok(done) => {
                acted.began += done.began;
                acted.ended += done.ended;
                acted.burning.extend(done.burning);
            }
            Err(error @ (StoreError::Unavailable(_) | StoreError::LostLock)) => return Err(error),
            Err(error) => acted.failed.push((*at, error.to_string())),
        }
    }
    alerts::still_burning(tx, &acted.burning, now_ns).await?;
    // Of objectives that were removed before alerts ended with them. Others that are open here wait until their objective is judged again.
    for alert in removed {
        acted.ended += usize::from(alerts::resolve(tx, alert.id, now_ns).await?);
    }
    Ok(acted)
}

/// Takes the steps of one objective.
async fn take(
    tx: &mut Tx,
    row: &ObjectiveRow,
    steps: Vec<AlertStep>,
    notify: &mut Notifier<'_>,
) -> Result<Acted, StoreError> {
    let mut acted = Acted::default();
    for step in steps {
        match step {
            AlertStep::Begins { mut alert, .. } => {
                let Some(id) = alerts::open(tx, row.id, &alert).await? else {
                    continue;
                };
                alert.id = id;
                acted.began += 1;
                if alert.silence.is_none() {
                    notify.began(tx, &row.objective, &alert).await?;
                }
            }
            AlertStep::GoesOn {
                alert, silence_ended, ..
            } => {
                acted.burning.push(alert.id);
                if silence_ended && alerts::end_silence(tx, alert.id).await? {
                    notify.began(tx, &row.objective, &alert).await?;
                }
            }
            AlertStep::Ends { alert } => {
                acted.ended += usize::from(notify.end(tx, &row.objective, alert, None).await?);
            }
        }
    }
    Ok(acted)
}
