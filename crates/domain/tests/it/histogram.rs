use pointsman_domain::histogram::{Histogram, RELATIVE_ERROR};
use proptest::prelude::*;

fn of(durations: &[u64]) -> Histogram {
    let mut histogram = Histogram::default();
    for &duration in durations {
        histogram.record(duration);
    }
    histogram
}

#[test]
fn an_empty_one_has_no_quantiles_and_the_ends_are_clamped() {
    assert_eq!(Histogram::default().quantile(0.5), None);
    assert_eq!(Histogram::bucket(0), Histogram::bucket(1024));
    assert_eq!(Histogram::bucket(u64::MAX), Histogram::bucket(1 << 43));
}

proptest! {
    #[test]
    fn a_duration_lies_within_its_bucket(duration in 1025_u64..1 << 42) {
        let (lower, upper, count) = of(&[duration]).buckets().next().unwrap();
        prop_assert_eq!(count, 1);
        let d = duration as f64;
        prop_assert!(lower * (1.0 - 1e-12) < d && d <= upper * (1.0 + 1e-12), "{} < {} <= {}", lower, d, upper);
    }

    #[test]
    fn a_quantile_is_off_by_the_stated_error_at_most(
        mut durations in proptest::collection::vec(2000_u64..10_000_000_000, 1..200),
        q in 0.0_f64..=1.0,
    ) {
        let estimate = of(&durations).quantile(q).unwrap() as f64;
        durations.sort_unstable();
        let rank = ((q * durations.len() as f64).ceil() as usize).max(1);
        let exact = durations[rank - 1] as f64;
        prop_assert!((estimate - exact).abs() / exact <= RELATIVE_ERROR, "{} for {}", estimate, exact);
    }

    #[test]
    fn merging_parts_is_counting_the_whole(
        one in proptest::collection::vec(any::<u64>(), 0..50),
        two in proptest::collection::vec(any::<u64>(), 0..50),
    ) {
        let mut merged = of(&one);
        merged.merge(&of(&two));
        prop_assert_eq!(merged, of(&[one, two].concat()));
    }
}
