//! What a draft of an objective would have said of the recorded past.

use pointsman_domain::rollup::{Resolution, SECOND_NS};
use pointsman_domain::slo::{Backtest, Count, Indicator, Objective, Traffic, backtest};
use pointsman_domain::telemetry::UnixNanos;
use pointsman_domain::time::{RangeSpec, TimeRange};
use pointsman_store::slo::{self, exclusions, objectives};

use super::{window, wrong};
use crate::{Desk, Problem};

/// The longest past that is gone through: 31 days of minutes.
const MAX_NS: u64 = 31 * 86_400 * SECOND_NS;

impl Desk {
    /// Goes through the recorded past of a range, at most 31 days, as far as figures by the minute are kept: budget, compliance, and who
    /// would have been called. What is excluded is left out. Anybody who may read the service may try.
    pub async fn backtest(&self, draft: Objective, range: RangeSpec) -> Result<Backtest, Problem> {
        self.may_read_of(Some(&draft.service))?;
        let draft = draft.checked()?;
        window::check(&draft.window)?;
        let range = range.resolve(self.clock.now_ns());
        if range.length_ns() > MAX_NS {
            return wrong("range", "is at most 31 days");
        }
        let mut at = self.snapshot().await?;
        let mut members: Vec<(f64, Objective)> = Vec::new();
        if let Indicator::Composite { members: parts } = &draft.indicator {
            for part in parts {
                let row = objectives::by_name(&mut at, &part.objective).await?;
                let missing = || Problem::Missing(format!("There is no objective {}.", part.objective));
                let member = row.ok_or_else(missing)?.objective;
                self.may_read_of(Some(&member.service))?;
                members.push((part.weight, member));
            }
        } else {
            members.push((1.0, draft.clone()));
        }
        let left_out = exclusions::all(&mut at).await?;
        let mut recorded: Vec<Traffic<'_>> = Vec::new();
        let mut first = range.to_ns;
        for (weight, member) in &members {
            let excluded = exclusions::of(&left_out, member);
            let mut minutes: Vec<(UnixNanos, Count)> = Vec::new();
            slo::recorded(&mut at, member, Resolution::Minute, range, |at, counts| {
                if !excluded.iter().any(|range| (range.from_ns..range.to_ns).contains(&at)) {
                    minutes.push((at, member.events(counts)));
                }
            })
            .await?;
            first = minutes.first().map_or(first, |minute| minute.0.min(first));
            recorded.push((*weight, member, minutes));
        }
        // What was before anything was recorded says nothing.
        let range = TimeRange {
            from_ns: first.max(range.from_ns),
            to_ns: range.to_ns,
        };
        Ok(backtest(&draft, range, &recorded, |end_ns| {
            window::start(&draft.window, end_ns)
        }))
    }
}
