//! What goes out comes in again as it was; what can't be honoured is refused, and what is left out is named.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use super::*;

fn objective(json: &str) -> Objective {
    serde_json::from_str(json).unwrap()
}

/// An objective that a document makes, and what of it was not taken over.
type Made = (Objective, Vec<Text>);

/// What documents make where there is `known` already.
fn made(yaml: &str, known: &[Objective]) -> Result<Vec<Made>, String> {
    let (drafts, _) = drafts(read::documents(yaml)?, known)?;
    Ok(drafts
        .into_iter()
        .map(|draft| (draft.objective, draft.left_out))
        .collect())
}

#[test]
fn what_goes_out_comes_in_again() {
    for json in [
        r#"{"name":"a","title":"A: the first","description":"two\nlines","runbook":"https://wiki.example/a","service":"cart","target":0.999,"indicator":{"kind":"availability"},"absent_minutes":10,"min_events":5}"#,
        r#"{"name":"b","service":"cart","operation":"GET /: x","version":"1.0","target":0.95,"indicator":{"kind":"latency","threshold_ns":250000000},"window":{"kind":"calendar","unit":"month","zone":"Europe/Berlin"}}"#,
        r#"{"name":"c","service":"cart","caller":"web","target":0.99,"indicator":{"kind":"latency","threshold_ns":1234567},"budgeting":{"method":"timeslices","seconds":300,"slice_target":0.95},"window":{"kind":"rolling","days":7}}"#,
        r#"{"name":"d","service":"cart","target":0.99,"indicator":{"kind":"throughput","limit":"at_least","per_second":2.5},"budgeting":{"method":"timeslices","seconds":60}}"#,
        r#"{"name":"e","service":"cart","target":0.99,"indicator":{"kind":"composite","members":[{"objective":"a","weight":2.0},{"objective":"b","weight":1.0}]},"window":{"kind":"calendar","unit":"quarter","zone":"UTC"}}"#,
        r#"{"name":"f","title":"yes","description":"1e3","service":"007","version":"1.10","target":0.99,"indicator":{"kind":"availability"}}"#,
    ] {
        let objective = objective(json);
        let yaml = serde_saphyr::to_string(&write::document(&objective)).unwrap();
        assert_eq!(made(&yaml, &[]), Ok(vec![(objective, Vec::new())]), "{yaml}");
    }
}

const FOREIGN: &str = "
apiVersion: openslo/v1
kind: Service
metadata: {name: cart}
spec: {description: not an SLO}
---
apiVersion: openslo/v1
kind: SLO
metadata: {name: cart-speed}
spec:
  service: cart
  indicator:
    metadata: {name: cart-speed}
    spec:
      ratioMetric:
        counter: true
        good: {metricSource: {type: Pointsman, spec: {count: requests-within, within: 200ms}}}
        total: {metricSource: {type: Pointsman, spec: {count: requests}}}
  timeWindow: [{duration: 4w, isRolling: true}]
  budgetingMethod: Occurrences
  objectives: [{targetPercent: 99.9}, {target: 0.99}]
";

/// The document with other objectives.
fn with(objectives: &str) -> String {
    FOREIGN.replace("{targetPercent: 99.9}, {target: 0.99}", objectives)
}

fn names_and_targets(drafts: &[Made]) -> Vec<(&str, f64)> {
    let each = drafts.iter();
    each.map(|(draft, _)| (draft.name.as_str(), draft.target.share()))
        .collect()
}

#[test]
fn several_objectives_are_several() {
    let found = made(FOREIGN, &[]).unwrap();
    assert_eq!(
        names_and_targets(&found),
        [("cart-speed-99-9", 0.999), ("cart-speed-99", 0.99)]
    );
    assert!(found.iter().all(|(draft, _)| draft.window.days() == 28));
    let said = drafts(read::documents(FOREIGN).unwrap(), &[]).unwrap().1;
    assert_eq!(
        (said[0].name.as_str(), said[0].outcome.as_str()),
        ("cart", "passed over: its kind is Service")
    );
}

