//! The search for traces.

use pointsman_domain::query::TraceQuery;
use pointsman_domain::read::TracePage;
use pointsman_store::search::{self, TraceHit};
use pointsman_transform::waterfall;

use crate::{Desk, Problem};

impl Desk {
    /// The traces that meet a query, newest first.
    pub async fn traces(&self, query: &TraceQuery) -> Result<TracePage, Problem> {
        self.may_read_of(query.service.as_deref())?;
        if let Some(called) = &query.calls {
            // Whether a service calls another is told to who may read both.
            self.may_read_of(Some(called))?;
        }
        let range = query.range.resolve_list(self.clock.now_ns());
        let hits = search::traces(&self.store, query, range).await?;
        let summarise = |mut hit: TraceHit| {
            self.redact_trace(&mut hit.batch);
            waterfall::summarise(hit.trace_id, &hit.batch, hit.matched)
        };
        Ok(TracePage {
            traces: hits.traces.into_iter().map(summarise).collect(),
            next_before_ns: hits.next_before_ns,
            truncated: hits.truncated,
        })
    }
}
