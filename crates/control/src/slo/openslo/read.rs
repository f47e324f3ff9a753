//! Objectives out of documents. What can't be kept as it is meant is an error that says so.

use pointsman_domain::Text;
use pointsman_domain::slo::{Budgeting, CalendarUnit, Indicator, Limit, Member, Objective, Target, Window};
use pointsman_domain::time::parse_duration;
use serde::Deserialize;
use serde_json::Value;

use super::{
    ABSENT, Document, IndicatorPart, MIN_EVENTS, Metric, Part, RUNBOOK, SOURCE, Source, Spec, TimeWindow, VERSION,
};

/// The objectives of all documents. Errors: a sentence that begins with the document's name.
pub(super) fn documents(yaml: &str) -> Result<Vec<Objective>, String> {
    let mut found = Vec::new();
    for document in serde_norway::Deserializer::from_str(yaml) {
        let value = Value::deserialize(document).map_err(|error| format!("is no YAML: {error}"))?;
        if value.is_null() {
            continue;
        }
        let document: Document = serde_json::from_value(value).map_err(|error| format!("is no OpenSLO: {error}"))?;
        if document.kind != "SLO" {
            continue;
        }
        let name = document.metadata.name.clone();
        found.extend(objectives(&document).map_err(|why| format!("{name}: {why}"))?);
    }
    Ok(found)
}

fn objectives(document: &Document) -> Result<Vec<Objective>, String> {
    if document.api_version != VERSION {
        return Err(format!("is of `{}`; {VERSION} is known", document.api_version));
    }
    let spec: Spec = serde_json::from_value(document.spec.clone()).map_err(|error| error.to_string())?;
    let window = match spec.time_window.as_slice() {
        [] => Window::default(),
        [one] => window(one)?,
        _ => return Err("has more than one timeWindow".to_owned()),
    };
    let note = |key: &str| document.metadata.annotations.get(key).and_then(Value::as_str);
    let number = |key: &str| {
        note(key)
            .map(|text| {
                text.parse::<u32>()
                    .map_err(|_| format!("the annotation {key} is no number"))
            })
            .transpose()
    };
    let draft = |name: Text, part: &Part| -> Result<Objective, String> {
        Ok(Objective {
            name,
            title: document.metadata.display_name.clone(),
            description: spec.description.clone(),
            runbook: note(RUNBOOK).unwrap_or_default().into(),
            service: spec.service.clone(),
            operation: None,
            version: None,
            caller: None,
            indicator: Indicator::Availability,
            target: target(part)?,
            budgeting: budgeting(&spec.budgeting_method, part)?,
            window: window.clone(),
            min_events: number(MIN_EVENTS)?.map_or(100, u64::from),
            absent_minutes: number(ABSENT)?,
        })
    };
    let name = &document.metadata.name;
    let (composite, plain): (Vec<&Part>, Vec<&Part>) =
        spec.objectives.iter().partition(|part| part.composite_weight.is_some());
    if let Some(first) = composite.first() {
        if !plain.is_empty() {
            return Err("has a compositeWeight for some of its objectives only".to_owned());
        }
        let members = composite
            .iter()
            .map(|part| member(part))
            .collect::<Result<Vec<_>, _>>()?;
        return Ok(vec![Objective {
            indicator: Indicator::Composite { members },
            ..draft(name.clone(), first)?
        }]);
    }
    if plain.is_empty() {
        return Err("has no objectives".to_owned());
    }
    let several = plain.len() > 1;
    let each = plain.iter().enumerate().map(|(at, part)| {
        let name = if several {
            Text::from(format!("{name}-{}", at + 1))
        } else {
            name.clone()
        };
        let indicator = part.indicator.as_ref().or(spec.indicator.as_ref());
        let indicator = indicator.ok_or("has no indicator (indicatorRef is not known)")?;
        counted(draft(name, part)?, indicator, part)
    });
    each.collect()
}

fn target(part: &Part) -> Result<Target, String> {
    let share = part.target.or(part.target_percent.map(|percent| percent / 100.0));
    Target::new(share.ok_or("an objective has no target")?)
}

