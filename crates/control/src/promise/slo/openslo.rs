//! Objectives as OpenSLO v1 YAML: out, and in. What is counted stands in a `metricSource` of the type `Pointsman`.

mod calendar;
mod identity;
mod node;
mod read;
mod write;

use pointsman_domain::Text;
use pointsman_domain::kit::field::FieldError;
use pointsman_domain::slo::{Objective, ObjectiveDraft};
use pointsman_store::slo::objectives;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use self::read::Given;
use super::{create, replace};
use crate::access::Denial;
use crate::{Change, Problem, Promise};

const VERSION: &str = "openslo/v1";
/// The type of our metric source.
const SOURCE: &str = "Pointsman";
/// What OpenSLO has no field for.
const RUNBOOK: &str = "pointsman/runbook";
const MIN_EVENTS: &str = "pointsman/min-events";
const ABSENT: &str = "pointsman/absent-minutes";

/// A document.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Document {
    api_version: String,
    kind: String,
    metadata: Metadata,
    spec: Value,
}

#[derive(Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
struct Metadata {
    name: Text,
    #[serde(skip_serializing_if = "Text::is_empty")]
    display_name: Text,
    #[serde(skip_serializing_if = "Map::is_empty")]
    annotations: Map<String, Value>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Spec {
    #[serde(skip_serializing_if = "Text::is_empty")]
    description: Text,
    service: Text,
    #[serde(skip_serializing_if = "Option::is_none")]
    indicator: Option<IndicatorPart>,
    time_window: Vec<TimeWindow>,
    budgeting_method: String,
    objectives: Vec<Part>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct TimeWindow {
    duration: String,
    is_rolling: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    calendar: Option<Calendar>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Calendar {
    start_time: String,
    time_zone: Text,
}

/// An entry of `objectives`.
#[derive(Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
struct Part {
    #[serde(skip_serializing_if = "Text::is_empty")]
    display_name: Text,
    #[serde(skip_serializing_if = "Option::is_none")]
    op: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    value: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    target: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    target_percent: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    time_slice_target: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    time_slice_window: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    composite_weight: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    indicator: Option<IndicatorPart>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct IndicatorPart {
    metadata: Metadata,
    spec: IndicatorSpec,
}

#[derive(Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
struct IndicatorSpec {
    #[serde(skip_serializing_if = "Option::is_none")]
    ratio_metric: Option<Ratio>,
    #[serde(skip_serializing_if = "Option::is_none")]
    threshold_metric: Option<Metric>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Ratio {
    counter: bool,
    good: Metric,
    total: Metric,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Metric {
    metric_source: MetricSource,
}

#[derive(Debug, Serialize)]
struct MetricSource {
    #[serde(rename = "type")]
    kind: String,
    spec: Source,
}

/// What our metric source counts.
#[derive(Debug, Clone, Default, Serialize)]
struct Source {
    /// `requests`, `requests-without-error`, `requests-within`, or `objective`.
    count: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    within: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    operation: Option<Text>,
    #[serde(skip_serializing_if = "Option::is_none")]
    version: Option<Text>,
    #[serde(skip_serializing_if = "Option::is_none")]
    caller: Option<Text>,
    #[serde(skip_serializing_if = "Option::is_none")]
    objective: Option<Text>,
}

/// What an import did with an objective.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Imported {
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub name: Text,
    /// `made`, `changed` or `same`; `passed over: its kind is KIND` for a document that is no objective, and `not in the file` for an objective
    /// of a document's name that none of its entries is.
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub outcome: Text,
    /// What of the document was not taken over: paths of its fields.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(feature = "openapi", schema(value_type = Vec<String>))]
    pub left_out: Vec<Text>,
}

fn wrong(message: impl Into<String>) -> Problem {
    Problem::Field(FieldError {
        field: "openslo".to_owned(),
        message: message.into(),
    })
}

impl Promise<'_> {
    /// All objectives, or those of a service, as OpenSLO v1: a document each.
    pub async fn export_slos(&self, service: Option<&str>) -> Result<String, Problem> {
        self.0.may_read_of(service)?;
        let mut at = self.0.control.store.conn().await?;
        let rows = objectives::all(&mut at).await?;
        let rows = if self.0.may_read().is_ok() {
            rows
        } else {
            self.visible(&mut at, rows).await?
        };
        drop(at);
        let mut out = String::new();
        for row in rows
            .iter()
            .filter(|row| service.is_none_or(|service| row.objective.service == service))
        {
            let document = write::document(&row.objective);
            let text = serde_saphyr::to_string(&document).map_err(|error| Problem::internal(&error))?;
            out.push_str("---\n");
            out.push_str(&text);
        }
        Ok(out)
    }

    /// Makes and changes objectives by OpenSLO v1 documents; see [`import`].
    pub async fn import_slos(&self, yaml: &str, reason: &str) -> Result<Vec<Imported>, Problem> {
        self.0.transact(reason, async |change| import(change, yaml).await).await
    }
}

/// Makes and changes objectives by OpenSLO v1 documents, all of them or none; others than of the kind `SLO` are passed over, and no objective is
/// removed. By the same rules as [`super::create`] and [`super::replace`]. Errors: the first document that can't be, by its place in the file.
pub async fn import(change: &mut Change, yaml: &str) -> Result<Vec<Imported>, Problem> {
    change.use_cases().may_read()?;
    change.check_reason()?;
    let given = read::documents(yaml).map_err(wrong)?;
    let rows = objectives::all(&mut change.tx).await?;
    let known: Vec<Objective> = rows.into_iter().map(|row| row.objective).collect();
    let (mut drafts, mut done) = drafts(given, &known).map_err(wrong)?;
    // Composite ones come after what they are made of.
    drafts.sort_by_key(|draft| !draft.objective.is_counted());
    for (at, draft) in drafts.into_iter().enumerate() {
        let name = draft.objective.name.clone();
        let outcome = take_over(change, draft.objective)
            .await
            .map_err(|problem| of_document(&draft.place, problem))?;
        done.insert(
            at,
            Imported {
                name,
                outcome: outcome.into(),
                left_out: draft.left_out,
            },
        );
    }
    Ok(done)
}

/// Makes an objective what a document says; what that took.
async fn take_over(change: &mut Change, objective: Objective) -> Result<&'static str, Problem> {
    let name = objective.name.clone();
    match objectives::by_name(&mut change.tx, &name).await? {
        None => {
            create(change, objective).await?;
            Ok("made")
        }
        Some(old) if old.objective == objective => Ok("same"),
        Some(_) => {
            replace(change, &name, objective).await?;
            Ok("changed")
        }
    }
}

/// The same problem, saying which document has it.
fn of_document(place: &str, problem: Problem) -> Problem {
    match problem {
        // Of the request, not of a document.
        Problem::Field(error) if error.field == "reason" => Problem::Field(error),
        Problem::Field(error) => wrong(format!("{place}: {}: {}", error.field, error.message)),
        Problem::Missing(why) => Problem::Missing(format!("{place}: {why}")),
        Problem::Conflict(why) => Problem::Conflict(format!("{place}: {why}")),
        Problem::Denied(Denial::Forbidden(why)) => Problem::Denied(Denial::Forbidden(format!("{place}: {why}"))),
        other => other,
    }
}

/// An objective to be.
#[derive(Debug)]
struct Draft {
    /// Which document it is of, for errors.
    place: String,
    objective: Objective,
    /// What of the document was not taken over.
    left_out: Vec<Text>,
}

/// What all documents ask for, checked, and what there is to be said of the rest. Errors: a sentence with the document.
fn drafts(given: Given, known: &[Objective]) -> Result<(Vec<Draft>, Vec<Imported>), String> {
    let (mut drafts, mut said): (Vec<Draft>, Vec<Imported>) = (Vec::new(), Vec::new());
    for slo in given.slos {
        let names = identity::names(&slo, known);
        if !names.contains(&slo.name) && known.iter().any(|objective| objective.name == slo.name) {
            said.push(Imported {
                name: slo.name.clone(),
                outcome: "not in the file".into(),
                left_out: Vec::new(),
            });
        }
        let place = slo.place;
        for (part, name) in slo.parts.into_iter().zip(names) {
            let draft = ObjectiveDraft { name, ..part.objective }
                .checked()
                .map_err(|error| format!("{place}: {}: {}", error.field, error.message))?;
            if drafts.iter().any(|other| other.objective.name == draft.name) {
                return Err(format!(
                    "{place}: another document makes an objective {} as well",
                    draft.name
                ));
            }
            drafts.push(Draft {
                place: place.clone(),
                objective: draft,
                left_out: part.left_out,
            });
        }
    }
    said.extend(given.others.into_iter().map(|other| Imported {
        name: other.name,
        outcome: format!("passed over: its kind is {}", other.kind).into(),
        left_out: Vec::new(),
    }));
    Ok((drafts, said))
}

#[cfg(test)]
mod tests;
