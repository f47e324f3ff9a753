//! One service: its figures over time, its operations, its nodes with what failed on them, its neighbours.

use pointsman_domain::Text;
use pointsman_domain::read::ServiceDetail;
use pointsman_domain::time::RangeSpec;
use pointsman_store::rollup::{self, EdgeReader, SeriesReader};
use pointsman_transform::evidence::ServiceDetailEvidence;

use super::frame::{as_one, by_point};
use crate::{Desk, Problem};

impl Desk {
    /// One service; `None` where it was never heard of.
    pub async fn service(&self, name: &str, range: RangeSpec) -> Result<Option<ServiceDetail>, Problem> {
        self.may_read_of(Some(name))?;
        let name = Text::from(name);
        let key = (name.clone(), self.windows(range).key(), self.sight());
        self.read_shared(&self.reads.service, key, move |desk| read(desk, name, range))
            .await
    }
}

async fn read(desk: Desk, name: Text, range: RangeSpec) -> Result<Option<ServiceDetail>, Problem> {
    let (now_ns, windows) = (desk.clock.now_ns(), desk.windows(range));
    let mut at = desk.store.reader().await?;
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
    let mut detail = evidence.detail(&windows, now_ns, &desk.settings.thresholds);
    desk.redact_service(&mut detail);
    Ok(Some(detail))
}
