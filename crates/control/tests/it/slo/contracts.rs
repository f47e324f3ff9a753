//! Contracts on a real PostgreSQL: figures, credits and projections against sums that the test makes itself.

use pointsman_control::Problem;
use pointsman_domain::people::Role;
use pointsman_domain::people::audit::{ActorKind, AuditQuery, Via};
use pointsman_domain::sla::{ContractDraft, PeriodRecord, Standing};
use pointsman_domain::slo::{ExclusionForm, Tally};
use serde_json::json;
use sqlx::Connection as _;

use super::books::{Seen, moment, seen, sum};
use super::{AVAILABILITY, REASON, house};
use crate::house::House;
use crate::people::line;

/// 99.9 % a month in Berlin, 1,000.00 EUR, of which 10 % and 25 %.
pub(super) fn contract(name: &str) -> ContractDraft {
    let json = json!({
        "name": name, "customer": "ACME", "unit": "month", "zone": "Europe/Berlin", "starts": "2026-10-01",
        "amount": { "minor": 100_000, "currency": "EUR" },
        "terms": [{ "objective": "up", "target": 0.999 }],
        "tiers": [{ "below": 0.999, "credit_percent": 10 }, { "below": 0.99, "credit_percent": 25, "notice": true }],
    });
    serde_json::from_value(json).unwrap()
}

/// 10,000 requests a day at 10:00, of which 30 fail each third day and 5 else; and some around the month's ends in Berlin.
pub(super) fn october() -> Vec<Seen> {
    let mut all = vec![
        // Still September there.
        seen("2026-09-30T21:59:50Z", "cart", "1", 100, 90),
        seen("2026-09-30T22:00:00Z", "cart", "1", 1_000, 1),
        seen("2026-10-31T22:59:50Z", "cart", "1", 500, 2),
        // November there.
        seen("2026-10-31T23:00:00Z", "cart", "1", 100, 80),
    ];
    for day in 1..=31 {
        let bad = if day % 3 == 0 { 30 } else { 5 };
        all.push(seen(&format!("2026-10-{day:02}T10:00:00Z"), "cart", "1", 10_000, bad));
    }
    all
}

const FROM: &str = "2026-09-30T22:00:00Z";
const TO: &str = "2026-10-31T23:00:00Z";

async fn with_contract() -> House {
    let house = house().await;
    house.at("2026-10-01T00:30:00Z");
    house.promise("up", AVAILABILITY).await;
    house.evaluated().await;
    house
        .use_cases()
        .promise()
        .create_sla(contract("acme"), REASON)
        .await
        .unwrap();
    house
}

async fn records(house: &House) -> Vec<PeriodRecord> {
    house.use_cases().promise().sla_periods("acme").await.unwrap().unwrap()
}

