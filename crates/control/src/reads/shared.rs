//! What several ask for at once is read once, and kept for those who ask just after.

use std::hash::Hash;
use std::io::Write;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use moka::future::Cache;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use serde::Serialize;

use super::ReadLabel;
use crate::Problem;

/// The most that the kept answers of one kind weigh, in bytes of their JSON.
const MAX_BYTES: u64 = 32 << 20;

/// What the smallest weighs: so there are never more than 512.
const LEAST_BYTES: usize = 64 << 10;

/// The answers of one kind of read, by what was asked.
pub(crate) struct Shared<K, T> {
    kept: Cache<K, Arc<Made<T>>>,
    made: Counter,
}

/// What a read made.
struct Made<T> {
    answer: Result<Weighed<T>, Problem>,
    /// What the bus had told of when it began: what is told of later may not be in it.
    revision: u64,
}

/// An answer, with about how much memory it takes.
pub(super) struct Weighed<T> {
    answer: Arc<T>,
    bytes: u32,
}

impl<T: Serialize> Weighed<T> {
    /// Takes the processor for about as long as making the JSON of it.
    pub(super) fn of(answer: T) -> Self {
        let mut counted = Counted(0);
        // What can't be written is kept as the heaviest, which is not at all.
        let bytes = match serde_json::to_writer(&mut counted, &answer) {
            Ok(()) => u32::try_from(counted.0.max(LEAST_BYTES)).unwrap_or(u32::MAX),
            Err(_) => u32::MAX,
        };
        Self {
            answer: Arc::new(answer),
            bytes,
        }
    }
}

/// Counts what is written.
struct Counted(usize);

