//! Reports on a real PostgreSQL: every figure against sums that the test makes itself, who sees what, and the mail.

use pointsman_control::promise::report::csv;
use pointsman_domain::people::Role;
use pointsman_domain::people::form::ServiceForm;
use pointsman_domain::report::{CauseKind, Report, ReportState, ScheduleForm};
use pointsman_domain::sla::ContractDraft;
use pointsman_domain::slo::{Alert, AlertSeverity, CalendarUnit};
use pointsman_store::slo::{alerts, objectives};
use serde_json::json;
use tokio::net::TcpListener;

use super::books::{Seen, moment, seen, sum};
use super::notices::{deliver, mail_server};
use super::{AVAILABILITY, REASON, house};
use crate::house::House;

/// October of `cart`, which got version 2 on the 10th, had an incident on the 20th and something on the 25th; and September.
fn traffic() -> Vec<Seen> {
    let mut all = vec![
        seen("2026-09-12T08:00:00Z", "cart", "1", 4_000, 100),
        seen("2026-10-10T14:20:00Z", "cart", "2", 1_000, 40),
        seen("2026-10-10T16:59:50Z", "cart", "2", 1_000, 20),
        seen("2026-10-10T17:00:00Z", "cart", "2", 1_000, 3),
        seen("2026-10-20T03:12:00Z", "cart", "2", 1_000, 50),
        seen("2026-10-20T05:01:00Z", "cart", "2", 1_000, 10),
        seen("2026-10-25T09:00:00Z", "cart", "2", 1_000, 7),
        seen("2026-10-25T09:00:00Z", "payments", "7", 500, 0),
    ];
    all.extend((1..=31).map(|day| seen(&format!("2026-10-{day:02}T12:30:00Z"), "cart", "1", 200, 0)));
    all
}

async fn alert(house: &House, severity: AlertSeverity, from: &str, to: &str, acked: Option<&str>) {
    let mut conn = house.store.conn().await.unwrap();
    let alert = Alert {
        id: 0,
        objective: "up".into(),
        service: "cart".into(),
        rule: "page".into(),
        severity,
        sentence: "It burns.".into(),
        opened_ns: moment(from),
        resolved_ns: None,
        acked_ns: None,
        acked_by: None,
        silence: None,
    };
    let objective = objectives::by_name(&mut conn, "up").await.unwrap().unwrap();
    let id = alerts::open(&mut conn, objective.id, &alert).await.unwrap().unwrap();
    if let Some(acked) = acked {
        alerts::acknowledge(&mut conn, id, "ada", moment(acked)).await.unwrap();
    }
    alerts::resolve(&mut conn, id, moment(to)).await.unwrap();
}

/// All of October, on the last evening of it.
async fn october() -> House {
    let house = house().await;
    house.at("2026-09-05T00:00:00Z");
    let use_cases = house.use_cases();
    use_cases.people().create_team("shop", "Shop", REASON).await.unwrap();
    use_cases.people().create_team("money", "Money", REASON).await.unwrap();
    for (service, team) in [("cart", "shop"), ("payments", "money")] {
        use_cases
            .people()
            .edit_service(service, &ServiceForm::default(), REASON)
            .await
            .unwrap();
        use_cases
            .people()
            .assign_service(service, Some(team), REASON)
            .await
            .unwrap();
    }
    house.promise("up", AVAILABILITY).await;
    for (name, service) in [("paid", "payments"), ("idle", "stray")] {
        let mut objective = super::objective(name, AVAILABILITY);
        objective.service = service.into();
        use_cases.promise().create_slo(objective, REASON).await.unwrap();
    }
    house.evaluated().await;
    let contract = json!({
        "name": "acme", "title": "Shop for ACME", "customer": "ACME", "unit": "month", "zone": "UTC", "starts": "2026-10-01",
        "amount": { "minor": 50_000, "currency": "EUR" }, "terms": [{ "objective": "up", "target": 0.99 }],
        "tiers": [{ "below": 0.99, "credit_percent": 12.5 }],
    });
    use_cases
        .promise()
        .create_sla(serde_json::from_value::<ContractDraft>(contract).unwrap(), REASON)
        .await
        .unwrap();
    house.arrived(&traffic()).await;
    let page = AlertSeverity::Page;
    alert(
        &house,
        page,
        "2026-10-20T03:10:00Z",
        "2026-10-20T05:05:00Z",
        Some("2026-10-20T03:16:00Z"),
    )
    .await;
    alert(
        &house,
        AlertSeverity::Ticket,
        "2026-10-28T10:00:00Z",
        "2026-10-28T11:00:00Z",
        None,
    )
    .await;
    house.at("2026-10-31T20:00:00Z");
    house
}

async fn report(house: &House, label: &str, team: Option<&str>) -> Report {
    let label = label.parse().unwrap();
    house.use_cases().promise().report(label, team).await.unwrap().unwrap()
}

