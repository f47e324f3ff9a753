//! The table against the published ones, and how soon outages are found in a simulated month.

use std::fmt::Write as _;

use super::*;
use crate::slo::Count;

const DAY: Duration = Duration::from_secs(86_400);

fn minutes(window: Duration) -> u64 {
    window.as_secs() / 60
}

/// Workbook, table 5-8; Sloth's default windows for 30 days have the same first, second and last row.
#[test]
fn thirty_days_are_the_workbooks() {
    let table = burn_windows(30 * DAY).map(|row| (row.severity, minutes(row.long), minutes(row.short), row.burn_rate));
    assert_eq!(
        table,
        [
            (AlertSeverity::Page, 60, 5, 14.4),
            (AlertSeverity::Page, 360, 30, 6.0),
            (AlertSeverity::Ticket, 3 * 1440, 360, 1.0),
        ]
    );
}

/// Pyrra's factors, for 28 days: critical 14 over 1 h and 7 over 6 h, warning 2 over 1 d and 1 over 4 d; 1/48, 1/16, 1/14 and 1/7 of the budget.
/// Other periods stretch the windows and keep the factors, as here. A row fires from its factor times what may fail on.
#[test]
fn pyrras_rows_fire_where_pyrra_says() {
    let hours = |hours: u32| Duration::from_secs(3600) * hours;
    let rows = [
        (AlertSeverity::Page, 14.0, hours(1), 1.0 / 48.0),
        (AlertSeverity::Page, 7.0, hours(6), 1.0 / 16.0),
        (AlertSeverity::Ticket, 2.0, hours(24), 1.0 / 14.0),
        (AlertSeverity::Ticket, 1.0, hours(96), 1.0 / 7.0),
    ];
    let target = Target::new(0.99).expect("a target");
    for (severity, burn_rate, long, share) in rows {
        assert!((burn_rate * long.as_secs_f64() / (28 * DAY).as_secs_f64() - share).abs() < 1e-12);
        let row = BurnWindow {
            severity,
            long,
            short: long / SHORT,
            burn_rate,
        };
        let fires = |factor: f64| {
            let total = 100_000_000;
            let bad = (total as f64 * target.budget() * factor) as u64;
            let good = total - bad;
            row.is_burning(target, Count { good, total }, Count { good, total })
        };
        assert!(fires(burn_rate * 1.01) && !fires(burn_rate * 0.999), "{burn_rate}");
    }
}

/// Sloth keeps the windows and scales the factors: `share * period / window`, so 13.44 for 2 % of 28 days in an hour. The same share of the budget
/// burns in our rows.
#[test]
fn sloths_factors_mean_the_same_budget() {
    for days in [28, 30] {
        let period = days * DAY;
        for (row, window_hours) in burn_windows(period).iter().zip([1.0, 6.0, 72.0]) {
            let share = row.burn_rate * row.long.as_secs_f64() / period.as_secs_f64();
            let factor = share * period.as_secs_f64() / 3600.0 / window_hours;
            let published = match (days, window_hours as u32) {
                (28, 1) => 13.44,
                (28, 6) => 5.6,
                (28, _) => 14.0 / 15.0,
                (_, 1) => 14.4,
                (_, 6) => 6.0,
                _ => 1.0,
            };
            assert!(
                (factor - published).abs() < 0.01 * published,
                "{days} days: {factor} {published}"
            );
        }
    }
}

#[test]
fn each_row_means_the_same_share_of_any_period() {
    for days in [7, 28, 30, 90] {
        for (row, (_, share, rate)) in burn_windows(days * DAY).iter().zip(ROWS) {
            let burnt = rate * row.long.as_secs_f64() / (days * DAY).as_secs_f64();
            assert!((burnt - share).abs() < share * 0.04, "{days} days: {burnt} of {share}");
        }
    }
}

/// Requests and failures by the minute, as sums from the start, so that any window is a difference.
struct Month(Vec<Count>);

