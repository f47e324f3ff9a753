//! Closes the periods of contracts that are over: each once, into a record that nothing changes. A period is judged by the contract and the
//! objectives as they were at its end. The audit says of each that it was closed, and that no person did it.

use std::collections::HashMap;
use std::time::Duration;

use pointsman_domain::Text;
use pointsman_domain::people::Action;
use pointsman_domain::period::PeriodLabel;
use pointsman_domain::sla::{Contract, PeriodRecord, outcome};
use pointsman_domain::slo::Level;
use pointsman_domain::telemetry::UnixNanos;
use pointsman_store::lock::{self, Guard, LoopName};
use pointsman_store::sla::contracts::{self, ContractHistory, ContractRow};
use pointsman_store::sla::records;
use pointsman_store::slo::failures::{self, Step};
use pointsman_store::{Connection, Store, StoreError, Tx, slo};
use serde_json::json;

use super::objectives_at::{ObjectivesAt, Period, ended, measures, period_of};
use crate::access::Automation;
use crate::audit::automation::Mandate;
use crate::promise::slo::note;

/// How long after its end a period closes: so long what comes late is counted.
pub const GRACE: Duration = Duration::from_secs(86_400);

/// Who closes what closes by itself.
const BY: &str = "pointsman";

/// Closes all periods of all contracts that have been over for [`GRACE`], unless another replica is at it; how many. A contract for which that
/// fails is noted, and tried again with growing pauses; the others are closed all the same.
pub async fn close_periods(store: &Store, now_ns: UnixNanos) -> Result<usize, StoreError> {
    let mandate = match Mandate::ask(Automation::PeriodCloser, Action::ClosePeriods, now_ns) {
        Ok(mandate) => mandate,
        Err(denial) => {
            tracing::error!(%denial, "periods are not closed");
            return Ok(0);
        }
    };
    let Some(guard) = lock::try_advisory(store, LoopName::Evaluator).await? else {
        return Ok(0);
    };
    let oldest_ns = oldest(store, now_ns);
    let mut at = store.snapshot().await?;
    let (all, closed) = (contracts::histories(&mut at).await?, records::closed(&mut at).await?);
    let failing = failures::of_step(&mut at, Step::Close).await?;
    at.rollback().await?;
    let none = Vec::new();
    let mut made = 0;
    for history in all {
        let subject = history.row.id.to_string();
        let before = failing.get(&subject);
        if before.is_some_and(|failing| failing.next_ns > now_ns) {
            continue;
        }
        let closed = closed.get(&history.row.id).unwrap_or(&none);
        let due = ended(&history, closed, oldest_ns, GRACE, now_ns);
        if due.is_empty() && before.is_none() {
            continue;
        }
        match close(&guard, &mandate, store, &due, now_ns).await {
            Ok((records, Some(name))) => {
                made += records;
                let reason = format!("the recorded past of {name} is not counted yet");
                failures::note(&mut *store.conn().await?, Step::Close, &subject, &reason, now_ns).await?;
            }
            Ok((records, None)) => {
                made += records;
                if before.is_some() {
                    failures::clear(&mut *store.conn().await?, Step::Close, &subject).await?;
                }
            }
            Err(error) => note(store, Step::Close, &subject, &error, now_ns).await?,
        }
    }
    guard.release().await?;
    Ok(made)
}

/// From when on counts by the day are kept.
pub(crate) fn oldest(store: &Store, now_ns: UnixNanos) -> UnixNanos {
    now_ns.saturating_sub(slo::kept(store, Level::Day).as_nanos() as u64)
}

/// Closes periods of one contract, oldest first; how many, and for which objective one is left for later, because it is not counted yet.
async fn close(
    guard: &Guard,
    mandate: &Mandate,
    store: &Store,
    due: &[Period],
    now_ns: UnixNanos,
) -> Result<(usize, Option<Text>), StoreError> {
    let (mut made, mut waits_for) = (0, None);
    for period in due {
        let mut at = store.snapshot().await?;
        let as_of = ObjectivesAt::read_as_of(&mut at, period.end_ns, now_ns).await?;
        if let Some(row) = as_of.uncounted(&period.row.contract) {
            waits_for = Some(row.objective.name.clone());
            continue;
        }
        let record = record(&mut at, &as_of, period).await?;
        at.rollback().await?;
        let mut tx = store.begin().await?;
        guard.fence(&mut tx).await?;
        if records::insert(&mut tx, period.row.id, &record).await?.is_some() {
            let contract = &record.contract;
            let detail = format!("closed {} of {contract}", record.label);
            mandate.note(&mut tx, contract, detail, json!(record.outcome)).await?;
        }
        tx.commit().await?;
        made += 1;
    }
    Ok((made, waits_for))
}

