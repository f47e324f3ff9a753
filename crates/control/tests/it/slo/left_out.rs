//! Excluded slices are neither good nor bad, wherever they are counted, and what is counted by the hour is left out by whole hours.

use pointsman_domain::slo::{Count, Exclusion, ExclusionForm};
use pointsman_domain::time::{RangeSpec, TimeRange, format_moment, parse_moment};

use super::books::{Seen, seen};
use super::traffic::MINUTE;
use super::{AVAILABILITY, REASON, house, over};
use crate::house::House;

/// 2026-10-10, 08:00 UTC.
const FROM: &str = "2026-10-10T08:00:00Z";

/// Requests in each of these minutes from [`FROM`] on.
fn minutes(each: impl Iterator<Item = u64>, total: u64) -> Vec<Seen> {
    let from_ns = parse_moment(FROM).unwrap();
    each.map(|minute| Seen {
        at_ns: from_ns + minute * MINUTE,
        service: "cart",
        version: "1",
        total,
        bad: 0,
    })
    .collect()
}

impl House {
    /// Leaves out these minutes from [`FROM`] on.
    async fn leave_out(&self, from: u64, to: u64) -> Exclusion {
        let moment = |minute| format_moment(parse_moment(FROM).unwrap() + minute * MINUTE);
        let form = ExclusionForm {
            service: "cart".to_owned(),
            from: moment(from),
            to: moment(to),
            reason: REASON.to_owned(),
            ..ExclusionForm::default()
        };
        let made = self.use_cases().promise().exclude(&form).await.unwrap();
        self.evaluated().await;
        made
    }
}

fn rate(limit: &str, per_second: f64, seconds: u32) -> String {
    format!(
        r#""indicator":{{"kind":"throughput","limit":"{limit}","per_second":{per_second}}},"budgeting":{{"method":"timeslices","seconds":{seconds}}}"#
    )
}

/// 15 slices of 5 min, 11 of which have enough requests, and 4 too few.
#[tokio::test]
async fn a_slice_that_touches_an_exclusion_leaves_with_its_mark() {
    let house = house().await;
    house.at(FROM);
    for (name, limit, good) in [("enough", "at_least", 11), ("few", "at_most", 4)] {
        let house = &house;
        house.promise(name, &rate(limit, 1.0, 300)).await;
        if name == "enough" {
            house.evaluated().await;
            // A minute after the last slice's end, which takes that long to be told.
            house.at("2026-10-10T09:16:00Z");
            // As the merger counts.
            house.arrived(&minutes(0..55, 100)).await;
            house.arrived(&minutes(55..75, 1)).await;
        }
        house.evaluated().await;
        let count = async || house.status(name).await.measure.count;
        assert_eq!(count().await, Count { good, total: 15 }, "{name}");
        // A minute of one that has enough, a minute of one that has too few.
        for (minute, left) in [
            (7, (good - u64::from(good == 11), 14)),
            (62, (good - u64::from(good == 4), 14)),
        ] {
            let made = house.leave_out(minute, minute + 1).await;
            assert_eq!(
                count().await,
                Count {
                    good: left.0,
                    total: left.1
                },
                "{name} without {minute}"
            );
            // What comes late does not mark it again.
            house.arrived(&minutes(minute + 1..minute + 2, 1)).await;
            house.evaluated().await;
            assert_eq!(
                count().await,
                Count {
                    good: left.0,
                    total: left.1
                },
                "{name}, late"
            );
            let draft = super::objective("draft", &rate(limit, 1.0, 300));
            let range = RangeSpec::Fixed(TimeRange {
                from_ns: parse_moment(FROM).unwrap(),
                to_ns: parse_moment(FROM).unwrap() + 75 * MINUTE,
            });
            let back = house.use_cases().promise().backtest(draft, range).await.unwrap();
            assert_eq!(
                back.measure.count,
                Count {
                    good: left.0,
                    total: left.1
                },
                "{name} in a backtest"
            );
            house
                .use_cases()
                .promise()
                .end_exclusion(made.id, REASON)
                .await
                .unwrap();
            house.evaluated().await;
            assert_eq!(count().await, Count { good, total: 15 }, "{name} again");
        }
    }
}

/// 40 days ago, of which only hours are kept: 100 requests in each.
#[tokio::test]
async fn what_is_counted_by_the_hour_is_left_out_by_whole_hours() {
    let house = house().await;
    house.at("2026-11-20T12:00:00Z");
    let hours: Vec<Seen> = (0..24)
        .map(|hour| seen(&format!("2026-10-10T{hour:02}:30:00Z"), "cart", "1", 100, 1))
        .collect();
    house.arrived(&hours).await;
    house
        .arrived(&[seen("2026-11-20T11:00:00Z", "cart", "1", 100, 0)])
        .await;
    house
        .behind("DELETE FROM series WHERE resolution < 2 AND window_ns < 1792000000000000000")
        .await;
    // 02:00 to 02:10, 05:10 to 07:00 and, in two, all of 09:00 to 10:00.
    house
        .behind(
            "INSERT INTO exclusion (service, from_ns, to_ns, reason, said_by, created_ns)
            SELECT 'cart', 1791590400000000000 + f * 60000000000, 1791590400000000000 + t * 60000000000, 'r', 'b', 0
            FROM (VALUES (120::bigint, 130::bigint), (310, 420), (540, 570), (565, 600)) AS e (f, t)",
        )
        .await;
    assert_eq!(parse_moment("2026-10-10T00:00:00Z").unwrap(), 1_791_590_400_000_000_000);
    let quarter = over("up", r#"{"kind":"rolling","days":90}"#, AVAILABILITY);
    house.use_cases().promise().create_slo(quarter, REASON).await.unwrap();
    house.evaluated().await;
    let status = house.status("up").await;
    // 06:00 and 09:00 are left out whole; 02:00 and 05:00 only in part, so they count.
    assert_eq!(
        (status.measure.count.total, status.excluded.events),
        (22 * 100 + 100, 200)
    );
    let told = house.slo("up").await.hours_until_ns.unwrap();
    assert!(told > parse_moment("2026-10-11T00:00:00Z").unwrap() && told <= house.clock.now_ns());
}