const MINUTES: usize = 30 * 1440;

impl Month {
    /// `per_minute` requests, of which a share fails, in an outage of which another share fails. Failures fall by a fixed sequence of
    /// numbers, so that the test is the same each time.
    fn new(per_minute: u64, usual: f64, outage: impl Fn(usize) -> Option<f64>, seed: u64) -> Self {
        let mut random = Random(seed);
        let mut sums = vec![Count::default()];
        for minute in 0..MINUTES {
            let share = outage(minute).unwrap_or(usual);
            let bad = random.binomial(per_minute, share);
            let last = sums[minute];
            sums.push(
                last + Count {
                    good: per_minute - bad,
                    total: per_minute,
                },
            );
        }
        Self(sums)
    }

    /// The window that ends with a minute.
    fn window(&self, end: usize, length: Duration) -> Count {
        let start = end.saturating_sub(minutes(length) as usize);
        Count {
            good: self.0[end].good - self.0[start].good,
            total: self.0[end].total - self.0[start].total,
        }
    }

    /// The first minute from `from` on at whose end somebody is called with at least this severity.
    fn called(&self, target: Target, least: AlertSeverity, from: usize) -> Option<usize> {
        let rows = burn_windows(30 * DAY);
        (from..MINUTES).find(|minute| {
            rows.iter().filter(|row| row.severity >= least).any(|row| {
                let end = minute + 1;
                row.is_burning(target, self.window(end, row.long), self.window(end, row.short))
            })
        })
    }
}

/// SplitMix64.
struct Random(u64);

impl Random {
    fn share(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// How many of `n` fail: one by one where they are few, else by the nearest whole number to a normal.
    fn binomial(&mut self, n: u64, share: f64) -> u64 {
        if n <= 100 {
            return (0..n).filter(|_| self.share() < share).count() as u64;
        }
        let normal = (0..12).map(|_| self.share()).sum::<f64>() - 6.0;
        let (mean, spread) = (n as f64 * share, (n as f64 * share * (1.0 - share)).sqrt());
        (mean + normal * spread).round().clamp(0.0, n as f64) as u64
    }
}

const LEVELS: [u64; 4] = [1, 60, 600, 6000];

/// A month in which half of the budget is spent evenly calls nobody at any level of traffic, one request a minute included.
#[test]
fn a_quiet_month_calls_nobody() {
    let target = Target::new(0.999).expect("a target");
    for per_minute in LEVELS {
        for seed in 1..=5 {
            let month = Month::new(per_minute, 0.0005, |_| None, seed);
            let called = month.called(target, AlertSeverity::Ticket, 0);
            assert_eq!(called, None, "{per_minute} a minute, seed {seed}");
        }
    }
}

/// How many minutes into an outage somebody is called. By the workbook's formula, `(1 - target) / ratio * window * rate`, a whole outage is found
/// in 52 s, one of 10 % in 8.6 min, of 1 % in 3.6 h (by the second row), of 0.2 % in 36 h (by the third).
#[test]
fn outages_are_found_in_time() {
    let target = Target::new(0.999).expect("a target");
    let begins = 10 * 1440;
    let mut table = String::new();
    for per_minute in LEVELS {
        let found = [1.0, 0.1, 0.01, 0.002].map(|ratio| {
            let month = Month::new(per_minute, 0.0001, |minute| (minute >= begins).then_some(ratio), 7);
            let least = if ratio < 0.005 {
                AlertSeverity::Ticket
            } else {
                AlertSeverity::Page
            };
            assert_eq!(month.called(target, least, 0).map(|at| at >= begins), Some(true));
            month
                .called(target, least, begins)
                .map(|at| at + 1 - begins)
                .expect("found")
        });
        let _ = writeln!(table, "{per_minute} a minute: {found:?} min");
        assert!(found[0] <= 3 && found[1] <= 40, "{table}");
    }
    println!("{table}");
}
