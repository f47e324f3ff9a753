//! How far what is shown lags behind what was acknowledged.

use std::sync::atomic::Ordering;

use pointsman_domain::read::PipelineStatus;
use pointsman_store::{Connection, rollup};

use crate::{Control, Problem, See};

impl Control {
    /// The lag of the journal at this moment, on a connection that is at hand.
    pub(crate) async fn status_at(&self, conn: &mut Connection) -> Result<PipelineStatus, Problem> {
        let lag = self.store.journal().lag(conn).await?;
        // Once there is something, there is no need to look again.
        if !self.any_data.load(Ordering::Relaxed) {
            let any = lag.rows > 0 || lag.dead > 0 || rollup::last_seen(conn, None).await?.is_some();
            self.any_data.store(any, Ordering::Relaxed);
        }
        Ok(PipelineStatus {
            journal_rows: lag.rows,
            journal_items: lag.items,
            journal_lag_ns: u64::try_from(lag.age.as_nanos()).unwrap_or(u64::MAX),
            journal_dead: lag.dead,
            journal_bytes: lag.bytes,
            journal_full: self.store.journal().full(),
            any_data: self.any_data.load(Ordering::Relaxed),
            clock_skew_ns: self.clock.skew_ns(),
        })
    }
}

impl See<'_> {
    /// How far what is shown lags behind what was acknowledged. Errors: `Unavailable` where the database is not there.
    pub async fn status(&self) -> Result<PipelineStatus, Problem> {
        self.0.may_read()?;
        let mut conn = self.0.control.store.conn().await?;
        self.0.control.status_at(&mut conn).await
    }
}
