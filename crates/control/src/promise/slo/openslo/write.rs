//! An objective as a document.

use pointsman_domain::kit::duration;
use pointsman_domain::slo::{Budgeting, CalendarUnit, Indicator, Limit, Objective, Window};
use serde_json::Value;

use super::{
    ABSENT, Calendar, Document, IndicatorPart, IndicatorSpec, MIN_EVENTS, Metadata, Metric, MetricSource, Part,
    RUNBOOK, Ratio, SOURCE, Source, Spec, TimeWindow, VERSION,
};

fn metric(spec: Source) -> Metric {
    Metric {
        metric_source: MetricSource {
            kind: SOURCE.to_owned(),
            spec,
        },
    }
}

fn indicator(objective: &Objective) -> Option<IndicatorPart> {
    let source = |count: &str| Source {
        count: count.to_owned(),
        operation: objective.operation.clone(),
        version: objective.version.clone(),
        caller: objective.caller.clone(),
        ..Source::default()
    };
    let ratio = |good: Source| IndicatorSpec {
        ratio_metric: Some(Ratio {
            counter: true,
            good: metric(good),
            total: metric(source("requests")),
        }),
        threshold_metric: None,
    };
    let spec = match objective.indicator {
        Indicator::Availability => ratio(source("requests-without-error")),
        Indicator::Latency { threshold_ns } => ratio(Source {
            within: Some(duration::exact(threshold_ns)),
            ..source("requests-within")
        }),
        Indicator::Throughput { .. } => IndicatorSpec {
            ratio_metric: None,
            threshold_metric: Some(metric(source("requests"))),
        },
        Indicator::Composite { .. } => return None,
    };
    Some(IndicatorPart {
        metadata: Metadata {
            name: objective.name.clone(),
            ..Metadata::default()
        },
        spec,
    })
}

fn window(window: &Window) -> TimeWindow {
    match window {
        Window::Rolling { days } => TimeWindow {
            duration: format!("{days}d"),
            is_rolling: true,
            calendar: None,
        },
        Window::Calendar { unit, zone } => TimeWindow {
            duration: match unit {
                CalendarUnit::Week => "1w",
                CalendarUnit::Month => "1M",
                CalendarUnit::Quarter => "1Q",
            }
            .to_owned(),
            is_rolling: false,
            calendar: Some(Calendar {
                // A Monday that begins a month and a quarter.
                start_time: "2024-01-01 00:00:00".to_owned(),
                time_zone: zone.clone(),
            }),
        },
    }
}

fn parts(objective: &Objective) -> Vec<Part> {
    let mut part = Part {
        target: Some(objective.target.share()),
        ..Part::default()
    };
    if let Budgeting::Timeslices { seconds, slice_target } = objective.budgeting {
        part.time_slice_window = Some(format!("{}m", seconds / 60));
        part.time_slice_target = slice_target;
    }
    match &objective.indicator {
        Indicator::Throughput { limit, per_second } => {
            part.op = Some(if *limit == Limit::AtLeast { "gte" } else { "lte" }.to_owned());
            part.value = Some(*per_second);
        }
        Indicator::Composite { members } => {
            return members
                .iter()
                .map(|member| Part {
                    display_name: member.objective.clone(),
                    target: Some(objective.target.share()),
                    composite_weight: Some(member.weight),
                    indicator: Some(IndicatorPart {
                        metadata: Metadata {
                            name: member.objective.clone(),
                            ..Metadata::default()
                        },
                        spec: IndicatorSpec {
                            ratio_metric: None,
                            threshold_metric: Some(metric(Source {
                                count: "objective".to_owned(),
                                objective: Some(member.objective.clone()),
                                ..Source::default()
                            })),
                        },
                    }),
                    ..Part::default()
                })
                .collect();
        }
        Indicator::Availability | Indicator::Latency { .. } => {}
    }
    vec![part]
}

/// The document of an objective.
pub(super) fn document(objective: &Objective) -> Document {
    let mut annotations = serde_json::Map::new();
    let mut note = |key: &str, value: String| annotations.insert(key.to_owned(), Value::String(value));
    if !objective.runbook.is_empty() {
        note(RUNBOOK, objective.runbook.to_string());
    }
    note(MIN_EVENTS, objective.min_events.to_string());
    if let Some(minutes) = objective.absent_minutes {
        note(ABSENT, minutes.to_string());
    }
    let method = match objective.budgeting {
        Budgeting::Occurrences => "Occurrences",
        Budgeting::Timeslices { .. } => "Timeslices",
    };
    let spec = Spec {
        description: objective.description.clone(),
        service: objective.service.clone(),
        indicator: indicator(objective),
        time_window: vec![window(&objective.window)],
        budgeting_method: method.to_owned(),
        objectives: parts(objective),
    };
    Document {
        api_version: VERSION.to_owned(),
        kind: "SLO".to_owned(),
        metadata: Metadata {
            name: objective.name.clone(),
            display_name: objective.title.clone(),
            annotations,
        },
        spec: serde_json::to_value(spec).unwrap_or_default(),
    }
}
