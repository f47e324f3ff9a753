//! When the fault is on: by itself on a schedule, or as someone said.
//!
//! The fault itself is in `services::payments`: one node of version 2.0.0 becomes slow and fails.

use std::time::Duration;

use clap::ValueEnum;
use serde::{Deserialize, Serialize};

/// Who decides about the fault.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Mode {
    /// The schedule.
    Auto,
    /// Someone: it is on.
    On,
    /// Someone: it is off.
    Off,
}

/// On for a while of every while, after a first wait.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Schedule {
    /// From the start of the load to the first fault.
    pub first: Duration,
    /// How long it stays.
    pub on: Duration,
    /// From one start to the next; longer than `on`.
    pub every: Duration,
}

impl Default for Schedule {
    /// On for 60 s of every 180 s, first after 20 s: within a minute every page has a fault to show.
    fn default() -> Self {
        Self {
            first: Duration::from_secs(20),
            on: Duration::from_secs(60),
            every: Duration::from_secs(180),
        }
    }
}

/// How the fault stands at a moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct State {
    /// Whether it is on.
    pub on: bool,
    /// Until it changes; none where only someone's word changes it.
    pub changes_in: Option<Duration>,
}

impl Schedule {
    /// How the fault stands when the load has run for `elapsed`.
    pub fn at(&self, mode: Mode, elapsed: Duration) -> State {
        match mode {
            Mode::On => State {
                on: true,
                changes_in: None,
            },
            Mode::Off => State {
                on: false,
                changes_in: None,
            },
            Mode::Auto => self.by_itself(elapsed),
        }
    }

    fn by_itself(&self, elapsed: Duration) -> State {
        let Some(since_first) = elapsed.checked_sub(self.first) else {
            return State {
                on: false,
                changes_in: Some(self.first.saturating_sub(elapsed)),
            };
        };
        let period = self.every.as_nanos().max(1);
        let into = Duration::from_nanos((since_first.as_nanos() % period) as u64);
        let on = into < self.on;
        State {
            on,
            changes_in: Some(if on { self.on } else { self.every }.saturating_sub(into)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The state at a second after the start, by the schedule that the demo has.
    fn at(seconds: u64) -> (bool, Option<u64>) {
        let state = Schedule::default().at(Mode::Auto, Duration::from_secs(seconds));
        (state.on, state.changes_in.map(|d| d.as_secs()))
    }

    #[test]
    fn comes_and_goes_by_itself() {
        for (second, on, changes_in) in [
            (0, false, 20),
            (19, false, 1),
            (20, true, 60),
            (79, true, 1),
            (80, false, 120),
            (199, false, 1),
            (200, true, 60),
            (260, false, 120),
        ] {
            assert_eq!(at(second), (on, Some(changes_in)), "at second {second}");
        }
    }

    #[test]
    fn someones_word_stands() {
        for (mode, on) in [(Mode::On, true), (Mode::Off, false)] {
            let state = Schedule::default().at(mode, Duration::from_secs(25));
            assert_eq!(state, State { on, changes_in: None });
        }
    }
}
