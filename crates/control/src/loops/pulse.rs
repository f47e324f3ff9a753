//! Whether the loops of this replica go on: each says so after every step. Readiness asks.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// A loop that has ended no step for so long hangs: steps have limits of time that are shorter.
const HANGS: Duration = Duration::from_secs(600);

#[derive(Debug)]
struct Loop {
    number: u64,
    name: &'static str,
    last: Instant,
}

/// When the loops of this replica last ended a step. Clones are the same.
#[derive(Debug, Clone, Default)]
pub struct Pulse(Arc<Mutex<Vec<Loop>>>);

impl Pulse {
    fn loops(&self) -> MutexGuard<'_, Vec<Loop>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Expects a loop to go on from now on, until what this answers is dropped.
    pub(crate) fn of(&self, name: &'static str) -> Beat {
        let mut loops = self.loops();
        let number = loops.last().map_or(0, |last| last.number + 1);
        let last = Instant::now();
        loops.push(Loop { number, name, last });
        let pulse = self.clone();
        Beat { pulse, number }
    }

    /// A loop has got on within a long step.
    pub(crate) fn progress(&self, name: &'static str) {
        for found in self.loops().iter_mut().filter(|found| found.name == name) {
            found.last = Instant::now();
        }
    }

    /// The loops that hang: that have ended no step for ten minutes.
    pub fn hanging(&self) -> Vec<&'static str> {
        self.silent_for(HANGS)
    }

    fn silent_for(&self, length: Duration) -> Vec<&'static str> {
        let loops = self.loops();
        let silent = loops.iter().filter(|found| found.last.elapsed() >= length);
        let mut names: Vec<_> = silent.map(|found| found.name).collect();
        names.dedup();
        names
    }
}

/// By which one loop says that it goes on.
#[derive(Debug)]
pub(crate) struct Beat {
    pulse: Pulse,
    number: u64,
}

impl Beat {
    /// A step has ended, well or not.
    pub(crate) fn now(&self) {
        let mut loops = self.pulse.loops();
        if let Some(found) = loops.iter_mut().find(|found| found.number == self.number) {
            found.last = Instant::now();
        }
    }
}

impl Drop for Beat {
    fn drop(&mut self) {
        self.pulse.loops().retain(|found| found.number != self.number);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_loop_that_ends_no_step_is_named_until_it_is_gone() {
        let pulse = Pulse::default();
        let (one, two) = (pulse.of("worker"), pulse.of("worker"));
        let other = pulse.of("compactor");
        assert_eq!(pulse.hanging(), [""; 0]);
        let length = Duration::from_millis(20);
        tokio::time::sleep(length).await;
        assert_eq!(pulse.silent_for(length), ["worker", "compactor"]);
        one.now();
        pulse.progress("compactor");
        assert_eq!(pulse.silent_for(length), ["worker"], "the other one hangs all the same");
        drop((two, other));
        assert_eq!(pulse.silent_for(length), [""; 0]);
    }
}
