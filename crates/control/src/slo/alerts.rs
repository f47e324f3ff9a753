//! Alerts and what people do about them: look, acknowledge, silence.

use pointsman_domain::Text;
use pointsman_domain::people::{Action, form};
use pointsman_domain::slo::{Alert, AlertQuery, Alerts, ObjectiveDraft, Silence, SilenceForm};
use pointsman_store::slo::alerts::{self, AlertFilter};
use pointsman_store::slo::silences;
use serde_json::{Value, json};

use super::{locked, wrong};
use crate::access::Target;
use crate::{Desk, Problem};

/// How many alerts a page has.
const PAGE: usize = 100;
const MINUTE_NS: u64 = 60 * 1_000_000_000;
/// The longest silence: 30 days.
const MAX_MINUTES: u32 = 30 * 1440;

fn filled(text: &str) -> Option<&str> {
    Some(text).filter(|text| !text.is_empty())
}

impl Desk {
    /// Alerts that meet a query, newest first, and the silences that hold.
    pub async fn alerts(&self, query: &AlertQuery) -> Result<Alerts, Problem> {
        let service = filled(&query.service);
        self.may_read_of(service)?;
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
        let mut at = self.snapshot().await?;
        let mut found = alerts::page(&mut at, filter, PAGE as i64 + 1).await?;
        let more = found.len() > PAGE;
        found.truncate(PAGE);
        let mut silences = silences::current(&mut at, self.clock.now_ns()).await?;
        silences.retain(|silence| service.is_none_or(|service| silence.service == service));
        let alerts: Vec<Alert> = found.into_iter().map(|row| row.alert).collect();
        Ok(Alerts {
            next_before: alerts.last().filter(|_| more).map(|alert| alert.id),
            alerts,
            silences,
        })
    }

    /// Says that the caller looks at an alert. For engineers and admins; the first one counts.
    pub async fn acknowledge(&self, id: i64) -> Result<Alert, Problem> {
        let mut change = self.change(Action::AckAlert, &format!("alert {id}")).await?;
        let Some(row) = alerts::lock(&mut change.tx, id).await? else {
            self.may_read()?;
            return Err(Problem::Missing(format!("There is no alert {id}.")));
        };
        let alert = row.alert;
        let mut change = change
            .of_service(&alert.service)
            .ask(Target::Service {
                name: &alert.service,
                owner: None,
            })
            .await?;
        if let Some(by) = &alert.acked_by {
            return Err(Problem::Conflict(format!("{by} has acknowledged it already.")));
        }
        if alert.resolved_ns.is_some() {
            return Err(Problem::Conflict("It is over.".to_owned()));
        }
        let (by, now_ns) = (self.caller().named().1, self.clock.now_ns());
        alerts::acknowledge(&mut change.tx, id, &by, now_ns).await?;
        let detail = format!("acknowledged the {} of {}", alert.rule, alert.objective);
        change.done(detail, Value::Null, json!({ "acked_by": by })).await?;
        Ok(Alert {
            acked_ns: Some(now_ns),
            acked_by: Some(by),
            ..alert
        })
    }

    /// Silences the alerts of a service or an objective until a moment. For the engineers of the team that owns the service, and
    /// admins. Alerts still open and end, but nobody is called.
    pub async fn silence(&self, form: &SilenceForm) -> Result<Silence, Problem> {
        let mut change = self.change(Action::Silence, &form.service).await?;
        let (service, objective) = self.of_what(&mut change.tx, &form.service, &form.objective).await?;
        let mut change = change.ask_for_service(&service, &form.reason).await?;
        if !(1..=MAX_MINUTES).contains(&form.minutes) {
            return wrong("minutes", format!("are 1 to {MAX_MINUTES}"));
        }
        let from_ns = self.clock.now_ns();
        let mut silence = Silence {
            id: 0,
            service,
            objective: objective.map(|(_, name)| name),
            reason: form::reason(&form.reason)?.into(),
            by: self.caller().named().1,
            from_ns,
            until_ns: from_ns + u64::from(form.minutes) * MINUTE_NS,
        };
        silence.id = silences::insert(&mut change.tx, &silence).await?;
        let what = silence.objective.as_ref().unwrap_or(&silence.service);
        let detail = format!("silenced {what} for {} min", form.minutes);
        change.done(detail, Value::Null, json!(silence)).await?;
        Ok(silence)
    }

    /// Ends a silence before its time. For whom could make it.
    pub async fn end_silence(&self, id: i64, reason: &str) -> Result<(), Problem> {
        let mut change = self.change(Action::Silence, &format!("silence {id}")).await?;
        let now_ns = self.clock.now_ns();
        let current = silences::current(&mut change.tx, now_ns).await?;
        let Some(silence) = current.into_iter().find(|silence| silence.id == id) else {
            self.may_read()?;
            return Err(Problem::Missing(format!("There is no silence {id}.")));
        };
        let mut change = change.ask_for_service(&silence.service, reason).await?;
        silences::end(&mut change.tx, id, now_ns).await?;
        let what = silence.objective.as_ref().unwrap_or(&silence.service);
        let detail = format!("ended the silence of {what}");
        change.done(detail, json!(silence), Value::Null).await
    }

    /// What a form is about: a service, or an objective and its service.
    pub(super) async fn of_what(
        &self,
        tx: &mut pointsman_store::Tx,
        service: &str,
        objective: &str,
    ) -> Result<(Text, Option<(i32, Text)>), Problem> {
        match filled(objective) {
            Some(name) => {
                let row = locked(self, tx, name).await?;
                let ObjectiveDraft { service, name, .. } = row.objective.into();
                Ok((service, Some((row.id, name))))
            }
            None => Ok((form::service_name(service)?, None)),
        }
    }
}
