//! Tells the pages of this replica, and its workers, that there is something new.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use pointsman_domain::Text;
use pointsman_domain::read::LiveEvent;
use tokio::sync::{Notify, broadcast};

/// How many events a slow page may fall behind before it misses some; it reads everything again anyway.
const BACKLOG: usize = 16;

/// The replica's end of the bus. Clones are the same bus.
#[derive(Debug, Clone)]
pub struct Bus {
    events: broadcast::Sender<LiveEvent>,
    journal: Arc<Notify>,
    revision: Arc<AtomicU64>,
}

impl Default for Bus {
    fn default() -> Self {
        Self {
            events: broadcast::Sender::new(BACKLOG),
            journal: Arc::default(),
            revision: Arc::default(),
        }
    }
}

impl Bus {
    /// A new receiver of live events; it gets what is told from now on.
    pub fn subscribe(&self) -> broadcast::Receiver<LiveEvent> {
        self.events.subscribe()
    }

    /// Tells every open page of this replica that `topic` changed.
    pub(crate) fn tell(&self, topic: &str) {
        let revision = self.revision.fetch_add(1, Ordering::Relaxed) + 1;
        // An error only says that no page is open.
        let _ = self.events.send(LiveEvent {
            topic: Text::from(topic),
            revision,
        });
    }

    /// Wakes the workers: the journal has a new row.
    pub(crate) fn wake_workers(&self) {
        self.journal.notify_waiters();
        self.journal.notify_one();
    }

    /// Waits until the journal was told of a new row.
    pub(crate) async fn journal_grew(&self) {
        self.journal.notified().await;
    }
}
