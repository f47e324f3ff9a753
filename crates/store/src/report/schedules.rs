//! Who gets reports by mail.

use pointsman_domain::period::PeriodLabel;
use pointsman_domain::report::{Schedule, ScheduleForm};

use crate::error::StoreError;

/// All schedules, by the channel's name.
pub async fn all(conn: &mut crate::Connection) -> Result<Vec<Schedule>, StoreError> {
    let rows = sqlx::query!(
        "SELECT s.id, s.channel, c.name, s.team, s.next FROM report_schedule AS s JOIN channel AS c ON c.id = s.channel
        ORDER BY c.name, s.id"
    )
    .fetch_all(conn)
    .await?;
    rows.into_iter()
        .map(|row| {
            let next: PeriodLabel = row.next.parse().map_err(StoreError::corrupt)?;
            Ok(Schedule {
                id: row.id,
                channel: row.channel,
                channel_name: row.name.into(),
                team: row.team.map(Into::into),
                unit: next.unit(),
                next,
            })
        })
        .collect()
}

/// Adds a schedule; its number. Errors: [`crate::Conflict::Schedule`], [`crate::Conflict::NoTeam`].
pub async fn insert(conn: &mut crate::Connection, form: &ScheduleForm, next: PeriodLabel) -> Result<i64, StoreError> {
    let team = Some(form.team.as_str()).filter(|team| !team.is_empty());
    let id = sqlx::query_scalar!(
        "INSERT INTO report_schedule (channel, team, next) VALUES ($1, $2, $3) RETURNING id",
        form.channel,
        team,
        next.to_string()
    )
    .fetch_one(conn)
    .await?;
    Ok(id)
}

/// This one is the next that is to be sent.
pub async fn set_next(conn: &mut crate::Connection, id: i64, next: PeriodLabel) -> Result<(), StoreError> {
    sqlx::query!(
        "UPDATE report_schedule SET next = $2 WHERE id = $1",
        id,
        next.to_string()
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Removes a schedule.
pub async fn delete(conn: &mut crate::Connection, id: i64) -> Result<(), StoreError> {
    sqlx::query!("DELETE FROM report_schedule WHERE id = $1", id)
        .execute(conn)
        .await?;
    Ok(())
}
