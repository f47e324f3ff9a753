//! Writes notices of alerts into the outbox: of a beginning to every channel that wants it, of an end to those that were told of the
//! beginning.

use std::collections::HashMap;

use pointsman_domain::Text;
use pointsman_domain::slo::{Alert, AlertSeverity, Notice, NoticeEvent, Objective};
use pointsman_domain::telemetry::UnixNanos;
use pointsman_domain::time::format_moment;
use pointsman_store::people::services;
use pointsman_store::slo::channels::Recipient;
use pointsman_store::slo::{alerts, channels, outbox};
use pointsman_store::{StoreError, Tx};

/// How much of the time around an alert a link shows.
const AROUND_NS: u64 = 3600 * 1_000_000_000;

/// Writes notices in somebody's transaction.
pub(crate) struct Notifier<'p> {
    channels: Vec<Recipient>,
    owners: HashMap<Text, Option<Text>>,
    public_url: Option<&'p str>,
    now_ns: UnixNanos,
}

impl<'p> Notifier<'p> {
    /// Knows the channels as they are now.
    pub(crate) async fn read(tx: &mut Tx, public_url: Option<&'p str>, now_ns: UnixNanos) -> Result<Self, StoreError> {
        Ok(Self {
            channels: channels::recipients(tx).await?,
            owners: HashMap::new(),
            public_url,
            now_ns,
        })
    }

    /// Tells every channel that wants it that an alert began.
    pub(crate) async fn began(&mut self, tx: &mut Tx, objective: &Objective, alert: &Alert) -> Result<(), StoreError> {
        if self.channels.is_empty() {
            return Ok(());
        }
        let team = self.owner(tx, &alert.service).await?;
        let notice = self.notice(NoticeEvent::Firing, objective, alert);
        for channel in &self.channels {
            let wanted = channel.teams.is_empty() || team.as_ref().is_some_and(|team| channel.teams.contains(team));
            if wanted && alert.severity >= channel.least {
                self.put(tx, channel.id, &notice).await?;
            }
        }
        Ok(())
    }

    /// Ends an alert and tells who was told that it began, with `why` where it did not end by itself; whether it had not ended before.
    pub(crate) async fn end(
        &mut self,
        tx: &mut Tx,
        objective: &Objective,
        alert: Alert,
        why: Option<&str>,
    ) -> Result<bool, StoreError> {
        if !alerts::resolve(tx, alert.id, self.now_ns).await? {
            return Ok(false);
        }
        let alert = Alert {
            resolved_ns: Some(self.now_ns),
            ..alert
        };
        let mut notice = self.notice(NoticeEvent::Resolved, objective, &alert);
        if let Some(why) = why {
            why.clone_into(&mut notice.sentence);
        }
        for channel in outbox::told(tx, alert.id).await? {
            self.put(tx, channel, &notice).await?;
        }
        Ok(true)
    }

    async fn owner(&mut self, tx: &mut Tx, service: &Text) -> Result<Option<Text>, StoreError> {
        if let Some(team) = self.owners.get(service) {
            return Ok(team.clone());
        }
        let team = services::record(tx, service).await?.team;
        self.owners.insert(service.clone(), team.clone());
        Ok(team)
    }

    fn notice(&self, event: NoticeEvent, objective: &Objective, alert: &Alert) -> Notice {
        let what = match alert.severity {
            AlertSeverity::Page => "Page",
            AlertSeverity::Ticket => "Ticket",
        };
        let state = match event {
            NoticeEvent::Firing => what.to_owned(),
            NoticeEvent::Resolved => format!("{what} over"),
        };
        Notice {
            event,
            title: format!("{state}: {} ({})", objective.display_title(), alert.service),
            sentence: alert.sentence.to_string(),
            url: self.public_url.map(|url| link(url, alert)),
            runbook: Some(objective.runbook.clone()).filter(|runbook| !runbook.is_empty()),
            alert: alert.clone(),
        }
    }

    async fn put(&self, tx: &mut Tx, channel: i64, notice: &Notice) -> Result<(), StoreError> {
        let key = format!("alert-{}-{}", notice.alert.id, notice.event);
        outbox::put(tx, channel, &key, Some(notice.alert.id), notice, self.now_ns).await
    }
}

/// The page of the objective around the time when the alert began, with the alert marked.
fn link(public_url: &str, alert: &Alert) -> String {
    let moment = |at| format_moment(at / 1_000_000_000 * 1_000_000_000);
    let (from, to) = (
        moment(alert.opened_ns.saturating_sub(AROUND_NS)),
        moment(alert.opened_ns + AROUND_NS / 4),
    );
    // An objective's name is one of a URL already.
    format!(
        "{}/slos/{}?from={from}&to={to}&alert={}",
        public_url.trim_end_matches('/'),
        alert.objective,
        alert.id
    )
}
