//! When somebody is called: multiwindow, multi-burn-rate alerts (Site Reliability Workbook, chapter 5, "6: Multiwindow, Multi-Burn-Rate
//! Alerts", table 5-8), for a budget of any period.
//!
//! | severity | of the budget | long window | short window | burn rate | for 30 days |
//! | --- | --- | --- | --- | --- | --- |
//! | page | 2 % | period / 720 | 1/12 of it | 14.4 | 1 h, 5 min |
//! | page | 5 % | period / 120 | 1/12 of it | 6 | 6 h, 30 min |
//! | ticket | 10 % | period / 10 | 1/12 of it | 1 | 3 d, 6 h |
//!
//! The table is made for 30 days; for another period the windows grow with it and the burn rates stay, so that each row goes on meaning the
//! same share of the budget. Both windows must burn faster than the rate, and with confidence
//! ([`Measure::low`]) and from [`MIN_BAD`] bad events on: one failed request among few is no reason to call anybody.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::{Measure, Target};

/// How soon somebody has to look at an alert.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = AlertSeverity))]
#[serde(rename_all = "snake_case")]
pub enum AlertSeverity {
    /// On a working day.
    Ticket,
    /// At once, at any time.
    Page,
}

/// One row of the table.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct BurnWindow {
    /// What the row fires.
    pub severity: AlertSeverity,
    /// Over which time the budget has to burn.
    #[cfg_attr(feature = "openapi", schema(value_type = crate::openapi::SecsAndNanos))]
    pub long: Duration,
    /// It has to burn over the last of it too, so that an alert ends soon after the trouble.
    #[cfg_attr(feature = "openapi", schema(value_type = crate::openapi::SecsAndNanos))]
    pub short: Duration,
    /// How many times as fast as the budget lasts for it has to burn.
    pub burn_rate: f64,
}

/// Severity, share of the budget, and burn rate.
const ROWS: [(AlertSeverity, f64, f64); 3] = [
    (AlertSeverity::Page, 0.02, 14.4),
    (AlertSeverity::Page, 0.05, 6.0),
    (AlertSeverity::Ticket, 0.10, 1.0),
];
/// The long window by the short one.
const SHORT: u32 = 12;
/// Fewer bad events than this in the long window call nobody: after a quiet night two of the first five requests can fail.
pub const MIN_BAD: u64 = 3;
/// Windows are whole minutes: finer than that the rollups are not kept for long.
const GRAIN: Duration = Duration::from_secs(60);

/// The table for a period. A budget share is what burns in the long window at the rate: `share = rate * long / period`.
pub fn burn_windows(period: Duration) -> [BurnWindow; 3] {
    ROWS.map(|(severity, share, burn_rate)| {
        let long = period.mul_f64(share / burn_rate);
        BurnWindow {
            severity,
            long: whole(long),
            short: whole(long / SHORT),
            burn_rate,
        }
    })
}

fn whole(window: Duration) -> Duration {
    let minutes = (window.as_secs_f64() / GRAIN.as_secs_f64()).round().max(1.0);
    GRAIN * minutes as u32
}

impl BurnWindow {
    /// Whether the alert is on, by what its two windows had.
    pub fn is_burning(&self, target: Target, long: impl Into<Measure>, short: impl Into<Measure>) -> bool {
        let (long, short) = (long.into(), short.into());
        long.count.bad() >= MIN_BAD
            && [long, short]
                .iter()
                .all(|window| window.low / target.budget() > self.burn_rate)
    }
}

#[cfg(test)]
mod tests;