#[test]
fn an_entry_stays_the_same_objective_wherever_it_stands() {
    const GOOD: &str = "{displayName: Good, target: 0.99}";
    const BETTER: &str = "{displayName: Better, target: 0.999}";
    // What is there after each document; none is ever removed.
    let mut known: Vec<Objective> = Vec::new();
    let mut import = |objectives: &str| {
        let drafts = made(&with(objectives), &known).unwrap();
        let told: Vec<String> = drafts
            .iter()
            .map(|(draft, _)| format!("{} {}", draft.name, draft.target.share()))
            .collect();
        for (draft, _) in drafts {
            known.retain(|objective| objective.name != draft.name);
            known.push(draft);
        }
        told
    };
    // A lone one has the document's name, and keeps it beside others, in any order, and when its target is changed.
    assert_eq!(import(GOOD), ["cart-speed 0.99"]);
    assert_eq!(
        import(&format!("{GOOD}, {BETTER}")),
        ["cart-speed 0.99", "cart-speed-better 0.999"]
    );
    assert_eq!(
        import("{displayName: Better, target: 0.9999}, {displayName: Good, target: 0.98}"),
        ["cart-speed-better 0.9999", "cart-speed 0.98"]
    );
    assert_eq!(import(BETTER), ["cart-speed-better 0.999"]);
    // What takes the place of another is not that other.
    assert_eq!(
        import(&format!("{BETTER}, {{displayName: Best, target: 0.9999}}")),
        ["cart-speed-better 0.999", "cart-speed-best 0.9999"]
    );
    assert_eq!(import(GOOD), ["cart-speed 0.99"]);
}

