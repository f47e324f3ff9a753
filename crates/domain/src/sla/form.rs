//! A contract as it is filled in: every field a text; its terms and tiers a line each.

use serde::{Deserialize, Serialize};

use super::{Contract, ContractDraft, Currency, Money, Term, Tier};
use crate::kit::field::{FieldError, wrong};
use crate::kit::percent;
use crate::kit::text::filled;
use crate::slo::{CalendarUnit, Target};

/// A contract as it is filled in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ContractForm {
    /// Its name in URLs.
    pub name: String,
    /// How pages call it.
    pub title: String,
    /// Who it is with.
    pub customer: String,
    /// What else is to be said.
    pub description: String,
    /// An objective a line, each with what is promised of it, in percent: `checkout-fast 99`.
    pub terms: String,
    /// `month` or `quarter`.
    pub unit: String,
    /// The time zone; UTC where there is none.
    pub zone: String,
    /// What credits are a share of: `1200.50 EUR`.
    pub amount: String,
    /// What follows, a line each, from the mildest: below how many percent, then the credit in percent, `review`, `notice`, as far as they
    /// are: `99.5 10 review`.
    pub tiers: String,
    /// `yes` where exclusions are left out.
    pub honours_exclusions: String,
    /// Its first day: `2026-10-01`.
    pub starts: String,
    /// Its last day; empty for none.
    pub ends: String,
}

impl Default for ContractForm {
    /// What an empty form begins with.
    fn default() -> Self {
        let text = String::new;
        Self {
            name: text(),
            title: text(),
            customer: text(),
            description: text(),
            terms: text(),
            unit: "month".to_owned(),
            zone: "UTC".to_owned(),
            amount: text(),
            tiers: text(),
            honours_exclusions: "yes".to_owned(),
            starts: text(),
            ends: text(),
        }
    }
}

fn target(field: &str, text: &str) -> Result<Target, FieldError> {
    Target::new(percent::parse(field, text)?).or_else(|_| wrong(field, "is more than 0 % and less than 100 %"))
}

/// Lines with something on them, as words. A `%` of its own says nothing.
fn lines(text: &str) -> impl Iterator<Item = Vec<&str>> {
    let line = |line| -> Vec<&str> {
        let words = str::split(line, |c: char| c.is_whitespace() || c == ',' || c == ':');
        words.filter(|word| !word.is_empty() && *word != "%").collect()
    };
    text.lines().map(line).filter(|words: &Vec<&str>| !words.is_empty())
}

impl ContractForm {
    /// The contract, checked. Errors: the first field that can't be, by its name in this form.
    pub fn parse(&self) -> Result<Contract, FieldError> {
        let draft = ContractDraft {
            name: self.name.trim().into(),
            title: self.title.as_str().into(),
            customer: self.customer.as_str().into(),
            description: self.description.as_str().into(),
            terms: self.terms()?,
            unit: match self.unit.as_str() {
                "month" => CalendarUnit::Month,
                "quarter" => CalendarUnit::Quarter,
                _ => return wrong("unit", "is month or quarter"),
            },
            zone: filled(&self.zone).unwrap_or_else(|| "UTC".into()),
            amount: money(&self.amount)?,
            tiers: self.tiers()?,
            honours_exclusions: self.honours_exclusions == "yes",
            starts: match self.starts.trim().parse() {
                Ok(day) => day,
                Err(_) => return wrong("starts", "is a day, such as 2026-10-01"),
            },
            ends: match filled(&self.ends).map(|text| text.parse()).transpose() {
                Ok(day) => day,
                Err(_) => return wrong("ends", "is a day, such as 2027-09-30, or empty"),
            },
        };
        draft.checked()
    }

    fn terms(&self) -> Result<Vec<Term>, FieldError> {
        lines(&self.terms)
            .map(|words| match words.as_slice() {
                [objective, percent] => Ok(Term {
                    objective: (*objective).into(),
                    target: target("terms", percent)?,
                }),
                _ => wrong(
                    "terms",
                    "are an objective and a percentage a line, such as `checkout-fast 99`",
                ),
            })
            .collect()
    }

    fn tiers(&self) -> Result<Vec<Tier>, FieldError> {
        lines(&self.tiers).map(|words| tier(&words)).collect()
    }

