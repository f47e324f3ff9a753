//! Time that does not count: maintenance and the like. What was counted in it is counted again without it, at once.

use pointsman_domain::people::Action;
use pointsman_domain::slo::{Exclusion, ExclusionForm, Level};
use pointsman_domain::telemetry::UnixNanos;
use pointsman_domain::time::{TimeRange, parse_moment};
use pointsman_store::slo::{self, exclusions};
use serde_json::{Value, json};

use super::alerts::of_what;
use super::wrong;
use crate::{Change, Problem, Promise};

const DAY_NS: u64 = 86_400 * 1_000_000_000;
/// The longest exclusion.
const MAX_NS: u64 = 14 * DAY_NS;
/// How far ahead one can begin.
const AHEAD_NS: u64 = 366 * DAY_NS;

impl Promise<'_> {
    /// All exclusions that the caller may see, oldest first.
    pub async fn exclusions(&self) -> Result<Vec<Exclusion>, Problem> {
        self.0.may_read()?;
        Ok(exclusions::all(&mut *self.0.control.store.conn().await?).await?)
    }

    /// Leaves time out of the figures of a service or an objective; see [`begin`].
    pub async fn exclude(&self, form: &ExclusionForm) -> Result<Exclusion, Problem> {
        self.0
            .transact(&form.reason, async |change| begin(change, form).await)
            .await
    }

    /// Takes time in again; see [`end`].
    pub async fn end_exclusion(&self, id: i64, reason: &str) -> Result<(), Problem> {
        self.0.transact(reason, async |change| end(change, id).await).await
    }
}

/// Leaves time out of the figures of a service or an objective, for the change's reason. For the engineers of the team that owns the service,
/// and admins.
pub async fn begin(change: &mut Change, form: &ExclusionForm) -> Result<Exclusion, Problem> {
    let (service, objective) = of_what(change, &form.service, &form.objective).await?;
    let allowed = change
        .ask_for_service(Action::EditExclusion, &form.service, &service)
        .await?;
    let now_ns = change.now_ns();
    let range = excluded_range(form, oldest(change), now_ns)?;
    let (id, name) = objective.unzip();
    let mut exclusion = Exclusion {
        id: 0,
        service,
        objective: name,
        from_ns: range.from_ns,
        to_ns: range.to_ns,
        reason: change.reason().clone(),
        by: change.caller().named().1,
    };
    exclusion.id = exclusions::insert(&mut change.tx, &exclusion, id, now_ns).await?;
    slo::recount_excluded(&mut change.tx, &exclusion, now_ns).await?;
    let detail = format!("left time out of the figures of {}", what(&exclusion));
    change.note(allowed, detail, Value::Null, json!(exclusion));
    Ok(exclusion)
}

/// Takes time in again. For whom could leave it out.
pub async fn end(change: &mut Change, id: i64) -> Result<(), Problem> {
    let all = exclusions::all(&mut change.tx).await?;
    let Some(exclusion) = all.into_iter().find(|one| one.id == id) else {
        change.use_cases().may_read()?;
        return Err(Problem::Missing(format!("There is no exclusion {id}.")));
    };
    let allowed = change
        .ask_for_service(Action::EditExclusion, &format!("exclusion {id}"), &exclusion.service)
        .await?;
    if exclusion.from_ns < oldest(change) {
        return Err(Problem::Conflict(
            "What was counted without it can't be counted again: the figures by the minute are no longer kept."
                .to_owned(),
        ));
    }
    exclusions::delete(&mut change.tx, id).await?;
    let now_ns = change.now_ns();
    slo::recount_excluded(&mut change.tx, &exclusion, now_ns).await?;
    let detail = format!("took time into the figures of {} again", what(&exclusion));
    change.note(allowed, detail, json!(exclusion), Value::Null);
    Ok(())
}

/// From when on figures by the minute are kept.
fn oldest(change: &Change) -> UnixNanos {
    let kept = change.control().store.retention().rollup_minute.as_nanos() as u64;
    change.now_ns().saturating_sub(kept)
}

/// Whole minutes, none of them before `oldest_ns`.
fn excluded_range(form: &ExclusionForm, oldest_ns: UnixNanos, now_ns: UnixNanos) -> Result<TimeRange, Problem> {
    let moment = |field: &str, text: &str| parse_moment(text.trim()).or_else(|error| wrong(field, error.to_string()));
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
    if range.from_ns < oldest_ns {
        return wrong(
            "from",
            "is so long ago that the figures by the minute are no longer kept",
        );
    }
    if range.from_ns > now_ns + AHEAD_NS {
        return wrong("from", "is at most a year ahead");
    }
    Ok(range)
}

fn what(exclusion: &Exclusion) -> &str {
    exclusion.objective.as_deref().unwrap_or(&exclusion.service)
}
