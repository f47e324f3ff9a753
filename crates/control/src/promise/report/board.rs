//! The page of reports.

use pointsman_domain::people::Action;
use pointsman_domain::report::{ReportBoard, Sending};
use pointsman_domain::slo::ChannelKind;
use pointsman_store::slo::channels;

use crate::access::Target;
use crate::{Problem, Promise};

impl Promise<'_> {
    /// The reports that there are, and, for whom it is for, who gets them by mail.
    pub async fn report_board(&self) -> Result<ReportBoard, Problem> {
        let index = self.reports().await?;
        if self.0.may(Action::SendReports, Target::Everything).is_err() {
            return Ok(ReportBoard { index, sending: None });
        }
        let schedules = self.report_schedules().await?;
        let all = channels::all(&mut *self.0.control.store.conn().await?).await?;
        let mail = all
            .into_iter()
            .filter(|channel| matches!(channel.to, ChannelKind::Email { .. }));
        let sending = Sending {
            schedules,
            mail: mail.map(|channel| (channel.id, channel.name)).collect(),
        };
        Ok(ReportBoard {
            index,
            sending: Some(sending),
        })
    }
}
