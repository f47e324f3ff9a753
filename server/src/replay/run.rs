//! The run itself: what is sent when, and what becomes of what can't be sent.

use std::ops::ControlFlow;
use std::process::ExitCode;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use anyhow::{Context, Result};
use tokio::task::JoinSet;
use tokio::time::sleep_until;

use super::args::{OnError, ReplayArgs, Speed};
use super::input::Input;
use super::merge::{Merged, Placed};
use super::progress::Progress;
use super::send::{Answer, Sender, Sent};
use super::summary::Summary;
use super::survey::{Survey, survey};

/// Replays the files and prints what it came to. Errors: what kept it from starting.
pub async fn run(args: ReplayArgs) -> Result<ExitCode> {
    let inputs = args
        .files
        .iter()
        .map(|path| Input::find(path, !args.keep_time))
        .collect::<Result<Vec<_>>>()?;
    let progress = Progress::new(inputs.iter().map(|input| input.bytes).sum());
    let surveyed = if args.keep_time {
        None
    } else {
        survey(&inputs, args.on_error, &progress).await?
    };
    let plan = Plan::new(args.speed, surveyed);
    let replay = Replay {
        sender: Sender::new(&args.endpoint, args.retry_for)?,
        args: &args,
        progress: &progress,
        plan,
        summary: Summary::default(),
        under_way: JoinSet::new(),
        started: Instant::now(),
    };
    let summary = replay.send_all(&inputs).await?;
    progress.end();
    if args.json {
        println!(
            "{}",
            serde_json::to_string(&summary).context("can't write the summary")?
        );
    } else {
        print!("{summary}");
    }
    let as_asked = args.on_error == OnError::Skip && !summary.stopped;
    Ok(if as_asked || summary.complete() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

/// When a record is sent, and by how much its times are moved.
#[derive(Debug, Clone, Copy)]
struct Plan {
    speed: Speed,
    /// The time in the data that is sent at the very start.
    first_ns: Option<u64>,
    shift_ns: i64,
    start: tokio::time::Instant,
}

impl Plan {
    /// The newest time is to be now at the moment when it is sent, which is when the replay ends. Slower than it happened, the oldest time is
    /// to be now when that is sent: else it would lie in the future.
    fn new(speed: Speed, surveyed: Option<Survey>) -> Self {
        let now_ns = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .map_or(0, |since| since.as_nanos() as i64);
        let shift_ns = surveyed.map_or(0, |Survey { first_ns, last_ns }| {
            let takes_ns = match speed {
                Speed::Max => 0,
                Speed::Times(times) => ((last_ns - first_ns) as f64 / times.max(1.0)) as i64,
            };
            now_ns + takes_ns - last_ns as i64
        });
        Self {
            speed,
            first_ns: surveyed.map(|surveyed| surveyed.first_ns),
            shift_ns,
            start: tokio::time::Instant::now(),
        }
    }

    /// When a record of this time is due; `None` for at once.
    fn due(&mut self, time_ns: u64) -> Option<tokio::time::Instant> {
        let Speed::Times(times) = self.speed else {
            return None;
        };
        if time_ns == 0 {
            return None;
        }
        let since = time_ns.saturating_sub(*self.first_ns.get_or_insert(time_ns));
        Some(self.start + Duration::from_secs_f64(since as f64 / 1e9 / times))
    }
}

struct Replay<'a> {
    sender: Sender,
    args: &'a ReplayArgs,
    progress: &'a Progress,
    plan: Plan,
    summary: Summary,
    under_way: JoinSet<(Placed, u64, Sent)>,
    started: Instant,
}

impl Replay<'_> {
    async fn send_all(mut self, inputs: &[Input]) -> Result<Summary> {
        let mut records = Merged::open(inputs)?;
        let mut flow = ControlFlow::Continue(());
        let interrupted = tokio::signal::ctrl_c();
        tokio::pin!(interrupted);
        while flow.is_continue() {
            flow = tokio::select! {
                step = self.step(&mut records) => step,
                _ = &mut interrupted => {
                    self.summary.error("interrupted".to_owned());
                    self.summary.stopped = true;
                    ControlFlow::Break(())
                }
            };
        }
        // What is under way is waited for, unless somebody is in a hurry.
        let hurry = tokio::signal::ctrl_c();
        tokio::pin!(hurry);
        loop {
            tokio::select! {
                sent = self.under_way.join_next() => match sent {
                    // Nothing more is begun anyway.
                    Some(sent) => { let _ = self.settle(sent?); }
                    None => break,
                },
                _ = &mut hurry => {
                    self.summary.error("interrupted again: what was under way is not known to be stored".to_owned());
                    self.summary.stopped = true;
                    self.under_way.abort_all();
                    break;
                }
            }
        }
        self.summary.finish(self.started.elapsed().as_secs_f64());
        Ok(self.summary)
    }

    /// Sends the next record, or ends. May be cancelled before the record is on its way: only where all ends.
    async fn step(&mut self, records: &mut Merged) -> ControlFlow<()> {
        let mut placed = match records.next().await {
            None => return ControlFlow::Break(()),
            Some(Ok(placed)) => placed,
            Some(Err(bad)) => {
                self.progress.say(&format!("replay: {bad}"));
                self.summary.bad_line(&bad);
                return self.after_error();
            }
        };
        if let Some(due) = self.plan.due(placed.time_ns) {
            sleep_until(due).await;
        }
        while self.under_way.len() >= usize::from(self.args.concurrency) {
            if let Some(Ok(sent)) = self.under_way.join_next().await {
                self.settle(sent)?;
            }
        }
        // What was answered meanwhile may end the replay.
        while let Some(Ok(sent)) = self.under_way.try_join_next() {
            self.settle(sent)?;
        }
        if !self.args.keep_time {
            placed.record.shift(self.plan.shift_ns);
        }
        let sender = self.sender.clone();
        self.under_way.spawn(async move {
            let sent = sender.send(&placed.record).await;
            let items = placed.record.items();
            (placed, items, sent)
        });
        let items = self.summary.spans + self.summary.log_records;
        self.progress.sent(records.bytes_read(), items, self.started);
        ControlFlow::Continue(())
    }

    fn settle(&mut self, (placed, items, sent): (Placed, u64, Sent)) -> ControlFlow<()> {
        self.summary.retries += sent.retries;
        let place = format!("{}, line {}", placed.file, placed.line);
        match sent.answer {
            Answer::Accepted { rejected, reason } => {
                self.summary.bytes += sent.bytes;
                self.summary.accepted(&placed.record, items, rejected, &reason);
                ControlFlow::Continue(())
            }
            Answer::Refused(reason) => {
                self.summary.refused_requests += 1;
                let text = format!("{place}: the endpoint refused it: {reason}");
                self.progress.say(&format!("replay: {text}"));
                self.summary.error(text);
                self.after_error()
            }
            Answer::GaveUp(reason) => {
                let text = format!("{place}: the endpoint did not take it in time: {reason}");
                self.progress.say(&format!("replay: {text}"));
                self.summary.error(text);
                self.summary.stopped = true;
                ControlFlow::Break(())
            }
        }
    }

    fn after_error(&mut self) -> ControlFlow<()> {
        if self.args.on_error == OnError::Skip {
            return ControlFlow::Continue(());
        }
        self.summary.stopped = true;
        ControlFlow::Break(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_time_lies_in_the_future_when_it_is_sent() {
        let survey = Survey {
            first_ns: 1_000,
            last_ns: 10_800_000_001_000,
        };
        for speed in [Speed::Max, Speed::Times(10.0), Speed::Times(1.0), Speed::Times(0.5)] {
            let mut plan = Plan::new(speed, Some(survey));
            let began = SystemTime::now()
                .duration_since(UNIX_EPOCH)
                .map_or(0, |since| since.as_nanos() as i64);
            for time_ns in [survey.first_ns, survey.last_ns] {
                let waits = plan.due(time_ns).map_or(0, |due| (due - plan.start).as_nanos() as i64);
                let early = began + waits - (time_ns as i64 + plan.shift_ns);
                assert!(early >= 0, "{speed:?}: {early} ns in the future");
            }
        }
    }
}
