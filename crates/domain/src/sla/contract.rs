//! A contract: on which objectives, with whom, and what follows when they are missed.

use serde::{Deserialize, Serialize};

use super::Money;
use crate::Text;
use crate::people::form::{field, wrong};
use crate::people::name;
use crate::period::Day;
use crate::query::FieldError;
use crate::slo::{CalendarUnit, Target, lines, slug};

/// The most objectives of a contract.
pub const MAX_TERMS: usize = 20;
/// The most tiers of a contract.
pub const MAX_TIERS: usize = 10;

/// What is promised to a customer or a consuming team.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Contract {
    /// Its name in URLs: lower case letters, digits and `-`.
    #[cfg_attr(feature = "openapi", schema(pattern = "^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$"))]
    pub name: Text,
    /// How pages call it; empty is the name.
    #[serde(default)]
    pub title: Text,
    /// Who it is with.
    pub customer: Text,
    /// What else is to be said.
    #[serde(default)]
    pub description: Text,
    /// What is promised: 1 to [`MAX_TERMS`], each objective once.
    pub terms: Vec<Term>,
    /// How long a period is: a month or a quarter.
    pub unit: CalendarUnit,
    /// In which time zone, by its IANA name, such as `Europe/Berlin`.
    pub zone: Text,
    /// What credits are a percentage of, each period.
    pub amount: Money,
    /// What follows, from the mildest: 1 to [`MAX_TIERS`].
    pub tiers: Vec<Tier>,
    /// Whether maintenance and other named exclusions are left out, as they are for the objectives.
    #[serde(default = "yes")]
    pub honours_exclusions: bool,
    /// Its first day. A period that it begins within counts from there.
    pub starts: Day,
    /// Its last day; without one it holds on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ends: Option<Day>,
}

fn yes() -> bool {
    true
}

/// An objective, and how much of it is promised to the other side.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Term {
    /// The objective's name.
    pub objective: Text,
    /// The share that has to be good over a period. It may be lower than the objective's own, so that the team knows first.
    pub target: Target,
}

/// What follows where too little was good.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Tier {
    /// It holds where the share of good ones is lower than this.
    pub below: Target,
    /// Percent of the contract's amount that are credited, up to two decimals.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub credit_percent: Option<f64>,
    /// Whether the other side may give notice.
    #[serde(default)]
    pub notice: bool,
    /// Whether both sides look at it together.
    #[serde(default)]
    pub review: bool,
}

impl Contract {
    /// The contract with its texts tidied. Errors: the first field that can't be. Whether there are such objectives and such a time zone is
    /// not asked here.
    pub fn checked(mut self) -> Result<Self, FieldError> {
        self.name = slug("name", &self.name)?;
        self.title = field("title", name::line(&self.title, 100))?;
        self.customer = field("customer", name::line(&self.customer, 200))?;
        if self.customer.is_empty() {
            return wrong("customer", "says who the contract is with");
        }
        self.description = lines("description", &self.description, 2000)?;
        self.check_terms()?;
        if self.unit == CalendarUnit::Week {
            return wrong("unit", "is month or quarter");
        }
        if self.zone.is_empty() || self.zone.len() > 64 {
            return wrong("zone", "is a time zone, such as Europe/Berlin");
        }
        self.check_tiers()?;
        if self.ends.is_some_and(|ends| ends < self.starts) {
            return wrong("ends", "is before the first day");
        }
        Ok(self)
    }

    fn check_terms(&self) -> Result<(), FieldError> {
        if self.terms.is_empty() || self.terms.len() > MAX_TERMS {
            return wrong("terms", format!("are 1 to {MAX_TERMS}"));
        }
        for (at, term) in self.terms.iter().enumerate() {
            slug("terms", &term.objective)?;
            if self.terms[..at].iter().any(|other| other.objective == term.objective) {
                return wrong("terms", format!("{} is there twice", term.objective));
            }
        }
        Ok(())
    }

