//! Objectives out of documents. What can't be kept as it is meant is an error that says where it stands and why; what has no place in an
//! objective is named.

use pointsman_domain::Text;
use pointsman_domain::kit::{duration, percent};
use pointsman_domain::slo::{Budgeting, CalendarUnit, Indicator, Limit, Member, ObjectiveDraft, Target, Window};
use serde_json::Value;

use super::node::{Fields, Node, Scalar};
use super::{ABSENT, MIN_EVENTS, RUNBOOK, SOURCE, VERSION, calendar};

/// The longest name of an objective.
const MAX_NAME: usize = 63;

/// What all documents say.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Given {
    pub slos: Vec<Slo>,
    /// Documents of other kinds, in words.
    pub others: Vec<Other>,
}

/// A document that is no objective.
#[derive(Debug, PartialEq)]
pub(super) struct Other {
    pub name: Text,
    pub kind: Text,
}

/// A document of the kind `SLO`.
#[derive(Debug, PartialEq)]
pub(super) struct Slo {
    /// Where it is, for messages: `document 2 (cart-speed)`.
    pub place: String,
    pub name: Text,
    /// One, or several with keys that differ.
    pub parts: Vec<Part>,
}

/// An entry of its `objectives`.
#[derive(Debug, PartialEq)]
pub(super) struct Part {
    /// What it is known by among the others, whatever their order: its displayName, else its target. Empty for a composite.
    pub key: Text,
    /// It as an objective; the name is still to be found.
    pub objective: ObjectiveDraft,
    /// The paths of what was not taken over.
    pub left_out: Vec<Text>,
}

/// What all documents say. Errors: a sentence with the document, the field and what is wrong with it.
pub(super) fn documents(yaml: &str) -> Result<Given, String> {
    let documents: Vec<Value> = serde_saphyr::from_multiple(yaml).map_err(|error| {
        let place = error.location().map_or_else(String::new, |at| {
            format!(" from line {}, column {} on", at.line(), at.column())
        });
        format!("can't be read as YAML{place}")
    })?;
    let mut given = Given::default();
    let documents = documents.into_iter().filter(|document| !document.is_null());
    for (at, value) in documents.enumerate() {
        let number = at + 1;
        let name = value
            .pointer("/metadata/name")
            .and_then(Value::as_str)
            .unwrap_or_default();
        let place = if name.is_empty() {
            format!("document {number}")
        } else {
            format!("document {number} ({name})")
        };
        document(value, &place, &mut given).map_err(|why| format!("{place}: {why}"))?;
    }
    Ok(given)
}

fn document(value: Value, place: &str, given: &mut Given) -> Result<(), String> {
    let mut document = Node::document(value).fields()?;
    let version = document.need("apiVersion")?.text()?;
    let kind = document.need("kind")?.text()?;
    let mut metadata = document.need("metadata")?.fields()?;
    let name = metadata.need("name")?.text()?;
    if kind != "SLO" {
        given.others.push(Other { name, kind });
        return Ok(());
    }
    if version != VERSION {
        return Err(document.wrong("apiVersion", format!("is `{version}`; {VERSION} is known")));
    }
    let mut left_out = Vec::new();
    let about = about(metadata, &mut left_out)?;
    let spec = document.need("spec")?.fields()?;
    document.rest(&[], &mut left_out)?;
    let parts = spec_parts(&name, about, spec, left_out)?;
    given.slos.push(Slo {
        place: place.to_owned(),
        name,
        parts,
    });
    Ok(())
}

/// What the metadata say.
struct About {
    title: Text,
    runbook: Text,
    min_events: u64,
    absent_minutes: Option<u32>,
}

fn about(mut metadata: Fields, left_out: &mut Vec<Text>) -> Result<About, String> {
    let mut about = About {
        title: metadata.text("displayName")?.unwrap_or_default(),
        runbook: Text::default(),
        min_events: 100,
        absent_minutes: None,
    };
    if let Some(notes) = metadata.take("annotations") {
        let mut notes = notes.fields()?;
        about.runbook = notes.text(RUNBOOK)?.unwrap_or_default();
        about.min_events = whole(&mut notes, MIN_EVENTS)?.map_or(100, u64::from);
        about.absent_minutes = whole(&mut notes, ABSENT)?;
        let others = notes.names();
        left_out.extend(others.iter().map(|name| Text::from(notes.path(name))));
    }
    metadata.rest(&["labels"], left_out)?;
    Ok(about)
}

