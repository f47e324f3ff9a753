//! An objective as it is filled in: every field a text, the same on the page, in its URL and for a backtest.

use serde::{Deserialize, Serialize};

use super::{Budgeting, CalendarUnit, Indicator, Limit, Member, Objective, ObjectiveDraft, Target, Window};
use crate::Text;
use crate::kit::field::{FieldError, number, wrong};
use crate::kit::text::filled;
use crate::kit::words::words;
use crate::kit::{duration, percent};

/// The kinds of indicator, as a form has them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Availability,
    Latency,
    Throughput,
    Composite,
}

words!(Kind, "indicator", {
    Availability => "availability",
    Latency => "latency",
    Throughput => "throughput",
    Composite => "composite",
});

/// An objective as it is filled in. Fields that its kind has no use for are not read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ObjectiveForm {
    /// Its name in URLs: `a-z`, `0-9` and `-`.
    pub name: String,
    /// How pages call it; the name where it is empty.
    pub title: String,
    /// What it promises and to whom.
    pub description: String,
    /// The address of the page that says what to do when it is not met.
    pub runbook: String,
    /// The service that it is about.
    pub service: String,
    /// Only requests of this operation; empty for all.
    pub operation: String,
    /// Only requests to this version; empty for all.
    pub version: String,
    /// Only the calls of this service; empty for requests from anywhere.
    pub caller: String,
    /// `availability`, `latency`, `throughput` or `composite`.
    pub kind: String,
    /// Of latency: the threshold, such as `300ms`.
    pub threshold: String,
    /// Of throughput: `at_least` or `at_most`.
    pub limit: String,
    /// Of throughput: the bound, in requests a second.
    pub per_second: String,
    /// For composite ones: an objective a line (or between commas), each with its weight after a space; 1 where there is none.
    pub members: String,
    /// The share that has to be good, in percent.
    pub target: String,
    /// `7d`, `28d`, `30d`, `90d`, `week`, `month` or `quarter`.
    pub window: String,
    /// The time zone of a part of the calendar; UTC where there is none.
    pub zone: String,
    /// `occurrences` or `timeslices`; throughput is by timeslices always.
    pub budgeting: String,
    /// The length of a slice, in minutes: a divisor of 60.
    pub slice_minutes: String,
    /// The share of a slice that has to be good, in percent; empty for the target.
    pub slice_target: String,
    /// With fewer events the figures are marked as of too few.
    pub min_events: String,
    /// Alert after so many minutes without events; empty for never.
    pub absent_minutes: String,
}

impl Default for ObjectiveForm {
    /// What an empty form begins with.
    fn default() -> Self {
        let text = String::new;
        Self {
            name: text(),
            title: text(),
            description: text(),
            runbook: text(),
            service: text(),
            operation: text(),
            version: text(),
            caller: text(),
            kind: Kind::Availability.word().to_owned(),
            threshold: "300ms".to_owned(),
            limit: "at_least".to_owned(),
            per_second: "1".to_owned(),
            members: text(),
            target: "99".to_owned(),
            window: "30d".to_owned(),
            zone: "UTC".to_owned(),
            budgeting: "occurrences".to_owned(),
            slice_minutes: "5".to_owned(),
            slice_target: text(),
            min_events: "100".to_owned(),
            absent_minutes: text(),
        }
    }
}

impl ObjectiveForm {
    /// The objective, checked. Errors: the first field that can't be, by its name in this form.
    pub fn parse(&self) -> Result<Objective, FieldError> {
        let kind: Kind = self.kind.parse().or_else(|message: String| wrong("kind", message))?;
        // Those of a composite objective are its members'.
        let part = |name: &str| (!name.is_empty() && kind != Kind::Composite).then(|| name.into());
        let draft = ObjectiveDraft {
            name: self.name.trim().into(),
            title: self.title.as_str().into(),
            description: self.description.as_str().into(),
            runbook: self.runbook.as_str().into(),
            service: self.service.as_str().into(),
            operation: part(&self.operation),
            version: part(&self.version),
            caller: part(&self.caller),
            indicator: self.indicator(kind)?,
            target: Target::new(percent::parse("target", &self.target)?).or_else(|_| {
                wrong(
                    "target",
                    "is more than 0 % and less than 100 %: at 100 % there is no budget",
                )
            })?,
            budgeting: self.budgeting(kind)?,
            window: self.window()?,
            min_events: number("min_events", &self.min_events, "no whole number")?,
            absent_minutes: match filled(&self.absent_minutes) {
                Some(text) => Some(number("absent_minutes", &text, "no whole number of minutes")?),
                None => None,
            },
        };
        draft.checked()
    }