    fn check_tiers(&self) -> Result<(), FieldError> {
        if self.tiers.is_empty() || self.tiers.len() > MAX_TIERS {
            return wrong("tiers", format!("are 1 to {MAX_TIERS}"));
        }
        for tier in &self.tiers {
            let percent = tier.credit_percent.unwrap_or_default();
            let hundredths = percent * 100.0;
            if !(0.0..=100.0).contains(&percent) || (hundredths - hundredths.round()).abs() > 1e-6 {
                return wrong("tiers", "a credit is 0 to 100 percent, with at most two decimals");
            }
            if percent == 0.0 && !tier.notice && !tier.review {
                return wrong("tiers", "each has a consequence: a credit, notice or review");
            }
        }
        for pair in self.tiers.windows(2) {
            if pair[1].below >= pair[0].below {
                return wrong("tiers", "go down: each holds below a lower share than the one before");
            }
            if pair[1].credit_percent.unwrap_or_default() < pair[0].credit_percent.unwrap_or_default() {
                return wrong("tiers", "go up in credit: a lower share is not credited with less");
            }
        }
        Ok(())
    }

    /// How pages call it.
    pub fn display_title(&self) -> &str {
        if self.title.is_empty() { &self.name } else { &self.title }
    }
}

#[cfg(test)]
pub(super) mod tests {
    use serde_json::{Value, json};

    use super::*;

    /// 99.9 % and 99 %, 1,000 EUR a month, of which 10 % and 25 % are credited, with notice at the worst.
    pub(in crate::sla) fn sample() -> Value {
        json!({
            "name": "acme", "customer": "ACME", "unit": "month", "zone": "Europe/Berlin", "starts": "2026-01-01",
            "amount": { "minor": 100_000, "currency": "EUR" },
            "terms": [{ "objective": "up", "target": 0.999 }, { "objective": "fast", "target": 0.99 }],
            "tiers": [
                { "below": 0.999, "credit_percent": 10 },
                { "below": 0.99, "credit_percent": 25, "review": true },
                { "below": 0.95, "credit_percent": 25, "notice": true },
            ],
        })
    }

    pub(in crate::sla) fn contract(json: Value) -> Contract {
        serde_json::from_value(json).expect("a contract")
    }

    #[test]
    fn what_cannot_be_meant_is_told_by_field() {
        let good = contract(sample()).checked().expect("good");
        assert!(good.honours_exclusions && good.ends.is_none());
        let cases: [(&str, Value, &str); 12] = [
            ("name", json!("A"), "name"),
            ("customer", json!(" "), "customer"),
            ("unit", json!("week"), "unit"),
            ("zone", json!(""), "zone"),
            ("terms", json!([]), "terms"),
            (
                "terms",
                json!([{ "objective": "up", "target": 0.9 }, { "objective": "up", "target": 0.9 }]),
                "terms",
            ),
            ("tiers", json!([]), "tiers"),
            ("tiers", json!([{ "below": 0.9 }]), "tiers"),
            ("tiers", json!([{ "below": 0.9, "credit_percent": 1.005 }]), "tiers"),
            (
                "tiers",
                json!([{ "below": 0.9, "review": true }, { "below": 0.9, "notice": true }]),
                "tiers",
            ),
            (
                "tiers",
                json!([{ "below": 0.9, "credit_percent": 5 }, { "below": 0.8, "notice": true }]),
                "tiers",
            ),
            ("ends", json!("2025-12-31"), "ends"),
        ];
        for (field, value, expected) in cases {
            let mut json = sample();
            json[field] = value.clone();
            let found = contract(json).checked();
            assert_eq!(
                found.err().map(|error| error.field).as_deref(),
                Some(expected),
                "{value}"
            );
        }
        assert!(
            serde_json::from_value::<Contract>({
                let mut json = sample();
                json["amount"]["currency"] = json!("eur");
                json
            })
            .is_err()
        );
    }
}
