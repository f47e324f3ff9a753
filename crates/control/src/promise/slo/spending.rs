//! Where the bad events of an objective came from: by operation, version and node, from the rollups of whole hours.

use std::collections::HashMap;

use pointsman_domain::Text;
use pointsman_domain::rollup::{Resolution, SECOND_NS};
use pointsman_domain::slo::{Count, Indicator, Spending, Spent};
use pointsman_domain::time::TimeRange;
use pointsman_store::slo::{self, objectives};

use super::window;
use crate::{Problem, Promise};

/// The longest time that is gone through: that of a month's budget. Longer windows are told of by their newest part.
const MAX_NS: u64 = 31 * 86_400 * SECOND_NS;
/// The most rows that are gone through.
const MOST_ROWS: u64 = 5_000_000;
/// How many operations, versions and nodes are told of.
const MOST: usize = 8;

/// Counts by the part of a service.
#[derive(Default)]
struct Parts(HashMap<Text, Count>);

impl Parts {
    fn add(&mut self, name: Option<&Text>, events: Count) {
        let Some(name) = name else { return };
        if let Some(count) = self.0.get_mut(name) {
            *count = *count + events;
        } else {
            self.0.insert(name.clone(), events);
        }
    }

    /// Those with the most bad events; none without any.
    fn worst(self) -> Vec<Spent> {
        let parts = self.0.into_iter().map(|(name, count)| Spent {
            name,
            bad: count.bad(),
            total: count.total,
        });
        let mut parts: Vec<Spent> = parts.filter(|part| part.bad > 0).collect();
        parts.sort_by(|a, b| b.bad.cmp(&a.bad).then_with(|| a.name.cmp(&b.name)));
        parts.truncate(MOST);
        parts
    }
}

impl Promise<'_> {
    /// Where the bad events of an objective's window came from. `None` where there is no such objective, or it knows no bad events of its
    /// own: composite ones, and throughput.
    pub async fn slo_spending(&self, name: &str) -> Result<Option<Spending>, Problem> {
        let mut at = self.0.snapshot().await?;
        let Some(row) = objectives::by_name(&mut at, name).await? else {
            self.0.may_read()?;
            return Ok(None);
        };
        let objective = row.objective;
        self.may_read_objective(&mut at, &objective).await?;
        if matches!(
            objective.indicator,
            Indicator::Composite { .. } | Indicator::Throughput { .. }
        ) {
            return Ok(None);
        }
        let now_ns = self.0.control.clock.now_ns();
        let from_ns = window::start(&objective.window, now_ns).max(now_ns.saturating_sub(MAX_NS));
        let range = TimeRange {
            from_ns: Resolution::Hour.floor(from_ns),
            to_ns: now_ns,
        };
        let (mut whole, mut operations, mut versions, mut nodes) =
            (Count::default(), Parts::default(), Parts::default(), Parts::default());
        slo::recorded_parts(
            &mut at,
            &objective,
            Resolution::Hour,
            range,
            MOST_ROWS,
            |whose, events| {
                whole = whole + events;
                operations.add(whose.operation.as_ref(), events);
                versions.add(Some(&whose.version), events);
                nodes.add(whose.instance.as_ref(), events);
            },
        )
        .await?;
        Ok(Some(Spending {
            range,
            bad: whole.bad(),
            total: whole.total,
            operations: operations.worst(),
            versions: versions.worst(),
            nodes: nodes.worst(),
        }))
    }
}
