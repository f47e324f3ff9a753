//! What fails for one objective, contract or report is told of it, tried again with growing pauses, and keeps no other waiting.

use pointsman_domain::slo::Failing;

use super::books::{moment, seen};
use super::contracts::contract;
use super::traffic::MINUTE;
use super::{AVAILABILITY, REASON, house};
use crate::house::House;

const LATENCY: &str = r#""indicator":{"kind":"latency","threshold_ns":134217728}"#;

async fn failing(house: &House, name: &str) -> Option<Failing> {
    house.slo(name).await.summary.failing
}

#[tokio::test]
async fn an_objective_that_cannot_be_counted_keeps_no_other_waiting() {
    let house = house().await;
    house.at("2026-10-10T12:00:00Z");
    let all = [
        seen("2026-10-10T11:00:00Z", "cart", "1", 1000, 500),
        seen("2026-10-10T11:00:00Z", "broken", "1", 1000, 0),
    ];
    house.arrived(&all).await;
    house
        .behind("UPDATE series SET latency = '\\xff' WHERE service = 'broken'")
        .await;
    let mut broken = super::objective("slow", LATENCY);
    broken.service = "broken".into();
    house.use_cases().promise().create_slo(broken, REASON).await.unwrap();
    house.promise("up", AVAILABILITY).await;

    house.evaluated().await;
    let up = house.status("up").await;
    assert_eq!((up.measure.count.total, up.measure.count.bad()), (1000, 500));
    assert!(!house.slo("up").await.summary.firing.is_empty(), "somebody is called");
    let told = failing(&house, "slow").await.unwrap();
    assert!(told.reason.contains("can't be read"), "{told:?}");
    assert_eq!(told.since_ns, house.clock.now_ns());
    let list = house.use_cases().promise().slos().await.unwrap();
    let in_list = list.iter().find(|slo| slo.objective.name == "slow").unwrap();
    assert_eq!(in_list.failing.as_ref(), Some(&told));

    // The pauses grow, and since when it fails stays.
    let mut pauses = vec![told.next_ns - told.since_ns];
    for _ in 0..3 {
        let next_ns = failing(&house, "slow").await.unwrap().next_ns;
        house.clock.set(next_ns - 1);
        house.evaluated().await;
        assert_eq!(
            failing(&house, "slow").await.unwrap().next_ns,
            next_ns,
            "not before its time"
        );
        house.clock.set(next_ns);
        house.evaluated().await;
        let again = failing(&house, "slow").await.unwrap();
        assert_eq!(again.since_ns, told.since_ns);
        pauses.push(again.next_ns - next_ns);
    }
    assert!(pauses.windows(2).all(|pair| pair[1] == 2 * pair[0]), "{pauses:?}");

    house
        .behind("UPDATE series SET latency = (SELECT latency FROM series WHERE service = 'cart' LIMIT 1) WHERE service = 'broken'")
        .await;
    house.clock.set(failing(&house, "slow").await.unwrap().next_ns);
    house.evaluated().await;
    assert_eq!(failing(&house, "slow").await, None);
    assert_eq!(house.status("slow").await.measure.count.total, 1000);
}

#[tokio::test]
async fn a_contract_that_cannot_be_closed_keeps_no_other_waiting() {
    let house = house().await;
    house.at("2026-10-01T00:30:00Z");
    house.promise("up", AVAILABILITY).await;
    house.evaluated().await;
    for name in ["acme", "broken"] {
        house
            .use_cases()
            .promise()
            .create_sla(contract(name), REASON)
            .await
            .unwrap();
    }
    house
        .arrived(&[seen("2026-10-10T11:00:00Z", "cart", "1", 1000, 500)])
        .await;
    house
        .behind(
            "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                IF NEW.contract = 'broken' THEN RAISE EXCEPTION 'no'; END IF;
                RETURN NEW;
            END; $$;
            CREATE TRIGGER refuse BEFORE INSERT ON sla_record FOR EACH ROW EXECUTE FUNCTION refuse()",
        )
        .await;
    house.at("2026-11-02T00:00:00Z");
    assert_eq!(house.closed().await.0, 1);
    let detail = async |name: &str| house.use_cases().promise().sla(name).await.unwrap().unwrap();
    assert_eq!(detail("acme").await.periods.len(), 1);
    let broken = detail("broken").await;
    assert_eq!(broken.periods, []);
    let told = broken.summary.failing.unwrap();
    assert_eq!(told.since_ns, moment("2026-11-02T00:00:00Z"));
    assert_eq!(detail("acme").await.summary.failing, None);

    house.behind("DROP TRIGGER refuse ON sla_record").await;
    assert_eq!(house.closed().await.0, 0, "not before its time");
    house.clock.set(told.next_ns + MINUTE);
    assert_eq!(house.closed().await.0, 1);
    let mended = detail("broken").await;
    assert_eq!((mended.periods.len(), mended.summary.failing), (1, None));
}

#[tokio::test]
async fn an_alert_that_cannot_be_written_keeps_no_other_from_being_sent() {
    let house = house().await;
    house.at("2026-10-10T12:00:00Z");
    for name in ["broken", "up"] {
        house.promise(name, AVAILABILITY).await;
    }
    house
        .arrived(&[seen("2026-10-10T11:50:00Z", "cart", "1", 1000, 500)])
        .await;
    house
        .behind(
            "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                IF NEW.objective = 'broken' THEN RAISE EXCEPTION 'no'; END IF;
                RETURN NEW;
            END; $$;
            CREATE TRIGGER refuse BEFORE INSERT ON alert FOR EACH ROW EXECUTE FUNCTION refuse()",
        )
        .await;
    house.evaluated().await;
    assert!(!house.slo("up").await.summary.firing.is_empty());
    let broken = house.slo("broken").await.summary;
    assert!(broken.firing.is_empty() && broken.status.is_some());
    let told = failing(&house, "broken").await.unwrap();
    assert!(told.reason.contains("can't be evaluated"), "{told:?}");

    house.behind("DROP TRIGGER refuse ON alert").await;
    house.evaluated().await;
    assert!(!house.slo("broken").await.summary.firing.is_empty());
    assert_eq!(failing(&house, "broken").await, None);
}
