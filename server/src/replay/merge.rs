//! Reads several files at once and gives their records in the order of time.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use anyhow::Result;
use tokio::sync::mpsc;

use super::input::Input;
use super::record::Record;

/// A line that can't be sent: where and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BadLine {
    pub file: Arc<str>,
    /// Which line, from 1.
    pub line: u64,
    /// What is wrong.
    pub reason: String,
}

impl std::fmt::Display for BadLine {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}, line {}: {}", self.file, self.line, self.reason)
    }
}

/// A record with its place, for naming it should it be refused.
#[derive(Debug)]
pub struct Placed {
    pub file: Arc<str>,
    /// Which line, from 1.
    pub line: u64,
    /// The time of its newest item.
    pub time_ns: u64,
    /// The request.
    pub record: Record,
}

type Item = Result<Placed, BadLine>;

/// How many parsed lines of a file may wait.
const AHEAD: usize = 4;

/// The records of all files.
pub struct Merged {
    sources: Vec<(mpsc::Receiver<Item>, Option<Item>)>,
    read: Arc<AtomicU64>,
}

impl Merged {
    /// Starts to read: each file on a thread of its own, a few lines ahead.
    pub fn open(inputs: &[Input]) -> Result<Self> {
        let read = Arc::<AtomicU64>::default();
        let mut sources = Vec::new();
        for input in inputs {
            let lines = input.open(Arc::clone(&read))?;
            let (sender, receiver) = mpsc::channel(AHEAD);
            let file = Arc::clone(&input.name);
            tokio::task::spawn_blocking(move || {
                for numbered in lines {
                    let number = numbered.number;
                    let item = match numbered.line.and_then(|line| Record::parse(&line)) {
                        Ok(record) => Ok(Placed {
                            file: Arc::clone(&file),
                            line: number,
                            time_ns: record.newest_ns(),
                            record,
                        }),
                        Err(reason) => Err(BadLine {
                            file: Arc::clone(&file),
                            line: number,
                            reason,
                        }),
                    };
                    if sender.blocking_send(item).is_err() {
                        return; // nobody wants more
                    }
                }
            });
            sources.push((receiver, None));
        }
        Ok(Self { sources, read })
    }

    /// The record that is next in time, or a bad line as soon as it is met; `None` at the end of all files.
    pub async fn next(&mut self) -> Option<Item> {
        for (receiver, head) in &mut self.sources {
            if head.is_none() {
                *head = receiver.recv().await;
            }
        }
        let key = |head: &Option<Item>| match head {
            None => None,
            Some(Err(_)) => Some(0),
            Some(Ok(placed)) => Some(placed.time_ns),
        };
        let heads = self.sources.iter_mut().map(|(_, head)| head);
        heads
            .filter(|head| head.is_some())
            .min_by_key(|head| key(head))
            .and_then(Option::take)
    }

    /// How many bytes were read from the disk so far.
    pub fn bytes_read(&self) -> u64 {
        self.read.load(Ordering::Relaxed)
    }
}
