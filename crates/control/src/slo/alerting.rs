//! Opens and ends alerts, and puts what is to be sent about them into the outbox, in the evaluator's transaction: an alert that is open is
//! one that is sent.

use std::collections::HashMap;

use pointsman_domain::Text;
use pointsman_domain::display;
use pointsman_domain::slo::{
    Alert, Channel, Notice, NoticeEvent, Objective, QUIET, Severity, Silence, Status, hours_words, window_words,
};
use pointsman_domain::telemetry::UnixNanos;
use pointsman_domain::time::format_moment;
use pointsman_store::people::services;
use pointsman_store::slo::{alerts, channels, silences};
use pointsman_store::{StoreError, Tx};

/// The rules: one alert of each at a time.
const RULES: [(&str, Severity); 3] = [
    ("page", Severity::Page),
    ("ticket", Severity::Ticket),
    ("absent", Severity::Ticket),
];
/// How much of the time around an alert a link shows.
const AROUND_NS: u64 = 3600 * 1_000_000_000;

/// Opens, keeps and ends alerts by how objectives stand; answers how many began and ended.
pub(super) async fn call<'s>(
    tx: &mut Tx,
    stand: impl Iterator<Item = (&'s Objective, &'s Status)>,
    now_ns: UnixNanos,
    public_url: Option<&str>,
) -> Result<(usize, usize), StoreError> {
    let mut open: HashMap<(Text, Text), alerts::AlertRow> = alerts::firing(tx)
        .await?
        .into_iter()
        .map(|row| ((row.alert.objective.clone(), row.alert.rule.clone()), row))
        .collect();
    let silences = silences::current(tx, now_ns).await?;
    let mut post = Post {
        channels: channels::all(tx).await?,
        owners: HashMap::new(),
        public_url,
        now_ns,
    };
    let (mut began, mut ended, mut burning) = (0, 0, Vec::new());
    for (objective, status) in stand {
        for (rule, severity) in RULES {
            let on = burns(status, rule, severity);
            let known = open.remove(&(objective.name.clone(), Text::from(rule)));
            let silence = silences
                .iter()
                .find(|silence| silence.holds_for(&objective.service, &objective.name, now_ns));
            match (on, known) {
                (true, None) => {
                    let mut alert = alert(objective, status, rule, severity, silence, now_ns);
                    if let Some(id) = alerts::open(tx, &alert).await? {
                        alert.id = id;
                        began += 1;
                        if silence.is_none() {
                            post.send(tx, NoticeEvent::Firing, objective, &alert).await?;
                        }
                    }
                }
                (true, Some(row)) => {
                    burning.push(row.alert.id);
                    // A silence that has ended: who was spared is called now.
                    if row.alert.silence.is_some() && silence.is_none() {
                        alerts::set_silence(tx, row.alert.id, None).await?;
                        post.send(tx, NoticeEvent::Firing, objective, &row.alert).await?;
                    }
                }
                (false, Some(row)) => {
                    if now_ns.saturating_sub(row.burning_ns) >= QUIET.as_nanos() as u64 {
                        ended += 1;
                        end(tx, &mut post, Some(objective), row).await?;
                    }
                }
                (false, None) => {}
            }
        }
    }
    alerts::still_burning(tx, &burning, now_ns).await?;
    // Of objectives that were removed or renamed.
    for row in open.into_values() {
        if now_ns.saturating_sub(row.burning_ns) >= QUIET.as_nanos() as u64 {
            ended += 1;
            end(tx, &mut post, None, row).await?;
        }
    }
    Ok((began, ended))
}

async fn end(
    tx: &mut Tx,
    post: &mut Post<'_>,
    objective: Option<&Objective>,
    row: alerts::AlertRow,
) -> Result<(), StoreError> {
    alerts::resolve(tx, row.alert.id, post.now_ns).await?;
    let alert = Alert {
        resolved_ns: Some(post.now_ns),
        ..row.alert
    };
    match objective {
        Some(objective) if alert.silence.is_none() => post.send(tx, NoticeEvent::Resolved, objective, &alert).await,
        _ => Ok(()),
    }
}

