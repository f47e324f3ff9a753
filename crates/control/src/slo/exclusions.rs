//! Time that does not count: maintenance and the like. What was counted in it is counted again without it, at once.

use pointsman_domain::people::{Action, form};
use pointsman_domain::slo::{Exclusion, ExclusionForm, Level};
use pointsman_domain::time::{TimeRange, parse_moment};
use pointsman_store::slo::{self, exclusions};
use serde_json::{Value, json};

use super::wrong;
use crate::{Desk, Problem};

const DAY_NS: u64 = 86_400 * 1_000_000_000;
/// The longest exclusion.
const MAX_NS: u64 = 14 * DAY_NS;
/// How far ahead one can begin.
const AHEAD_NS: u64 = 366 * DAY_NS;

impl Desk {
    /// All exclusions that the caller may see, oldest first.
    pub async fn exclusions(&self) -> Result<Vec<Exclusion>, Problem> {
        self.may_read()?;
        Ok(exclusions::all(&mut *self.store.conn().await?).await?)
    }

    /// Leaves time out of the figures of a service or an objective. For the engineers of the team that owns the service, and admins.
    pub async fn exclude(&self, form: &ExclusionForm) -> Result<Exclusion, Problem> {
        let mut change = self.change(Action::EditExclusion, &form.service).await?;
        let (service, objective) = self.of_what(&mut change.tx, &form.service, &form.objective).await?;
        let mut change = change.ask_for_service(&service, &form.reason).await?;
        let range = self.excluded_range(form)?;
        let (id, name) = objective.unzip();
        let mut exclusion = Exclusion {
            id: 0,
            service,
            objective: name,
            from_ns: range.from_ns,
            to_ns: range.to_ns,
            reason: form::reason(&form.reason)?.into(),
            by: self.caller().named().1,
        };
        exclusion.id = exclusions::insert(&mut change.tx, &exclusion, id, self.clock.now_ns()).await?;
        slo::recount_excluded(&mut change.tx, &exclusion, self.clock.now_ns()).await?;
        let detail = format!("left time out of the figures of {}", what(&exclusion));
        change.done(detail, Value::Null, json!(exclusion)).await?;
        Ok(exclusion)
    }

    /// Takes time in again. For whom could leave it out.
    pub async fn end_exclusion(&self, id: i64, reason: &str) -> Result<(), Problem> {
        let mut change = self.change(Action::EditExclusion, &format!("exclusion {id}")).await?;
        let all = exclusions::all(&mut change.tx).await?;
        let Some(exclusion) = all.into_iter().find(|one| one.id == id) else {
            self.may_read()?;
            return Err(Problem::Missing(format!("There is no exclusion {id}.")));
        };
        let mut change = change.ask_for_service(&exclusion.service, reason).await?;
        if exclusion.from_ns < self.oldest() {
            return Err(Problem::Conflict(
                "What was counted without it can't be counted again: the figures by the minute are gone.".to_owned(),
            ));
        }
        exclusions::delete(&mut change.tx, id).await?;
        slo::recount_excluded(&mut change.tx, &exclusion, self.clock.now_ns()).await?;
        let detail = format!("took time into the figures of {} again", what(&exclusion));
        change.done(detail, json!(exclusion), Value::Null).await
    }

    /// From when on figures by the minute are kept.
    fn oldest(&self) -> u64 {
        let kept = self.store.retention().rollup_minute.as_nanos() as u64;
        self.clock.now_ns().saturating_sub(kept)
    }

    fn excluded_range(&self, form: &ExclusionForm) -> Result<TimeRange, Problem> {
        let moment =
            |field: &str, text: &str| parse_moment(text.trim()).or_else(|error| wrong(field, error.to_string()));
        let (from_ns, to_ns) = (moment("from", &form.from)?, moment("to", &form.to)?);
        let range = TimeRange {
            from_ns: Level::Minute.floor(from_ns),
            to_ns: Level::Minute.ceil(to_ns),
        };
        if range.to_ns <= range.from_ns {
            return wrong("to", "is after the beginning");
        }
        if range.length_ns() > MAX_NS {
            return wrong("to", "is at most 14 days after the beginning");
        }
        if range.from_ns < self.oldest() {
            return wrong("from", "is so long ago that the figures by the minute are gone");
        }
        if range.from_ns > self.clock.now_ns() + AHEAD_NS {
            return wrong("from", "is at most a year ahead");
        }
        Ok(range)
    }
}

fn what(exclusion: &Exclusion) -> &str {
    exclusion.objective.as_deref().unwrap_or(&exclusion.service)
}