    /// The form as it would have to be filled in for this contract.
    pub fn of(contract: &Contract) -> Self {
        let terms = contract.terms.iter();
        let terms = terms.map(|term| format!("{} {}", term.objective, percent::exact(term.target.share())));
        let tiers = contract.tiers.iter().map(|tier| {
            let credit = tier.credit_percent.map(|percent| format!(" {percent}"));
            let review = if tier.review { " review" } else { "" };
            let notice = if tier.notice { " notice" } else { "" };
            let below = percent::exact(tier.below.share());
            format!("{below}{}{review}{notice}", credit.unwrap_or_default())
        });
        Self {
            name: contract.name.to_string(),
            title: contract.title.to_string(),
            customer: contract.customer.to_string(),
            description: contract.description.to_string(),
            terms: terms.collect::<Vec<_>>().join("\n"),
            unit: match contract.unit {
                CalendarUnit::Quarter => "quarter",
                _ => "month",
            }
            .to_owned(),
            zone: contract.zone.to_string(),
            amount: contract.amount.to_string().replace(',', ""),
            tiers: tiers.collect::<Vec<_>>().join("\n"),
            honours_exclusions: if contract.honours_exclusions { "yes" } else { "no" }.to_owned(),
            starts: contract.starts.to_string(),
            ends: contract.ends.map(|day| day.to_string()).unwrap_or_default(),
        }
    }
}

/// One tier, by its words.
fn tier(words: &[&str]) -> Result<Tier, FieldError> {
    let mut tier = Tier {
        below: target("tiers", words.first().copied().unwrap_or_default())?,
        credit_percent: None,
        notice: false,
        review: false,
    };
    for word in &words[1..] {
        match *word {
            "review" => tier.review = true,
            "notice" => tier.notice = true,
            number => match number.trim_end_matches('%').parse() {
                Ok(percent) if tier.credit_percent.is_none() => tier.credit_percent = Some(percent),
                _ => {
                    return wrong(
                        "tiers",
                        format!("`{number}` is neither a credit in percent nor `review` nor `notice`"),
                    );
                }
            },
        }
    }
    Ok(tier)
}

/// `1200.50 EUR`, exact.
fn money(text: &str) -> Result<Money, FieldError> {
    let example = "is an amount and a currency, such as 1200.50 EUR";
    let Some((number, code)) = text.trim().rsplit_once(char::is_whitespace) else {
        return wrong("amount", example);
    };
    let currency = Currency::parse(code).or_else(|message| wrong("amount", message))?;
    let number: String = number.chars().filter(|c| !c.is_whitespace() && *c != ',').collect();
    let (whole, part) = number.split_once('.').unwrap_or((&number, ""));
    let decimals = currency.decimals() as usize;
    if part.len() > decimals || !number.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.') {
        return wrong("amount", example);
    }
    match format!("{whole}{part:0<decimals$}").parse() {
        Ok(minor) => Ok(Money { minor, currency }),
        Err(_) => wrong("amount", example),
    }
}

#[cfg(test)]
mod tests {
    use super::super::contract::tests::{contract, sample};
    use super::*;

    fn filled_in() -> ContractForm {
        ContractForm {
            name: "acme".to_owned(),
            customer: "ACME".to_owned(),
            terms: "up 99.9 %\n\nfast: 99".to_owned(),
            amount: "1,000 EUR".to_owned(),
            tiers: "99.9 10\n99: 25 %, review\n95 25 notice".to_owned(),
            zone: "Europe/Berlin".to_owned(),
            starts: "2026-01-01".to_owned(),
            ..ContractForm::default()
        }
    }

    #[test]
    fn what_is_filled_in_is_the_contract_and_back() {
        let found = filled_in().parse().expect("a contract");
        assert_eq!(found, contract(sample()));
        assert_eq!(ContractForm::of(&found).parse().as_ref(), Ok(&found));
        assert_eq!(ContractForm::of(&found).tiers, "99.9 10\n99 25 review\n95 25 notice");
    }

    #[test]
    fn a_mistake_is_told_at_its_field() {
        let wrong = |change: &dyn Fn(&mut ContractForm)| {
            let mut form = filled_in();
            change(&mut form);
            form.parse().expect_err("a mistake").field
        };
        assert_eq!(wrong(&|form| form.terms = "up".to_owned()), "terms");
        assert_eq!(wrong(&|form| form.terms = "up 101".to_owned()), "terms");
        assert_eq!(wrong(&|form| form.tiers = "99 5 6".to_owned()), "tiers");
        assert_eq!(wrong(&|form| form.tiers = "99 refund".to_owned()), "tiers");
        assert_eq!(wrong(&|form| form.tiers = String::new()), "tiers");
        assert_eq!(wrong(&|form| form.starts = "soon".to_owned()), "starts");
        assert_eq!(wrong(&|form| form.ends = "2026-02-30".to_owned()), "ends");
        for amount in ["", "5", "5 eur", "1.234 EUR", "-5 EUR", "1.2.3 EUR", "5.5 JPY"] {
            assert_eq!(wrong(&|form| form.amount = amount.to_owned()), "amount", "{amount}");
        }
        let exact = |amount| money(amount).expect("money").minor;
        assert_eq!(
            (exact("0.1 EUR"), exact("12 000.05 EUR"), exact("7 JPY")),
            (10, 1_200_005, 7)
        );
    }
}