/// The first record of a period, by what is counted now.
pub(super) async fn record(
    conn: &mut Connection,
    as_of: &ObjectivesAt,
    period: &Period,
) -> Result<PeriodRecord, StoreError> {
    let (contract, range) = (&period.row.contract, period.range);
    let counts = as_of.counts(conn, vec![(contract, range)]).await?;
    Ok(PeriodRecord {
        id: 0,
        contract: contract.name.clone(),
        label: period.label,
        range,
        number: 1,
        outcome: outcome(contract, &measures(&counts, contract, range)),
        from: Some(Box::new(as_of.from(conn, &period.row, range).await?)),
        closed_ns: as_of.now_ns,
        by: BY.into(),
        corrects: None,
        reason: Text::default(),
    })
}

/// What would come of a period that is not closed if it ended now: a record with the number 0, without what it was computed from. `None`
/// where it has not begun.
pub(crate) async fn live(
    conn: &mut Connection,
    history: &ContractHistory,
    label: PeriodLabel,
    now_ns: UnixNanos,
) -> Result<Option<PeriodRecord>, StoreError> {
    let Some(period) = period_of(history, label).filter(|period| period.range.from_ns < now_ns) else {
        return Ok(None);
    };
    let as_of = ObjectivesAt::read_as_of(conn, period.end_ns, now_ns).await?;
    let record = record(conn, &as_of, &period).await?;
    Ok(Some(PeriodRecord {
        number: 0,
        from: None,
        closed_ns: 0,
        by: Text::default(),
        ..record
    }))
}

/// What an objective is needed for: it is promised in a contract, or counts in a period of one that is over and not closed. `None` where it is
/// in none.
pub(crate) async fn needed_by(
    store: &Store,
    tx: &mut Tx,
    name: &str,
    now_ns: UnixNanos,
) -> Result<Option<String>, StoreError> {
    let (all, closed) = (contracts::histories(tx).await?, records::closed(tx).await?);
    let promises = |contract: &Contract| contract.terms.iter().any(|term| term.objective == name);
    if let Some(history) = all.iter().find(|history| promises(&history.row.contract)) {
        return Ok(Some(format!(
            "the contract {} promises {name}",
            history.row.contract.name
        )));
    }
    let oldest_ns = oldest(store, now_ns);
    let none = Vec::new();
    for history in &all {
        let closed = closed.get(&history.row.id).unwrap_or(&none);
        for period in ended(history, closed, oldest_ns, Duration::ZERO, now_ns) {
            let as_of = ObjectivesAt::read_as_of(tx, period.end_ns, now_ns).await?;
            let mut meant = as_of.meant(&period.row.contract).into_iter();
            if meant.any(|row| row.objective.name == name) {
                let contract = &history.row.contract.name;
                return Ok(Some(format!(
                    "{} of the contract {contract} is over, not closed yet, and counts {name}",
                    period.label
                )));
            }
        }
    }
    Ok(None)
}

/// The first period of a contract that has ended since the contract was made and is not closed.
pub(super) async fn open_period(
    store: &Store,
    tx: &mut Tx,
    row: &ContractRow,
    now_ns: UnixNanos,
) -> Result<Option<PeriodLabel>, StoreError> {
    let mut all = contracts::histories(tx).await?.into_iter();
    let Some(history) = all.find(|history| history.row.id == row.id) else {
        return Ok(None);
    };
    let closed = records::closed(tx).await?.remove(&row.id).unwrap_or_default();
    let ended = ended(&history, &closed, oldest(store, now_ns), Duration::ZERO, now_ns);
    let mut promised = ended.iter().filter(|period| period.end_ns >= history.since_ns());
    Ok(promised.next().map(|period| period.label))
}

/// Whether no contract has a part in one of these periods that is still to be closed. One that begins earlier than counts are kept never is.
pub(crate) fn closed_all(
    all: &[ContractHistory],
    closed: &HashMap<i32, Vec<PeriodLabel>>,
    labels: &[PeriodLabel],
    oldest_ns: UnixNanos,
) -> bool {
    all.iter().all(|history| {
        let mine = closed.get(&history.row.id);
        labels
            .iter()
            .filter(|label| period_of(history, **label).is_some_and(|period| period.range.from_ns >= oldest_ns))
            .all(|label| mine.is_some_and(|closed| closed.contains(label)))
    })
}
