//! Objectives on a real PostgreSQL: every figure against sums that the test makes itself from the traffic it sends, however it arrives.

mod backtests;
mod books;
mod changed;
mod charts;
mod contracts;
mod failing;
mod imported;
mod judged;
mod left_out;
mod notices;
mod reports;
mod secrets;
mod sending;
mod spending;
mod traffic;

use pointsman_control::promise::slo::cycle;
use pointsman_domain::rollup::{Delta, SECOND_NS};
use pointsman_domain::slo::{
    AlertQuery, Count, ExclusionForm, Objective, ObjectiveDraft, Policy, PolicyVerdict, SilenceForm, SloDetail, Status,
};
use pointsman_domain::time::{RangeSpec, format_moment};
use pointsman_store::rollup::{append_delta, merge};
use pointsman_store::slo::objectives;

use crate::house::House;
use traffic::{DAY, HOUR, MINUTE, NOW, Request, Traffic};

const REASON: &str = "because the test says so";

pub(crate) fn objective(name: &str, more: &str) -> ObjectiveDraft {
    over(name, r#"{"kind":"rolling","days":7}"#, more)
}

/// The same over another window.
fn over(name: &str, window: &str, more: &str) -> ObjectiveDraft {
    let json = format!(r#"{{"name":"{name}","service":"cart","target":0.99,"window":{window},{more}}}"#);
    serde_json::from_str(&json).unwrap()
}

pub(crate) const AVAILABILITY: &str = r#""indicator":{"kind":"availability"}"#;

impl House {
    async fn promise(&self, name: &str, more: &str) -> Objective {
        self.use_cases()
            .promise()
            .create_slo(objective(name, more), REASON)
            .await
            .unwrap()
    }

    /// Appends as a worker does.
    async fn counted(&self, delta: &Delta) {
        let mut tx = self.store.begin().await.unwrap();
        append_delta(&mut tx, delta).await.unwrap();
        tx.commit().await.unwrap();
    }

    async fn merged(&self) {
        merge(&self.store).await.unwrap();
    }

    /// Evaluates as of the clock, once all are counted that can be.
    async fn evaluated(&self) {
        let now_ns = self.clock.now_ns();
        let uncounted = async || {
            let mut conn = self.store.conn().await.unwrap();
            objectives::uncounted(&mut conn, now_ns).await.unwrap()
        };
        loop {
            cycle(&self.store, now_ns, Some("https://pointsman.example"))
                .await
                .unwrap();
            if uncounted().await.is_empty() {
                break;
            }
        }
    }

    async fn slo(&self, name: &str) -> SloDetail {
        self.use_cases().promise().slo(name).await.unwrap().unwrap()
    }

    async fn status(&self, name: &str) -> Status {
        self.slo(name).await.summary.status.unwrap()
    }
}

/// A house at [`NOW`].
async fn house() -> House {
    let house = House::new().await;
    house.clock.set(NOW);
    house
}

/// Nine days of traffic, half of it recorded before the objectives are made, the rest in pieces after.
#[tokio::test]
async fn every_figure_is_the_sum_of_what_was_sent() {
    let house = house().await;
    let traffic = Traffic::of_days(9);
    let (before, after) = traffic.halves();
    house.counted(&before.delta()).await;
    house.merged().await;
    house.promise("up", AVAILABILITY).await;
    house
        .promise("up-v2", &format!(r#"{AVAILABILITY},"version":"2""#))
        .await;
    house
        .promise("up-v1", &format!(r#"{AVAILABILITY},"version":"1""#))
        .await;
    house
        .promise("get", &format!(r#"{AVAILABILITY},"operation":"GET /""#))
        .await;
    house
        .promise("called", &format!(r#"{AVAILABILITY},"caller":"web""#))
        .await;
    // Bounds of buckets are powers of two: exact.
    house
        .promise("fast", r#""indicator":{"kind":"latency","threshold_ns":134217728}"#)
        .await;
    let slices = r#""budgeting":{"method":"timeslices","seconds":300,"slice_target":0.97}"#;
    house.promise("slices", &format!("{AVAILABILITY},{slices}")).await;
    let rate = r#""indicator":{"kind":"throughput","limit":"at_least","per_second":0.05},"budgeting":{"method":"timeslices","seconds":60}"#;
    house.promise("busy", rate).await;
    let members =
        r#""indicator":{"kind":"composite","members":[{"objective":"up","weight":1},{"objective":"fast","weight":3}]}"#;
    house.promise("all", members).await;
    // The past of some is counted before the rest is merged, that of others after.
    house.evaluated().await;
    for piece in after.pieces(5) {
        house.counted(&piece.delta()).await;
        house.merged().await;
    }
    house.evaluated().await;

    let from = (NOW - 7 * DAY) / HOUR * HOUR;
    let in_window = |request: &Request| request.at_ns >= from;
    let ok = |request: &Request| !request.error;
    let fast = |request: &Request| request.duration_ns <= 134_217_728;
    for (name, meant, good) in [
        (
            "up",
            &(|_: &Request| true) as &dyn Fn(&Request) -> bool,
            &ok as &dyn Fn(&Request) -> bool,
        ),
        ("up-v1", &|r: &Request| r.version == "1", &ok),
        ("up-v2", &|r: &Request| r.version == "2", &ok),
        ("get", &|r: &Request| r.operation == "GET /", &ok),
        ("called", &|r: &Request| r.called, &ok),
        ("fast", &|_: &Request| true, &fast),
    ] {
        let expected = traffic.count(|request| in_window(request) && meant(request), good);
        let status = house.status(name).await;
        assert_eq!(status.measure.count, expected, "{name}");
        let bad = (expected.total - expected.good) as f64;
        assert!(
            (status.budget.spent - bad / (0.01 * expected.total as f64)).abs() < 1e-9,
            "{name}"
        );
        assert!((status.compliance.unwrap() - expected.good as f64 / expected.total as f64).abs() < 1e-12);
        for burn in status.burns {
            for (window, found) in [(burn.window.long, burn.over_long), (burn.window.short, burn.over_short)] {
                let start = NOW - window.as_nanos() as u64;
                // Whole minutes; whole hours where the window is longer than a day.
                let start = if window.as_nanos() as u64 > DAY {
                    start / HOUR * HOUR
                } else {
                    start / MINUTE * MINUTE
                };
                let count = traffic.count(|request| request.at_ns >= start && meant(request), good);
                let expected = (count.total > 0).then(|| count.bad() as f64 / count.total as f64 / 0.01);
                match (expected, found) {
                    (Some(a), Some(b)) => assert!((a - b).abs() < 1e-9, "{name} over {window:?}: {a} {b}"),
                    (a, b) => assert_eq!(a, b, "{name} over {window:?}"),
                }
            }
        }
    }
    // The sum over versions is the whole.
    let counts = [house.status("up-v1").await, house.status("up-v2").await].map(|status| status.measure.count);
    assert_eq!(counts[0] + counts[1], house.status("up").await.measure.count);

    let slices: Vec<Count> = traffic.slices(from, NOW, 300);
    let good = slices
        .iter()
        .filter(|slice| slice.good as f64 / slice.total as f64 >= 0.97)
        .count() as u64;
    let expected = Count {
        good,
        total: slices.len() as u64,
    };
    assert!(
        good > 0 && good < expected.total,
        "the traffic tells nothing: {expected:?}"
    );
    assert_eq!(house.status("slices").await.measure.count, expected);

    // Every minute up to one before the last: 0.05 a second are 3 a minute.
    let minutes = traffic.minutes(from, NOW - MINUTE);
    let good = minutes.iter().filter(|requests| **requests >= 3).count() as u64;
    assert_eq!(
        house.status("busy").await.measure.count,
        Count {
            good,
            total: minutes.len() as u64
        }
    );

    let (up, fast) = (house.status("up").await, house.status("fast").await);
    let mean = (up.measure.bad.unwrap() + 3.0 * fast.measure.bad.unwrap()) / 4.0;
    assert!((house.status("all").await.measure.bad.unwrap() - mean).abs() < 1e-12);

    // A backtest of the same objective says the same.
    let draft = objective("draft", AVAILABILITY);
    let back = house
        .use_cases()
        .promise()
        .backtest(draft, RangeSpec::Last(8 * 86_400))
        .await
        .unwrap();
    let minute_from = (NOW / MINUTE * MINUTE) - 7 * DAY;
    let expected = traffic.count(|r| r.at_ns >= minute_from && r.at_ns < NOW / MINUTE * MINUTE, &ok);
    assert_eq!(back.measure.count, expected);
    // Its pieces are its window.
    let points = house.slo("up").await.points;
    let sum: Count = points.iter().map(|point| point.count).sum();
    assert_eq!(sum, up.measure.count);
}

/// The same events in another order, in other pieces, late by days: the same figures.
#[tokio::test]
async fn late_telemetry_corrects_everything() {
    let slices = r#""budgeting":{"method":"timeslices","seconds":600,"slice_target":0.97}"#;
    let mut found = Vec::new();
    for late in [false, true] {
        let house = house().await;
        house.promise("up", AVAILABILITY).await;
        house.promise("slices", &format!("{AVAILABILITY},{slices}")).await;
        house.evaluated().await;
        let traffic = Traffic::of_days(6);
        let mut pieces = traffic.pieces(7);
        if late {
            pieces.reverse();
        }
        for piece in pieces {
            house.counted(&piece.delta()).await;
            if late {
                house.merged().await;
                house.evaluated().await;
            }
        }
        house.merged().await;
        house.evaluated().await;
        found.push([house.status("up").await, house.status("slices").await]);
    }
    assert_eq!(found[0], found[1]);
    assert!(found[0][0].measure.count.bad() > 0);
}

#[tokio::test]
async fn excluded_time_is_left_out_and_taken_in_again() {
    let house = house().await;
    let traffic = Traffic::of_days(3);
    house.promise("up", AVAILABILITY).await;
    house.evaluated().await;
    house.counted(&traffic.delta()).await;
    house.merged().await;
    house.evaluated().await;
    let whole = house.status("up").await;
    let (from, to) = (NOW - DAY - 90 * MINUTE - 7 * SECOND_NS, NOW - DAY - 20 * MINUTE);
    let form = ExclusionForm {
        service: "cart".to_owned(),
        from: format_moment(from),
        to: format_moment(to),
        reason: REASON.to_owned(),
        ..ExclusionForm::default()
    };
    let exclusion = house.use_cases().promise().exclude(&form).await.unwrap();
    house.evaluated().await;
    let ok = |request: &Request| !request.error;
    let inside = |request: &Request| (exclusion.from_ns..exclusion.to_ns).contains(&request.at_ns);
    let without = house.status("up").await;
    assert_eq!(without.measure.count, traffic.count(|request| !inside(request), &ok));
    assert_eq!(without.excluded.events, traffic.count(inside, &ok).total);
    assert_eq!(without.excluded.windows, 1);
    // What comes late into it is left out too.
    house.counted(&Traffic::one(exclusion.from_ns + MINUTE).delta()).await;
    house.merged().await;
    house.evaluated().await;
    let late = house.status("up").await;
    assert_eq!(late.measure.count, without.measure.count);
    assert_eq!(late.excluded.events, without.excluded.events + 1);
    house
        .use_cases()
        .promise()
        .end_exclusion(exclusion.id, REASON)
        .await
        .unwrap();
    house.evaluated().await;
    let again = house.status("up").await;
    assert_eq!(again.measure.count.total, whole.measure.count.total + 1);
    assert_eq!(again.excluded.windows, 0);
}

#[tokio::test]
async fn an_outage_calls_once_is_acknowledged_and_ends() {
    let house = house().await;
    house.promise("up", AVAILABILITY).await;
    house
        .use_cases()
        .promise()
        .set_policy("cart", Policy::Block, REASON)
        .await
        .unwrap();
    house.counted(&Traffic::of_days(2).delta()).await;
    house.counted(&Traffic::outage(NOW - 30 * MINUTE, NOW).delta()).await;
    house.merged().await;
    house.evaluated().await;
    house.evaluated().await;
    let firing = AlertQuery {
        state: "firing".to_owned(),
        ..AlertQuery::default()
    };
    let alerts = house.use_cases().promise().alerts(&firing).await.unwrap().alerts;
    let rules: Vec<&str> = alerts.iter().map(|alert| alert.rule.as_str()).collect();
    assert_eq!(rules, ["ticket", "page"], "{alerts:?}");
    assert!(alerts[1].sentence.contains("times as fast"), "{}", alerts[1].sentence);
    assert_eq!(house.slo("up").await.summary.firing.len(), 2);
    let acked = house.use_cases().promise().acknowledge(alerts[1].id).await.unwrap();
    assert_eq!(acked.acked_by.as_deref(), Some("tests"));
    assert!(
        house.use_cases().promise().acknowledge(alerts[1].id).await.is_err(),
        "once is enough"
    );
    // The budget is spent: without a reason nothing is changed.
    assert!(house.status("up").await.is_spent());
    let verdict = async |reason: &str| house.use_cases().promise().may_change("cart", reason).await.unwrap();
    assert!(matches!(verdict("").await, PolicyVerdict::Blocked(_)));
    assert!(matches!(verdict("a hotfix").await, PolicyVerdict::Warn(_)));
    assert_eq!(
        house.use_cases().promise().may_change("web", "").await.unwrap(),
        PolicyVerdict::Go
    );
    // Good again: the page ends once nothing burned for five minutes.
    for minutes in [2, 40, 46] {
        house.clock.set(NOW + minutes * MINUTE);
        house
            .counted(&Traffic::good(NOW + (minutes - 2) * MINUTE, NOW + minutes * MINUTE).delta())
            .await;
        house.merged().await;
        house.evaluated().await;
    }
    let left = house.use_cases().promise().alerts(&firing).await.unwrap().alerts;
    assert!(left.iter().all(|alert| alert.rule != "page"), "{left:?}");
    let history = house
        .use_cases()
        .promise()
        .alerts(&AlertQuery::default())
        .await
        .unwrap()
        .alerts;
    assert_eq!(history.len(), 2);
}

#[tokio::test]
async fn what_changes_is_counted_again_and_what_goes_is_gone() {
    let house = house().await;
    let traffic = Traffic::of_days(2);
    house.counted(&traffic.delta()).await;
    house.merged().await;
    house.promise("up", AVAILABILITY).await;
    house.evaluated().await;
    let ok = |request: &Request| !request.error;
    let changed = objective("up", &format!(r#"{AVAILABILITY},"version":"2""#));
    house
        .use_cases()
        .promise()
        .edit_slo("up", changed, REASON)
        .await
        .unwrap();
    house.evaluated().await;
    let detail = house.slo("up").await;
    assert_eq!(detail.summary.revision, 2);
    assert_eq!(
        house.status("up").await.measure.count,
        traffic.count(|r| r.version == "2", &ok)
    );
    let yaml = house.use_cases().promise().export_slos(None).await.unwrap();
    house.use_cases().promise().remove_slo("up", REASON).await.unwrap();
    assert_eq!(house.use_cases().promise().slo("up").await.unwrap(), None);
    let back = house.use_cases().promise().import_slos(&yaml, REASON).await.unwrap();
    assert_eq!((back[0].name.as_str(), back[0].outcome.as_str()), ("up", "made"));
    let same = house.use_cases().promise().import_slos(&yaml, REASON).await.unwrap();
    assert_eq!(same[0].outcome, "same");
    house.evaluated().await;
    assert_eq!(
        house.status("up").await.measure.count,
        traffic.count(|r| r.version == "2", &ok)
    );
}

#[tokio::test]
async fn a_silence_spares_people_and_its_end_calls_them() {
    let house = house().await;
    house.promise("up", AVAILABILITY).await;
    let hook = notices::Receiver::start(0).await;
    hook.as_channel(&house).await;
    let form = SilenceForm {
        objective: "up".to_owned(),
        minutes: 10,
        reason: REASON.to_owned(),
        ..SilenceForm::default()
    };
    house.use_cases().promise().silence(&form).await.unwrap();
    house.counted(&Traffic::of_days(1).delta()).await;
    house
        .counted(&Traffic::outage(NOW - 30 * MINUTE, NOW + 30 * MINUTE).delta())
        .await;
    house.merged().await;
    house.evaluated().await;
    notices::deliver(&house).await;
    assert!(hook.taken().is_empty());
    house.clock.set(NOW + 11 * MINUTE);
    house.evaluated().await;
    notices::deliver(&house).await;
    assert_eq!(hook.taken().len(), 2, "the page and the ticket");
}

#[tokio::test]
async fn missing_events_call_somebody() {
    let house = house().await;
    house
        .promise("up", &format!(r#"{AVAILABILITY},"absent_minutes":15"#))
        .await;
    house
        .counted(&Traffic::good(NOW - 7 * DAY - HOUR, NOW - 7 * DAY).delta())
        .await;
    house
        .counted(&Traffic::good(NOW - 60 * MINUTE, NOW - 20 * MINUTE).delta())
        .await;
    house.merged().await;
    house.evaluated().await;
    let rules = async || -> Vec<String> {
        let firing = house.slo("up").await.summary.firing;
        firing.iter().map(|alert| alert.rule.to_string()).collect()
    };
    assert_eq!(rules().await, ["absent"]);
    house
        .counted(&Traffic::good(NOW - 5 * MINUTE, NOW + 10 * MINUTE).delta())
        .await;
    house.merged().await;
    house.clock.set(NOW + 8 * MINUTE);
    house.evaluated().await;
    assert!(rules().await.is_empty());
}