#[tokio::test]
async fn a_month_closes_once_with_the_figures_that_were_sent() {
    let house = with_contract().await;
    let all = october();
    let (first, later): (Vec<Seen>, Vec<Seen>) = all.iter().partition(|one| one.at_ns < moment("2026-10-11T12:00:00Z"));
    house.arrived(&first).await;

    // What is to be expected, in the middle of it.
    house.at("2026-10-11T12:00:00Z");
    house.evaluated().await;
    let running = house
        .use_cases()
        .promise()
        .slas()
        .await
        .unwrap()
        .remove(0)
        .running
        .unwrap();
    let now_ns = house.clock.now_ns();
    let (total, bad) = sum(&all, moment(FROM), now_ns);
    let counted = running.so_far.terms[0].measure.count;
    assert_eq!((counted.total, counted.bad()), (total, bad));
    let (recent, recent_bad) = sum(&all, moment("2026-10-04T12:00:00Z"), now_ns);
    assert_eq!((recent, recent_bad), (70_000, 85));
    let rest = (moment(TO) - now_ns) as f64 / (7.0 * 86_400e9);
    let expected = running.projection.outcome.terms[0].measure.count;
    assert_eq!(expected.total, (total as f64 + recent as f64 * rest).round() as u64);
    assert_eq!(expected.bad(), (bad as f64 + recent_bad as f64 * rest).round() as u64);
    assert_eq!(running.projection.outcome.credit.minor, 10_000);

    house.arrived(&later).await;
    // A day less a moment after its end, and what comes late till then.
    house.at("2026-11-01T22:59:59Z");
    assert_eq!(house.closed().await.0, 0);
    let late = seen("2026-10-15T11:00:00Z", "cart", "1", 100, 10);
    house.arrived(&[late]).await;
    house.at("2026-11-01T23:00:00Z");
    assert_eq!(house.closed().await.0, 1);
    assert_eq!(house.closed().await.0, 0, "once is enough");
    let told = [all.as_slice(), &[late]].concat();
    let (total, bad) = sum(&told, moment(FROM), moment(TO));
    assert_eq!(
        (total, bad),
        (1_000 + 500 + 310_000 + 100, 1 + 2 + 10 * 30 + 21 * 5 + 10)
    );
    let record = records(&house).await.remove(0);
    let counted = record.outcome.terms[0].measure.count;
    assert_eq!((counted.total, counted.bad()), (total, bad));
    assert_eq!((record.label.to_string().as_str(), record.number), ("2026-10", 1));
    assert_eq!((record.range.from_ns, record.range.to_ns), (moment(FROM), moment(TO)));
    // 418 of 311,600 are 0.134 %: under 99.9 %, not under 99 %.
    assert_eq!(
        (record.outcome.standing, record.outcome.tier),
        (Standing::Missed, Some(0))
    );
    assert_eq!(record.outcome.credit.to_string(), "100.00 EUR");
    // The days that it was computed from are its sum.
    let days = record.from.as_ref().unwrap().objectives[0].days.iter();
    let mut sum_of_days = Tally::default();
    days.for_each(|day| sum_of_days += day.tally);
    assert_eq!(
        (sum_of_days.total as u64, (sum_of_days.total - sum_of_days.good) as u64),
        (total, bad)
    );

    // What comes after that changes nothing.
    house
        .arrived(&[seen("2026-10-20T11:00:00Z", "cart", "1", 10_000, 10_000)])
        .await;
    house.at("2026-11-02T12:00:00Z");
    assert_eq!(house.closed().await.0, 0);
    assert_eq!(records(&house).await, std::slice::from_ref(&record));
    // Only a correction shows it, beside the first.
    let label = record.label;
    let manager = house.somebody(Role::Manager);
    let denied = house
        .somebody(Role::Engineer)
        .promise()
        .correct_period("acme", label, REASON)
        .await;
    assert!(matches!(denied, Err(Problem::Denied(_))), "{denied:?}");
    let corrected = manager
        .promise()
        .correct_period("acme", label, "telemetry was stuck")
        .await
        .unwrap();
    let counted = corrected.outcome.terms[0].measure.count;
    assert_eq!((counted.total, counted.bad()), (total + 10_000, bad + 10_000));
    assert_eq!((corrected.number, corrected.corrects), (2, Some(record.id)));
    assert_eq!(
        (corrected.by.as_str(), corrected.reason.as_str()),
        ("ada", "telemetry was stuck")
    );
    // 10,418 of 321,600 are 3.24 %: under 99 %.
    assert_eq!(corrected.outcome.credit.minor, 25_000);
    assert!(corrected.outcome.notice);
    assert_eq!(records(&house).await, [corrected.clone(), record]);
    let summary = house.use_cases().promise().slas().await.unwrap().remove(0);
    assert_eq!(summary.last.map(|last| last.id), Some(corrected.id));
}

#[tokio::test]
async fn nobody_changes_a_record_and_a_contract_with_records_stays() {
    let house = with_contract().await;
    house.arrived(&october()).await;
    house.at("2026-11-02T00:00:00Z");
    assert_eq!(house.closed().await, (1, 1));
    let mut conn = sqlx::PgConnection::connect(house.db.url()).await.unwrap();
    for sql in [
        "UPDATE sla_record SET outcome = '{}'",
        "DELETE FROM sla_record",
        "TRUNCATE sla_record CASCADE",
        "UPDATE report_record SET met = 1",
        "DELETE FROM report_record",
        "TRUNCATE report_record",
    ] {
        let refused = sqlx::query(sql).execute(&mut conn).await.unwrap_err().to_string();
        assert!(refused.contains("only ever added to"), "{sql}: {refused}");
    }
    let refused = house
        .use_cases()
        .promise()
        .remove_sla("acme", REASON)
        .await
        .unwrap_err();
    assert!(matches!(refused, Problem::Conflict(_)), "{refused:?}");
    let refused = house.use_cases().promise().remove_slo("up", REASON).await.unwrap_err();
    assert!(refused.to_string().contains("acme promises up"), "{refused}");
    let other = ContractDraft {
        zone: "UTC".into(),
        ..contract("acme")
    };
    let refused = house
        .use_cases()
        .promise()
        .edit_sla("acme", other, REASON)
        .await
        .unwrap_err();
    assert!(refused.to_string().starts_with("zone: stays"), "{refused}");
}

