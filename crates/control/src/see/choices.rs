//! What the filters of a search can be chosen from.

use std::collections::BTreeSet;

use pointsman_domain::Text;
use pointsman_domain::health::Thresholds;
use pointsman_domain::read::Choices;
use pointsman_domain::rollup::SECOND_NS;
use pointsman_domain::time::{RangeSpec, TimeRange};
use pointsman_store::rollup::{self, SeriesReader};
use pointsman_transform::evidence::Services;

use super::frame::as_one;
use crate::{Problem, See, UseCases};

/// How many operations can be chosen from.
const MAX_OPERATIONS: usize = 500;
/// "Now", for how a service is: the last 5 min.
const NOW: RangeSpec = RangeSpec::Last(300);
/// How far back operations are looked for: 24 h.
const OPERATIONS_NS: u64 = 86_400 * SECOND_NS;

impl See<'_> {
    /// Services heard of within the retention of telemetry, and operations of the last day.
    pub async fn choices(&self, service: Option<&str>) -> Result<Choices, Problem> {
        self.0.may_read()?;
        let service = service.map(Text::from);
        let key = service.clone();
        self.0
            .read_shared(&self.0.control.reads.choices, key, move |use_cases| {
                read(use_cases, service)
            })
            .await
    }
}

async fn read(use_cases: UseCases, service: Option<Text>) -> Result<Choices, Problem> {
    let now_ns = use_cases.control.clock.now_ns();
    let mut at = use_cases.control.store.reader().await?;
    let kept = use_cases.control.store.retention().telemetry.as_nanos() as u64;
    let kept = TimeRange {
        from_ns: now_ns.saturating_sub(kept),
        to_ns: now_ns.saturating_add(3600 * SECOND_NS),
    };
    let windows = use_cases.control.windows(NOW);
    let mut services = Services::heard_of(&rollup::nodes(&mut at, windows.range, None).await?);
    for name in rollup::services(&mut at, kept).await? {
        services.know(name);
    }
    let mut series = SeriesReader::served(as_one(&windows));
    while let Some(piece) = series.next(&mut at).await? {
        services.add_totals(&piece);
    }
    let operations = rollup::operations(&mut at, now_ns.saturating_sub(OPERATIONS_NS), service.as_deref()).await?;
    Ok(choices(&services, &operations, &use_cases.control.settings.thresholds))
}

/// The choices of these rows.
fn choices(services: &Services, operations: &[(Text, Text)], thresholds: &Thresholds) -> Choices {
    let operations: BTreeSet<&Text> = operations.iter().map(|(_, operation)| operation).collect();
    Choices {
        services: services
            .iter()
            .map(|(name, service)| (name.clone(), service.judge(thresholds).health))
            .collect(),
        operations: operations.into_iter().take(MAX_OPERATIONS).cloned().collect(),
    }
}
