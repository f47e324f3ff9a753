//! The replica's end of the bus: wakes its workers when the journal has a new row, and tells its open pages that there is
//! something new to read.
//!
//! What is told comes from the store's announcements (`loops::listener`), of this replica's workers or another's.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use pointsman_domain::Text;
use pointsman_domain::read::LiveEvent;
use pointsman_store::bus::TELEMETRY;
use tokio::sync::{Notify, broadcast};

/// How many events a slow page may fall behind before it misses some; it reads everything again anyway.
const BACKLOG: usize = 16;

/// The replica's end of the bus. Clones are the same bus.
#[derive(Debug, Clone)]
pub(crate) struct Bus {
    events: broadcast::Sender<LiveEvent>,
    journal: Arc<Notify>,
    telemetry: Arc<Notify>,
    revision: Arc<AtomicU64>,
}

impl Default for Bus {
    fn default() -> Self {
        Self {
            events: broadcast::Sender::new(BACKLOG),
            journal: Arc::default(),
            telemetry: Arc::default(),
            revision: Arc::default(),
        }
    }
}

impl Bus {
    /// A new receiver of live events; it gets what is told from now on.
    pub(crate) fn subscribe(&self) -> broadcast::Receiver<LiveEvent> {
        self.events.subscribe()
    }

    /// Tells every open page of this replica that there is new telemetry.
    pub(crate) fn tell(&self) {
        let revision = self.revision.fetch_add(1, Ordering::Relaxed) + 1;
        // An error only says that no page is open.
        let _ = self.events.send(LiveEvent {
            topic: Text::const_new(TELEMETRY),
            revision,
        });
    }

    /// How often pages were told that there is new telemetry.
    pub(crate) fn revision(&self) -> u64 {
        self.revision.load(Ordering::Relaxed)
    }

    /// Wakes a worker: the journal has a row, or more of them than one worker takes.
    pub(crate) fn wake_worker(&self) {
        self.journal.notify_one();
    }

    /// Waits until there may be a row in the journal.
    pub(crate) async fn journal_grew(&self) {
        self.journal.notified().await;
    }

    /// Notes that pages have something new to read.
    pub(crate) fn note_telemetry(&self) {
        self.telemetry.notify_one();
    }

    /// Waits until pages have something new to read; what was noted several times is answered once.
    pub(crate) async fn telemetry_changed(&self) {
        self.telemetry.notified().await;
    }
}
