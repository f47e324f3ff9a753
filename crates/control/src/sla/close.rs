//! Closes the periods of contracts that are over: each once, into a record that nothing changes.

use std::collections::HashMap;
use std::time::Duration;

use pointsman_domain::Text;
use pointsman_domain::period::PeriodLabel;
use pointsman_domain::sla::{PeriodRecord, outcome};
use pointsman_domain::slo::Level;
use pointsman_domain::telemetry::UnixNanos;
use pointsman_domain::time::TimeRange;
use pointsman_store::lock::{self, LoopName};
use pointsman_store::sla::contracts::{self, ContractRow};
use pointsman_store::sla::records;
use pointsman_store::{Connection, Store, StoreError, slo};

use super::books::{Books, label_at, measures, part_of};
use crate::period;

/// How long after its end a period closes: so long what comes late is counted.
pub const GRACE: Duration = Duration::from_secs(86_400);

/// Who closes what closes by itself.
const BY: &str = "pointsman";

/// Whether a period that ends there is to be closed.
fn is_due(range: TimeRange, now_ns: UnixNanos) -> bool {
    range.to_ns + GRACE.as_nanos() as u64 <= now_ns
}

/// The contract's periods that are over and not among these, oldest first, none from before `oldest_ns`.
fn due(
    row: &ContractRow,
    closed: &[PeriodLabel],
    oldest_ns: UnixNanos,
    now_ns: UnixNanos,
) -> Vec<(PeriodLabel, TimeRange)> {
    let zone = period::known_zone(&row.contract.zone);
    let starts = period::day(row.contract.starts, &zone).unwrap_or(now_ns);
    let mut next = label_at(&row.contract, starts.max(oldest_ns));
    let mut found = Vec::new();
    while let Some(label) = next
        && period::range(label, &zone).is_some_and(|whole| is_due(whole, now_ns))
    {
        if let Some(range) = part_of(&row.contract, label)
            && !closed.contains(&label)
        {
            found.push((label, range));
        }
        next = Some(label.next());
    }
    found
}

/// Closes all periods of all contracts that have been over for [`GRACE`], unless another replica is at it; how many.
pub async fn close_periods(store: &Store, now_ns: UnixNanos) -> Result<usize, StoreError> {
    let Some(guard) = lock::try_advisory(store, LoopName::Evaluator).await? else {
        return Ok(0);
    };
    let oldest_ns = now_ns.saturating_sub(slo::kept(store, Level::Day).as_nanos() as u64);
    let mut at = store.snapshot().await?;
    let (rows, closed) = (contracts::all(&mut at).await?, records::closed(&mut at).await?);
    let mut made = Vec::new();
    let none = Vec::new();
    let waiting: Vec<_> = rows
        .iter()
        .map(|row| (row, due(row, closed.get(&row.id).unwrap_or(&none), oldest_ns, now_ns)))
        .filter(|(_, due)| !due.is_empty())
        .collect();
    if !waiting.is_empty() {
        let books = Books::open(&mut at, now_ns).await?;
        for (row, due) in waiting {
            // Its turn comes when they are: this is tried again in seconds.
            if !books.are_counted(&row.contract) {
                continue;
            }
            for (label, range) in due {
                made.push((row.id, record(&mut at, &books, row, label, range).await?));
            }
        }
    }
    at.rollback().await?;
    if !made.is_empty() {
        let mut tx = store.begin().await?;
        guard.fence(&mut tx).await?;
        for (sla, record) in &made {
            records::insert(&mut tx, *sla, record).await?;
        }
        tx.commit().await?;
    }
    guard.release().await?;
    Ok(made.len())
}

/// The first record of a period, as things stand.
pub(super) async fn record(
    conn: &mut Connection,
    books: &Books,
    row: &ContractRow,
    label: PeriodLabel,
    range: TimeRange,
) -> Result<PeriodRecord, StoreError> {
    let ledger = books.ledger(conn, vec![(&row.contract, range)]).await?;
    Ok(PeriodRecord {
        id: 0,
        contract: row.contract.name.clone(),
        label,
        range,
        number: 1,
        outcome: outcome(&row.contract, &measures(&ledger, &row.contract, range)),
        from: Some(Box::new(books.from(conn, row, range).await?)),
        closed_ns: books.now_ns,
        by: BY.into(),
        corrects: None,
        reason: Text::default(),
    })
}

/// What would come of a period that is not closed if it ended now: a record with the number 0, without what it was computed from. `None`
/// where it has not begun.
pub(crate) async fn live(
    conn: &mut Connection,
    books: &Books,
    row: &ContractRow,
    label: PeriodLabel,
) -> Result<Option<PeriodRecord>, StoreError> {
    let Some(range) = part_of(&row.contract, label).filter(|range| range.from_ns < books.now_ns) else {
        return Ok(None);
    };
    let ledger = books.ledger(conn, vec![(&row.contract, range)]).await?;
    Ok(Some(PeriodRecord {
        id: 0,
        contract: row.contract.name.clone(),
        label,
        range,
        number: 0,
        outcome: outcome(&row.contract, &measures(&ledger, &row.contract, range)),
        from: None,
        closed_ns: 0,
        by: Text::default(),
        corrects: None,
        reason: Text::default(),
    }))
}

/// Whether no contract has a part in one of these periods that is not closed.
pub(crate) fn closed_all(
    rows: &[ContractRow],
    closed: &HashMap<i32, Vec<PeriodLabel>>,
    labels: &[PeriodLabel],
) -> bool {
    rows.iter().all(|row| {
        let mine = closed.get(&row.id);
        labels
            .iter()
            .filter(|label| label.unit() == row.contract.unit && part_of(&row.contract, **label).is_some())
            .all(|label| mine.is_some_and(|closed| closed.contains(label)))
    })
}
