//! A house for one test: a database, a journal, a console, a clock that stands still, and loops when the test wants them.

use std::time::Duration;

use pointsman_control::access::Caller;
use pointsman_control::{Clock, Control, ControlSettings, LoopOptions, Loops, Metrics, UseCases};
use pointsman_domain::read::{Overview, Topology};
use pointsman_domain::rollup::{Endpoint, SECOND_NS};
use pointsman_domain::telemetry::{Batch, LogBatch, SpanBatch, UnixNanos};
use pointsman_domain::time::{RangeSpec, TimeRange};
use pointsman_store::journal::{Appended, JournalOptions, JournalWriter};
use pointsman_store::{Store, segment};
use pointsman_testing::{T0, TestDb};
use prometheus_client::registry::Registry;

/// How long a test waits for what must come.
const DEADLINE: Duration = Duration::from_secs(60);

/// The half hour in which everything happens.
pub(crate) const RANGE: RangeSpec = RangeSpec::Fixed(TimeRange {
    from_ns: T0,
    to_ns: T0 + 1800 * SECOND_NS,
});

/// What a test works with.
pub(crate) struct House {
    pub(crate) store: Store,
    pub(crate) control: Control,
    pub(crate) clock: Clock,
    pub(crate) journal: JournalWriter,
    pub(crate) db: TestDb,
}

impl House {
    /// An empty house, an hour after [`T0`].
    pub(crate) async fn new() -> Self {
        // A second test finds it set already.
        let _ = tracing_subscriber::fmt().with_test_writer().try_init();
        let db = TestDb::new().await;
        let store = db.store().await;
        let clock = Clock::fixed(T0 + 3600 * SECOND_NS);
        Self {
            control: Control::new(store.clone(), ControlSettings::default(), clock.clone()),
            journal: JournalWriter::spawn(&store, JournalOptions::default()),
            store,
            clock,
            db,
        }
    }

    /// The use cases for whoever has the database at hand.
    pub(crate) fn use_cases(&self) -> UseCases {
        self.control.use_cases(Caller::operator("tests"))
    }

    /// Appends to the journal as a receiver would.
    pub(crate) async fn send(&self, batch: Batch) {
        assert_eq!(
            self.journal.append(rand::random(), batch).await.unwrap(),
            Appended::Committed
        );
    }

    /// The same for spans.
    pub(crate) async fn send_spans(&self, batch: SpanBatch) {
        self.send(Batch::Spans(batch)).await;
    }

    /// The same for log records.
    pub(crate) async fn send_logs(&self, batch: LogBatch) {
        self.send(Batch::Logs(batch)).await;
    }

    /// Starts this many workers, and the other loops.
    pub(crate) fn start(&self, workers: usize) -> Loops {
        self.start_with(LoopOptions {
            workers,
            ..LoopOptions::default()
        })
    }

    /// Starts loops that are quick, other than that as asked.
    pub(crate) fn start_with(&self, options: LoopOptions) -> Loops {
        start_quick(&self.control, options)
    }

    /// Runs the loops of another replica, with connections of its own, and cuts them off after a while.
    pub(crate) async fn crash_after(&self, lifetime: Duration, options: LoopOptions) {
        let store = self.db.store().await;
        let replica = Control::new(store.clone(), ControlSettings::default(), self.clock.clone());
        let loops = start_quick(&replica, options);
        tokio::time::sleep(lifetime).await;
        drop(loops);
        store.close().await;
    }

    /// Waits until nothing waits for a worker.
    pub(crate) async fn transformed(&self) {
        until("the journal is empty", async || {
            self.use_cases().see().status().await.unwrap().journal_rows == 0
        })
        .await;
    }

    /// Runs two workers until nothing waits for one.
    pub(crate) async fn work(&self) {
        let loops = self.start(2);
        self.transformed().await;
        loops.stop().await;
    }

