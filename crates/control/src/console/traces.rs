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
        let (key, query) = ((query.clone(), self.sight()), query.clone());
        self.read_shared(&self.reads.traces, key, move |desk| read(desk, query))
            .await
    }
}

async fn read(desk: Desk, query: TraceQuery) -> Result<TracePage, Problem> {
    let range = query.range.resolve_list(desk.clock.now_ns());
    let sees = desk.clone();
    let summarise = move |mut hit: TraceHit| {
        sees.redact_trace(&mut hit.batch);
        waterfall::summarise(hit.trace_id, &hit.batch, hit.matched)
    };
    let hits = search::traces_as(&desk.store, &query, range, summarise).await?;
    Ok(TracePage {
        traces: hits.traces,
        next_before_ns: hits.next_before_ns,
        truncated: hits.truncated,
    })
}