fn burns(status: &Status, rule: &str, severity: Severity) -> bool {
    match rule {
        "absent" => status.absent,
        _ => status
            .burns
            .iter()
            .any(|burn| burn.burning && burn.window.severity == severity),
    }
}

fn alert(
    objective: &Objective,
    status: &Status,
    rule: &str,
    severity: Severity,
    silence: Option<&Silence>,
    now_ns: UnixNanos,
) -> Alert {
    Alert {
        id: 0,
        objective: objective.name.clone(),
        service: objective.service.clone(),
        rule: rule.into(),
        severity,
        sentence: sentence(objective, status, rule, severity).into(),
        opened_ns: now_ns,
        resolved_ns: None,
        acked_ns: None,
        acked_by: None,
        silence: silence.map(|silence| silence.id),
    }
}

/// What was found, for whoever is called.
fn sentence(objective: &Objective, status: &Status, rule: &str, severity: Severity) -> String {
    let minutes = objective.absent_minutes.unwrap_or_default();
    let burn = status
        .burns
        .iter()
        .find(|burn| burn.burning && burn.window.severity == severity);
    let Some(burn) = burn.filter(|_| rule != "absent") else {
        return format!(
            "Nothing was counted for {minutes} min, although in the same hour a week before something was."
        );
    };
    let rate = burn.over_long.unwrap_or_default();
    let left = status.budget.left() * 100.0;
    let gone = match pointsman_domain::slo::hours_to_exhaustion(
        f64::from(objective.window.days()) * 24.0,
        status.budget.left(),
        rate,
    ) {
        Some(hours) if hours <= 0.0 => "All of the budget is spent.".to_owned(),
        Some(hours) => format!(
            "{left:.0} % of the budget is left; at this rate it is gone in {}.",
            hours_words(hours)
        ),
        None => String::new(),
    };
    format!(
        "Over the last {} and the last {} the budget burned {rate:.1} and {:.1} times as fast as it lasts for (the limit is {}). {gone}",
        window_words(burn.window.long),
        window_words(burn.window.short),
        burn.over_short.unwrap_or_default(),
        burn.window.burn_rate,
    )
}

/// Puts notices into the outbox of every channel that wants them.
struct Post<'p> {
    channels: Vec<Channel>,
    owners: HashMap<Text, Option<Text>>,
    public_url: Option<&'p str>,
    now_ns: UnixNanos,
}

impl Post<'_> {
    async fn send(
        &mut self,
        tx: &mut Tx,
        event: NoticeEvent,
        objective: &Objective,
        alert: &Alert,
    ) -> Result<(), StoreError> {
        if self.channels.is_empty() {
            return Ok(());
        }
        let team = if let Some(team) = self.owners.get(&alert.service) {
            team.clone()
        } else {
            let team = services::record(tx, &alert.service).await?.team;
            self.owners.insert(alert.service.clone(), team.clone());
            team
        };
        let what = match alert.severity {
            Severity::Page => "Page",
            Severity::Ticket => "Ticket",
        };
        let state = match event {
            NoticeEvent::Firing => what.to_owned(),
            NoticeEvent::Resolved => format!("{what} over"),
        };
        let notice = Notice {
            event,
            title: format!(
                "{state}: {} ({})",
                objective.display_title(),
                display::line(&alert.service)
            ),
            sentence: alert.sentence.to_string(),
            url: self.public_url.map(|url| link(url, alert)),
            runbook: Some(objective.runbook.clone()).filter(|runbook| !runbook.is_empty()),
            alert: alert.clone(),
        };
        let key = format!("alert-{}-{event}", alert.id);
        for channel in &self.channels {
            let wanted = channel.teams.is_empty() || team.as_ref().is_some_and(|team| channel.teams.contains(team));
            if wanted && alert.severity >= channel.least {
                channels::put(tx, channel.id, &key, &notice, self.now_ns).await?;
            }
        }
        Ok(())
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
