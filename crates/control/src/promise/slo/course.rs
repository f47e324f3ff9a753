//! What was counted of an objective in the time range of a page.

use pointsman_domain::rollup::SECOND_NS;
use pointsman_domain::slo::{Count, Level, SloCourse};
use pointsman_domain::time::{RangeSpec, TimeRange};
use pointsman_store::slo::{exclusions, objectives};

use super::counts::countable;
use super::pieces;
use crate::{Problem, Promise};

/// Up to this length a range is told by the minute: 6 h.
const BY_MINUTE_NS: u64 = 6 * 3600 * SECOND_NS;
/// Up to this length by the hour: 14 days.
const BY_HOUR_NS: u64 = 14 * 86_400 * SECOND_NS;
/// The most pieces: a year of days.
const MOST: u64 = 366;

impl Promise<'_> {
    /// What was counted of an objective in a range, by the minute, the hour or the day. `None` where there is no such objective, or it is
    /// made of others.
    pub async fn slo_course(&self, name: &str, range: RangeSpec) -> Result<Option<SloCourse>, Problem> {
        let mut at = self.0.snapshot().await?;
        let Some(row) = objectives::by_name(&mut at, name).await? else {
            self.0.may_read()?;
            return Ok(None);
        };
        self.may_read_objective(&mut at, &row.objective).await?;
        if !row.objective.is_counted() {
            return Ok(None);
        }
        let now_ns = self.0.control.clock.now_ns();
        let range = range.resolve(now_ns);
        let level = match range.length_ns() {
            length if length <= BY_MINUTE_NS => Level::Minute,
            length if length <= BY_HOUR_NS => Level::Hour,
            _ => Level::Day,
        };
        let to_ns = level.ceil(range.to_ns);
        let earliest_ns = to_ns.saturating_sub(MOST * level.ns());
        let range = TimeRange {
            from_ns: level.floor(range.from_ns).max(earliest_ns),
            to_ns,
        };
        let mut counts = vec![Count::default(); (range.length_ns() / level.ns()) as usize];
        if let Some(counted) = countable(&row.objective, range, now_ns) {
            let excluded = exclusions::of(&exclusions::all(&mut at).await?, &row.objective);
            let pieces = pieces::read(&mut at, &row, counted, level, &excluded).await?;
            for (count, piece) in counts.iter_mut().zip(pieces) {
                *count = piece.count;
            }
        }
        Ok(Some(SloCourse {
            start_ns: range.from_ns,
            step_ns: level.ns(),
            counts,
        }))
    }
}
