//! How far what is shown lags behind what was acknowledged.

use std::sync::atomic::Ordering;

use pointsman_domain::read::PipelineStatus;
use pointsman_domain::telemetry::UnixNanos;
use pointsman_store::journal::{self, JournalLag};
use pointsman_store::{Connection, rollup};

use super::Console;
use crate::{Desk, Problem};

impl Console {
    /// The lag of the journal, which readiness is judged by. Errors: `Unavailable` where the database is not.
    pub async fn pipeline(&self) -> Result<PipelineStatus, Problem> {
        let mut conn = self.store.conn().await?;
        self.status_at(&mut conn).await
    }

    /// The same on a connection that is at hand.
    pub(crate) async fn status_at(&self, conn: &mut Connection) -> Result<PipelineStatus, Problem> {
        let lag = journal::lag(conn).await?;
        // Once there is something, there is no need to look again.
        if !self.any_data.load(Ordering::Relaxed) {
            let any = lag.rows > 0 || lag.dead > 0 || rollup::last_seen(conn, None).await?.is_some();
            self.any_data.store(any, Ordering::Relaxed);
        }
        Ok(status(&lag, self.clock.now_ns(), self.any_data.load(Ordering::Relaxed)))
    }
}

impl Desk {
    /// How far what is shown lags behind what was acknowledged.
    pub async fn status(&self) -> Result<PipelineStatus, Problem> {
        self.may_read()?;
        self.pipeline().await
    }
}

/// The status of this lag.
fn status(lag: &JournalLag, now_ns: UnixNanos, any_data: bool) -> PipelineStatus {
    PipelineStatus {
        journal_rows: lag.rows,
        journal_items: lag.items,
        journal_lag_ns: lag.oldest_received_ns.map_or(0, |oldest| now_ns.saturating_sub(oldest)),
        journal_dead: lag.dead,
        any_data,
    }
}
