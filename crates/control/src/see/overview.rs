//! The overview: every service with its figures, and what needs attention first.

use pointsman_domain::read::Overview;
use pointsman_domain::time::RangeSpec;
use pointsman_store::rollup::{self, SeriesReader};
use pointsman_transform::evidence::{Services, overview};

use super::frame::by_point;
use crate::{Problem, See, UseCases};

impl See<'_> {
    /// Every service heard of in the range, and what needs attention first.
    pub async fn overview(&self, range: RangeSpec) -> Result<Overview, Problem> {
        self.0.may_read()?;
        let key = self.0.control.windows(range).key();
        self.0
            .read_shared(&self.0.control.reads.overview, key, move |use_cases| {
                read(use_cases, range)
            })
            .await
    }
}

async fn read(use_cases: UseCases, range: RangeSpec) -> Result<Overview, Problem> {
    let (now_ns, windows) = (use_cases.control.clock.now_ns(), use_cases.control.windows(range));
    let mut at = use_cases.control.store.reader().await?;
    let mut services = Services::heard_of(&rollup::nodes(&mut at, windows.range, None).await?);
    let mut series = SeriesReader::served(by_point(&windows));
    while let Some(rows) = series.next(&mut at).await? {
        services.add_points(&rows);
    }
    let status = use_cases.control.status_at(&mut at).await?;
    let thresholds = &use_cases.control.settings.thresholds;
    Ok(overview(&services, &windows, now_ns, thresholds, status))
}
