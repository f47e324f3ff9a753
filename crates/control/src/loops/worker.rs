//! The worker: journal rows in, fragments and figures out, in one transaction, so that each span counts exactly once
//! whatever crashes.
//!
//! A set of rows whose transform fails, or whose data the database does not take, is undone, and then half as many are taken, until the
//! one at fault fails by itself: it is tried [`MAX_ATTEMPTS`] times and then set aside, so that it neither blocks the others nor
//! is lost. After each set that goes well twice as many are taken. Any other failure is no fault of the rows: they wait in the journal
//! until it is over.

use std::collections::HashSet;
use std::time::{Duration, Instant};

use pointsman_domain::telemetry::Batch;
use pointsman_store::journal::{self, MAX_ATTEMPTS};
use pointsman_store::{StoreError, Tx, bus, rollup, segment};
use pointsman_transform::{SpanKey, Transformed, pairing, transform_after};
use tokio::time::timeout;

use super::Context;
use super::outage::Outage;
use crate::Metrics;

/// How often a worker looks into the journal without being told.
const POLL: Duration = Duration::from_secs(1);
/// The pause before a row that failed by itself is tried again.
const BEFORE_RETRY: Duration = Duration::from_millis(50);
/// As many rows as hold what a worker takes at a time.
const ALL: u32 = u32::MAX;

/// Why a cycle failed.
enum CycleFailure {
    /// The database; the rows are back.
    Store(StoreError),
    /// Something about these rows, which are back too.
    Rows {
        /// Their numbers.
        ids: Vec<i64>,
        /// What went wrong.
        reason: String,
    },
}

impl From<StoreError> for CycleFailure {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

/// Why what rows became could not be written.
enum WriteError {
    Store(StoreError),
    /// The transform broke down.
    Rows(String),
}

impl From<StoreError> for WriteError {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

/// Works until it is time to stop.
pub(crate) async fn run(context: Context) {
    let beat = context.pulse.of("worker");
    let mut worker = Worker {
        most_rows: ALL,
        context,
    };
    let mut outage = Outage::new("worker", &worker.context.metrics);
    while !worker.context.stop.is_cancelled() {
        let limit = worker.context.options.step;
        let Ok(done) = timeout(limit, worker.cycle()).await else {
            worker.context.pause(outage.late(limit)).await;
            continue;
        };
        let wait = match done {
            Ok(items) => {
                outage.over();
                beat.now();
                if worker.most_rows < ALL || items >= worker.context.options.items_per_cycle / 2 {
                    continue;
                }
                worker.rest().await;
                continue;
            }
            Err(CycleFailure::Store(error)) => outage.failed(&error),
            Err(CycleFailure::Rows { ids, reason }) => match worker.rows_failed(&ids, &reason).await {
                Ok(wait) => wait,
                Err(error) => outage.failed(&error),
            },
        };
        beat.now();
        worker.context.pause(wait).await;
    }
}

struct Worker {
    context: Context,
    /// How many rows to take: [`ALL`] that fit, unless a set has failed.
    most_rows: u32,
}

impl Worker {
    /// Waits for a row, and then a moment for more.
    async fn rest(&self) {
        let woken = async {
            tokio::select! {
                () = self.context.bus.journal_grew() => {}
                () = tokio::time::sleep(POLL) => {}
            }
            tokio::time::sleep(self.context.options.gather).await;
        };
        tokio::select! {
            () = self.context.stop.cancelled() => {}
            () = woken => {}
        }
    }

