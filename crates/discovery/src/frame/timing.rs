//! When a client sends and comes back, so that a fleet does not do it all at once.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::Percent;
use crate::name::Line;

/// When to come back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct RetryAdvice {
    /// Not before, in milliseconds from now.
    pub after_ms: u32,
    /// And up to so many milliseconds later, drawn evenly.
    #[serde(default)]
    pub spread_ms: u32,
    /// Why, for people.
    pub reason: Line,
}

impl RetryAdvice {
    /// How long to wait; `draw` is random, evenly over all numbers.
    pub fn delay(&self, draw: u64) -> Duration {
        let spread = draw % (u64::from(self.spread_ms) + 1);
        Duration::from_millis(u64::from(self.after_ms) + spread)
    }
}

/// The interval lengthened or shortened by up to the share of it; `draw` is random, evenly over all numbers.
pub fn jittered(interval: Duration, jitter: Percent, draw: u64) -> Duration {
    let nanos = u64::try_from(interval.as_nanos()).unwrap_or(u64::MAX);
    let most = (u128::from(nanos) * u128::from(jitter.parts()) / u128::from(Percent::WHOLE)) as u64;
    let shift = draw % most.saturating_mul(2).saturating_add(1);
    Duration::from_nanos((nanos - most).saturating_add(shift))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everybody_comes_at_another_time_and_none_outside() {
        let advice = RetryAdvice {
            after_ms: 1_000,
            spread_ms: 500,
            reason: Line::parse("restart").unwrap(),
        };
        let interval = Duration::from_secs(10);
        let jitter = Percent::new(10.0).unwrap();
        for draw in (0..10_000)
            .map(|i: u64| i.wrapping_mul(0x9e37_79b9_7f4a_7c15))
            .chain([0, u64::MAX])
        {
            assert!((1_000..=1_500).contains(&advice.delay(draw).as_millis()));
            let beat = jittered(interval, jitter, draw);
            assert!(
                beat >= Duration::from_secs(9) && beat <= Duration::from_secs(11),
                "{beat:?}"
            );
        }
        assert_eq!(jittered(interval, Percent::ZERO, 7), interval);
        assert!(jittered(Duration::MAX, Percent::HUNDRED, 7) > Duration::ZERO);
    }
}
