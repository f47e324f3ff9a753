//! The search for traces.

use pointsman_domain::query::TraceQuery;
use pointsman_domain::read::TracePage;
use pointsman_store::search::{self, TraceHit};
use pointsman_transform::waterfall;

use crate::{Problem, See, UseCases};

impl See<'_> {
    /// The traces that meet a query, newest first.
    pub async fn traces(&self, query: &TraceQuery) -> Result<TracePage, Problem> {
        self.0.may_read_of(query.service.as_deref())?;
        if let Some(called) = &query.calls {
            // Whether a service calls another is told to who may read both.
            self.0.may_read_of(Some(called))?;
        }
        let (key, query) = ((query.clone(), self.0.sight()), query.clone());
        self.0
            .read_shared(&self.0.control.reads.traces, key, move |use_cases| {
                read(use_cases, query)
            })
            .await
    }
}

async fn read(use_cases: UseCases, query: TraceQuery) -> Result<TracePage, Problem> {
    let range = query.range.resolve_list(use_cases.control.clock.now_ns());
    let sees = use_cases.clone();
    let summarise = move |mut hit: TraceHit| {
        sees.redact_trace(&mut hit.batch);
        waterfall::summarise(hit.trace_id, &hit.batch, hit.matched)
    };
    let hits = search::traces_as(&use_cases.control.store, &query, range, summarise).await?;
    Ok(TracePage {
        traces: hits.traces,
        next_before_ns: hits.next_before_ns,
        truncated: hits.truncated,
    })
}
