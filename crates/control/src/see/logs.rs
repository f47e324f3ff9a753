//! The search for log records.

use pointsman_domain::query::LogQuery;
use pointsman_domain::read::{LogLine, LogPage};
use pointsman_store::search::{self, LogHit};

use crate::{Problem, See, UseCases};

impl See<'_> {
    /// The log records that meet a query, newest first.
    pub async fn logs(&self, query: &LogQuery) -> Result<LogPage, Problem> {
        self.0.may_read_of(query.service.as_deref())?;
        let (key, query) = (query.clone(), query.clone());
        self.0
            .read_shared(&self.0.control.reads.logs, key, move |use_cases| read(use_cases, query))
            .await
    }
}

async fn read(use_cases: UseCases, query: LogQuery) -> Result<LogPage, Problem> {
    let range = query.range.resolve_list(use_cases.control.clock.now_ns());
    let hits = search::logs(&use_cases.control.store, &query, range).await?;
    Ok(LogPage {
        lines: hits.lines.into_iter().map(line).collect(),
        next_before_ns: hits.next_before_ns,
        truncated: hits.truncated,
    })
}

/// A record as a page shows it.
pub(crate) fn line(hit: LogHit) -> LogLine {
    let LogHit {
        resource,
        record,
        scope,
    } = hit;
    LogLine {
        time_ns: record.time_ns,
        severity: record.severity,
        severity_text: record.severity_text,
        service: resource.service,
        version: resource.version,
        instance: resource.instance,
        event_name: record.event_name,
        body: record.body,
        attributes: record.attributes,
        resource: resource.attributes,
        scope,
        trace_id: record.trace_id,
        span_id: record.span_id,
    }
}
