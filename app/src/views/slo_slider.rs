//! What a slider's places mean: targets by the budget that they leave, thresholds by their length. Places are round figures, fifteen for each
//! power of ten, so that each is found again and every part of the way says about as much.

use pointsman_domain::kit::duration;

use crate::format;

/// The round figures of a power of ten.
const ROUND: [f64; 15] = [
    1.0, 1.2, 1.5, 1.8, 2.0, 2.5, 3.0, 3.5, 4.0, 4.5, 5.0, 6.0, 7.0, 8.0, 9.0,
];
/// The last place of a target, which leaves a budget of 0.01 %; the first leaves 50 %.
pub const TARGETS: u32 = 55;
/// The last place of a threshold, 60 s; the first is 1 ms.
pub const THRESHOLDS: u32 = 71;

fn figure(place: u32) -> f64 {
    let many = ROUND.len() as u32;
    ROUND[(place % many) as usize] * 10_f64.powi((place / many) as i32)
}

/// The place whose figure is nearest.
fn place(figures: f64, last: u32) -> u32 {
    let away = |place: &u32| (figure(*place) / figures.max(f64::MIN_POSITIVE)).ln().abs();
    (0..=last)
        .min_by(|a, b| away(a).total_cmp(&away(b)))
        .unwrap_or_default()
}

/// The target at a place, in percent.
pub fn target_at(place: u32) -> String {
    format::exact_percent(1.0 - figure(TARGETS - place.min(TARGETS)) / 1e4)
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
    TARGETS - place((1.0 - share) * 1e4, TARGETS)
}

/// The threshold at a place: `300ms`, `1.5s`.
pub fn threshold_at(place: u32) -> String {
    match figure(place.min(THRESHOLDS)) {
        ms if ms < 1000.0 => format!("{}ms", (ms * 10.0).round() / 10.0),
        ms => format!("{}s", (ms / 100.0).round() / 10.0),
    }
}

/// The place of a threshold; the first where it can't be read.
pub fn threshold_place(text: &str) -> u32 {
    place(duration::parse(text).unwrap_or_default() as f64 / 1e6, THRESHOLDS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ends_are_what_they_are_said_to_be() {
        assert_eq!([0, TARGETS].map(target_at), ["50", "99.99"]);
        assert_eq!([0, THRESHOLDS].map(threshold_at), ["1ms", "60s"]);
        assert_eq!(target_place("soon"), 0);
        assert_eq!(threshold_place("soon"), 0);
    }

    #[test]
    fn every_place_is_found_again() {
        for place in 0..=TARGETS {
            assert_eq!(target_place(&target_at(place)), place);
        }
        for place in 0..=THRESHOLDS {
            assert_eq!(threshold_place(&threshold_at(place)), place);
        }
        for text in ["90", "95", "99", "99.5", "99.9", "99.95"] {
            assert_eq!(target_at(target_place(text)), text);
        }
        assert_eq!(threshold_at(threshold_place("310ms")), "300ms");
    }
}
