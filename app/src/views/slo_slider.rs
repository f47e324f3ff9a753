//! What a slider's places mean: targets by the budget that they leave, thresholds by their length, both on a log scale, so that every
//! part of the way says as much.

use pointsman_domain::slo::percent_text;
use pointsman_domain::time::parse_duration;

/// The last place; the first is 0.
pub const PLACES: u32 = 1000;
/// The budgets that the ends of the target's slider leave, as powers of ten: 50 % and 0.01 %.
const BUDGETS: (f64, f64) = (-0.301_03, -4.0);
/// The lengths at the ends of the threshold's slider, in nanoseconds, as powers of ten: 1 ms and 60 s.
const LENGTHS: (f64, f64) = (6.0, 10.778_151_25);

fn at((first, last): (f64, f64), place: u32) -> f64 {
    let share = f64::from(place.min(PLACES)) / f64::from(PLACES);
    10_f64.powf(first + (last - first) * share)
}

fn place((first, last): (f64, f64), value: f64) -> u32 {
    let share = (value.max(f64::MIN_POSITIVE).log10() - first) / (last - first);
    (share.clamp(0.0, 1.0) * f64::from(PLACES)).round() as u32
}

/// With two significant digits.
fn rounded(value: f64) -> f64 {
    let unit = 10_f64.powf(value.log10().floor() - 1.0);
    (value / unit).round() * unit
}

/// The target at a place, in percent.
pub fn target_at(place: u32) -> String {
    percent_text(1.0 - rounded(at(BUDGETS, place)))
}

/// The place of a target in percent; the first where it can't be read.
pub fn target_place(percent: &str) -> u32 {
    let share = percent
        .trim()
        .trim_end_matches('%')
        .trim()
        .parse::<f64>()
        .unwrap_or_default()
        / 100.0;
    place(BUDGETS, 1.0 - share)
}

/// The threshold at a place: `300ms`, `1.5s`.
pub fn threshold_at(place: u32) -> String {
    let ms = rounded(at(LENGTHS, place)) / 1e6;
    if ms < 999.0 {
        format!("{}ms", (ms * 10.0).round() / 10.0)
    } else {
        format!("{}s", (ms / 100.0).round() / 10.0)
    }
}

/// The place of a threshold; the first where it can't be read.
pub fn threshold_place(text: &str) -> u32 {
    place(LENGTHS, parse_duration(text).unwrap_or_default() as f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ends_are_what_they_are_said_to_be() {
        assert_eq!([0, PLACES].map(target_at), ["50", "99.99"]);
        assert_eq!([0, PLACES].map(threshold_at), ["1ms", "60s"]);
        assert_eq!(target_place("soon"), 0);
        assert_eq!(threshold_place("soon"), 0);
    }

    #[test]
    fn a_place_is_found_again() {
        for text in ["90", "95", "99", "99.5", "99.9", "99.95"] {
            assert_eq!(target_at(target_place(text)), text);
        }
        for text in ["5ms", "120ms", "300ms", "1.5s", "10s"] {
            assert_eq!(threshold_at(threshold_place(text)), text);
        }
    }
}
