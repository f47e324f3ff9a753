//! The overview: every service with its figures, and what needs attention first.

use pointsman_domain::read::Overview;
use pointsman_domain::time::RangeSpec;
use pointsman_store::rollup::{self, SeriesReader};
use pointsman_transform::evidence::{Services, overview};

use super::frame::by_point;
use crate::{Desk, Problem};

impl Desk {
    /// Every service heard of in the range, and what needs attention first.
    pub async fn overview(&self, range: RangeSpec) -> Result<Overview, Problem> {
        self.may_read()?;
        let key = self.windows(range).key();
        self.read_shared(&self.reads.overview, key, move |desk| read(desk, range))
            .await
    }
}

async fn read(desk: Desk, range: RangeSpec) -> Result<Overview, Problem> {
    let (now_ns, windows) = (desk.clock.now_ns(), desk.windows(range));
    let mut at = desk.store.reader().await?;
    let mut services = Services::heard_of(&rollup::nodes(&mut at, windows.range, None).await?);
    let mut series = SeriesReader::served(by_point(&windows));
    while let Some(rows) = series.next(&mut at).await? {
        services.add_points(&rows);
    }
    let status = desk.status_at(&mut at).await?;
    let thresholds = &desk.settings.thresholds;
    Ok(overview(&services, &windows, now_ns, thresholds, status))
}
