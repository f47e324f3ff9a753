//! The topology: services, databases, queues and hosts, and who calls whom.

use pointsman_domain::read::Topology;
use pointsman_domain::time::RangeSpec;
use pointsman_store::rollup::{self, EdgeReader, SeriesReader};
use pointsman_transform::evidence::TopologyEvidence;

use super::frame::as_one;
use crate::{Desk, Problem};

impl Desk {
    /// Who calls whom.
    pub async fn topology(&self, range: RangeSpec) -> Result<Topology, Problem> {
        self.may_read()?;
        let key = self.windows(range).key();
        self.read_shared(&self.reads.topology, key, move |desk| read(desk, range))
            .await
    }
}

async fn read(desk: Desk, range: RangeSpec) -> Result<Topology, Problem> {
    let windows = desk.windows(range);
    let mut at = desk.store.reader().await?;
    let mut evidence = TopologyEvidence::new(&rollup::nodes(&mut at, windows.range, None).await?);
    evidence.unpaired = rollup::unpaired(&mut at).await?;
    let mut series = SeriesReader::served(as_one(&windows));
    while let Some(piece) = series.next(&mut at).await? {
        evidence.add_served(&piece);
    }
    let mut edges = EdgeReader::new(as_one(&windows), None);
    while let Some(piece) = edges.next(&mut at).await? {
        evidence.add_edges(&piece);
    }
    let status = desk.status_at(&mut at).await?;
    Ok(evidence.topology(&windows, &desk.settings.thresholds, status))
}
