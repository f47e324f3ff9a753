//! How far what is shown lags behind what was acknowledged.

use std::sync::atomic::Ordering;

use pointsman_domain::read::PipelineStatus;
use pointsman_store::{Connection, rollup};

use super::Console;
use crate::{Desk, Problem};

impl Console {
    /// The lag of the journal at this moment. Errors: `Unavailable` where the database is not.
    pub async fn pipeline(&self) -> Result<PipelineStatus, Problem> {
        let mut conn = self.store.conn().await?;
        self.status_at(&mut conn).await
    }

    /// The same on a connection that is at hand.
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

impl Desk {
    /// How far what is shown lags behind what was acknowledged.
    pub async fn status(&self) -> Result<PipelineStatus, Problem> {
        self.may_read()?;
        self.pipeline().await
    }
}