#[tokio::test]
async fn every_figure_of_a_report_is_the_sum_of_what_was_sent() {
    let house = Box::pin(october()).await;
    let running = report(&house, "2026-10", None).await;
    assert_eq!(running.head.state, ReportState::Running);
    let names: Vec<&str> = running.objectives.iter().map(|row| row.name.as_str()).collect();
    assert_eq!(names, ["up", "paid", "idle"]);
    let up = &running.objectives[0];
    let all: Vec<Seen> = traffic().into_iter().filter(|one| one.service == "cart").collect();
    let (total, bad) = sum(&all, moment("2026-10-01T00:00:00Z"), moment("2026-11-01T00:00:00Z"));
    assert_eq!((total, bad), (12_200, 130));
    assert_eq!((up.measure.count.total, up.measure.count.bad()), (total, bad));
    assert!((up.budget_spent - 130.0 / (0.01 * 12_200.0)).abs() < 1e-9);
    assert_eq!(
        (up.met, running.objectives[1].met, running.objectives[2].met),
        (Some(false), Some(true), None)
    );
    assert_eq!(up.team.as_deref(), Some("shop"));
    // September is in the trend; what was before is not known.
    assert_eq!(up.trend.len(), 12);
    assert_eq!(up.trend[..10], [None; 10]);
    assert!((up.trend[10].unwrap() - 0.975).abs() < 1e-12);
    assert!((up.trend[11].unwrap() - (1.0 - 130.0 / 12_200.0)).abs() < 1e-12);
    // Within two hours of version 2; while the alert was open; neither.
    let spent: Vec<(CauseKind, &str, u64)> = up
        .spent_on
        .iter()
        .map(|cause| (cause.kind, cause.label.as_str(), cause.bad))
        .collect();
    let expected = [
        (CauseKind::Change, "cart 2", 60),
        (CauseKind::Incident, "page of 2026-10-20 03:10 UTC", 60),
        (CauseKind::Unexplained, "unexplained", 10),
    ];
    assert_eq!(spent, expected);
    let called = (
        up.alerts.pages,
        up.alerts.tickets,
        up.alerts.acknowledged,
        up.alerts.median_ack_seconds,
    );
    assert_eq!(called, (1, 1, 1, Some(360.0)));
    assert_eq!(running.alerts, up.alerts);
    assert_eq!(running.sentences[0], "So far in October 2026 1 of 2 SLOs are met.");
    let contracts = running.contracts.as_ref().unwrap();
    assert_eq!(contracts.rows[0].record.number, 0);
    assert_eq!(contracts.credits[0].to_string(), "62.50 EUR");

    // By team, and as a file.
    let money = report(&house, "2026-10", Some("money")).await;
    let names: Vec<&str> = money.objectives.iter().map(|row| row.name.as_str()).collect();
    assert_eq!(names, ["paid"]);
    assert_eq!((money.alerts.pages, money.contracts.unwrap().rows.len()), (0, 0));
    let file = csv(&running);
    let lines: Vec<&str> = file.lines().collect();
    assert_eq!(lines.len(), 4);
    assert!(lines[1].starts_with("2026-10,,up,up,cart,shop,0.99,"), "{file}");
    assert!(lines[1].ends_with(",1,1,1,360,60,60,10,running"), "{file}");
    // The chart of the objective has the deploy.
    let slo = house.slo("up").await;
    assert!(slo.deploys.is_empty(), "version 2 is older than its window");
    house.at("2026-10-12T00:00:00Z");
    let deploys = house.slo("up").await.deploys;
    assert_eq!(deploys.len(), 1);
    assert_eq!(
        (deploys[0].version.as_str(), deploys[0].at_ns),
        ("2", moment("2026-10-10T14:20:00Z"))
    );
}

