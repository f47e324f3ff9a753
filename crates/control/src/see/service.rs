//! One service: its figures over time, its operations, its nodes with what failed on them, its neighbours.

use pointsman_domain::Text;
use pointsman_domain::read::ServiceDetail;
use pointsman_domain::time::RangeSpec;
use pointsman_store::rollup::{self, EdgeReader, SeriesReader};
use pointsman_transform::evidence::ServiceDetailEvidence;

use super::frame::{as_one, by_point};
use crate::{Problem, See, UseCases};

impl See<'_> {
    /// One service; `None` where it was never heard of.
    pub async fn service(&self, name: &str, range: RangeSpec) -> Result<Option<ServiceDetail>, Problem> {
        self.0.may_read_of(Some(name))?;
        let name = Text::from(name);
        let key = (name.clone(), self.0.control.windows(range).key(), self.0.sight());
        self.0
            .read_shared(&self.0.control.reads.service, key, move |use_cases| {
                read(use_cases, name, range)
            })
            .await
    }
}

async fn read(use_cases: UseCases, name: Text, range: RangeSpec) -> Result<Option<ServiceDetail>, Problem> {
    let (now_ns, windows) = (use_cases.control.clock.now_ns(), use_cases.control.windows(range));
    let mut at = use_cases.control.store.reader().await?;
    let nodes = rollup::nodes(&mut at, windows.range, Some(&name)).await?;
    let last_seen_ns = rollup::last_seen(&mut at, Some(&name)).await?;
    let known = rollup::services(&mut at, windows.range).await?;
    let mut evidence = ServiceDetailEvidence::new(name.clone(), &nodes, known);
    evidence.last_seen_ns = last_seen_ns;
    let mut series = SeriesReader::new(by_point(&windows), Some(&name));
    while let Some(piece) = series.next(&mut at).await? {
        evidence.add_series(&piece);
    }
    if !evidence.is_known() {
        return Ok(None);
    }
    let mut edges = EdgeReader::new(as_one(&windows), Some(&name));
    while let Some(piece) = edges.next(&mut at).await? {
        evidence.add_edges(&piece);
    }
    evidence.errors = rollup::errors(&mut at, windows.range, &name).await?;
    let mut detail = evidence.detail(&windows, now_ns, &use_cases.control.settings.thresholds);
    use_cases.redact_service(&mut detail);
    Ok(Some(detail))
}
