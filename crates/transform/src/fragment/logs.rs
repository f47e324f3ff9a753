//! One fragment a service.

use std::collections::BTreeMap;

use pointsman_domain::Text;
use pointsman_domain::segment::LogFragment;
use pointsman_domain::telemetry::{LogBatch, Severity};

use crate::terms::Terms;

/// Groups the records of all batches by service, in the order of names; records by time.
pub(crate) fn logs(batches: Vec<LogBatch>) -> Vec<LogFragment> {
    let mut services: BTreeMap<Text, LogBatch> = BTreeMap::new();
    for batch in batches {
        let mut parts: BTreeMap<Text, LogBatch> = BTreeMap::new();
        let LogBatch {
            resources,
            scopes,
            records,
        } = batch;
        for record in records {
            let service = resources[record.resource as usize].service.clone();
            let part = parts.entry(service).or_insert_with(|| LogBatch {
                resources: resources.clone(),
                scopes: scopes.clone(),
                records: Vec::new(),
            });
            part.records.push(record);
        }
        for (service, part) in parts {
            services.entry(service).or_default().absorb(part);
        }
    }
    services
        .into_iter()
        .map(|(service, batch)| log_fragment(service, batch))
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
            .unwrap_or(Severity(0)),
        terms,
        terms_cut,
        batch,
    }
}

fn retain_used(batch: &mut LogBatch) {
    let LogBatch {
        resources,
        scopes,
        records,
    } = batch;
    let mut places = vec![None; resources.len()];
    let mut used = Vec::new();
    for record in records.iter_mut() {
        let place = places[record.resource as usize].get_or_insert_with(|| {
            used.push(resources[record.resource as usize].clone());
            used.len() as u32 - 1
        });
        record.resource = *place;
    }
    *resources = used;
    let mut places = vec![None; scopes.len()];
    let mut used = Vec::new();
    for record in records.iter_mut() {
        let place = places[record.scope as usize].get_or_insert_with(|| {
            used.push(scopes[record.scope as usize].clone());
            used.len() as u32 - 1
        });
        record.scope = *place;
    }
    *scopes = used;
}
