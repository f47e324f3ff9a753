//! Periods are judged by all of their counts, and by what held at their end: whatever is changed after it.

use pointsman_control::Problem;
use pointsman_domain::sla::{ContractDraft, PeriodRecord, Standing};

use super::books::{Seen, moment, seen, sum};
use super::contracts::{contract, october};
use super::traffic::HOUR;
use super::{AVAILABILITY, REASON, house};
use crate::house::House;

async fn record(house: &House, contract: &str, label: &str) -> PeriodRecord {
    let all = house
        .use_cases()
        .promise()
        .sla_periods(contract)
        .await
        .unwrap()
        .unwrap();
    all.into_iter()
        .find(|record| record.label.to_string() == label)
        .unwrap()
}

/// 100 requests an hour from 29 March to 2 May, of which those of 30 April from 00:00 to 22:00 UTC fail.
fn spring() -> Vec<Seen> {
    let outage = moment("2026-04-30T00:00:00Z")..moment("2026-04-30T22:00:00Z");
    (moment("2026-03-29T00:00:00Z")..moment("2026-05-03T00:00:00Z"))
        .step_by(HOUR as usize)
        .map(|at_ns| Seen {
            at_ns,
            service: "cart",
            version: "1",
            total: 100,
            bad: if outage.contains(&at_ns) { 100 } else { 0 },
        })
        .collect()
}

/// A house in November, with contracts from April in three zones.
async fn long_after() -> House {
    let house = house().await;
    house.at("2026-11-27T12:00:00Z");
    house.arrived(&spring()).await;
    // As retention leaves it.
    house.behind("DELETE FROM series WHERE resolution < 2").await;
    house.promise("up", AVAILABILITY).await;
    house.evaluated().await;
    for (name, zone) in [("utc", "UTC"), ("berlin", "Europe/Berlin"), ("tokyo", "Asia/Tokyo")] {
        let terms = ContractDraft {
            zone: zone.into(),
            starts: "2026-04-01".parse().unwrap(),
            ends: Some("2026-04-30".parse().unwrap()),
            ..contract(name)
        };
        house.use_cases().promise().create_sla(terms, REASON).await.unwrap();
    }
    house
}

#[tokio::test]
async fn periods_of_other_zones_close_with_their_first_and_last_hours() {
    let house = long_after().await;
    assert_eq!(house.closed().await.0, 3);
    for (name, from, to) in [
        ("utc", "2026-04-01T00:00:00Z", "2026-05-01T00:00:00Z"),
        ("berlin", "2026-03-31T22:00:00Z", "2026-04-30T22:00:00Z"),
        ("tokyo", "2026-03-31T15:00:00Z", "2026-04-30T15:00:00Z"),
    ] {
        let term = record(&house, name, "2026-04").await.outcome.terms.remove(0);
        let count = term.measure.count;
        assert_eq!(
            (count.total, count.bad()),
            sum(&spring(), moment(from), moment(to)),
            "{name}"
        );
        assert_eq!(count.total, 72_000, "{name}");
        assert!((term.covered - 1.0).abs() < f64::EPSILON);
        assert_eq!(term.standing, Standing::Missed, "{name}");
    }
}

/// Earlier versions kept hours for 100 days.
#[tokio::test]
async fn a_period_without_its_first_and_last_hours_is_not_met() {
    let house = long_after().await;
    house
        .behind("DELETE FROM slo_count WHERE resolution = 1 AND window_ns < 1785542400000000000")
        .await;
    assert_eq!(house.closed().await.0, 3);
    let utc = record(&house, "utc", "2026-04").await;
    assert_eq!(
        (utc.outcome.standing, utc.outcome.credit.minor),
        (Standing::Missed, 25_000)
    );
    for (name, missing) in [("berlin", 2 + 22), ("tokyo", 9 + 15)] {
        let found = record(&house, name, "2026-04").await.outcome;
        assert_eq!(
            (found.standing, found.credit.minor),
            (Standing::Incomplete, 0),
            "{name}"
        );
        let covered = 1.0 - f64::from(missing) / 720.0;
        assert!(
            (found.terms[0].covered - covered).abs() < 1e-9,
            "{name}: {}",
            found.terms[0].covered
        );
        assert_eq!(found.terms[0].measure.count.total, 69_600);
    }
}

/// Recording began on the 20th of October.
#[tokio::test]
async fn a_period_that_was_recorded_in_part_is_not_met() {
    let house = house().await;
    house.at("2026-10-20T00:10:00Z");
    house.promise("up", AVAILABILITY).await;
    house.evaluated().await;
    house
        .use_cases()
        .promise()
        .create_sla(contract("acme"), REASON)
        .await
        .unwrap();
    house
        .arrived(&[seen("2026-10-25T10:00:00Z", "cart", "1", 1000, 0)])
        .await;
    house.at("2026-11-02T00:00:00Z");
    assert_eq!(house.closed().await, (1, 1));
    let found = record(&house, "acme", "2026-10").await.outcome;
    assert_eq!(found.standing, Standing::Incomplete);
    let hours = |from: &str| (moment("2026-10-31T23:00:00Z") - moment(from)) as f64;
    let covered = hours("2026-10-20T00:00:00Z") / hours("2026-09-30T22:00:00Z");
    assert!((found.terms[0].covered - covered).abs() < 1e-9);
    let report = house
        .use_cases()
        .promise()
        .report("2026-10".parse().unwrap(), None)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(report.objectives[0].met, None);
    assert!(
        report.objectives[0].sentence.contains("has counts for only 38.7"),
        "{}",
        report.objectives[0].sentence
    );
}

