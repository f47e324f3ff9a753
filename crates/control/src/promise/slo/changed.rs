//! What becomes of alerts and silences when somebody changes or removes their objective, in the transaction of that change.
//!
//! An alert is of an objective, not of a name: a new name changes nothing of it. It ends, and who was told is told so and why, where its
//! objective is removed, moves to another service, or no longer has the rule that it began by.

use pointsman_domain::slo::{Alert, Objective};
use pointsman_store::slo::objectives::ObjectiveRow;
use pointsman_store::slo::{alerts, silences};

use crate::notices::Notifier;
use crate::{Change, Problem};

/// An objective was replaced by `new`.
pub(super) async fn follow_change(change: &mut Change, old: &ObjectiveRow, new: &Objective) -> Result<(), Problem> {
    let (was, by, now_ns) = (&old.objective, change.caller().named().1, change.now_ns());
    if new.name != was.name {
        alerts::rename(&mut change.tx, old.id, &new.name).await?;
    }
    if new.service != was.service {
        let why = format!(
            "The objective was moved from the service {} to {} by {by}.",
            was.service, new.service
        );
        end_alerts(change, old, |_| true, &why).await?;
    }
    if new.absent_minutes.is_none() {
        let why = format!("The objective was changed by {by}: missing events call nobody any more.");
        end_alerts(change, old, |alert| alert.rule == "absent", &why).await?;
    }
    if (&new.name, &new.service) != (&was.name, &was.service) {
        silences::follow(&mut change.tx, &was.name, &new.name, &new.service, now_ns).await?;
    }
    Ok(())
}

/// An objective is about to be removed.
pub(super) async fn follow_removal(change: &mut Change, old: &ObjectiveRow) -> Result<(), Problem> {
    let why = format!("The objective was removed by {}.", change.caller().named().1);
    end_alerts(change, old, |_| true, &why).await?;
    let now_ns = change.now_ns();
    silences::end_of(&mut change.tx, &old.objective.name, now_ns).await?;
    Ok(())
}

async fn end_alerts(
    change: &mut Change,
    of: &ObjectiveRow,
    which: impl Fn(&Alert) -> bool,
    why: &str,
) -> Result<(), Problem> {
    let (public_url, now_ns) = (change.control().public_url.clone(), change.now_ns());
    let tx = &mut change.tx;
    let firing = alerts::lock_firing_of(tx, of.id).await?;
    let mut notify = Notifier::read(tx, public_url.as_deref(), now_ns).await?;
    for row in firing {
        if which(&row.alert) {
            notify.end(tx, &of.objective, row.alert, Some(why)).await?;
        }
    }
    Ok(())
}