#[test]
fn several_that_become_one_keep_the_name_they_had() {
    let both = with("{displayName: Good, target: 0.99}, {displayName: 'Better!', target: 0.999}");
    let known: Vec<Objective> = made(&both, &[]).unwrap().into_iter().map(|(draft, _)| draft).collect();
    let one = made(&with("{displayName: Good, target: 0.99}"), &known).unwrap();
    assert_eq!(names_and_targets(&one), [("cart-speed-good", 0.99)]);
    // One that never had a displayName is known by what it says.
    let alone = made(&with("{target: 0.99}"), &[]).unwrap().remove(0).0;
    let two = made(
        &with("{displayName: New, target: 0.999}, {displayName: Good, target: 0.99}"),
        &[alone],
    )
    .unwrap();
    assert_eq!(
        names_and_targets(&two),
        [("cart-speed-new", 0.999), ("cart-speed", 0.99)]
    );
    // What stands under the document's name and is in it no more is said.
    let other = objective(r#"{"name":"cart-speed","service":"x","target":0.5,"indicator":{"kind":"availability"}}"#);
    let said = drafts(read::documents(&both).unwrap(), &[other]).unwrap().1;
    assert_eq!(
        (said[0].name.as_str(), said[0].outcome.as_str()),
        ("cart-speed", "not in the file")
    );
}

#[test]
fn a_file_that_openslo_allows_is_taken() {
    let marked = made(&format!("\u{feff}{}", FOREIGN.trim_start()), &[]).unwrap();
    assert_eq!(marked.len(), 2);
    let sliced = with("{target: 0.99, timeSliceTarget: 0.95, timeSliceWindow: 5}").replace("Occurrences", "Timeslices");
    let sliced = made(&sliced, &[]).unwrap().remove(0).0;
    assert_eq!(sliced.slice_seconds(), Some(300));
    let noted = FOREIGN.replace(
        "cart-speed}\nspec",
        "cart-speed, annotations: {pointsman/min-events: 7}}\nspec",
    );
    assert_eq!(made(&noted, &[]).unwrap()[0].0.min_events, 7);
    let monthly = "duration: 1M, isRolling: false, calendar: {startTime: 2026-05-01 00:00:00, timeZone: Europe/Berlin}";
    let monthly = FOREIGN.replace("duration: 4w, isRolling: true", monthly);
    assert_eq!(made(&monthly, &[]).unwrap()[0].0.window.days(), 30);
}

#[test]
fn what_is_not_taken_over_is_named() {
    let yaml = FOREIGN
        .replace(
            "{name: cart-speed}\nspec",
            "{name: cart-speed, labels: {a: b}, annotations: {owner: me}}\nspec",
        )
        .replace(
            "metadata: {name: cart-speed}\n    spec",
            "metadata: {name: other}\n    spec",
        )
        .replace("{target: 0.99}", "{target: 0.99, op: lte}")
        .replace("service: cart\n", "service: cart\n  alertPolicies: [x]\n");
    let drafts = made(&yaml, &[]).unwrap();
    let all = [
        "metadata.annotations.owner",
        "metadata.labels",
        "spec.alertPolicies",
        "spec.indicator.metadata.name",
    ];
    assert_eq!(drafts[0].1, all);
    assert_eq!(drafts[1].1[4..], ["spec.objectives[1].op"]);
}

#[test]
fn what_cannot_be_honoured_is_refused_with_document_and_field() {
    const WEEKLY: &str =
        "duration: 1w, isRolling: false, calendar: {startTime: \"2026-01-03 12:00:00\", timeZone: America/New_York}";
    let in_slo = |why: &str| format!("document 2 (cart-speed): {why}");
    for (from, to, why) in [
        (
            "type: Pointsman",
            "type: Prometheus",
            in_slo(
                "spec.indicator.spec.ratioMetric.good.metricSource.type: has to be `Pointsman`; other sources are not known here",
            ),
        ),
        (
            "Occurrences",
            "RatioTimeslices",
            in_slo("spec.budgetingMethod: `RatioTimeslices` is not known: Occurrences or Timeslices"),
        ),
        (
            "duration: 4w",
            "duration: 5y",
            in_slo("spec.timeWindow[0].duration: `5y` is not known: 7d, 28d, 30d or 90d where it is rolling"),
        ),
        (
            "duration: 4w, isRolling: true",
            WEEKLY,
            in_slo(
                "spec.timeWindow[0].calendar.startTime: `2026-01-03 12:00:00` can't be kept: weeks begin on Mondays at 00:00:00",
            ),
        ),
        (
            "requests-within,",
            "requests-that-please,",
            in_slo(
                "spec.indicator.spec.ratioMetric.good.metricSource.spec.count: `requests-that-please` is not known for good: requests-without-error or requests-within",
            ),
        ),
        (
            "openslo/v1\nkind: SLO",
            "openslo/v1alpha\nkind: SLO",
            in_slo("apiVersion: is `openslo/v1alpha`; openslo/v1 is known"),
        ),
        (
            "target: 0.99",
            "target: \"0.99\"",
            in_slo("spec.objectives[1].target: is the text \"0.99\"; it has to be a number: leave the quotes out"),
        ),
        (
            "name: cart-speed}\nspec",
            "name: 17}\nspec",
            "document 2: metadata.name: is the number 17; it has to be text: put it in quotes".to_owned(),
        ),
        (
            "timeWindow:",
            "timeWindows:",
            in_slo("spec.timeWindows: is a field that OpenSLO v1 does not have here"),
        ),
        (
            "{target: 0.99}",
            "{target: 0.999}",
            in_slo(
                "spec.objectives[1].displayName: spec.objectives[0] would have the same name; give each a displayName of its own",
            ),
        ),
        ("kind: SLO\n", "", in_slo("kind: is missing")),
        (
            "{target: 0.99}",
            "{target: [}",
            "can't be read as YAML from line 21, column ".to_owned(),
        ),
    ] {
        let error = made(&FOREIGN.replacen(from, to, 2), &[]).unwrap_err();
        assert!(error.starts_with(&why), "{error}\n{why}");
    }
    let list = made("- a\n- b: c\n", &[]).unwrap_err();
    assert_eq!(list, "document 1: is a list; it has to be a mapping of fields");
    let twice = made(&format!("{FOREIGN}---{FOREIGN}"), &[]).unwrap_err();
    assert_eq!(
        twice,
        "document 4 (cart-speed): another document makes an objective cart-speed-99-9 as well"
    );
}