    /// Takes rows and commits what they become; answers how many items they held.
    async fn cycle(&mut self) -> Result<u32, CycleFailure> {
        self.context.bounds.seed(&self.context).await?;
        let began = Instant::now();
        let mut tx = self.context.store.begin().await?;
        let max_items = self.context.options.items_per_cycle;
        let rows = journal::claim(&mut tx, max_items, self.most_rows).await?;
        if rows.is_empty() {
            self.most_rows = ALL;
            // Rows that could not be read are set aside by now.
            tx.commit().await?;
            return Ok(0);
        }
        let ids: Vec<i64> = rows.iter().map(|row| row.id).collect();
        let (mut spans, mut records) = (0, 0);
        for row in &rows {
            match &row.batch {
                Batch::Spans(batch) => spans += batch.spans.len(),
                Batch::Logs(batch) => records += batch.records.len(),
            }
        }
        let items = (spans + records) as u32;
        if items >= max_items || ids.len() == self.most_rows as usize {
            // There is probably more than this worker takes.
            self.context.bus.wake_worker();
        }
        let batches = rows.into_iter().map(|row| row.batch).collect();
        let written = match self.transform(batches, HashSet::new()).await {
            Ok(transformed) => self.write(&mut tx, transformed).await,
            Err(reason) => Err(WriteError::Rows(reason)),
        };
        match written {
            Ok(()) => tx.commit().await?,
            Err(error) => {
                // Undone at once, so that the rows are there to be taken again. Where that fails, the connection is gone.
                let _ = tx.rollback().await;
                return Err(match error {
                    WriteError::Store(error) if error.is_of_data() => CycleFailure::Rows {
                        ids,
                        reason: error.to_string(),
                    },
                    WriteError::Store(error) => CycleFailure::Store(error),
                    WriteError::Rows(reason) => CycleFailure::Rows { ids, reason },
                });
            }
        }
        let exhausted = ids.len() < self.most_rows as usize;
        self.most_rows = if exhausted {
            ALL
        } else {
            self.most_rows.saturating_mul(2)
        };
        self.context
            .metrics
            .cycle_seconds
            .observe(began.elapsed().as_secs_f64());
        Metrics::count(&self.context.metrics.transformed, spans as u64, records as u64);
        Ok(items)
    }

    /// Transforms on a thread for computing; a panic there is an error of the rows.
    async fn transform(&self, batches: Vec<Batch>, known: HashSet<SpanKey>) -> Result<Transformed, String> {
        let bounds = self.context.bounds.clone();
        let transforming = tokio::task::spawn_blocking(move || transform_after(batches, &known, &bounds.operations));
        transforming.await.map_err(|error| error.to_string())
    }

    /// Writes what rows became. From the lock on, it sees the halves of all that is committed.
    async fn write(&self, tx: &mut Tx, mut transformed: Transformed) -> Result<(), WriteError> {
        let now_ns = self.context.clock.now_ns();
        let mut not_before_ns = 0;
        let with_halves: Vec<_> = transformed
            .traces
            .iter()
            .filter(|trace| !trace.halves.is_empty())
            .map(|trace| trace.trace_id)
            .collect();
        if !with_halves.is_empty() {
            segment::lock_pairing(tx).await?;
            let known = segment::known_halves(tx, now_ns, &with_halves).await?;
            let repeated = pairing::repeated(&known.halves, &transformed.traces);
            if !repeated.is_empty() {
                transformed = self
                    .transform(transformed.into_batches(), repeated)
                    .await
                    .map_err(WriteError::Rows)?;
            }
            pairing::complete(&known.halves, &mut transformed.traces, &mut transformed.delta);
            not_before_ns = known.not_before_ns;
        }
        self.context.bounds.targets.bound(&mut transformed.delta);
        rollup::append_delta(tx, &transformed.delta).await?;
        segment::write_logs(tx, now_ns, &transformed.logs).await?;
        segment::write_fragments(tx, now_ns.max(not_before_ns), &transformed.traces).await?;
        Ok(bus::announce(tx, bus::TELEMETRY).await?)
    }

    /// Goes on with half as many rows; a row that failed by itself is counted, and set aside from [`MAX_ATTEMPTS`] on. Answers how long to
    /// wait.
    async fn rows_failed(&mut self, ids: &[i64], reason: &str) -> Result<Duration, StoreError> {
        self.context.metrics.failed("worker");
        self.most_rows = u32::try_from(ids.len() / 2).unwrap_or(ALL).max(1);
        let [id] = ids else {
            tracing::warn!(
                rows = ids.len(),
                reason,
                "a set of requests could not be transformed; taking half as many"
            );
            return Ok(Duration::ZERO);
        };
        let aside = journal::failed(&mut *self.context.store.conn().await?, ids, reason).await?;
        if aside > 0 {
            tracing::error!(
                journal.row = id,
                reason,
                "a request could not be transformed {MAX_ATTEMPTS} times and is set aside"
            );
        }
        Ok(BEFORE_RETRY)
    }
}
