//! What a cycle of the evaluator costs: many objectives over 30 days of rollups, on a PostgreSQL of its own. The cycle runs in this process,
//! so that nothing else is in its time.

use std::time::{Duration, Instant, SystemTime};

use anyhow::{Context, Result, bail};
use pointsman_control::access::Caller;
use pointsman_control::promise::slo::cycle;
use pointsman_control::{Clock, Control, ControlSettings};
use pointsman_domain::rollup::{Delta, SECOND_NS, SeriesKey};
use pointsman_domain::slo::Objective;
use pointsman_domain::telemetry::SpanKind;
use pointsman_localpg::{LocalPg, LocalPgOptions};
use pointsman_store::rollup::{append_delta, merge};
use pointsman_store::{Retention, SILENCE, Store, StoreOptions};

use crate::process;
use crate::report::Report;

const SERVICES: u64 = 100;
const DAYS: u64 = 30;
const MINUTE_NS: u64 = 60 * SECOND_NS;
const HOUR_NS: u64 = 60 * MINUTE_NS;
const DAY_NS: u64 = 24 * HOUR_NS;
/// Requests of a service in each window that has some.
const REQUESTS: u64 = 20;
/// Cycles that are measured.
const CYCLES: u32 = 20;

/// Fills 30 days of rollups, makes the objectives, and measures the first cycle, which counts the past, and those after it.
pub(crate) async fn measure(count: u32, report: &mut Report) -> Result<()> {
    let folder = tempfile::Builder::new().prefix("pointsman-bench-").tempdir()?;
    let database = LocalPg::start(LocalPgOptions::new(folder.path().join("postgres"))).await?;
    let options = StoreOptions {
        url: database.url(),
        max_connections: 8,
        retention: Retention::default(),
        silence: SILENCE,
    };
    let store = Store::connect(&options).await?;
    store.migrate().await?;
    let mut now_ns = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH)?.as_nanos() as u64;
    fill(&store, now_ns).await?;
    promise(&store, count, now_ns).await?;

    let (first, _) = timed(&store, now_ns, count).await?;
    report.row(
        "objectives: their recorded past",
        format!("{:.1} ms each", first.as_secs_f64() * 1e3 / f64::from(count)),
        format!("{count} objectives over {DAYS} d of {SERVICES} services, once after they are made"),
    );
    let (mut taken, mut ours) = (Vec::new(), Duration::ZERO);
    let mut postgres = 0.0;
    for _ in 0..CYCLES {
        now_ns += 10 * SECOND_NS;
        append(&store, &windows(&[now_ns])).await?;
        let before = process::cpu_of_postgres(folder.path())?;
        let (took, cpu) = timed(&store, now_ns, count).await?;
        postgres += process::cpu_of_postgres(folder.path())? - before;
        taken.push(took);
        ours += cpu;
    }
    let cpu = |seconds: f64| format!("{:.0} ms", seconds * 1e3 / f64::from(CYCLES));
    report.times(
        "objectives: a cycle",
        &mut taken,
        &format!("{count} objectives over {DAYS} d, one at a time"),
    );
    report.row(
        "objectives: CPU a cycle",
        format!("{} + {}", cpu(ours.as_secs_f64()), cpu(postgres)),
        "evaluator + PostgreSQL; there is a cycle each 10 s".to_owned(),
    );
    store.close().await;
    database.stop().await?;
    Ok(())
}

/// One cycle: how long it took, and the CPU time of this process.
async fn timed(store: &Store, now_ns: u64, count: u32) -> Result<(Duration, Duration)> {
    let (began, cpu) = (Instant::now(), process::own_cpu());
    let done = cycle(store, now_ns, None).await?;
    if done.objectives != count as usize {
        bail!("{} of {count} objectives were evaluated", done.objectives);
    }
    Ok((began.elapsed(), process::own_cpu().saturating_sub(cpu)))
}

/// Traffic in each hour of the past, and in each minute of its last two days.
async fn fill(store: &Store, now_ns: u64) -> Result<()> {
    for day in (0..DAYS).rev() {
        let from_ns = now_ns - (day + 1) * DAY_NS;
        let step = if day < 2 { MINUTE_NS } else { HOUR_NS };
        let starts: Vec<u64> = (0..DAY_NS / step).map(|at| from_ns + at * step).collect();
        for part in starts.chunks(240) {
            append(store, &windows(part)).await?;
        }
    }
    Ok(())
}

/// Appends as a worker does, and merges.
async fn append(store: &Store, delta: &Delta) -> Result<()> {
    let mut tx = store.begin().await?;
    append_delta(&mut tx, delta).await?;
    tx.commit().await?;
    merge(store).await?;
    Ok(())
}

/// A little traffic of every service at some moments, one request in a hundred of which fails.
fn windows(starts: &[u64]) -> Delta {
    let mut delta = Delta::default();
    for start in starts {
        let window = start / (10 * SECOND_NS) * (10 * SECOND_NS);
        for service in 0..SERVICES {
            let key = SeriesKey {
                service: name(service).into(),
                version: "1".into(),
                instance: "one".into(),
                operation: "GET /".into(),
                kind: SpanKind::Server,
            };
            let counts = delta.series.entry((window, key)).or_default();
            for request in 0..REQUESTS {
                let dice = (start / SECOND_NS + service * 7 + request * 31).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 40;
                counts.record((5 + dice % 400) * 1_000_000, dice.is_multiple_of(100));
            }
        }
    }
    delta
}

fn name(service: u64) -> String {
    format!("service-{service}")
}

/// Availability and latency objectives of all services in turn.
async fn promise(store: &Store, count: u32, now_ns: u64) -> Result<()> {
    let control = Control::new(store.clone(), ControlSettings::default(), Clock::fixed(now_ns));
    let use_cases = control.use_cases(Caller::operator("bench"));
    for number in 0..u64::from(count) {
        let indicator = match number / SERVICES % 4 {
            0 => r#"{"kind":"availability"}"#.to_owned(),
            more => format!(r#"{{"kind":"latency","threshold_ns":{}}}"#, more * 100_000_000),
        };
        let objective = format!(
            r#"{{"name":"o-{number}","service":"{}","target":0.98,"indicator":{indicator},"window":{{"kind":"rolling","days":30}}}}"#,
            name(number % SERVICES),
        );
        let objective: Objective = serde_json::from_str(&objective).context("an objective")?;
        use_cases.promise().create_slo(objective, "to be measured").await?;
    }
    Ok(())
}
