//! What a draft of an objective would have said of the recorded past.

use std::time::Duration;

use pointsman_domain::rollup::{Resolution, SECOND_NS};
use pointsman_domain::slo::{Backtest, Count, Indicator, Objective, ObjectiveDraft, Traffic, backtest};
use pointsman_domain::telemetry::UnixNanos;
use pointsman_domain::time::{RangeSpec, TimeRange};
use pointsman_store::slo::{self, exclusions, objectives};
use tokio::sync::OwnedSemaphorePermit;

use super::{window, wrong};
use crate::{Problem, Promise};

/// The longest past that is gone through: 31 days of minutes.
const MAX_NS: u64 = 31 * 86_400 * SECOND_NS;

/// The most rows of figures that are gone through, for all members together.
const MOST_ROWS: u64 = 5_000_000;
/// How many do so at once.
pub(crate) const AT_ONCE: usize = 2;
/// How long one more waits for its turn.
const PATIENCE: Duration = Duration::from_secs(5);

impl Promise<'_> {
    /// Goes through the recorded past of a range, at most 31 days, as far as figures by the minute are kept: budget, compliance, and who
    /// would have been called. What is excluded is left out. Anybody who may read the service may try; a few at once, and nothing more is
    /// read for one whose caller has gone.
    pub async fn backtest(&self, draft: impl Into<ObjectiveDraft>, range: RangeSpec) -> Result<Backtest, Problem> {
        let draft = draft.into();
        self.0.may_read_of(Some(&draft.service))?;
        let draft = draft.checked()?;
        window::check(&draft.window)?;
        let range = range.resolve(self.0.control.clock.now_ns());
        if range.length_ns() > MAX_NS {
            return wrong("range", "is at most 31 days");
        }
        let _turn = self.turn_to_backtest().await?;
        let mut at = self.0.snapshot().await?;
        self.may_read_objective(&mut at, &draft).await?;
        let mut members: Vec<(f64, Objective)> = Vec::new();
        if let Indicator::Composite { members: parts } = &draft.indicator {
            for part in parts {
                let row = objectives::by_name(&mut at, &part.objective).await?;
                let missing = || Problem::Missing(format!("There is no SLO {}.", part.objective));
                let member = row.ok_or_else(missing)?.objective;
                members.push((part.weight, member));
            }
        } else {
            members.push((1.0, draft.clone()));
        }
        let left_out = exclusions::all(&mut at).await?;
        let mut recorded: Vec<Traffic> = Vec::new();
        let mut first = range.to_ns;
        let most = MOST_ROWS / members.len().max(1) as u64;
        for (weight, member) in members {
            let mut minutes: Vec<(UnixNanos, Count)> = Vec::new();
            slo::recorded(&mut at, &member, Resolution::Minute, range, most, |at, events| {
                minutes.push((at, events));
            })
            .await?;
            first = minutes.first().map_or(first, |minute| minute.0.min(first));
            recorded.push(Traffic {
                weight,
                excluded: exclusions::of(&left_out, &member),
                objective: member,
                minutes,
            });
        }
        at.rollback().await?;
        // What was before anything was recorded says nothing.
        let range = TimeRange {
            from_ns: first.max(range.from_ns),
            to_ns: range.to_ns,
        };
        // A window for every minute of a month: on a thread for computing.
        let testing = tokio::task::spawn_blocking(move || {
            backtest(&draft, range, &recorded, |end_ns| window::start(&draft.window, end_ns))
        });
        testing.await.map_err(|error| Problem::internal(&error))
    }

    /// Waits until so few others backtest that another one may.
    async fn turn_to_backtest(&self) -> Result<OwnedSemaphorePermit, Problem> {
        let turn = tokio::time::timeout(PATIENCE, self.0.control.backtests.clone().acquire_owned()).await;
        turn.ok().and_then(Result::ok).ok_or_else(|| {
            Problem::Conflict(
                "Others are going through the recorded past at the moment: try again in a few seconds.".to_owned(),
            )
        })
    }
}
