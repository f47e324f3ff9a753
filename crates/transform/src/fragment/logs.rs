//! One fragment a service.

use std::collections::BTreeMap;

use pointsman_domain::Text;
use pointsman_domain::segment::LogFragment;
use pointsman_domain::telemetry::{LogBatch, LogRecord, LogSeverity};

use super::place;
use crate::terms::Terms;

/// The records of a service while others are still added.
#[derive(Default)]
struct Builder {
    batch: LogBatch,
    /// Which resource and scope of which batch is which of the service's: `(batch, theirs, ours)`.
    resources: Vec<(u32, u32, u32)>,
    scopes: Vec<(u32, u32, u32)>,
}

/// Groups the records of all batches by service, in the order of names; records by time.
pub(crate) fn logs(batches: Vec<LogBatch>) -> Vec<LogFragment> {
    let mut services: BTreeMap<Text, Builder> = BTreeMap::new();
    for (number, batch) in (0_u32..).zip(batches) {
        for mut record in batch.records {
            let service = batch.resources[record.resource as usize].service.clone();
            let Builder {
                batch: ours,
                resources,
                scopes,
            } = services.entry(service).or_default();
            (record.resource, _) = place(
                resources,
                &mut ours.resources,
                &batch.resources,
                number,
                record.resource,
            );
            (record.scope, _) = place(scopes, &mut ours.scopes, &batch.scopes, number, record.scope);
            ours.records.push(record);
        }
    }
    services
        .into_iter()
        .map(|(service, builder)| log_fragment(service, builder.batch))
        .collect()
}

/// The fragment of these records of one service, sorted by time and without resources and scopes that none uses.
pub(crate) fn log_fragment(service: Text, mut batch: LogBatch) -> LogFragment {
    batch.records.sort_by_key(|record| record.time_ns);
    retain_used(&mut batch);
    let mut terms = Terms::default();
    batch.resources.iter().for_each(|resource| terms.resource(resource));
    for record in &batch.records {
        terms.record(record);
        if terms.len() > 65_536 {
            terms.compact();
        }
    }
    let (terms, terms_cut) = terms.finish();
    LogFragment {
        service,
        start_ns: batch.records.first().map_or(0, |record| record.time_ns),
        end_ns: batch.records.last().map_or(0, |record| record.time_ns),
        max_severity: batch
            .records
            .iter()
            .map(|record| record.severity)
            .max()
            .unwrap_or(LogSeverity(0)),
        terms,
        terms_cut,
        batch,
    }
}

fn retain_used(batch: &mut LogBatch) {
    keep_used(&mut batch.resources, &mut batch.records, |record| &mut record.resource);
    keep_used(&mut batch.scopes, &mut batch.records, |record| &mut record.scope);
}

/// Leaves of `items` those that a record points at, in order of first use, and points the records there.
fn keep_used<T: Clone>(items: &mut Vec<T>, records: &mut [LogRecord], index: fn(&mut LogRecord) -> &mut u32) {
    let mut places = vec![None; items.len()];
    let mut used = Vec::new();
    for record in records {
        let at = index(record);
        *at = *places[*at as usize].get_or_insert_with(|| {
            used.push(items[*at as usize].clone());
            used.len() as u32 - 1
        });
    }
    *items = used;
}