impl Write for Counted {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0 += bytes.len();
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl<K, T> Shared<K, T>
where
    K: Hash + Eq + Clone + Send + Sync + 'static,
    T: Send + Sync + 'static,
{
    /// Answers are kept for so long; not at all where it is zero, but those who ask while something is read share it all the same.
    pub(super) fn new(name: &'static str, kept: Duration, made: &Family<ReadLabel, Counter>) -> Self {
        Self {
            kept: Cache::builder()
                .max_capacity(MAX_BYTES)
                .weigher(|_, made: &Arc<Made<T>>| made.answer.as_ref().map_or(0, |answer| answer.bytes))
                .time_to_live(kept)
                .build(),
            made: made.get_or_create_owned(&ReadLabel { read: name }),
        }
    }

    /// The answer that is kept, or being made, unless something new was told since it began; else what `read` answers. There is one read at
    /// a time for a key. Errors are told to those who wait, and not kept.
    pub(super) async fn get<F>(
        &self,
        key: K,
        revision: impl Fn() -> u64,
        read: impl Fn() -> F,
    ) -> Result<Arc<T>, Problem>
    where
        F: Future<Output = Result<Weighed<T>, Problem>>,
    {
        let wanted = revision();
        let mut others_turns = 0;
        loop {
            let own = AtomicBool::new(false);
            let make = async {
                own.store(true, Ordering::Relaxed);
                self.made.inc();
                let revision = revision();
                let answer = read().await;
                Arc::new(Made { answer, revision })
            };
            let is_old = |made: &Arc<Made<T>>| made.answer.is_err() || made.revision < wanted;
            let made = self.kept.entry(key.clone()).or_insert_with_if(make, is_old).await;
            let made = made.into_value();
            let own = own.into_inner();
            // It began before what is wanted was told of: the next will have it.
            let late = made.revision < wanted;
            // It was another's turn that did not come. Where that is so twice, nobody's does.
            let others = !own && others_turns == 0 && matches!(made.answer, Err(Problem::Busy { .. }));
            others_turns += u32::from(others);
            if !(late || others) {
                return match &made.answer {
                    Ok(weighed) => Ok(Arc::clone(&weighed.answer)),
                    Err(problem) => Err(problem.clone()),
                };
            }
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

    use std::sync::atomic::AtomicU64;

    use futures::future::join_all;
    use tokio::sync::Notify;

    use super::*;

    fn shared(kept: Duration) -> Shared<&'static str, u64> {
        Shared::new("test", kept, &Family::default())
    }

    const LONG: Duration = Duration::from_secs(600);

    #[tokio::test]
    async fn a_hundred_who_ask_at_once_are_one_read_however_short_it_is_kept() {
        for kept in [Duration::ZERO, LONG] {
            let shared = shared(kept);
            let readers = (0..100).map(|_| {
                shared.get(
                    "page",
                    || 0,
                    || async {
                        for _ in 0..10 {
                            tokio::task::yield_now().await;
                        }
                        Ok(Weighed::of(7))
                    },
                )
            });
            let answers = join_all(readers).await;
            assert!(answers.iter().all(|answer| **answer.as_ref().unwrap() == 7));
            assert_eq!(shared.made.get(), 1, "kept for {kept:?}");
            shared.get("page", || 0, || async { Ok(Weighed::of(8)) }).await.unwrap();
            assert_eq!(shared.made.get(), if kept.is_zero() { 2 } else { 1 });
        }
    }

    #[tokio::test]
    async fn nobody_gets_what_began_before_the_news() {
        let shared = shared(LONG);
        let (told, read_out) = (AtomicU64::new(0), Notify::new());
        let begun = Notify::new();
        let revision = || told.load(Ordering::Relaxed);
        let first = shared.get("page", revision, || async {
            begun.notify_one();
            read_out.notified().await;
            Ok(Weighed::of(1))
        });
        let later = async {
            begun.notified().await;
            told.store(1, Ordering::Relaxed);
            let waits = shared.get("page", revision, || async { Ok(Weighed::of(2)) });
            let waits_too = shared.get("page", revision, || async { Ok(Weighed::of(3)) });
            read_out.notify_one();
            tokio::join!(waits, waits_too)
        };
        let (first, (second, third)) = tokio::join!(first, later);
        assert_eq!(*first.unwrap(), 1);
        assert_eq!(
            second.clone().unwrap(),
            third.unwrap(),
            "those who came after it share the next"
        );
        assert!(*second.unwrap() > 1);
        assert_eq!(shared.made.get(), 2);
    }

    #[tokio::test]
    async fn errors_are_not_kept_and_anothers_turn_is_not_ones_own() {
        let shared = shared(LONG);
        let away = shared.get("page", || 0, || async { Err(Problem::Unavailable) }).await;
        assert_eq!(away, Err(Problem::Unavailable));
        let begun = Notify::new();
        let refused = shared.get(
            "page",
            || 0,
            || async {
                begun.notify_one();
                tokio::task::yield_now().await;
                Err(Problem::Busy { seconds: 5 })
            },
        );
        let other = async {
            begun.notified().await;
            shared.get("page", || 0, || async { Ok(Weighed::of(4)) }).await
        };
        let (refused, other) = tokio::join!(refused, other);
        assert!(matches!(refused, Err(Problem::Busy { .. })));
        assert_eq!(*other.unwrap(), 4);
    }

    #[tokio::test]
    async fn one_who_goes_leaves_it_to_the_next() {
        let shared = shared(LONG);
        let begun = Notify::new();
        let mut gone = Box::pin(shared.get(
            "page",
            || 0,
            || async {
                begun.notify_one();
                std::future::pending().await
            },
        ));
        tokio::select! {
            _ = &mut gone => unreachable!("it is never answered"),
            () = begun.notified() => {}
        }
        let mut next = Box::pin(shared.get("page", || 0, || async { Ok(Weighed::of(5)) }));
        assert!(futures::poll!(&mut next).is_pending());
        drop(gone);
        assert_eq!(*next.await.unwrap(), 5);
    }

    #[tokio::test]
    async fn what_is_kept_is_bounded() {
        let shared: Shared<u64, String> = Shared::new("test", LONG, &Family::default());
        for n in 0..2000 {
            shared
                .get(n, || 0, || async { Ok(Weighed::of("little".to_owned())) })
                .await
                .unwrap();
        }
        let large = "much".repeat(MAX_BYTES as usize / 4);
        shared
            .get(9999, || 0, || async { Ok(Weighed::of(large.clone())) })
            .await
            .unwrap();
        shared.kept.run_pending_tasks().await;
        assert!(shared.kept.weighted_size() <= MAX_BYTES);
        assert!(shared.kept.entry_count() <= MAX_BYTES / LEAST_BYTES as u64);
    }
}
