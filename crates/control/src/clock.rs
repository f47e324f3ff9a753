//! What time it is: the database's, so that all replicas agree, whatever the machines' clocks say.
//!
//! ```text
//! the database's clock --[ asked every few seconds ]--> a reading --[ + what the process's own steady clock counts since ]--> now
//! the machine's clock ---------------------------------> only compared: how far it is off is logged, measured and shown
//! ```
//!
//! What can't be made good again (dropping what has expired, closing a period) asks [`Clock::agreed_ns`]: where the two clocks differ by more
//! than [`CLOCK_TOLERANCE_NS`], one of them is wrong, and nobody here knows which.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use pointsman_domain::read::CLOCK_TOLERANCE_NS;
use pointsman_domain::telemetry::UnixNanos;
use pointsman_store::{Store, StoreError, clock};

/// An answer that took longer tells the time too roughly, as long as there is a newer one than [`STALE`].
const ROUGH: Duration = Duration::from_secs(1);
/// From this age on any reading is better than the one at hand.
const STALE: Duration = Duration::from_secs(60);

/// What tells the use cases and the loops the time. Clones are the same clock.
#[derive(Debug, Clone)]
pub struct Clock(Arc<Source>);

#[derive(Debug)]
enum Source {
    /// Stands still until it is set.
    Fixed(AtomicU64),
    Database(Following),
}

#[derive(Debug)]
struct Following {
    /// How far the machine's clock is put forward, in nanoseconds.
    offset_ns: i64,
    last: Mutex<Reading>,
}

/// What the database said last.
#[derive(Debug, Clone, Copy)]
struct Reading {
    /// When, by a clock that nobody sets.
    at: Instant,
    /// What it said.
    database_ns: UnixNanos,
    /// The machine's clock minus the database's.
    skew_ns: i64,
}

impl Clock {
    /// A clock that stands still until it is [set](Clock::set).
    pub fn fixed(now_ns: UnixNanos) -> Self {
        Self(Arc::new(Source::Fixed(AtomicU64::new(now_ns))))
    }

    /// The database's clock, asked once by this and then by each [`Clock::measure`]. `offset_ns` puts the machine's clock forward or back:
    /// 0 but in tests. Errors: the database does not answer.
    pub async fn of_database(store: &Store, offset_ns: i64) -> Result<Self, StoreError> {
        let (last, _) = ask(store, offset_ns).await?;
        tell(None, last.skew_ns);
        let last = Mutex::new(last);
        Ok(Self(Arc::new(Source::Database(Following { offset_ns, last }))))
    }

    /// Sets a fixed clock; others stay as they are.
    pub fn set(&self, now_ns: UnixNanos) {
        if let Source::Fixed(fixed) = &*self.0 {
            fixed.store(now_ns, Ordering::SeqCst);
        }
    }

    /// Now, in nanoseconds since the Unix epoch.
    pub fn now_ns(&self) -> UnixNanos {
        match &*self.0 {
            Source::Fixed(fixed) => fixed.load(Ordering::SeqCst),
            Source::Database(following) => {
                let last = *following.last();
                last.database_ns.saturating_add(nanos(last.at.elapsed()))
            }
        }
    }

    /// How far the machine's clock was ahead of the database's when that was asked last, in nanoseconds; negative where it was behind, 0
    /// for a fixed clock.
    pub fn skew_ns(&self) -> i64 {
        match &*self.0 {
            Source::Fixed(_) => 0,
            Source::Database(following) => following.last().skew_ns,
        }
    }

    /// Asks the database for its time. The log tells when the machine's clock begins to differ and when it no longer does.
    pub(crate) async fn measure(&self, store: &Store) -> Result<(), StoreError> {
        let Source::Database(following) = &*self.0 else {
            return Ok(());
        };
        let (new, took) = ask(store, following.offset_ns).await?;
        let mut last = following.last();
        if took <= ROUGH || last.at.elapsed() >= STALE {
            tell(Some(last.skew_ns), new.skew_ns);
            *last = new;
        }
        Ok(())
    }

    /// Now, asked of the database at this moment, for what can't be made good again; `None` where the machine's clock differs by more than
    /// [`CLOCK_TOLERANCE_NS`].
    pub(crate) async fn agreed_ns(&self, store: &Store) -> Result<Option<UnixNanos>, StoreError> {
        self.measure(store).await?;
        Ok((self.skew_ns().unsigned_abs() <= CLOCK_TOLERANCE_NS).then(|| self.now_ns()))
    }
}

impl Following {
    fn last(&self) -> MutexGuard<'_, Reading> {
        self.last.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What the database says, and how long it took to say it. It is taken to have looked half-way.
async fn ask(store: &Store, offset_ns: i64) -> Result<(Reading, Duration), StoreError> {
    let mut conn = store.conn().await?;
    let (machine_ns, began) = (machine_ns().saturating_add_signed(offset_ns), Instant::now());
    let database_ns = clock::now_ns(&mut conn).await?;
    let took = began.elapsed();
    let machine_ns = machine_ns.saturating_add(nanos(took / 2));
    let reading = Reading {
        at: began + took / 2,
        database_ns,
        skew_ns: (machine_ns as i64).saturating_sub(database_ns as i64),
    };
    Ok((reading, took))
}

/// Logs a change of whether the clocks differ.
fn tell(before: Option<i64>, now: i64) {
    let differs = |skew_ns: i64| skew_ns.unsigned_abs() > CLOCK_TOLERANCE_NS;
    let seconds = now as f64 / 1e9;
    match (before.is_some_and(differs), differs(now)) {
        (false, true) => tracing::error!(
            clock.skew_seconds = seconds,
            "this machine's clock differs from the database's: the database's is used, and this replica drops nothing that has expired and closes no \
             period until they agree; set the one that is wrong"
        ),
        (true, false) => tracing::info!(
            clock.skew_seconds = seconds,
            "this machine's clock agrees with the database's again"
        ),
        _ => {}
    }
}

fn machine_ns() -> UnixNanos {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, nanos)
}

fn nanos(length: Duration) -> u64 {
    u64::try_from(length.as_nanos()).unwrap_or(u64::MAX)
}