    /// Lets two minutes pass, so that everything settles, and waits until it is compacted and merged.
    pub(crate) async fn settle(&self) {
        self.clock.set(self.clock.now_ns() + 120 * SECOND_NS);
        let loops = self.start(0);
        until("all slots are compacted", async || self.open_slots().await == 0).await;
        loops.stop().await;
        while pointsman_store::rollup::merge(&self.store).await.unwrap().series > 0 {}
    }

    async fn open_slots(&self) -> usize {
        let mut conn = self.store.conn().await.unwrap();
        segment::settled_slots(&mut conn, self.clock.now_ns())
            .await
            .unwrap()
            .len()
    }

    /// How many spans the segments hold.
    pub(crate) async fn stored_spans(&self) -> i64 {
        self.count("SELECT coalesce(sum(spans), 0)::bigint FROM span_segment")
            .await
    }

    /// How many fragments are left in slots that readers still look into.
    pub(crate) async fn fragments(&self) -> i64 {
        let open = "slot IN (SELECT slot FROM slot WHERE compacted_ns IS NULL)";
        self.count(&format!("SELECT count(*) FROM span_fragment WHERE {open}"))
            .await
    }

    /// Makes all waiting rows unreadable.
    pub(crate) async fn spoil_journal(&self) {
        self.behind("UPDATE journal SET body = '\\xff00'").await;
    }

    /// Changes the database behind the store's back.
    pub(crate) async fn behind(&self, sql: &'static str) {
        let mut conn = self.db.connect().await;
        sqlx::raw_sql(sql).execute(&mut conn).await.unwrap();
    }

    /// What a statement counts.
    pub(crate) async fn count(&self, sql: &str) -> i64 {
        let mut conn = self.db.connect().await;
        sqlx::query_scalar(sqlx::AssertSqlSafe(sql))
            .fetch_one(&mut conn)
            .await
            .unwrap()
    }

    /// The overview of the half hour.
    pub(crate) async fn overview(&self) -> Overview {
        self.use_cases().see().overview(RANGE).await.unwrap()
    }

    /// The topology of the half hour.
    pub(crate) async fn topology(&self) -> Topology {
        self.use_cases().see().topology(RANGE).await.unwrap()
    }

    /// The edges of the half hour as `source -> target: requests, errors`.
    pub(crate) async fn edges(&self) -> Vec<String> {
        let name = |end: &Endpoint| format!("{} {}", end.kind.as_str(), end.name);
        let topology = self.topology().await;
        let edge = |t: &pointsman_domain::read::TopologyEdge| {
            format!(
                "{} -> {}: {}, {}",
                name(&t.source),
                name(&t.target),
                t.red.requests,
                t.red.errors
            )
        };
        topology.edges.iter().map(edge).collect()
    }

    /// How many requests a service served in the half hour.
    pub(crate) async fn served(&self, service: &str) -> u64 {
        let overview = self.overview().await;
        overview
            .services
            .iter()
            .find(|row| row.name == service)
            .map_or(0, |row| row.red.requests)
    }
}

/// Starts loops that are quick.
pub(crate) fn start_quick(control: &Control, options: LoopOptions) -> Loops {
    let quick = LoopOptions {
        gather: Duration::from_millis(5),
        upkeep: Duration::from_millis(50),
        ..options
    };
    Loops::spawn(control, quick, Metrics::register(&mut Registry::default()))
}

/// A moment so many seconds after [`T0`].
pub(crate) fn at(seconds: u64) -> UnixNanos {
    T0 + seconds * SECOND_NS
}

/// Asks again and again until it is so; fails at a deadline.
pub(crate) async fn until(what: &str, mut is_so: impl AsyncFnMut() -> bool) {
    let ends = tokio::time::Instant::now() + DEADLINE;
    while !is_so().await {
        assert!(
            tokio::time::Instant::now() < ends,
            "waited {DEADLINE:?}, but not {what}"
        );
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}
