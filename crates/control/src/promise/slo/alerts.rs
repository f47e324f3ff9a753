//! Alerts and what people do about them: look, acknowledge, silence.

use pointsman_domain::Text;
use pointsman_domain::kit::name;
use pointsman_domain::people::Action;
use pointsman_domain::slo::{Alert, AlertQuery, Alerts, ObjectiveDraft, Silence, SilenceForm};
use pointsman_store::slo::alerts::{self, AlertFilter};
use pointsman_store::slo::silences;
use serde_json::{Value, json};

use super::{locked, wrong};
use crate::access::Target;
use crate::{Change, Problem, Promise};

/// How many alerts a page has.
const PAGE: usize = 100;
const MINUTE_NS: u64 = 60 * 1_000_000_000;
/// The longest silence: 30 days.
const MAX_MINUTES: u32 = 30 * 1440;

fn filled(text: &str) -> Option<&str> {
    Some(text).filter(|text| !text.is_empty())
}

impl Promise<'_> {
    /// Alerts that meet a query, newest first, and the silences that hold.
    pub async fn alerts(&self, query: &AlertQuery) -> Result<Alerts, Problem> {
        let service = filled(&query.service);
        self.0.may_read_of(service)?;
        let firing = match query.state.as_str() {
            "" | "all" => false,
            "firing" => true,
            other => {
                return wrong("state", format!("`{other}` is neither `firing` nor `all`"));
            }
        };
        let filter = AlertFilter {
            firing,
            objective: filled(&query.objective),
            service,
            before: query.before,
            ..AlertFilter::default()
        };
        let mut at = self.0.snapshot().await?;
        let mut found = alerts::page(&mut at, filter, PAGE as i64 + 1).await?;
        let more = found.len() > PAGE;
        found.truncate(PAGE);
        let mut silences = silences::current(&mut at, self.0.control.clock.now_ns()).await?;
        silences.retain(|silence| service.is_none_or(|service| silence.service == service));
        let alerts: Vec<Alert> = found.into_iter().map(|row| row.alert).collect();
        Ok(Alerts {
            next_before: alerts.last().filter(|_| more).map(|alert| alert.id),
            alerts,
            silences,
        })
    }

    /// Says that the caller looks at an alert; see [`acknowledge`].
    pub async fn acknowledge(&self, id: i64) -> Result<Alert, Problem> {
        self.0.transact("", async |change| acknowledge(change, id).await).await
    }

    /// Silences the alerts of a service or an objective; see [`silence`].
    pub async fn silence(&self, form: &SilenceForm) -> Result<Silence, Problem> {
        self.0
            .transact(&form.reason, async |change| silence(change, form).await)
            .await
    }

    /// Ends a silence before its time; see [`end_silence`].
    pub async fn end_silence(&self, id: i64, reason: &str) -> Result<(), Problem> {
        self.0
            .transact(reason, async |change| end_silence(change, id).await)
            .await
    }
}

/// Says that the caller looks at an alert. For engineers and admins; the first one counts. It takes no reason.
pub async fn acknowledge(change: &mut Change, id: i64) -> Result<Alert, Problem> {
    let Some(row) = alerts::lock(&mut change.tx, id).await? else {
        change.use_cases().may_read()?;
        return Err(Problem::Missing(format!("There is no alert {id}.")));
    };
    let alert = row.alert;
    let target = Target::Service {
        name: &alert.service,
        owner: None,
    };
    let allowed = change.ask(Action::AckAlert, &format!("alert {id}"), target)?;
    if let Some(by) = &alert.acked_by {
        return Err(Problem::Conflict(format!("{by} has acknowledged it already.")));
    }
    if alert.resolved_ns.is_some() {
        return Err(Problem::Conflict("It is over.".to_owned()));
    }
    let (by, now_ns) = (change.caller().named().1, change.now_ns());
    alerts::acknowledge(&mut change.tx, id, &by, now_ns).await?;
    let detail = format!("acknowledged the {} of {}", alert.rule, alert.objective);
    change.note(allowed, detail, Value::Null, json!({ "acked_by": by }));
    Ok(Alert {
        acked_ns: Some(now_ns),
        acked_by: Some(by),
        ..alert
    })
}

/// Silences the alerts of a service or an objective until a moment, for the change's reason. For the engineers of the team that owns the
/// service, and admins. Alerts still open and end, but nobody is called.
pub async fn silence(change: &mut Change, form: &SilenceForm) -> Result<Silence, Problem> {
    let (service, objective) = of_what(change, &form.service, &form.objective).await?;
    let allowed = change.ask_for_service(Action::Silence, &form.service, &service).await?;
    if !(1..=MAX_MINUTES).contains(&form.minutes) {
        return wrong("minutes", format!("are 1 to {MAX_MINUTES}"));
    }
    let from_ns = change.now_ns();
    let mut silence = Silence {
        id: 0,
        service,
        objective: objective.map(|(_, name)| name),
        reason: change.reason().clone(),
        by: change.caller().named().1,
        from_ns,
        until_ns: from_ns + u64::from(form.minutes) * MINUTE_NS,
    };
    silence.id = silences::insert(&mut change.tx, &silence).await?;
    let what = silence.objective.as_ref().unwrap_or(&silence.service);
    let detail = format!("silenced {what} for {} min", form.minutes);
    change.note(allowed, detail, Value::Null, json!(silence));
    Ok(silence)
}

/// Ends a silence before its time. For whom could make it.
pub async fn end_silence(change: &mut Change, id: i64) -> Result<(), Problem> {
    let now_ns = change.now_ns();
    let current = silences::current(&mut change.tx, now_ns).await?;
    let Some(silence) = current.into_iter().find(|silence| silence.id == id) else {
        change.use_cases().may_read()?;
        return Err(Problem::Missing(format!("There is no silence {id}.")));
    };
    let allowed = change
        .ask_for_service(Action::Silence, &format!("silence {id}"), &silence.service)
        .await?;
    silences::end(&mut change.tx, id, now_ns).await?;
    let what = silence.objective.as_ref().unwrap_or(&silence.service);
    let detail = format!("ended the silence of {what}");
    change.note(allowed, detail, json!(silence), Value::Null);
    Ok(())
}

/// What a form is about: a service, or an objective and its service.
pub(super) async fn of_what(
    change: &mut Change,
    service: &str,
    objective: &str,
) -> Result<(Text, Option<(i32, Text)>), Problem> {
    match filled(objective) {
        Some(name) => {
            let row = locked(change, name).await?;
            let ObjectiveDraft { service, name, .. } = row.objective.into();
            Ok((service, Some((row.id, name))))
        }
        None => Ok((name::service_name(service)?, None)),
    }
}