/// A whole number, in quotes (as annotations are) or without.
fn whole(notes: &mut Fields, name: &str) -> Result<Option<u32>, String> {
    let Some(node) = notes.take(name) else {
        return Ok(None);
    };
    let text = match node.scalar()? {
        Scalar::Text(text) => text.to_string(),
        Scalar::Number(number) => number.to_string(),
    };
    let number = text
        .parse()
        .map_err(|_| node.wrong(format!("`{text}` is no whole number")))?;
    Ok(Some(number))
}

/// An entry of `objectives` as it is read.
struct Entry {
    fields: Fields,
    display_name: Text,
    weight: Option<f64>,
    target: Target,
    indicator: Option<Node>,
}

fn entry(node: Node) -> Result<Entry, String> {
    let mut fields = node.fields()?;
    if fields.take("indicatorRef").is_some() {
        return Err(fields.wrong("indicatorRef", "is not known here: write the indicator out"));
    }
    Ok(Entry {
        display_name: fields.text("displayName")?.unwrap_or_default(),
        weight: fields.number("compositeWeight")?,
        target: target(&mut fields)?,
        indicator: fields.take("indicator"),
        fields,
    })
}

fn spec_parts(name: &Text, about: About, mut spec: Fields, mut left_out: Vec<Text>) -> Result<Vec<Part>, String> {
    if spec.take("indicatorRef").is_some() {
        return Err(spec.wrong("indicatorRef", "is not known here: write the indicator out"));
    }
    let shared = spec.take("indicator");
    let window = match spec.take("timeWindow") {
        None => Window::default(),
        Some(windows) => {
            let why = windows.wrong("has to have one entry");
            let [one] = <[Node; 1]>::try_from(windows.list()?).map_err(|_| why)?;
            window(one.fields()?)?
        }
    };
    let method = spec.need("budgetingMethod")?;
    let objectives = spec.need("objectives")?;
    let none = objectives.wrong("has to have an entry");
    let entries = objectives
        .list()?
        .into_iter()
        .map(entry)
        .collect::<Result<Vec<_>, _>>()?;
    let draft = ObjectiveDraft {
        name: name.clone(),
        title: about.title,
        description: spec.text("description")?.unwrap_or_default(),
        runbook: about.runbook,
        service: spec.need("service")?.text()?,
        operation: None,
        version: None,
        caller: None,
        indicator: Indicator::Availability,
        target: entries.first().ok_or(none)?.target,
        budgeting: Budgeting::Occurrences,
        window,
        min_events: about.min_events,
        absent_minutes: about.absent_minutes,
    };
    spec.rest(&["alertPolicies"], &mut left_out)?;
    if entries.iter().any(|entry| entry.weight.is_some()) {
        return composite(draft, &method, entries, shared, left_out).map(|part| vec![part]);
    }
    let several = entries.len() > 1;
    let mut parts: Vec<Part> = Vec::new();
    for (at, entry) in entries.into_iter().enumerate() {
        let part = plain(&draft, &method, entry, shared.as_ref(), left_out.clone(), name)?;
        if several && let Some(other) = parts.iter().position(|other| other.key == part.key) {
            return Err(format!(
                "spec.objectives[{at}].displayName: spec.objectives[{other}] would have the same name; give each a displayName of its own"
            ));
        }
        parts.push(part);
    }
    Ok(parts)
}

