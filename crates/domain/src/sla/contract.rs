//! A contract: on which objectives, with whom, and what follows when they are missed.

use std::ops::Deref;

use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize};

use super::Money;
use crate::Text;
use crate::kit::field::{FieldError, field, wrong};
use crate::kit::name::slug;
use crate::kit::text::{line, lines};
use crate::period::Day;
use crate::slo::{CalendarUnit, Target};

/// The most objectives of a contract.
pub const MAX_TERMS: usize = 20;
/// The most tiers of a contract.
pub const MAX_TIERS: usize = 10;

/// What is promised to a customer or a consuming team: a [`ContractDraft`] that keeps the rules. Its fields are read as the draft's. To change
/// one, edit a copy (`ContractDraft::from`) and check that. Written as the draft is; reading it checks it.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(transparent)]
pub struct Contract(ContractDraft);

/// A contract to be: what forms and JSON bodies give, before it is [`checked`](Self::checked).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = Contract))]
#[serde(deny_unknown_fields)]
pub struct ContractDraft {
    /// Its name in URLs: lower case letters, digits and `-`; see [`slug`].
    #[cfg_attr(feature = "openapi", schema(pattern = "^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$"))]
    pub name: Text,
    /// How pages call it, at most 100 characters; empty is the name.
    #[serde(default)]
    pub title: Text,
    /// The other side, at most 200 characters.
    pub customer: Text,
    /// What else there is to be said, at most 2,000 characters.
    #[serde(default)]
    pub description: Text,
    /// What is promised: 1 to [`MAX_TERMS`], each objective once.
    pub terms: Vec<Term>,
    /// The length of its periods: a month or a quarter.
    pub unit: CalendarUnit,
    /// The time zone in which periods begin, by its IANA name, such as `Europe/Berlin`.
    pub zone: Text,
    /// What credits are a percentage of, each period.
    pub amount: Money,
    /// What follows from a miss, the mildest first: 1 to [`MAX_TIERS`].
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

impl Deref for Contract {
    type Target = ContractDraft;

    fn deref(&self) -> &ContractDraft {
        &self.0
    }
}

impl From<Contract> for ContractDraft {
    fn from(contract: Contract) -> Self {
        contract.0
    }
}

impl TryFrom<ContractDraft> for Contract {
    type Error = FieldError;

    fn try_from(draft: ContractDraft) -> Result<Self, FieldError> {
        draft.checked()
    }
}

impl<'de> Deserialize<'de> for Contract {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        ContractDraft::deserialize(from)?.checked().map_err(D::Error::custom)
    }
}

impl Contract {
    /// One that was kept: it was checked when it was made. It is not asked again, so that what was stored under other rules is not lost; what
    /// people and programs give is a draft and is [`ContractDraft::checked`].
    pub fn kept(draft: ContractDraft) -> Self {
        Self(draft)
    }

    /// [`Self::kept`], for `#[serde(deserialize_with)]` in what holds one.
    pub(crate) fn read_kept<'de, D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        ContractDraft::deserialize(from).map(Self::kept)
    }

    /// How pages call it: its title, or its name where it has none.
    pub fn display_title(&self) -> &str {
        if self.title.is_empty() { &self.name } else { &self.title }
    }
}

impl ContractDraft {
    /// The contract, its texts without blanks around them. Errors: the first field that breaks a rule. Whether there are such objectives and
    /// such a time zone is not asked here.
    pub fn checked(mut self) -> Result<Contract, FieldError> {
        self.name = slug("name", &self.name)?;
        self.title = field("title", line(&self.title, 100))?;
        self.customer = field("customer", line(&self.customer, 200))?;
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
        Ok(Contract(self))
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

    pub(in crate::sla) fn draft(json: Value) -> ContractDraft {
        serde_json::from_value(json).expect("a draft")
    }

    pub(in crate::sla) fn contract(json: Value) -> Contract {
        draft(json).checked().expect("a contract")
    }

    #[test]
    fn what_cannot_be_meant_is_told_by_field() {
        let good = contract(sample());
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
            let found = draft(json).checked();
            assert_eq!(
                found.err().map(|error| error.field).as_deref(),
                Some(expected),
                "{value}"
            );
        }
        assert!(
            serde_json::from_value::<ContractDraft>({
                let mut json = sample();
                json["amount"]["currency"] = json!("eur");
                json
            })
            .is_err()
        );
    }
}
