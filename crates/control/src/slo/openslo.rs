//! Objectives as OpenSLO v1 YAML: out, and in. What is counted stands in a `metricSource` of the type `Pointsman`.

mod read;
mod write;

use pointsman_domain::Text;
use pointsman_domain::query::FieldError;
use pointsman_domain::slo::Objective;
use pointsman_store::slo::objectives;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::{Desk, Problem};

const VERSION: &str = "openslo/v1";
/// The type of our metric source.
const SOURCE: &str = "Pointsman";
/// What OpenSLO has no field for.
const RUNBOOK: &str = "pointsman/runbook";
const MIN_EVENTS: &str = "pointsman/min-events";
const ABSENT: &str = "pointsman/absent-minutes";

/// A document.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Document {
    api_version: String,
    kind: String,
    metadata: Metadata,
    #[serde(default)]
    spec: Value,
}

#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Metadata {
    name: Text,
    #[serde(default, skip_serializing_if = "Text::is_empty")]
    display_name: Text,
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    annotations: Map<String, Value>,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Spec {
    #[serde(default, skip_serializing_if = "Text::is_empty")]
    description: Text,
    service: Text,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    indicator: Option<IndicatorPart>,
    #[serde(default)]
    time_window: Vec<TimeWindow>,
    budgeting_method: String,
    objectives: Vec<Part>,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct TimeWindow {
    duration: String,
    #[serde(default)]
    is_rolling: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    calendar: Option<Calendar>,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Calendar {
    start_time: String,
    time_zone: Text,
}

/// An entry of `objectives`.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Part {
    #[serde(default, skip_serializing_if = "Text::is_empty")]
    display_name: Text,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    op: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    value: Option<f64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    target: Option<f64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    target_percent: Option<f64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    time_slice_target: Option<f64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    time_slice_window: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    composite_weight: Option<f64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    indicator: Option<IndicatorPart>,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct IndicatorPart {
    metadata: Metadata,
    spec: IndicatorSpec,
}

#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct IndicatorSpec {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    ratio_metric: Option<Ratio>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    threshold_metric: Option<Metric>,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Ratio {
    #[serde(default)]
    counter: bool,
    good: Metric,
    total: Metric,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Metric {
    metric_source: MetricSource,
}

#[derive(Debug, Serialize, Deserialize)]
struct MetricSource {
    #[serde(rename = "type")]
    kind: String,
    spec: Source,
}

/// What our metric source counts.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Source {
    /// `requests`, `requests-without-error`, `requests-within`, or `objective`.
    count: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    within: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    operation: Option<Text>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    version: Option<Text>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    caller: Option<Text>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    objective: Option<Text>,
}

/// What an import did with an objective.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Imported {
    /// Its name.
    pub name: Text,
    /// `made`, `changed` or `same`.
    pub outcome: Text,
}

fn wrong(message: impl Into<String>) -> Problem {
    Problem::Field(FieldError {
        field: "openslo".to_owned(),
        message: message.into(),
    })
}

impl Desk {
    /// All objectives, or those of a service, as OpenSLO v1: a document each.
    pub async fn export_slos(&self, service: Option<&str>) -> Result<String, Problem> {
        self.may_read_of(service)?;
        let mut at = self.store.conn().await?;
        let rows = objectives::all(&mut at).await?;
        let rows = if self.may_read().is_ok() {
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
            let text = serde_norway::to_string(&document).map_err(|error| Problem::internal(&error))?;
            out.push_str("---\n");
            out.push_str(&text);
        }
        Ok(out)
    }

    /// Makes and changes objectives by OpenSLO v1 documents; others than of the kind `SLO` are passed over. All of them are read and checked
    /// before the first is made. By the same rules as [`Desk::create_slo`] and [`Desk::edit_slo`].
    pub async fn import_slos(&self, yaml: &str, reason: &str) -> Result<Vec<Imported>, Problem> {
        self.may_read()?;
        let mut drafts: Vec<Objective> = Vec::new();
        for draft in read::documents(yaml).map_err(wrong)? {
            drafts.push(draft.checked()?);
        }
        // Composite ones come after what they are made of.
        drafts.sort_by_key(|draft| !draft.is_counted());
        let mut done = Vec::new();
        for draft in drafts {
            let name = draft.name.clone();
            let old = objectives::by_name(&mut *self.store.conn().await?, &name).await?;
            let outcome = match old {
                None => {
                    self.create_slo(draft, reason).await?;
                    "made"
                }
                Some(old) if old.objective == draft => "same",
                Some(_) => {
                    self.edit_slo(&name, draft, reason).await?;
                    "changed"
                }
            };
            done.push(Imported {
                name,
                outcome: outcome.into(),
            });
        }
        Ok(done)
    }
}

#[cfg(test)]
mod tests;