    fn indicator(&self, kind: Kind) -> Result<Indicator, FieldError> {
        Ok(match kind {
            Kind::Availability => Indicator::Availability,
            Kind::Latency => match duration::parse(&self.threshold) {
                Some(threshold_ns) => Indicator::Latency { threshold_ns },
                None => {
                    return wrong(
                        "threshold",
                        format!("`{}` is no duration, such as 300ms or 1.5s", self.threshold),
                    );
                }
            },
            Kind::Throughput => Indicator::Throughput {
                limit: match self.limit.as_str() {
                    "at_least" => Limit::AtLeast,
                    "at_most" => Limit::AtMost,
                    _ => return wrong("limit", "is `at_least` or `at_most`"),
                },
                per_second: number("per_second", &self.per_second, "no number")?,
            },
            Kind::Composite => Indicator::Composite {
                members: self.members()?,
            },
        })
    }

    fn members(&self) -> Result<Vec<Member>, FieldError> {
        let lines = self.members.split(['\n', ',']).map(str::trim);
        lines
            .filter(|line| !line.is_empty())
            .map(|line| {
                let (name, weight) = line.split_once(char::is_whitespace).unwrap_or((line, "1"));
                Ok(Member {
                    objective: name.into(),
                    weight: number("members", weight, "no weight")?,
                })
            })
            .collect()
    }

    fn budgeting(&self, kind: Kind) -> Result<Budgeting, FieldError> {
        match (kind, self.budgeting.as_str()) {
            (Kind::Composite, _) => return Ok(Budgeting::Occurrences),
            (Kind::Throughput, _) | (_, "timeslices") => {}
            (_, "occurrences") => return Ok(Budgeting::Occurrences),
            (_, other) => return wrong("budgeting", format!("`{other}` is neither occurrences nor timeslices")),
        }
        let minutes: u32 = number("slice_minutes", &self.slice_minutes, "no whole number of minutes")?;
        if !(1..=60).contains(&minutes) || 60 % minutes != 0 {
            return wrong("slice_minutes", "is 1, 2, 3, 4, 5, 6, 10, 12, 15, 20, 30 or 60");
        }
        let slice_target = match filled(&self.slice_target).filter(|_| kind != Kind::Throughput) {
            Some(text) => Some(percent::parse("slice_target", &text)?),
            None => None,
        };
        if slice_target.is_some_and(|share| !(share > 0.0 && share <= 1.0)) {
            return wrong("slice_target", "is more than 0 % and at most 100 %");
        }
        Ok(Budgeting::Timeslices {
            seconds: minutes * 60,
            slice_target,
        })
    }

    fn window(&self) -> Result<Window, FieldError> {
        let unit = match self.window.as_str() {
            "week" => CalendarUnit::Week,
            "month" => CalendarUnit::Month,
            "quarter" => CalendarUnit::Quarter,
            days => {
                let days = days.trim_end_matches('d');
                return Ok(Window::Rolling {
                    days: number("window", days, "no window")?,
                });
            }
        };
        Ok(Window::Calendar {
            unit,
            zone: filled(&self.zone).unwrap_or_else(|| "UTC".into()),
        })
    }

