//! The topology: services, databases, queues and hosts, and who calls whom.

use pointsman_domain::read::Topology;
use pointsman_domain::time::RangeSpec;
use pointsman_store::rollup::{self, EdgeReader, SeriesReader};
use pointsman_transform::evidence::TopologyEvidence;

use super::frame::as_one;
use crate::{Problem, See, UseCases};

impl See<'_> {
    /// Who calls whom.
    pub async fn topology(&self, range: RangeSpec) -> Result<Topology, Problem> {
        self.0.may_read()?;
        let key = self.0.control.windows(range).key();
        self.0
            .read_shared(&self.0.control.reads.topology, key, move |use_cases| {
                read(use_cases, range)
            })
            .await
    }
}

async fn read(use_cases: UseCases, range: RangeSpec) -> Result<Topology, Problem> {
    let windows = use_cases.control.windows(range);
    let mut at = use_cases.control.store.reader().await?;
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
    let status = use_cases.control.status_at(&mut at).await?;
    Ok(evidence.topology(&windows, &use_cases.control.settings.thresholds, status))
}