#[tokio::test]
async fn a_closed_report_says_the_same_for_ever_and_money_only_to_some() {
    let house = Box::pin(october()).await;
    house.at("2026-11-02T00:00:10Z");
    // September, the quarter that it ends, and October: the first objective was made in September.
    assert_eq!(house.closed().await, (1, 3));
    let closed = report(&house, "2026-10", None).await;
    assert_eq!(closed.head.state, ReportState::Closed);
    let said = &closed.contracts.as_ref().unwrap().sentences;
    assert_eq!(
        said[0],
        "Shop for ACME with ACME was missed in October 2026: a credit of 62.50 EUR follows."
    );
    // More comes, the contract is corrected, the objective is gone: nothing of it is in there.
    house
        .arrived(&[seen("2026-10-26T09:00:00Z", "cart", "3", 9_000, 9_000)])
        .await;
    house
        .use_cases()
        .promise()
        .correct_period("acme", "2026-10".parse().unwrap(), REASON)
        .await
        .unwrap();
    house.use_cases().promise().remove_slo("paid", REASON).await.unwrap();
    assert_eq!(report(&house, "2026-10", None).await, closed);
    assert_eq!(report(&house, "2026-10", Some("money")).await.objectives.len(), 1);
    let index = house.use_cases().promise().reports().await.unwrap();
    let told: Vec<(String, Option<&str>, u32, u32)> = index
        .reports
        .iter()
        .map(|row| {
            (
                row.head.label.to_string(),
                row.head.team.as_deref(),
                row.met,
                row.judged,
            )
        })
        .collect();
    assert_eq!(
        told[..2].iter().map(|row| row.0.as_str()).collect::<Vec<_>>(),
        ["2026-11", "2026-Q4"]
    );
    assert_eq!(
        told[2..5],
        [
            ("2026-10".to_owned(), None, 1, 2),
            ("2026-10".to_owned(), Some("money"), 1, 1),
            ("2026-10".to_owned(), Some("shop"), 0, 1),
        ]
    );
    // The next one's trend has what the closed one said.
    let next = report(&house, "2026-11", None).await;
    let up = next.objectives.iter().find(|row| row.name == "up").unwrap();
    assert!((up.trend[10].unwrap() - (1.0 - 130.0 / 12_200.0)).abs() < 1e-12);

    let label = "2026-10".parse().unwrap();
    let seen_by = async |role| {
        house
            .somebody(role)
            .promise()
            .report(label, None)
            .await
            .unwrap()
            .unwrap()
    };
    let viewer = seen_by(Role::Viewer).await;
    assert_eq!(
        (viewer.contracts.as_ref(), &viewer.objectives),
        (None, &closed.objectives)
    );
    assert!(!serde_json::to_string(&viewer).unwrap().contains("62.50"));
    assert_eq!(seen_by(Role::Manager).await, closed);
    assert!(house.somebody(Role::Viewer).promise().slas().await.is_err());
    assert!(
        house
            .use_cases()
            .promise()
            .report("2031-01".parse().unwrap(), None)
            .await
            .unwrap()
            .is_none()
    );
    assert!(
        house
            .use_cases()
            .promise()
            .report(label, Some("nobody"))
            .await
            .unwrap()
            .is_none()
    );
}

#[tokio::test]
async fn a_closed_report_is_mailed_once_with_its_figures() {
    let house = Box::pin(october()).await;
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let channel = json!({
        "name": "mail", "least": "page",
        "to": { "kind": "email", "host": "127.0.0.1", "port": port, "security": "none",
            "from": "pointsman@example.org", "to": ["boss@example.org"] },
    });
    let channel = house
        .use_cases()
        .promise()
        .create_channel(serde_json::from_value(channel).unwrap(), REASON)
        .await
        .unwrap();
    let form = ScheduleForm {
        channel,
        team: "shop".into(),
        unit: CalendarUnit::Month,
    };
    let manager = house.somebody(Role::Manager);
    let schedule = manager.promise().schedule_report(form.clone(), REASON).await.unwrap();
    assert_eq!(schedule.next.to_string(), "2026-10");
    assert!(
        manager.promise().schedule_report(form, REASON).await.is_err(),
        "it gets them already"
    );
    house.at("2026-11-02T00:00:10Z");
    assert_eq!(house.closed().await.1, 3);
    assert_eq!(
        manager.promise().report_schedules().await.unwrap()[0].next.to_string(),
        "2026-11"
    );
    let (mail, sent) = tokio::join!(
        tokio::time::timeout(std::time::Duration::from_secs(30), mail_server(listener)),
        deliver(&house)
    );
    assert_eq!((sent.sent, sent.failed), (1, 0));
    // Long lines are broken with `=`.
    let mail = mail.unwrap().replace("=\r\n", "");
    for part in [
        "Subject: How October 2026 of shop went",
        "To: boss@example.org",
        "up missed its target of 99 %",
        "a credit of 62.50 EUR",
        "https://pointsman.example/reports/2026-10?team",
        "filename=\"2026-10-shop.csv\"",
        "text/csv",
    ] {
        assert!(mail.contains(part), "{part} is not in\n{mail}");
    }
    house.closed().await;
    assert_eq!(deliver(&house).await.sent, 0, "once is enough");
    manager.promise().end_schedule(schedule.id, REASON).await.unwrap();
    assert!(manager.promise().report_schedules().await.unwrap().is_empty());
}

#[tokio::test]
async fn a_version_of_which_something_comes_late_was_seen_earlier() {
    let house = house().await;
    house.at("2026-10-01T00:00:00Z");
    house.promise("up", AVAILABILITY).await;
    house.evaluated().await;
    house.arrived(&[seen("2026-10-01T00:00:00Z", "cart", "1", 1, 0)]).await;
    for at in ["2026-10-03T14:20:00Z", "2026-10-03T13:00:00Z", "2026-10-03T18:00:00Z"] {
        house.arrived(&[seen(at, "cart", "2", 1, 0)]).await;
    }
    house.arrived(&[seen("2026-10-03T15:00:00Z", "cart", "", 1, 0)]).await;
    house.at("2026-10-04T00:00:00Z");
    let deploys = house.slo("up").await.deploys;
    let told: Vec<(&str, u64)> = deploys.iter().map(|one| (one.version.as_str(), one.at_ns)).collect();
    assert_eq!(
        told,
        [
            ("1", moment("2026-10-01T00:00:00Z")),
            ("2", moment("2026-10-03T13:00:00Z"))
        ]
    );
}
