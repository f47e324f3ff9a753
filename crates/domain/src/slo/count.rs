//! Good events out of all, and what can be said of them with how much certainty.

use serde::{Deserialize, Serialize};

/// Events of a time, and the good ones among them. With timeslices the slices are the events.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Count {
    /// Those that met the objective's condition. At most [`Count::total`].
    pub good: u64,
    /// Good and bad ones together.
    pub total: u64,
}

/// The normal quantile of the confidence that figures are given with: two-sided 95 %, so 97.5 % for a bound alone.
pub const Z: f64 = 1.959_963_984_540_054;

impl Count {
    /// Those that were not good.
    pub fn bad(self) -> u64 {
        self.total.saturating_sub(self.good)
    }

    /// The share of good ones, 0 to 1; `None` where there were no events.
    pub fn compliance(self) -> Option<f64> {
        (self.total > 0).then(|| self.good as f64 / self.total as f64)
    }

    /// The share of bad ones, 0 to 1; `None` where there were no events.
    pub fn bad_ratio(self) -> Option<f64> {
        (self.total > 0).then(|| self.bad() as f64 / self.total as f64)
    }

    /// Between which shares the true share of bad events lies with 95 % confidence: the Wilson score interval (E. B. Wilson, 1927),
    /// which holds for few events and for shares near 0, where the usual normal one does not. All of 0 to 1 without events.
    pub fn bad_interval(self) -> (f64, f64) {
        if self.total == 0 {
            return (0.0, 1.0);
        }
        let n = self.total as f64;
        let share = self.bad() as f64 / n;
        let (z2, spread) = (Z * Z, share * (1.0 - share) / n);
        let middle = (share + z2 / (2.0 * n)) / (1.0 + z2 / n);
        let half = Z * (spread + z2 / (4.0 * n * n)).sqrt() / (1.0 + z2 / n);
        let low = if self.bad() == 0 { 0.0 } else { (middle - half).max(0.0) };
        let high = if self.good == 0 { 1.0 } else { (middle + half).min(1.0) };
        (low, high)
    }
}

impl std::ops::Add for Count {
    type Output = Count;

    fn add(self, other: Count) -> Count {
        Count {
            good: self.good + other.good,
            total: self.total + other.total,
        }
    }
}

impl std::iter::Sum for Count {
    fn sum<I: Iterator<Item = Count>>(counts: I) -> Count {
        counts.fold(Count::default(), |sum, count| sum + count)
    }
}

/// What is kept of an objective by minute, hour and day. Rows add up, so late telemetry corrects all of them alike; marks of slices are taken
/// back when the slice turns out differently.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Tally {
    /// Events that met the condition.
    pub good: i64,
    /// All events that count.
    pub total: i64,
    /// Events that an exclusion leaves out; they are not in `total`.
    pub excluded: i64,
    /// Those of them that met the condition.
    pub excluded_good: i64,
    /// Good slices that begin here.
    pub good_slices: i64,
    /// Bad slices that begin here.
    pub bad_slices: i64,
}

impl Tally {
    /// All events that count, and the good ones among them.
    pub fn events(self) -> Count {
        let total = self.total.max(0) as u64;
        Count {
            good: (self.good.max(0) as u64).min(total),
            total,
        }
    }

    /// The same with the events that exclusions leave out.
    pub fn all_events(self) -> Count {
        Self {
            good: self.good + self.excluded_good,
            total: self.total + self.excluded,
            ..Self::default()
        }
        .events()
    }

    /// The slices that are marked good or bad, and the good ones among them.
    pub fn slices(self) -> Count {
        let good = self.good_slices.max(0) as u64;
        Count {
            good,
            total: good + self.bad_slices.max(0) as u64,
        }
    }
}

impl std::ops::AddAssign for Tally {
    fn add_assign(&mut self, other: Tally) {
        self.good += other.good;
        self.total += other.total;
        self.excluded += other.excluded;
        self.excluded_good += other.excluded_good;
        self.good_slices += other.good_slices;
        self.bad_slices += other.bad_slices;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares() {
        let count = Count { good: 999, total: 1000 };
        assert_eq!((count.bad(), count.compliance()), (1, Some(0.999)));
        assert_eq!(Count::default().compliance(), None);
    }

    /// Figures of R's `prop.test(k, n, correct = FALSE)`.
    #[test]
    fn the_interval_is_wilsons() {
        for (bad, total, low, high) in [
            (0, 10, 0.0, 0.277_533),
            (1, 60, 0.002_950, 0.088_571),
            (3, 60, 0.017_140, 0.136_967),
            (5, 10, 0.236_593, 0.763_407),
            (10, 10, 0.722_467, 1.0),
        ] {
            let (l, h) = Count {
                good: total - bad,
                total,
            }
            .bad_interval();
            assert!(
                (l - low).abs() < 5e-5 && (h - high).abs() < 5e-5,
                "{bad}/{total}: {l} {h}"
            );
        }
        assert_eq!(Count::default().bad_interval(), (0.0, 1.0));
    }
}
