//! What becomes of alerts and silences when somebody changes or removes their objective, in the transaction of that change.
//!
//! An alert is of an objective, not of a name: a new name changes nothing of it. It ends, and who was told is told so and why, where its
//! objective is removed, moves to another service, or no longer has the rule that it began by.

use pointsman_domain::slo::{Alert, Objective};
use pointsman_store::Tx;
use pointsman_store::slo::objectives::ObjectiveRow;
use pointsman_store::slo::{alerts, silences};

use super::notify::Notifier;
use crate::{Desk, Problem};

impl Desk {
    /// An objective was replaced by `new`.
    pub(super) async fn follow_change(&self, tx: &mut Tx, old: &ObjectiveRow, new: &Objective) -> Result<(), Problem> {
        let (was, by) = (&old.objective, self.caller().named().1);
        if new.name != was.name {
            alerts::rename(tx, old.id, &new.name).await?;
        }
        if new.service != was.service {
            let why = format!(
                "The objective was moved from the service {} to {} by {by}.",
                was.service, new.service
            );
            self.end_alerts(tx, old, |_| true, &why).await?;
        }
        if new.absent_minutes.is_none() {
            let why = format!("The objective was changed by {by}: missing events call nobody any more.");
            self.end_alerts(tx, old, |alert| alert.rule == "absent", &why).await?;
        }
        if (&new.name, &new.service) != (&was.name, &was.service) {
            silences::follow(tx, &was.name, &new.name, &new.service, self.clock.now_ns()).await?;
        }
        Ok(())
    }

    /// An objective is about to be removed.
    pub(super) async fn follow_removal(&self, tx: &mut Tx, old: &ObjectiveRow) -> Result<(), Problem> {
        let why = format!("The objective was removed by {}.", self.caller().named().1);
        self.end_alerts(tx, old, |_| true, &why).await?;
        silences::end_of(tx, &old.objective.name, self.clock.now_ns()).await?;
        Ok(())
    }

    async fn end_alerts(
        &self,
        tx: &mut Tx,
        of: &ObjectiveRow,
        which: impl Fn(&Alert) -> bool,
        why: &str,
    ) -> Result<(), Problem> {
        let firing = alerts::lock_firing_of(tx, of.id).await?;
        let mut notify = Notifier::read(tx, self.public_url.as_deref(), self.clock.now_ns()).await?;
        for row in firing {
            if which(&row.alert) {
                notify.end(tx, &of.objective, row.alert, Some(why)).await?;
            }
        }
        Ok(())
    }
}