fn plain(
    draft: &ObjectiveDraft,
    method: &Node,
    entry: Entry,
    shared: Option<&Node>,
    mut left_out: Vec<Text>,
    name: &Text,
) -> Result<Part, String> {
    let Entry {
        mut fields,
        display_name,
        target,
        indicator,
        ..
    } = entry;
    let title = match (draft.title.as_str(), display_name.as_str()) {
        (title, "") => title.into(),
        ("", part) => part.into(),
        (title, part) => Text::from(format!("{title}: {part}")),
    };
    let indicator = match (indicator, shared) {
        (Some(own), _) => own,
        (None, Some(shared)) => shared.clone(),
        (None, None) => return Err(fields.wrong("indicator", "is missing, and spec has none for all")),
    };
    let counted = counted(indicator, &mut fields, name, &mut left_out)?;
    let budgeting = budgeting(method, &mut fields)?;
    fields.rest(&["op", "value", "timeSliceTarget", "timeSliceWindow"], &mut left_out)?;
    Ok(Part {
        key: key(&display_name, target, name),
        objective: ObjectiveDraft {
            title,
            target,
            budgeting,
            indicator: counted.indicator,
            operation: counted.operation,
            version: counted.version,
            caller: counted.caller,
            ..draft.clone()
        },
        left_out,
    })
}

/// What a part is known by: lower case letters, digits and `-`, so many that the whole name is short enough.
fn key(display_name: &str, target: Target, name: &str) -> Text {
    let words = |text: &str| {
        let lower = text.to_lowercase();
        let words: Vec<&str> = lower
            .split(|c: char| !c.is_ascii_alphanumeric())
            .filter(|word| !word.is_empty())
            .collect();
        words.join("-")
    };
    let mut key = words(display_name);
    if key.is_empty() {
        key = words(&percent::exact(target.share()));
    }
    key.truncate(MAX_NAME.saturating_sub(name.len() + 1).max(1));
    key.trim_end_matches('-').into()
}

fn composite(
    draft: ObjectiveDraft,
    method: &Node,
    entries: Vec<Entry>,
    shared: Option<Node>,
    mut left_out: Vec<Text>,
) -> Result<Part, String> {
    if let Some(shared) = shared {
        return Err(shared.wrong("is not known beside a compositeWeight: each objective names its own"));
    }
    let mut members = Vec::new();
    let mut budget = None;
    for entry in entries {
        let Entry {
            mut fields,
            display_name,
            weight,
            target,
            indicator,
        } = entry;
        let weight = weight.ok_or_else(|| fields.wrong("compositeWeight", "is missing; other entries have one"))?;
        if target != draft.target {
            return Err(fields.wrong(
                "target",
                "is another one than before: what is made of weighted parts has one target",
            ));
        }
        let indicator = indicator.ok_or_else(|| fields.wrong("indicator", "is missing: it names an objective"))?;
        let of = indicator.wrong("names no objective");
        let mut inside = indicator_spec(indicator, None, &mut left_out)?;
        let metric = inside.spec.need("thresholdMetric")?;
        inside.spec.rest(&["description"], &mut left_out)?;
        let mut source = source(metric, &mut left_out)?;
        source.need("count")?;
        let objective = source.text("objective")?.ok_or(of)?;
        source.rest(&[], &mut left_out)?;
        if !display_name.is_empty() && display_name != objective {
            left_out.push(fields.path("displayName").into());
        }
        if inside.name != objective {
            left_out.push(inside.name_path);
        }
        budget.get_or_insert(budgeting(method, &mut fields)?);
        fields.rest(&["op", "value", "timeSliceTarget", "timeSliceWindow"], &mut left_out)?;
        members.push(Member { objective, weight });
    }
    Ok(Part {
        key: Text::default(),
        objective: ObjectiveDraft {
            indicator: Indicator::Composite { members },
            budgeting: budget.unwrap_or_default(),
            ..draft
        },
        left_out,
    })
}

fn target(fields: &mut Fields) -> Result<Target, String> {
    let share = match (fields.number("target")?, fields.number("targetPercent")?) {
        (Some(share), None) => share,
        // Shifted as a decimal, so that 99.9 is 0.999 and nothing beside it.
        (None, Some(percent)) => format!("{percent}e-2").parse().unwrap_or(percent / 100.0),
        (Some(_), Some(_)) => return Err(fields.wrong("targetPercent", "stands beside a target; give one of them")),
        (None, None) => return Err(fields.wrong("target", "is missing")),
    };
    Target::new(share).map_err(|why| fields.wrong("target", why))
}