    /// The form as it would have to be filled in for this objective.
    pub fn of(objective: &Objective) -> Self {
        let optional = |text: &Option<Text>| text.as_deref().unwrap_or_default().to_owned();
        let mut form = Self {
            name: objective.name.to_string(),
            title: objective.title.to_string(),
            description: objective.description.to_string(),
            runbook: objective.runbook.to_string(),
            service: objective.service.to_string(),
            operation: optional(&objective.operation),
            version: optional(&objective.version),
            caller: optional(&objective.caller),
            target: percent::exact(objective.target.share()),
            min_events: objective.min_events.to_string(),
            absent_minutes: objective
                .absent_minutes
                .map(|minutes| minutes.to_string())
                .unwrap_or_default(),
            ..Self::default()
        };
        let kind = match &objective.indicator {
            Indicator::Availability => Kind::Availability,
            Indicator::Latency { threshold_ns } => {
                form.threshold = duration::exact(*threshold_ns);
                Kind::Latency
            }
            Indicator::Throughput { limit, per_second } => {
                let word = match limit {
                    Limit::AtLeast => "at_least",
                    Limit::AtMost => "at_most",
                };
                word.clone_into(&mut form.limit);
                form.per_second = per_second.to_string();
                Kind::Throughput
            }
            Indicator::Composite { members } => {
                let lines = members
                    .iter()
                    .map(|member| format!("{} {}", member.objective, member.weight));
                form.members = lines.collect::<Vec<_>>().join("\n");
                Kind::Composite
            }
        };
        kind.word().clone_into(&mut form.kind);
        if let Budgeting::Timeslices { seconds, slice_target } = objective.budgeting {
            "timeslices".clone_into(&mut form.budgeting);
            form.slice_minutes = (seconds / 60).to_string();
            form.slice_target = slice_target.map(percent::exact).unwrap_or_default();
        }
        match &objective.window {
            Window::Rolling { days } => form.window = format!("{days}d"),
            Window::Calendar { unit, zone } => {
                let word = match unit {
                    CalendarUnit::Week => "week",
                    CalendarUnit::Month => "month",
                    CalendarUnit::Quarter => "quarter",
                };
                word.clone_into(&mut form.window);
                form.zone = zone.to_string();
            }
        }
        form
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test says what it expects")]

    use super::*;

    fn form() -> ObjectiveForm {
        ObjectiveForm {
            name: "checkout-fast".to_owned(),
            service: "checkout".to_owned(),
            ..ObjectiveForm::default()
        }
    }

    #[test]
    fn what_is_filled_in_for_an_objective_makes_it_again() {
        let objectives = [
            r#""target":0.999,"indicator":{"kind":"availability"}"#,
            r#""target":0.9995,"operation":"GET /","version":"2","indicator":{"kind":"latency","threshold_ns":1500000000}"#,
            r#""target":0.95,"caller":"web","indicator":{"kind":"latency","threshold_ns":300000}"#,
            r#""target":0.9,"window":{"kind":"calendar","unit":"month","zone":"Europe/Berlin"},"absent_minutes":15,
               "indicator":{"kind":"throughput","limit":"at_most","per_second":2.5},"budgeting":{"method":"timeslices","seconds":600}"#,
            r#""target":0.99,"min_events":7,"indicator":{"kind":"availability"},
               "budgeting":{"method":"timeslices","seconds":60,"slice_target":0.98}"#,
            r#""target":0.99,"window":{"kind":"rolling","days":7},
               "indicator":{"kind":"composite","members":[{"objective":"a","weight":1},{"objective":"b","weight":2.5}]}"#,
        ];
        for json in objectives {
            let json = format!(r#"{{"name":"one","title":"One","service":"cart",{json}}}"#);
            let objective: Objective = serde_json::from_str(&json).unwrap();
            assert_eq!(ObjectiveForm::of(&objective).parse().unwrap(), objective, "{json}");
        }
    }

    #[test]
    fn a_mistake_is_told_at_its_field() {
        type Fill = fn(&mut ObjectiveForm);
        let mistakes: [(&str, Fill); 10] = [
            ("name", |form| form.name = "Checkout".to_owned()),
            ("service", |form| form.service.clear()),
            ("kind", |form| form.kind = "speed".to_owned()),
            ("target", |form| form.target = "100".to_owned()),
            ("target", |form| form.target = "-1".to_owned()),
            ("threshold", |form| {
                form.kind = "latency".to_owned();
                form.threshold = "fast".to_owned();
            }),
            ("slice_minutes", |form| {
                form.kind = "throughput".to_owned();
                form.slice_minutes = "7".to_owned();
            }),
            ("members", |form| form.kind = "composite".to_owned()),
            ("window", |form| form.window = "5d".to_owned()),
            ("absent_minutes", |form| form.absent_minutes = "soon".to_owned()),
        ];
        for (field, fill) in mistakes {
            let mut form = form();
            fill(&mut form);
            assert_eq!(form.parse().unwrap_err().field, field, "{form:?}");
        }
    }

    #[test]
    fn a_percentage_is_shifted_and_not_divided() {
        let target = |text: &str| {
            let form = ObjectiveForm {
                target: text.to_owned(),
                ..form()
            };
            form.parse().unwrap().target.share()
        };
        assert!(
            [("99.9", 0.999), ("99,95 %", 0.9995), ("7", 0.07)]
                .iter()
                .all(|(text, share)| target(text).to_bits() == f64::to_bits(*share))
        );
        assert_eq!(
            [0.999, 0.9, 0.99999, 1.0].map(percent::exact),
            ["99.9", "90", "99.999", "100"]
        );
    }
}
