//! Whose turn it is to read: each reader has a few at once, all together as many as there are connections for reads.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::access::{Actor, Automation, Caller};

/// How long one waits for a turn.
const PATIENCE: Duration = Duration::from_secs(4);

/// After how many seconds one who was refused may try again: those before have had their turn.
pub(super) const AGAIN_SECONDS: u32 = 5;

/// How many reads of one reader may wait.
const WAITING: usize = 32;

/// How many readers are remembered though they read nothing now.
const REMEMBERED: usize = 1024;

/// Who reads, for turns.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Reader {
    Person(i64),
    Token(i64),
    Operator,
    Automation(Automation),
    /// Nobody that is known, from this address.
    Address(Option<IpAddr>),
}

impl Reader {
    fn of(caller: &Caller) -> Self {
        match &caller.actor {
            Actor::Person(person) => Self::Person(person.id),
            Actor::Program(program) => Self::Token(program.id),
            Actor::Operator(_) => Self::Operator,
            Actor::Automation { which, .. } => Self::Automation(*which),
            Actor::Anonymous(_) => Self::Address(caller.address),
        }
    }
}

/// One reader's own.
#[derive(Debug)]
struct Own {
    /// For those that wait and those that read.
    places: Arc<Semaphore>,
    reading: Arc<Semaphore>,
}

/// Who reads and who waits.
#[derive(Debug)]
pub(super) struct Turns {
    all: Arc<Semaphore>,
    each: usize,
    readers: Mutex<HashMap<Reader, Arc<Own>>>,
}

/// A turn; it ends when dropped.
#[derive(Debug)]
pub(super) struct Turn {
    _all: OwnedSemaphorePermit,
    _own: OwnedSemaphorePermit,
    _place: OwnedSemaphorePermit,
    /// Keeps it remembered.
    _reader: Arc<Own>,
}

impl Turns {
    /// So many at once, half of them for one reader.
    pub(super) fn new(all: usize) -> Self {
        Self {
            all: Arc::new(Semaphore::new(all.max(1))),
            each: (all / 2).max(1),
            readers: Mutex::default(),
        }
    }

    /// A turn; `None` where it does not come in time, or too many of this reader's wait already.
    pub(super) async fn turn(&self, caller: &Caller) -> Option<Turn> {
        let reader = self.own(Reader::of(caller));
        let place = Arc::clone(&reader.places).try_acquire_owned().ok()?;
        let turn = async {
            // First the own: so a reader never has more than its share in the queue for all.
            let own = Arc::clone(&reader.reading).acquire_owned().await.ok()?;
            let all = Arc::clone(&self.all).acquire_owned().await.ok()?;
            Some((own, all))
        };
        let (own, all) = tokio::time::timeout(PATIENCE, turn).await.ok()??;
        Some(Turn {
            _all: all,
            _own: own,
            _place: place,
            _reader: reader,
        })
    }

    fn own(&self, reader: Reader) -> Arc<Own> {
        let mut readers = self.readers.lock().unwrap_or_else(PoisonError::into_inner);
        if readers.len() >= REMEMBERED && !readers.contains_key(&reader) {
            readers.retain(|_, own| Arc::strong_count(own) > 1);
        }
        let own = || Own {
            places: Arc::new(Semaphore::new(WAITING + self.each)),
            reading: Arc::new(Semaphore::new(self.each)),
        };
        Arc::clone(readers.entry(reader).or_insert_with(|| Arc::new(own())))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

    use futures::FutureExt;
    use pointsman_domain::people::audit::Via;

    use super::*;
    use crate::access::Anybody;

    fn from(address: &str) -> Caller {
        Caller {
            actor: Actor::Anonymous(Anybody::default()),
            via: Via::Api,
            address: Some(address.parse().unwrap()),
            session: None,
        }
    }

    #[tokio::test]
    async fn one_reader_has_half_of_the_turns_and_the_next_gets_one_at_once() {
        let turns = Turns::new(4);
        let (slow, other) = (from("192.0.2.1"), from("192.0.2.2"));
        let held = [turns.turn(&slow).await, turns.turn(&slow).await];
        assert!(held.iter().all(Option::is_some));
        assert!(matches!(turns.turn(&other).now_or_never(), Some(Some(_))));
        let began = std::time::Instant::now();
        assert!(turns.turn(&slow).await.is_none(), "its third waits in vain");
        assert!(began.elapsed() >= PATIENCE);
        drop(held);
        assert!(matches!(turns.turn(&slow).now_or_never(), Some(Some(_))));
    }

    #[tokio::test]
    async fn what_waits_for_one_reader_is_bounded_and_so_are_those_remembered() {
        let turns = Arc::new(Turns::new(2));
        let slow = from("192.0.2.1");
        let held = turns.turn(&slow).await.unwrap();
        let waiting: Vec<_> = (0..WAITING)
            .map(|_| {
                let (turns, slow) = (Arc::clone(&turns), slow.clone());
                tokio::spawn(async move { turns.turn(&slow).await.is_some() })
            })
            .collect();
        while turns.own(Reader::of(&slow)).places.available_permits() > 0 {
            tokio::task::yield_now().await;
        }
        let one_more = turns.turn(&slow).now_or_never();
        assert!(matches!(one_more, Some(None)), "one too many is not kept waiting");
        drop(held);
        for waited in waiting {
            assert!(waited.await.unwrap(), "the turns go on from one to the next");
        }
        for n in 0..3000_u32 {
            let reader = from(&format!("10.0.{}.{}", n / 250, n % 250));
            turns.turn(&reader).await.unwrap();
        }
        assert!(turns.readers.lock().unwrap().len() <= REMEMBERED);
    }
}
