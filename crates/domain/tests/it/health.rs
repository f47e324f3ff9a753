use pointsman_domain::health::{Cause, Health, Thresholds, judge};
use pointsman_domain::rollup::Counts;

fn counts(requests: u64, errors: u64, duration_ms: u64) -> Counts {
    let mut counts = Counts::default();
    (0..requests).for_each(|n| counts.record(duration_ms * 1_000_000, n < errors));
    counts
}

#[test]
fn the_rule_as_a_table() {
    let table = [
        // requests, errors, ms -> health, cause
        ((0, 0, 0), Health::NoTraffic, None),
        ((1, 1, 1), Health::Healthy, None),
        ((100, 2, 1), Health::Healthy, None),
        ((1000, 9, 1), Health::Healthy, None),
        ((300, 3, 1), Health::Degraded, Some(Cause::Errors)),
        ((60, 3, 1), Health::Failing, Some(Cause::Errors)),
        ((9, 0, 9000), Health::Healthy, None),
        ((10, 0, 1100), Health::Degraded, Some(Cause::Latency)),
        ((10, 0, 6000), Health::Failing, Some(Cause::Latency)),
        ((100, 1, 1100), Health::Degraded, Some(Cause::Latency)),
        ((300, 3, 6000), Health::Failing, Some(Cause::Latency)),
        ((300, 3, 1100), Health::Degraded, Some(Cause::Errors)),
    ];
    for ((requests, errors, ms), health, cause) in table {
        let verdict = judge(&counts(requests, errors, ms), &Thresholds::default());
        assert_eq!(
            (verdict.health, verdict.cause),
            (health, cause),
            "{requests} requests, {errors} errors, {ms} ms"
        );
    }
}

#[test]
fn the_worst_part_wins_and_no_traffic_never_does() {
    assert_eq!(
        Health::worst([Health::Healthy, Health::Failing, Health::NoTraffic]),
        Health::Failing
    );
    assert_eq!(Health::worst([Health::NoTraffic, Health::Healthy]), Health::Healthy);
    assert_eq!(Health::worst([]), Health::NoTraffic);
}
