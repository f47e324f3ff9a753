//! Objectives and alerts as the console's pages show them: with what the reader may do about them.

use std::cmp::Reverse;
use std::collections::HashMap;

use pointsman_domain::Text;
use pointsman_domain::people::Action;
use pointsman_domain::slo::{AlertBoard, AlertQuery, ChannelBoard, SloList, SloView};
use pointsman_store::people::services;
use pointsman_store::slo::policies;

use crate::access::Target;
use crate::{Problem, Promise};

impl Promise<'_> {
    /// The page of all objectives, or those of one service.
    pub async fn slo_list(&self, service: Option<&str>) -> Result<SloList, Problem> {
        self.0.may_read_of(service)?;
        let may_promise = match service {
            None => self.may_promise(),
            Some(name) => {
                let record = services::record(&mut *self.0.control.store.conn().await?, name).await?;
                let owner = record.team.as_deref();
                self.0
                    .may(Action::EditObjective, Target::Service { name, owner })
                    .is_ok()
            }
        };
        // Who reads this service alone is refused where there is no objective at all that they may see.
        let mut slos = match (self.slos().await, service) {
            (Err(Problem::Denied(_)), Some(_)) => Vec::new(),
            (slos, _) => slos?,
        };
        slos.retain(|slo| service.is_none_or(|service| slo.objective.service == service));
        Ok(SloList {
            slos,
            may_promise,
            at_ns: self.0.control.clock.now_ns(),
        })
    }

    /// Whether there is anything that the caller could promise: all services, or those of one of their teams.
    pub(crate) fn may_promise(&self) -> bool {
        let may = |target: Target<'_>| self.0.may(Action::EditObjective, target).is_ok();
        let own = |team: &Text| {
            may(Target::Service {
                name: "",
                owner: Some(team),
            })
        };
        may(Target::Everything)
            || self
                .0
                .caller()
                .person()
                .is_some_and(|person| person.teams.iter().any(own))
    }

    /// The page of one objective; `None` where there is none of this name.
    pub async fn slo_view(&self, name: &str) -> Result<Option<SloView>, Problem> {
        let Some(detail) = self.slo(name).await? else {
            return Ok(None);
        };
        let service = detail.summary.objective.service.clone();
        let target = Target::Service {
            name: &service,
            owner: detail.summary.team.as_deref(),
        };
        Ok(Some(SloView {
            at_ns: self.0.control.clock.now_ns(),
            policy: policies::of(&mut *self.0.control.store.conn().await?, &service).await?,
            may_acknowledge: self.0.may(Action::AckAlert, target).is_ok(),
            may_set_policy: self.0.may(Action::EditPolicy, target).is_ok(),
            detail,
        }))
    }

    /// The page of alerts: those that have not ended before those that have.
    pub async fn alert_board(&self, query: &AlertQuery) -> Result<AlertBoard, Problem> {
        let found = self.alerts(query).await?;
        // Who pages through the history has seen them.
        let firing = if query.before.is_none() {
            let query = AlertQuery {
                state: "firing".to_owned(),
                ..query.clone()
            };
            let mut firing = self.alerts(&query).await?.alerts;
            // Who has to look now comes first.
            firing.sort_by_key(|alert| Reverse(alert.severity));
            firing
        } else {
            Vec::new()
        };
        let mut past = found.alerts;
        past.retain(|alert| alert.resolved_ns.is_some());
        let silenced = found.silences.iter().map(|silence| &silence.service);
        let shown: Vec<Text> = firing
            .iter()
            .map(|alert| &alert.service)
            .chain(silenced)
            .cloned()
            .collect();
        let owners: HashMap<Text, Text> = services::owners(&mut *self.0.control.store.conn().await?, &shown).await?;
        let mut may_silence: Vec<Text> = shown
            .into_iter()
            .filter(|service| {
                let owner = owners.get(service).map(Text::as_str);
                self.0
                    .may(Action::Silence, Target::Service { name: service, owner })
                    .is_ok()
            })
            .collect();
        may_silence.sort();
        may_silence.dedup();
        let any = Target::Service { name: "", owner: None };
        Ok(AlertBoard {
            at_ns: self.0.control.clock.now_ns(),
            firing,
            past,
            next_before: found.next_before,
            silences: found.silences,
            may_acknowledge: self.0.may(Action::AckAlert, any).is_ok(),
            may_silence,
            may_channels: self.0.may(Action::EditChannels, Target::Everything).is_ok(),
        })
    }

    /// The page of the places that alerts are sent to. For admins.
    pub async fn channel_board(&self) -> Result<ChannelBoard, Problem> {
        let channels = self.channels().await?;
        let teams = self.0.people().teams().await?.teams.into_iter();
        Ok(ChannelBoard {
            at_ns: self.0.control.clock.now_ns(),
            channels,
            teams: teams.map(|team| team.name).collect(),
            keys: self.0.control.keys.ids().into_iter().map(Text::from).collect(),
        })
    }
}