fn budgeting(method: &Node, fields: &mut Fields) -> Result<Budgeting, String> {
    match method.text()?.as_str() {
        "Occurrences" => Ok(Budgeting::Occurrences),
        "Timeslices" => {
            let slice_target = fields.number("timeSliceTarget")?;
            let window = fields.need("timeSliceWindow")?;
            let seconds = match window.scalar()? {
                // OpenSLO: a number is of minutes.
                Scalar::Number(minutes) => Some(minutes * 60.0),
                Scalar::Text(text) => duration::parse(&text).map(|ns| ns as f64 / 1e9),
            };
            let seconds = seconds.filter(|seconds| seconds.fract() == 0.0 && (1.0..1e9).contains(seconds));
            let seconds =
                seconds.ok_or_else(|| window.wrong("has to be a number of minutes or a length such as 5m or 1h"))?;
            Ok(Budgeting::Timeslices {
                seconds: seconds as u32,
                slice_target,
            })
        }
        other => Err(method.wrong(format!("`{other}` is not known: Occurrences or Timeslices"))),
    }
}

fn window(mut fields: Fields) -> Result<Window, String> {
    let duration = fields.need("duration")?;
    let length = duration.text()?;
    let rolling = fields
        .take("isRolling")
        .map(|node| node.flag())
        .transpose()?
        .unwrap_or(false);
    let calendar = fields.take("calendar");
    let wrong = |known: &str| duration.wrong(format!("`{length}` is not known: {known}"));
    let window = if rolling {
        if let Some(calendar) = calendar {
            return Err(calendar.wrong("is not for a window that is rolling"));
        }
        let days = match length.as_str() {
            "1w" => Some(7),
            "4w" => Some(28),
            "1M" => Some(30),
            "1Q" => Some(90),
            text => text.strip_suffix('d').and_then(|days| days.parse().ok()),
        };
        let days = days.filter(|days| [7, 28, 30, 90].contains(days));
        Window::Rolling {
            days: days.ok_or_else(|| wrong("7d, 28d, 30d or 90d where it is rolling"))?,
        }
    } else {
        let unit = match length.as_str() {
            "1w" | "7d" => CalendarUnit::Week,
            "1M" => CalendarUnit::Month,
            "1Q" | "3M" => CalendarUnit::Quarter,
            _ => return Err(wrong("1w, 1M or 1Q where it is not rolling")),
        };
        let missing = fields.wrong("calendar", "is missing, and the window is not rolling");
        let mut calendar = calendar.ok_or(missing)?.fields()?;
        let zone = calendar.need("timeZone")?.text()?;
        if let Some(start) = calendar.take("startTime") {
            calendar::check_start(unit, &start.text()?).map_err(|why| start.wrong(why))?;
        }
        calendar.rest(&[], &mut Vec::new())?;
        Window::Calendar { unit, zone }
    };
    fields.rest(&[], &mut Vec::new())?;
    Ok(window)
}

/// An indicator as it is read.
struct Inside {
    name: Text,
    name_path: Text,
    spec: Fields,
}

/// The spec of an indicator. Its name says nothing that an objective has, but where it is `expected`.
fn indicator_spec(node: Node, expected: Option<&Text>, left_out: &mut Vec<Text>) -> Result<Inside, String> {
    let mut fields = node.fields()?;
    let (mut name, mut name_path) = (Text::default(), Text::default());
    if let Some(metadata) = fields.take("metadata") {
        let mut metadata = metadata.fields()?;
        name = metadata.text("name")?.unwrap_or_default();
        name_path = metadata.path("name").into();
        if expected.is_some_and(|expected| *expected != name) {
            left_out.push(name_path.clone());
        }
        metadata.rest(&["displayName", "labels", "annotations"], left_out)?;
    }
    let spec = fields.need("spec")?.fields()?;
    fields.rest(&[], left_out)?;
    Ok(Inside { name, name_path, spec })
}