#[tokio::test]
async fn changes_after_its_end_do_not_judge_a_period_again() {
    let house = house().await;
    house.at("2026-09-01T00:30:00Z");
    house.promise("up", AVAILABILITY).await;
    house.evaluated().await;
    house
        .use_cases()
        .promise()
        .create_sla(contract("acme"), REASON)
        .await
        .unwrap();
    let all = october();
    house.arrived(&all).await;
    house
        .arrived(&[seen("2026-10-20T10:00:00Z", "cart", "2", 50, 50)])
        .await;
    // October is over. New terms, and another thing that is counted.
    house.at("2026-11-01T10:00:00Z");
    let mut terms = contract("acme");
    terms.terms[0].target = pointsman_domain::slo::Target::new(0.5).unwrap();
    house
        .use_cases()
        .promise()
        .edit_sla("acme", terms, "new terms for November")
        .await
        .unwrap();
    let other = super::objective("up", &format!(r#"{AVAILABILITY},"version":"2""#));
    house.use_cases().promise().edit_slo("up", other, REASON).await.unwrap();
    house.evaluated().await;
    assert_eq!(
        house.status("up").await.measure.count.total,
        0,
        "within 7 days nothing of version 2"
    );

    // Nothing that is judged goes away meanwhile.
    let refused = house
        .use_cases()
        .promise()
        .remove_sla("acme", REASON)
        .await
        .unwrap_err();
    assert!(matches!(refused, Problem::Conflict(_)), "{refused:?}");
    let utc = ContractDraft {
        zone: "UTC".into(),
        ..contract("acme")
    };
    let refused = house
        .use_cases()
        .promise()
        .edit_sla("acme", utc, REASON)
        .await
        .unwrap_err();
    assert!(refused.to_string().starts_with("zone: stays"), "{refused}");
    house.promise("else", AVAILABILITY).await;
    let mut terms = contract("acme");
    terms.terms[0].objective = "else".into();
    house
        .use_cases()
        .promise()
        .edit_sla("acme", terms, REASON)
        .await
        .unwrap();
    let refused = house.use_cases().promise().remove_slo("up", REASON).await.unwrap_err();
    assert!(
        refused.to_string().contains("2026-10 of the contract acme is over"),
        "{refused}"
    );

    // What comes late is still counted as it was counted in October, and left out as well.
    let late = seen("2026-10-15T11:00:00Z", "cart", "1", 100, 10);
    house.arrived(&[late]).await;
    house.at("2026-11-02T00:00:00Z");
    // The reports of September, with its quarter, and of October.
    assert_eq!(house.closed().await, (1, 3));
    let first = record(&house, "acme", "2026-10").await;
    let told = [
        all.as_slice(),
        &[late, seen("2026-10-20T10:00:00Z", "cart", "2", 50, 50)],
    ]
    .concat();
    let expected = sum(&told, moment("2026-09-30T22:00:00Z"), moment("2026-10-31T23:00:00Z"));
    let count = first.outcome.terms[0].measure.count;
    assert_eq!((count.total, count.bad()), expected);
    assert!((first.outcome.terms[0].target.share() - 0.999).abs() < 1e-12);
    assert_eq!(first.outcome.standing, Standing::Missed);
    let from = first.from.unwrap();
    assert_eq!((from.revision, from.objectives[0].revision), (1, 1));
    assert_eq!(from.objectives[0].objective.version, None);
    let report = house
        .use_cases()
        .promise()
        .report("2026-10".parse().unwrap(), None)
        .await
        .unwrap()
        .unwrap();
    let counted = sum(&told, moment("2026-10-01T00:00:00Z"), moment("2026-11-01T00:00:00Z"));
    let up = report.objectives.iter().find(|row| row.name == "up").unwrap();
    assert_eq!((up.measure.count.total, up.measure.count.bad()), counted);

    // A correction goes by the same.
    house
        .arrived(&[seen("2026-10-16T11:00:00Z", "cart", "1", 100, 100)])
        .await;
    let corrected = house
        .use_cases()
        .promise()
        .correct_period("acme", first.label, REASON)
        .await
        .unwrap();
    let count = corrected.outcome.terms[0].measure.count;
    assert_eq!((count.total, count.bad()), (expected.0 + 100, expected.1 + 100));
    // November goes by the new terms.
    house.at("2026-12-02T00:00:00Z");
    assert_eq!(house.closed().await.0, 1);
    let november = record(&house, "acme", "2026-11").await;
    assert_eq!(november.outcome.terms[0].objective, "else");
}

#[tokio::test]
async fn revisions_are_only_ever_added_to() {
    let house = house().await;
    house.promise("up", AVAILABILITY).await;
    house
        .use_cases()
        .promise()
        .create_sla(contract("acme"), REASON)
        .await
        .unwrap();
    for sql in [
        "UPDATE objective_revision SET since_ns = 0",
        "DELETE FROM objective_revision",
        "TRUNCATE sla_revision",
        "DELETE FROM sla_revision",
    ] {
        let mut conn = house.db.connect().await;
        let refused = sqlx::query(sql).execute(&mut conn).await.unwrap_err().to_string();
        assert!(refused.contains("only ever added to"), "{sql}: {refused}");
    }
    // They go with what they are of.
    house.use_cases().promise().remove_sla("acme", REASON).await.unwrap();
    house.use_cases().promise().remove_slo("up", REASON).await.unwrap();
}
