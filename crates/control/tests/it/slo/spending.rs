//! What the page of an objective shows beside its status: where the budget went, and what was bad in a time range.

use pointsman_domain::slo::Count;
use pointsman_domain::time::RangeSpec;

use super::traffic::{DAY, HOUR, MINUTE, NOW, Request, Traffic};
use super::{AVAILABILITY, house};

#[tokio::test]
async fn a_budget_went_where_the_bad_requests_were() {
    let house = house().await;
    let traffic = Traffic::of_days(9);
    house.counted(&traffic.delta()).await;
    house.merged().await;
    house.promise("up", AVAILABILITY).await;
    // A bound of a bucket: exact.
    let fast = r#""indicator":{"kind":"latency","threshold_ns":134217728}"#;
    house.promise("fast", fast).await;
    house
        .promise("called", &format!(r#"{AVAILABILITY},"caller":"web""#))
        .await;
    let rate = r#""indicator":{"kind":"throughput","limit":"at_least","per_second":0.05},"budgeting":{"method":"timeslices","seconds":60}"#;
    house.promise("busy", rate).await;
    house.evaluated().await;

    let from = (NOW - 7 * DAY) / HOUR * HOUR;
    let ok = |request: &Request| !request.error;
    let quick = |request: &Request| request.duration_ns <= 134_217_728;
    for (name, good) in [("up", &ok as &dyn Fn(&Request) -> bool), ("fast", &quick)] {
        let found = house.use_cases().promise().slo_spending(name).await.unwrap().unwrap();
        let whole = traffic.count(|request| request.at_ns >= from, good);
        assert_eq!((found.bad, found.total), (whole.bad(), whole.total), "{name}");
        for operation in ["GET /", "POST /"] {
            let expected = traffic.count(|r| r.at_ns >= from && r.operation == operation, good);
            let part = found.operations.iter().find(|part| part.name == operation).unwrap();
            assert_eq!(
                (part.bad, part.total),
                (expected.bad(), expected.total),
                "{name}: {operation}"
            );
        }
        let versions: u64 = found.versions.iter().map(|part| part.bad).sum();
        assert_eq!(versions, found.bad, "{name}: the sum over versions is the whole");
        assert!(
            found.versions[0].bad >= found.versions[1].bad,
            "{name}: the worst comes first"
        );
    }
    // Calls are not told apart by operation or node.
    let called = house
        .use_cases()
        .promise()
        .slo_spending("called")
        .await
        .unwrap()
        .unwrap();
    let expected = traffic.count(|request| request.at_ns >= from && request.called, &ok);
    assert_eq!((called.bad, called.total), (expected.bad(), expected.total));
    assert!(called.operations.is_empty() && called.nodes.is_empty() && !called.versions.is_empty());
    // What counts time has no bad requests.
    assert_eq!(house.use_cases().promise().slo_spending("busy").await.unwrap(), None);
    assert_eq!(house.use_cases().promise().slo_spending("none").await.unwrap(), None);
}

#[tokio::test]
async fn a_range_is_told_piece_by_piece() {
    let house = house().await;
    let traffic = Traffic::of_days(3);
    house.counted(&traffic.delta()).await;
    house.merged().await;
    house.promise("up", AVAILABILITY).await;
    house.evaluated().await;
    let ok = |request: &Request| !request.error;
    for (seconds, step) in [(3600, MINUTE), (2 * 86_400, HOUR), (20 * 86_400, DAY)] {
        let course = house
            .use_cases()
            .promise()
            .slo_course("up", RangeSpec::Last(seconds))
            .await
            .unwrap()
            .unwrap();
        assert_eq!(course.step_ns, step);
        assert!(course.start_ns.is_multiple_of(step));
        let sum: Count = course.counts.iter().copied().sum();
        let expected = traffic.count(|request| request.at_ns >= course.start_ns, &ok);
        assert_eq!(sum, expected, "the last {seconds} s");
    }
    assert_eq!(
        house
            .use_cases()
            .promise()
            .slo_course("none", RangeSpec::default())
            .await
            .unwrap(),
        None
    );
}