/// The spec of our metric source.
fn source(metric: Node, left_out: &mut Vec<Text>) -> Result<Fields, String> {
    let mut metric = metric.fields()?;
    let mut source = metric.need("metricSource")?.fields()?;
    metric.rest(&[], left_out)?;
    let kind = source.need("type")?;
    if kind.text()? != SOURCE {
        return Err(kind.wrong(format!("has to be `{SOURCE}`; other sources are not known here")));
    }
    let spec = source.need("spec")?.fields()?;
    source.rest(&["metricSourceRef"], left_out)?;
    Ok(spec)
}

/// What is counted, and of which requests.
struct Counted {
    indicator: Indicator,
    operation: Option<Text>,
    version: Option<Text>,
    caller: Option<Text>,
}

/// Which requests a source counts.
fn requests(source: &mut Fields) -> Result<[Option<Text>; 3], String> {
    Ok([
        source.text("operation")?,
        source.text("version")?,
        source.text("caller")?,
    ])
}

fn counted(node: Node, entry: &mut Fields, name: &Text, left_out: &mut Vec<Text>) -> Result<Counted, String> {
    let neither = node.wrong("has to have either a ratioMetric or a thresholdMetric");
    let Inside { mut spec, .. } = indicator_spec(node, Some(name), left_out)?;
    let (ratio, threshold) = (spec.take("ratioMetric"), spec.take("thresholdMetric"));
    spec.rest(&["description"], left_out)?;
    let (indicator, [operation, version, caller]) = match (ratio, threshold) {
        (Some(ratio), None) => self::ratio(ratio.fields()?, left_out)?,
        (None, Some(metric)) => throughput(metric, entry, left_out)?,
        _ => return Err(neither),
    };
    Ok(Counted {
        indicator,
        operation,
        version,
        caller,
    })
}

fn ratio(mut fields: Fields, left_out: &mut Vec<Text>) -> Result<(Indicator, [Option<Text>; 3]), String> {
    if let Some(counter) = fields.take("counter").filter(|node| node.flag() != Ok(true)) {
        return Err(counter.wrong("has to be true: requests are counted"));
    }
    let differ = fields.wrong("total", "counts other requests than good");
    let mut good = source(fields.need("good")?, left_out)?;
    let mut total = source(fields.need("total")?, left_out)?;
    fields.rest(&[], left_out)?;
    let all = total.need("count")?;
    if all.text()? != "requests" {
        return Err(all.wrong("has to be `requests`"));
    }
    let of = requests(&mut good)?;
    if of != requests(&mut total)? {
        return Err(differ);
    }
    let count = good.need("count")?;
    let indicator = match count.text()?.as_str() {
        "requests-without-error" => Indicator::Availability,
        "requests-within" => {
            let within = good.need("within")?;
            let length = within.scalar()?;
            let threshold_ns = match &length {
                Scalar::Text(text) => duration::parse(text),
                Scalar::Number(_) => None,
            };
            Indicator::Latency {
                threshold_ns: threshold_ns.ok_or_else(|| within.wrong("has to be a length such as 300ms"))?,
            }
        }
        other => {
            return Err(count.wrong(format!(
                "`{other}` is not known for good: requests-without-error or requests-within"
            )));
        }
    };
    good.rest(&[], left_out)?;
    total.rest(&[], left_out)?;
    Ok((indicator, of))
}

fn throughput(
    metric: Node,
    entry: &mut Fields,
    left_out: &mut Vec<Text>,
) -> Result<(Indicator, [Option<Text>; 3]), String> {
    let mut source = source(metric, left_out)?;
    let limit = entry.need("op")?;
    let limit = match limit.text()?.as_str() {
        "gte" => Limit::AtLeast,
        "lte" => Limit::AtMost,
        other => return Err(limit.wrong(format!("`{other}` is not known for a thresholdMetric: gte or lte"))),
    };
    let per_second = entry.need("value")?.number()?;
    let count = source.need("count")?;
    if count.text()? != "requests" {
        return Err(count.wrong("has to be `requests`, of which there are so many a second"));
    }
    let of = requests(&mut source)?;
    source.rest(&[], left_out)?;
    Ok((Indicator::Throughput { limit, per_second }, of))
}
