//! Who gets reports by mail. For managers and admins.

use pointsman_domain::people::Action;
use pointsman_domain::report::{Schedule, ScheduleForm};
use pointsman_domain::slo::{ChannelKind, Level};
use pointsman_store::people::teams;
use pointsman_store::report::schedules;
use pointsman_store::slo::channels;
use serde_json::{Value, json};

use crate::access::Target;
use crate::slo::wrong;
use crate::{Desk, Problem, period};

impl Desk {
    /// All schedules, by the channel's name.
    pub async fn report_schedules(&self) -> Result<Vec<Schedule>, Problem> {
        self.may(Action::SendReports, Target::Everything)?;
        Ok(schedules::all(&mut *self.store.conn().await?).await?)
    }

    /// Sends reports to a channel that is mail from now on: the first is that of the period that runs.
    pub async fn schedule_report(&self, form: ScheduleForm, reason: &str) -> Result<Schedule, Problem> {
        let target = format!("channel {}", form.channel);
        let change = self.change(Action::SendReports, &target).await?;
        let mut change = change.ask_because(Target::Everything, reason).await?;
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
        let now_ns = Level::Minute.floor(self.clock.now_ns());
        let zone = period::known_zone(self.report_zone());
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
        change.done(detail, Value::Null, json!(schedule)).await?;
        Ok(schedule)
    }

    /// Sends no more reports by this schedule.
    pub async fn end_schedule(&self, id: i64, reason: &str) -> Result<(), Problem> {
        let change = self.change(Action::SendReports, &format!("schedule {id}")).await?;
        let mut change = change.ask_because(Target::Everything, reason).await?;
        let all = schedules::all(&mut change.tx).await?;
        let Some(schedule) = all.into_iter().find(|one| one.id == id) else {
            return Err(Problem::Missing(format!("There is no schedule {id}.")));
        };
        schedules::delete(&mut change.tx, id).await?;
        let detail = format!("sends no more reports to {}", schedule.channel_name);
        change.done(detail, json!(schedule), Value::Null).await
    }
}
