//! How long to wait before something that failed is tried again. Whoever waits has the clock, and hands the chance in.

use std::ops::RangeInclusive;
use std::time::Duration;

/// Pauses that double with each failure in a row, up to a longest one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Backoff {
    /// The pause after the first failure.
    pub first: Duration,
    /// No pause is longer.
    pub longest: Duration,
}

impl Backoff {
    /// Pauses between these two lengths.
    pub const fn new(first: Duration, longest: Duration) -> Self {
        Self { first, longest }
    }

    /// The pause after so many failures in a row, from 1.
    pub fn pause(&self, failures: u32) -> Duration {
        let doublings = failures.saturating_sub(1).min(31);
        self.first.saturating_mul(1 << doublings).min(self.longest)
    }

    /// The same times a number from `share`, so that not all who failed together come back together. `random` says which: 0 is its start, 1
    /// its end.
    pub fn spread(&self, failures: u32, share: RangeInclusive<f64>, random: f64) -> Duration {
        let (least, most) = share.into_inner();
        self.pause(failures).mul_f64(least + (most - least) * random)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BACKOFF: Backoff = Backoff::new(Duration::from_millis(100), Duration::from_secs(2));

    #[test]
    fn pauses_double_up_to_the_longest() {
        for (failures, milliseconds) in [
            (0, 100),
            (1, 100),
            (2, 200),
            (5, 1600),
            (6, 2000),
            (1000, 2000),
            (u32::MAX, 2000),
        ] {
            assert_eq!(
                BACKOFF.pause(failures),
                Duration::from_millis(milliseconds),
                "after {failures}"
            );
        }
        let long = Backoff::new(Duration::from_secs(3600), Duration::MAX);
        assert!(long.pause(40) > long.pause(30));
    }

    #[test]
    fn chance_chooses_within_the_share() {
        let after_two = |random| BACKOFF.spread(2, 0.5..=1.0, random).as_millis();
        assert_eq!((after_two(0.0), after_two(0.5), after_two(1.0)), (100, 150, 200));
    }
}
