//! Charts of objectives are made of the counts that their headline is made of, over the same time.

use pointsman_domain::slo::Count;
use pointsman_domain::time::RangeSpec;

use super::books::{moment, seen};
use super::traffic::{DAY, HOUR, MINUTE, NOW, Traffic};
use super::{AVAILABILITY, REASON, house, over};
use crate::house::House;

/// The points of an objective add up to its headline, from the window's start on.
async fn agree(house: &House, name: &str, from_ns: u64) {
    let detail = house.slo(name).await;
    let status = detail.summary.status.unwrap();
    let sum: Count = detail.points.iter().map(|point| point.count).sum();
    assert_eq!(sum, status.measure.count, "{name}");
    let (first, last) = (detail.points.first().unwrap(), detail.points.last().unwrap());
    assert_eq!(first.at_ns, from_ns, "{name}");
    assert!(
        (last.spent - status.budget.spent).abs() < 1e-9,
        "{name}: {} {}",
        last.spent,
        status.budget.spent
    );
    assert!(
        detail
            .points
            .windows(2)
            .all(|pair| pair[0].at_ns < pair[1].at_ns && pair[0].spent <= pair[1].spent)
    );
}

#[tokio::test]
async fn the_budget_of_a_month_has_nothing_of_the_month_before() {
    let house = house().await;
    // The first of November, 05:00 in Tokyo: it began at 15:00 UTC.
    house.at("2026-10-31T20:00:00Z");
    let month = over(
        "month",
        r#"{"kind":"calendar","unit":"month","zone":"Asia/Tokyo"}"#,
        AVAILABILITY,
    );
    let rolling = over("rolling", r#"{"kind":"rolling","days":30}"#, AVAILABILITY);
    for made in [month, rolling] {
        house.use_cases().promise().create_slo(made, REASON).await.unwrap();
    }
    house
        .arrived(&[
            // Before the rolling window, on its first day of UTC.
            seen("2026-10-01T10:00:00Z", "cart", "1", 1000, 900),
            seen("2026-10-01T21:00:00Z", "cart", "1", 1000, 1),
            // Before the month, on its first day of UTC.
            seen("2026-10-31T10:00:00Z", "cart", "1", 6000, 5000),
            seen("2026-10-31T15:30:00Z", "cart", "1", 30_000, 3),
        ])
        .await;
    house.evaluated().await;
    let status = house.status("month").await;
    assert_eq!((status.measure.count.total, status.measure.count.bad()), (30_000, 3));
    agree(&house, "month", moment("2026-10-31T15:00:00Z")).await;
    let status = house.status("rolling").await;
    assert_eq!((status.measure.count.total, status.measure.count.bad()), (37_000, 5004));
    agree(&house, "rolling", moment("2026-10-01T20:00:00Z")).await;
}

/// 24 h in slices of a minute, one of which is over, or ten of which have nothing.
#[tokio::test]
async fn throughput_has_the_same_in_its_chart_and_its_headline() {
    let house = house().await;
    let traffic = Traffic::good(NOW - DAY, NOW - 30 * MINUTE);
    house.counted(&traffic.delta()).await;
    house.counted(&Traffic::good(NOW - 20 * MINUTE, NOW).delta()).await;
    house
        .counted(&Traffic::good(NOW - 3 * HOUR, NOW - 3 * HOUR + MINUTE).delta())
        .await;
    house.merged().await;
    let rate = |limit: &str, per_second: f64| {
        format!(
            r#""indicator":{{"kind":"throughput","limit":"{limit}","per_second":{per_second}}},"budgeting":{{"method":"timeslices","seconds":60}}"#
        )
    };
    house.promise("few", &rate("at_most", 1.5)).await;
    house.promise("enough", &rate("at_least", 0.5)).await;
    house.evaluated().await;
    for (name, least_bad) in [("few", 1), ("enough", 9)] {
        let count = house.status(name).await.measure.count;
        assert!(
            count.bad() >= least_bad && count.bad() <= 11 && count.good > 1400,
            "{name}: {count:?}"
        );
        agree(&house, name, (NOW - 7 * DAY) / HOUR * HOUR).await;
        let course = house
            .use_cases()
            .promise()
            .slo_course(name, RangeSpec::Last(7 * 86_400))
            .await
            .unwrap()
            .unwrap();
        assert_eq!(course.counts.iter().copied().sum::<Count>(), count, "{name}");
        // A range of minutes, too.
        let course = house
            .use_cases()
            .promise()
            .slo_course(name, RangeSpec::Last(6 * 3600))
            .await
            .unwrap()
            .unwrap();
        assert_eq!(
            course.counts.iter().copied().sum::<Count>().bad(),
            count.bad(),
            "{name}"
        );
    }
}
