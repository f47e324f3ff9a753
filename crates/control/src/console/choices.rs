//! What the filters of a search can be chosen from.

use std::collections::BTreeSet;

use pointsman_domain::Text;
use pointsman_domain::health::Thresholds;
use pointsman_domain::read::Choices;
use pointsman_domain::rollup::SECOND_NS;
use pointsman_domain::time::{RangeSpec, TimeRange};
use pointsman_store::rollup;

use super::figures::{NodeRow, SeriesRow, by_service};
use super::windows::Windows;
use crate::{Desk, Problem};

/// How many operations can be chosen from.
const MAX_OPERATIONS: usize = 500;
/// "Now", for how a service is: the last 5 min.
const NOW: RangeSpec = RangeSpec::Last(300);
/// How far back operations are looked for: 24 h.
const OPERATIONS_NS: u64 = 86_400 * SECOND_NS;

impl Desk {
    /// Services heard of within the retention of telemetry, and operations of the last day.
    pub async fn choices(&self, service: Option<&str>) -> Result<Choices, Problem> {
        self.may_read()?;
        let now_ns = self.clock.now_ns();
        let mut at = self.store.snapshot().await?;
        let kept = self.store.retention().telemetry.as_nanos() as u64;
        let kept = TimeRange {
            from_ns: now_ns.saturating_sub(kept),
            to_ns: now_ns.saturating_add(3600 * SECOND_NS),
        };
        let nodes = rollup::nodes(&mut at, kept, None).await?;
        let windows = Windows::new(NOW.resolve(now_ns), now_ns, &self.store.retention());
        let series = rollup::served(&mut at, windows.resolution, windows.range, false).await?;
        let operations = rollup::operations(&mut at, now_ns.saturating_sub(OPERATIONS_NS), service).await?;
        Ok(choices(&nodes, &series, &operations, &self.settings.thresholds))
    }
}

/// The choices of these rows.
fn choices(nodes: &[NodeRow], now: &[SeriesRow], operations: &[(Text, Text)], thresholds: &Thresholds) -> Choices {
    let services = by_service(now, nodes);
    let operations: BTreeSet<&Text> = operations.iter().map(|(_, operation)| operation).collect();
    Choices {
        services: services
            .iter()
            .map(|(name, figures)| (name.clone(), figures.judge(thresholds).health))
            .collect(),
        operations: operations.into_iter().take(MAX_OPERATIONS).cloned().collect(),
    }
}