#[tokio::test]
async fn the_audit_tells_what_pointsman_closed_from_what_people_did() {
    let house = with_contract().await;
    house.arrived(&october()).await;
    house.at("2026-11-02T00:00:00Z");
    let before = house.audit().await.len();
    assert_eq!(house.closed().await, (1, 1));
    let label = records(&house).await[0].label;
    house
        .use_cases()
        .promise()
        .correct_period("acme", label, REASON)
        .await
        .unwrap();
    let audit = house.audit().await;
    let new: Vec<(ActorKind, String)> = audit[..audit.len() - before]
        .iter()
        .map(|entry| (entry.actor_kind, line(entry)))
        .collect();
    let told = |kind, line: &str| (kind, line.to_owned());
    assert_eq!(
        new,
        [
            told(
                ActorKind::Operator,
                "done sla.edit acme by tests: corrected 2026-10 of acme"
            ),
            told(
                ActorKind::Automation,
                "done report.make 2026-10 by report-maker: closed the reports of 2026-10"
            ),
            told(
                ActorKind::Automation,
                "done sla.close acme by period-closer: closed 2026-10 of acme"
            ),
        ]
    );
    assert_eq!(audit[1].via, Via::Loop);
    // What there is nothing to close of leaves no entry.
    assert_eq!(house.closed().await, (0, 0));
    assert_eq!(house.audit().await.len(), audit.len());
    // By its name one finds what it did.
    let by_closer = AuditQuery {
        actor: Some("period-closer".into()),
        limit: 10,
        ..AuditQuery::default()
    };
    let found = house.use_cases().people().audit(&by_closer).await.unwrap().entries;
    assert_eq!(found, [audit[2].clone()]);
    assert_eq!(
        found[0].after["standing"],
        json!(records(&house).await[1].outcome.standing)
    );
}

#[tokio::test]
async fn what_was_missed_while_nothing_ran_is_closed_at_once() {
    let house = with_contract().await;
    house.arrived(&october()).await;
    // Three months later.
    house.at("2027-01-03T12:00:00Z");
    // October, November, December; and their reports, and the quarter's.
    assert_eq!(house.closed().await, (3, 4));
    let labels: Vec<String> = records(&house)
        .await
        .iter()
        .map(|record| record.label.to_string())
        .collect();
    assert_eq!(labels, ["2026-12", "2026-11", "2026-10"]);
    let all = records(&house).await;
    assert_eq!(all[0].outcome.standing, Standing::NoData);
    let november = all[1].outcome.terms[0].measure.count;
    assert_eq!((november.total, november.bad()), (100, 80));
    assert_eq!(house.closed().await, (0, 0));
}

#[tokio::test]
async fn a_contract_holds_from_its_first_day_to_its_last() {
    let house = with_contract().await;
    let part = ContractDraft {
        starts: "2026-10-05".parse().unwrap(),
        ends: Some("2026-10-20".parse().unwrap()),
        ..contract("part")
    };
    house.use_cases().promise().create_sla(part, REASON).await.unwrap();
    let all = october();
    house.arrived(&all).await;
    house.at("2026-12-03T00:00:00Z");
    assert_eq!(house.closed().await.0, 3);
    let records = house.use_cases().promise().sla_periods("part").await.unwrap().unwrap();
    assert_eq!(records.len(), 1);
    let expected = sum(&all, moment("2026-10-04T22:00:00Z"), moment("2026-10-20T22:00:00Z"));
    let counted = records[0].outcome.terms[0].measure.count;
    assert_eq!((counted.total, counted.bad()), expected);
    assert!(
        house
            .use_cases()
            .promise()
            .sla("part")
            .await
            .unwrap()
            .unwrap()
            .summary
            .running
            .is_none()
    );
}

#[tokio::test]
async fn maintenance_is_left_out_or_counted_as_the_contract_has_it() {
    let house = with_contract().await;
    let strict = ContractDraft {
        honours_exclusions: false,
        ..contract("strict")
    };
    house
        .use_cases()
        .promise()
        .create_sla(strict.clone(), REASON)
        .await
        .unwrap();
    house
        .promise("busy", r#""indicator":{"kind":"throughput","limit":"at_least","per_second":1.0},"budgeting":{"method":"timeslices","seconds":60}"#)
        .await;
    let mut sliced = strict;
    sliced.name = "sliced".into();
    sliced.terms[0].objective = "busy".into();
    let refused = house
        .use_cases()
        .promise()
        .create_sla(sliced, REASON)
        .await
        .unwrap_err();
    assert!(refused.to_string().starts_with("honours_exclusions"), "{refused}");

    let all = october();
    house.at("2026-10-10T00:00:00Z");
    let form = ExclusionForm {
        service: "cart".to_owned(),
        from: "2026-10-09T09:00:00Z".to_owned(),
        to: "2026-10-09T11:00:00Z".to_owned(),
        reason: "a new database".to_owned(),
        ..ExclusionForm::default()
    };
    house.evaluated().await;
    house.use_cases().promise().exclude(&form).await.unwrap();
    house.arrived(&all).await;
    house.at("2026-11-02T00:00:00Z");
    assert_eq!(house.closed().await.0, 2);
    let counted = async |name: &str| {
        let record = house
            .use_cases()
            .promise()
            .sla_periods(name)
            .await
            .unwrap()
            .unwrap()
            .remove(0);
        let term = record.outcome.terms[0].clone();
        let exclusions = record.from.unwrap().exclusions.len();
        (
            term.measure.count.total,
            term.measure.count.bad(),
            term.excluded,
            exclusions,
        )
    };
    let (total, bad) = sum(&all, moment(FROM), moment(TO));
    assert_eq!(counted("acme").await, (total - 10_000, bad - 30, 10_000, 1));
    assert_eq!(counted("strict").await, (total, bad, 0, 1));
}
