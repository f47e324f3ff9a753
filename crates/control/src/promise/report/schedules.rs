//! Who gets reports by mail. For managers and admins.

use pointsman_domain::people::Action;
use pointsman_domain::report::{Schedule, ScheduleForm};
use pointsman_domain::slo::{ChannelKind, Level};
use pointsman_store::people::teams;
use pointsman_store::report::schedules;
use pointsman_store::slo::channels;
use serde_json::{Value, json};

use crate::access::Target;
use crate::promise::period;
use crate::promise::slo::wrong;
use crate::{Change, Problem, Promise};

impl Promise<'_> {
    /// All schedules, by the channel's name.
    pub async fn report_schedules(&self) -> Result<Vec<Schedule>, Problem> {
        self.0.may(Action::SendReports, Target::Everything)?;
        Ok(schedules::all(&mut *self.0.control.store.conn().await?).await?)
    }

    /// Sends reports to a channel that is mail from now on; see [`begin`].
    pub async fn schedule_report(&self, form: ScheduleForm, reason: &str) -> Result<Schedule, Problem> {
        self.0.transact(reason, async |change| begin(change, form).await).await
    }

    /// Sends no more reports by this schedule; see [`end`].
    pub async fn end_schedule(&self, id: i64, reason: &str) -> Result<(), Problem> {
        self.0.transact(reason, async |change| end(change, id).await).await
    }
}

/// Sends reports to a channel that is mail from now on: the first is that of the period that runs.
pub async fn begin(change: &mut Change, form: ScheduleForm) -> Result<Schedule, Problem> {
    let target = format!("channel {}", form.channel);
    let allowed = change.ask_because(Action::SendReports, &target, Target::Everything)?;
    let form = form.checked()?;
    let all = channels::all(&mut change.tx).await?;
    let Some(channel) = all.into_iter().find(|channel| channel.id == form.channel) else {
        return wrong("channel", "is the number of one that there is");
    };
    if !matches!(channel.to, ChannelKind::Email { .. }) {
        return wrong(
            "channel",
            format!("{} is not mail: reports are sent by mail", channel.name),
        );
    }
    if !form.team.is_empty() && teams::by_name(&mut change.tx, &form.team).await?.is_none() {
        return wrong("team", format!("there is no team {}", form.team));
    }
    let now_ns = Level::Minute.floor(change.now_ns());
    let zone = period::known_zone(change.control().report_zone());
    let Some(next) = period::at(form.unit, &zone, now_ns) else {
        return wrong("unit", "is month or quarter");
    };
    let id = schedules::insert(&mut change.tx, &form, next).await?;
    let schedule = Schedule {
        id,
        channel: channel.id,
        channel_name: channel.name.clone(),
        team: Some(form.team).filter(|team| !team.is_empty()),
        unit: form.unit,
        next,
    };
    let detail = format!("sends reports to {}", channel.name);
    change.note(allowed, detail, Value::Null, json!(schedule));
    Ok(schedule)
}

/// Sends no more reports by this schedule.
pub async fn end(change: &mut Change, id: i64) -> Result<(), Problem> {
    let allowed = change.ask_because(Action::SendReports, &format!("schedule {id}"), Target::Everything)?;
    let all = schedules::all(&mut change.tx).await?;
    let Some(schedule) = all.into_iter().find(|one| one.id == id) else {
        return Err(Problem::Missing(format!("There is no schedule {id}.")));
    };
    schedules::delete(&mut change.tx, id).await?;
    let detail = format!("sends no more reports to {}", schedule.channel_name);
    change.note(allowed, detail, json!(schedule), Value::Null);
    Ok(())
}
