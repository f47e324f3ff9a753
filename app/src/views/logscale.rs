//! One logarithmic scale for the durations of a list, so that their bars can be compared.

/// From one power of ten to another, in nanoseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LogScale {
    /// Exponent of the left end.
    from: u32,
    /// Exponent of the right end; greater.
    to: u32,
}

/// The shortest duration that a scale tells apart: 1 µs.
const LEAST: u32 = 3;

impl LogScale {
    /// The narrowest scale of whole powers of ten that holds these durations, at least two wide.
    pub fn of(durations_ns: impl IntoIterator<Item = u64>) -> Self {
        let (mut from, mut to) = (u32::MAX, 0);
        for ns in durations_ns {
            let power = ns.max(1).ilog10();
            from = from.min(power);
            to = to.max(power + u32::from(ns > 10_u64.pow(power)));
        }
        let from = if from == u32::MAX { 6 } else { from.max(LEAST) };
        Self {
            from,
            to: to.max(from + 2),
        }
    }

    /// Where a duration ends, in percent of the scale: 0 at or before its start, 100 at its end.
    pub fn percent(self, ns: u64) -> f64 {
        let at = (ns.max(1) as f64).log10() - f64::from(self.from);
        (at / f64::from(self.to - self.from) * 100.0).clamp(0.0, 100.0)
    }

    /// Its powers of ten, with where each stands in percent.
    pub fn ticks(self) -> impl Iterator<Item = (u64, f64)> {
        (self.from..=self.to).map(move |power| (10_u64.pow(power.min(19)), self.percent(10_u64.pow(power.min(19)))))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scale_reaches_from_power_to_power() {
        let scale = LogScale::of([2_000_000, 812_000_000]);
        assert_eq!(
            scale.ticks().map(|(ns, _)| ns).collect::<Vec<_>>(),
            [1_000_000, 10_000_000, 100_000_000, 1_000_000_000]
        );
        assert!((scale.percent(10_000_000) - 33.33).abs() < 0.01);
        assert!((scale.percent(1_000_000_000) - 100.0).abs() < 1e-9);
        assert!(scale.percent(5) < 1e-9);
    }

    #[test]
    fn a_scale_of_one_or_of_nothing_is_still_one() {
        assert_eq!(LogScale::of([]).ticks().count(), 3);
        assert_eq!(LogScale::of([100]).ticks().next().map(|(ns, _)| ns), Some(1_000));
        assert_eq!(LogScale::of([1_000_000]).ticks().count(), 3);
    }
}
