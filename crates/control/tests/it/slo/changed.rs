//! Alerts of objectives that are renamed, moved, changed or removed while they fire: nobody is called twice, and who was called is told of
//! the end.

use pointsman_domain::slo::{Alert, AlertQuery, Notice, SilenceForm};

use super::notices::{Receiver, deliver, in_trouble};
use super::traffic::{MINUTE, NOW, Traffic};
use super::{AVAILABILITY, REASON, objective};
use crate::house::House;

async fn alerts(house: &House) -> Vec<Alert> {
    house
        .use_cases()
        .promise()
        .alerts(&AlertQuery::default())
        .await
        .unwrap()
        .alerts
}

fn notices(receiver: &Receiver) -> Vec<Notice> {
    let taken = receiver.taken();
    taken
        .iter()
        .map(|one| serde_json::from_str(&one.body).unwrap())
        .collect()
}

/// What was sent, as `event rule objective`, in the order of the alphabet.
fn told(receiver: &Receiver) -> Vec<String> {
    let word = |one: &Notice| format!("{} {} {}", one.event, one.alert.rule, one.alert.objective);
    let mut told: Vec<String> = notices(receiver).iter().map(word).collect();
    told.sort();
    told
}

/// An objective `up` that fires, of which a receiver was told.
async fn firing() -> (House, Receiver) {
    let house = super::house().await;
    let receiver = Receiver::start(0).await;
    receiver.as_channel(&house).await;
    in_trouble(&house).await;
    assert_eq!(deliver(&house).await.sent, 2);
    (house, receiver)
}

#[tokio::test]
async fn a_new_name_calls_nobody_again() {
    let (house, receiver) = Box::pin(firing()).await;
    let before = alerts(&house).await;
    let renamed = objective("available", AVAILABILITY);
    house
        .use_cases()
        .promise()
        .edit_slo("up", renamed, REASON)
        .await
        .unwrap();
    house.clock.set(NOW + MINUTE);
    house.evaluated().await;
    assert_eq!(deliver(&house).await.sent, 0, "{:?}", told(&receiver));
    let after = alerts(&house).await;
    let ids = |alerts: &[Alert]| alerts.iter().map(|alert| alert.id).collect::<Vec<_>>();
    assert_eq!(ids(&after), ids(&before));
    assert!(
        after
            .iter()
            .all(|alert| alert.objective == "available" && alert.resolved_ns.is_none())
    );
    assert_eq!(house.slo("available").await.summary.firing.len(), 2);
    assert_eq!(house.use_cases().promise().slos().await.unwrap()[0].firing.len(), 2);
    // Another one that gets the old name has alerts of its own.
    house.promise("up", AVAILABILITY).await;
    assert!(house.slo("up").await.alerts.is_empty());
    house.evaluated().await;
    assert_eq!(house.slo("up").await.summary.firing.len(), 2);
    assert_eq!(house.slo("available").await.alerts.len(), 2);
    house.use_cases().promise().remove_slo("up", REASON).await.unwrap();

    // They end as ever, by their new name.
    for minutes in [2, 40, 46] {
        house.clock.set(NOW + minutes * MINUTE);
        house
            .counted(&Traffic::good(NOW + (minutes - 2) * MINUTE, NOW + minutes * MINUTE).delta())
            .await;
        house.merged().await;
        house.evaluated().await;
    }
    deliver(&house).await;
    assert!(
        told(&receiver).contains(&"resolved page available".to_owned()),
        "{:?}",
        told(&receiver)
    );
}