fn budgeting(method: &str, part: &Part) -> Result<Budgeting, String> {
    match method {
        "Occurrences" => Ok(Budgeting::Occurrences),
        "Timeslices" => {
            let length = part
                .time_slice_window
                .as_deref()
                .ok_or("Timeslices need a timeSliceWindow")?;
            let ns = parse_duration(length).ok_or_else(|| format!("`{length}` is no length of time"))?;
            Ok(Budgeting::Timeslices {
                seconds: (ns / 1_000_000_000) as u32,
                slice_target: part.time_slice_target,
            })
        }
        other => Err(format!(
            "the budgetingMethod `{other}` is not known: Occurrences or Timeslices"
        )),
    }
}

fn window(given: &TimeWindow) -> Result<Window, String> {
    let wrong = || format!("a timeWindow of `{}` is not known", given.duration);
    if given.is_rolling {
        let days = match given.duration.as_str() {
            "1w" => Some(7),
            "4w" => Some(28),
            "1M" => Some(30),
            "1Q" => Some(90),
            text => text.strip_suffix('d').and_then(|days| days.parse().ok()),
        };
        return Ok(Window::Rolling {
            days: days.ok_or_else(wrong)?,
        });
    }
    let calendar = given
        .calendar
        .as_ref()
        .ok_or("a timeWindow that is not rolling needs a calendar")?;
    let unit = match given.duration.as_str() {
        "1w" | "7d" => CalendarUnit::Week,
        "1M" => CalendarUnit::Month,
        "1Q" | "3M" => CalendarUnit::Quarter,
        _ => return Err(wrong()),
    };
    Ok(Window::Calendar {
        unit,
        zone: calendar.time_zone.clone(),
    })
}

fn source(metric: &Metric) -> Result<&Source, String> {
    let source = &metric.metric_source;
    if source.kind == SOURCE {
        Ok(&source.spec)
    } else {
        Err(format!(
            "the metricSource `{}` is not known; it has to be `{SOURCE}`",
            source.kind
        ))
    }
}

fn member(part: &Part) -> Result<Member, String> {
    let metric = part
        .indicator
        .as_ref()
        .and_then(|indicator| indicator.spec.threshold_metric.as_ref());
    let source = source(metric.ok_or("a weighted objective has no indicator that names an objective")?)?;
    Ok(Member {
        objective: source
            .objective
            .clone()
            .ok_or("a weighted objective names no objective")?,
        weight: part.composite_weight.unwrap_or(1.0),
    })
}

fn counted(draft: Objective, indicator: &IndicatorPart, part: &Part) -> Result<Objective, String> {
    let (indicator, source) = match (&indicator.spec.ratio_metric, &indicator.spec.threshold_metric) {
        (Some(ratio), None) => {
            let (good, total) = (source(&ratio.good)?, source(&ratio.total)?);
            if total.count != "requests" {
                return Err(format!("`{}` is no total; it is `requests`", total.count));
            }
            if (&good.operation, &good.version, &good.caller) != (&total.operation, &total.version, &total.caller) {
                return Err("good and total are of different requests".to_owned());
            }
            let kind = match good.count.as_str() {
                "requests-without-error" => Indicator::Availability,
                "requests-within" => Indicator::Latency {
                    threshold_ns: good
                        .within
                        .as_deref()
                        .and_then(parse_duration)
                        .ok_or("requests-within needs `within`, such as 300ms")?,
                },
                other => {
                    return Err(format!(
                        "`{other}` is no good: requests-without-error or requests-within"
                    ));
                }
            };
            (kind, good)
        }
        (None, Some(metric)) => {
            let source = source(metric)?;
            let limit = match part.op.as_deref() {
                Some("gte") => Limit::AtLeast,
                Some("lte") => Limit::AtMost,
                _ => return Err("a thresholdMetric needs the op gte or lte".to_owned()),
            };
            let per_second = part.value.ok_or("a thresholdMetric needs a value")?;
            if source.count != "requests" {
                return Err(format!("`{}` has no rate; it is `requests`", source.count));
            }
            (Indicator::Throughput { limit, per_second }, source)
        }
        _ => return Err("an indicator has either a ratioMetric or a thresholdMetric".to_owned()),
    };
    Ok(Objective {
        indicator,
        operation: source.operation.clone(),
        version: source.version.clone(),
        caller: source.caller.clone(),
        ..draft
    })
}