#[tokio::test]
async fn what_is_removed_ends_at_once_and_says_so() {
    let (house, receiver) = Box::pin(firing()).await;
    // A channel that was not told of the beginning is not told of the end.
    let late = Receiver::start(0).await;
    super::notices::channel(
        &house,
        "late",
        &format!(r#"{{"kind":"webhook","url":"{}"}}"#, late.url()),
    )
    .await;
    house.use_cases().promise().remove_slo("up", REASON).await.unwrap();
    assert!(alerts(&house).await.iter().all(|alert| alert.resolved_ns == Some(NOW)));
    assert_eq!(deliver(&house).await.sent, 2);
    assert_eq!(
        told(&receiver),
        [
            "firing page up",
            "firing ticket up",
            "resolved page up",
            "resolved ticket up"
        ]
    );
    assert!(late.taken().is_empty());
    for notice in notices(&receiver).iter().filter(|one| one.alert.resolved_ns.is_some()) {
        assert_eq!(notice.sentence, "The objective was removed by tests.");
        assert!(notice.title.contains("over: up (cart)"), "{}", notice.title);
    }
    house.clock.set(NOW + 10 * MINUTE);
    house.evaluated().await;
    assert_eq!(deliver(&house).await.sent, 0, "once is enough");
}

#[tokio::test]
async fn what_moves_to_another_service_ends_there() {
    let (house, receiver) = Box::pin(firing()).await;
    let mut moved = objective("up", AVAILABILITY);
    moved.service = "web".into();
    house.use_cases().promise().edit_slo("up", moved, REASON).await.unwrap();
    house.evaluated().await;
    assert_eq!(deliver(&house).await.sent, 2);
    let ended = notices(&receiver).pop().unwrap();
    assert_eq!(
        ended.sentence,
        "The objective was moved from the service cart to web by tests."
    );
    assert!(alerts(&house).await.iter().all(|alert| alert.resolved_ns.is_some()));
}

#[tokio::test]
async fn a_rule_that_is_dropped_ends_its_alert() {
    let house = super::house().await;
    let receiver = Receiver::start(0).await;
    receiver.as_channel(&house).await;
    house
        .promise("up", &format!(r#"{AVAILABILITY},"absent_minutes":15"#))
        .await;
    let week = 7 * super::traffic::DAY;
    house
        .counted(&Traffic::good(NOW - week - super::traffic::HOUR, NOW - week).delta())
        .await;
    house.merged().await;
    house.evaluated().await;
    deliver(&house).await;
    assert_eq!(told(&receiver), ["firing absent up"]);
    house
        .use_cases()
        .promise()
        .edit_slo("up", objective("up", AVAILABILITY), REASON)
        .await
        .unwrap();
    assert_eq!(deliver(&house).await.sent, 1);
    assert_eq!(told(&receiver), ["firing absent up", "resolved absent up"]);
}

#[tokio::test]
async fn a_silence_goes_with_its_objective() {
    let house = super::house().await;
    house.promise("up", AVAILABILITY).await;
    let receiver = Receiver::start(0).await;
    receiver.as_channel(&house).await;
    let form = SilenceForm {
        objective: "up".to_owned(),
        minutes: 60,
        reason: REASON.to_owned(),
        ..SilenceForm::default()
    };
    house.use_cases().promise().silence(&form).await.unwrap();
    house.counted(&Traffic::of_days(1).delta()).await;
    house.counted(&Traffic::outage(NOW - 30 * MINUTE, NOW).delta()).await;
    house.merged().await;
    house.evaluated().await;
    house
        .use_cases()
        .promise()
        .edit_slo("up", objective("available", AVAILABILITY), REASON)
        .await
        .unwrap();
    house.evaluated().await;
    assert_eq!(deliver(&house).await.sent, 0, "{:?}", told(&receiver));
    assert_eq!(house.slo("available").await.silences.len(), 1);
    // Nobody was called, so nobody is told of the end; another one of its name is not silenced.
    house
        .use_cases()
        .promise()
        .remove_slo("available", REASON)
        .await
        .unwrap();
    assert_eq!(deliver(&house).await.sent, 0, "{:?}", told(&receiver));
    house.promise("available", AVAILABILITY).await;
    house.evaluated().await;
    assert_eq!(deliver(&house).await.sent, 2);
}
