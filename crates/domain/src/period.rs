//! Months and quarters by name, and days: what contracts and reports are about. Where a month begins depends on the time zone, which only
//! `control` knows about.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::Text;
use crate::slo::CalendarUnit;

/// A month (`2026-10`) or a quarter (`2026-Q4`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "Text", into = "Text")]
pub struct PeriodLabel {
    /// 1970 to 2200.
    year: i16,
    /// From 1: which of the year's months.
    month: u8,
    /// The months that it is made of: one or three.
    months: u8,
}

/// Why a text is no name of a period, or no day.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no {1}")]
pub struct LabelError(String, &'static str);

const YEARS: std::ops::RangeInclusive<i16> = 1970..=2200;

impl PeriodLabel {
    /// The month of a date, or the quarter. `None` for weeks, and for years that nobody means.
    pub fn of(unit: CalendarUnit, year: i16, month: u8) -> Option<Self> {
        let months = match unit {
            CalendarUnit::Week => return None,
            CalendarUnit::Month => 1,
            CalendarUnit::Quarter => 3,
        };
        if !YEARS.contains(&year) || !(1..=12).contains(&month) {
            return None;
        }
        Some(Self {
            year,
            month: (month - 1) / months * months + 1,
            months,
        })
    }

    /// [`CalendarUnit::Month`] or [`CalendarUnit::Quarter`].
    pub fn unit(self) -> CalendarUnit {
        if self.months == 1 {
            CalendarUnit::Month
        } else {
            CalendarUnit::Quarter
        }
    }

    /// Its year.
    pub fn year(self) -> i16 {
        self.year
    }

    /// Its first month: 1 to 12 of a month, 1, 4, 7 or 10 of a quarter.
    pub fn first_month(self) -> u8 {
        self.month
    }

    /// The period after it.
    #[must_use]
    pub fn next(self) -> Self {
        let month = self.month + self.months;
        if month > 12 {
            Self {
                year: self.year + 1,
                month: 1,
                ..self
            }
        } else {
            Self { month, ..self }
        }
    }

    /// The period before it.
    #[must_use]
    pub fn previous(self) -> Self {
        if self.month <= self.months {
            Self {
                year: self.year - 1,
                month: 13 - self.months,
                ..self
            }
        } else {
            Self {
                month: self.month - self.months,
                ..self
            }
        }
    }

    /// The months that it is made of.
    pub fn months(self) -> impl Iterator<Item = Self> {
        (0..self.months).map(move |at| Self {
            month: self.month + at,
            months: 1,
            ..self
        })
    }

    /// As people say it: `October 2026`, `the fourth quarter of 2026`.
    pub fn spoken(self) -> String {
        const MONTHS: [&str; 12] = [
            "January",
            "February",
            "March",
            "April",
            "May",
            "June",
            "July",
            "August",
            "September",
            "October",
            "November",
            "December",
        ];
        const QUARTERS: [&str; 4] = ["first", "second", "third", "fourth"];
        let month = usize::from(self.month - 1);
        match self.unit() {
            CalendarUnit::Quarter => format!("the {} quarter of {}", QUARTERS[month / 3], self.year),
            _ => format!("{} {}", MONTHS[month], self.year),
        }
    }
}

impl fmt::Display for PeriodLabel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.unit() {
            CalendarUnit::Quarter => write!(f, "{}-Q{}", self.year, (self.month - 1) / 3 + 1),
            _ => write!(f, "{}-{:02}", self.year, self.month),
        }
    }
}

impl FromStr for PeriodLabel {
    type Err = LabelError;

    fn from_str(text: &str) -> Result<Self, LabelError> {
        let wrong = || {
            LabelError(
                text.to_owned(),
                "period: write a month as 2026-10, a quarter as 2026-Q4",
            )
        };
        let (year, part) = text.split_once('-').ok_or_else(wrong)?;
        let digits = |text: &str, length: usize| text.len() == length && text.bytes().all(|b| b.is_ascii_digit());
        let (unit, part, length) = match part.strip_prefix('Q') {
            Some(quarter) => (CalendarUnit::Quarter, quarter, 1),
            None => (CalendarUnit::Month, part, 2),
        };
        if !digits(year, 4) || !digits(part, length) {
            return Err(wrong());
        }
        let (year, part): (i16, u8) = (year.parse().map_err(|_| wrong())?, part.parse().map_err(|_| wrong())?);
        let month = match unit {
            CalendarUnit::Quarter if (1..=4).contains(&part) => part * 3,
            CalendarUnit::Quarter => return Err(wrong()),
            _ => part,
        };
        Self::of(unit, year, month).ok_or_else(wrong)
    }
}

/// A day of the calendar, from 1970 to 2200, written `2026-10-01`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "Text", into = "Text")]
pub struct Day(time::Date);

impl Day {
    /// `None` where there is no such day, or in years outside of 1970 to 2200.
    pub fn new(year: i16, month: u8, day: u8) -> Option<Self> {
        let month = time::Month::try_from(month).ok()?;
        let date = time::Date::from_calendar_date(i32::from(year), month, day).ok()?;
        YEARS.contains(&year).then_some(Self(date))
    }

    /// Year, month and day, the latter two from 1.
    pub fn parts(self) -> (i16, u8, u8) {
        (self.0.year() as i16, u8::from(self.0.month()), self.0.day())
    }

    /// The day after it.
    #[must_use]
    pub fn next(self) -> Self {
        Self(self.0.next_day().unwrap_or(self.0))
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month, day) = self.parts();
        write!(f, "{year}-{month:02}-{day:02}")
    }
}

impl FromStr for Day {
    type Err = LabelError;

    fn from_str(text: &str) -> Result<Self, LabelError> {
        let wrong = || LabelError(text.to_owned(), "day: write it as 2026-10-01");
        let parts: Vec<&str> = text.split('-').collect();
        let [year, month, day] = parts.as_slice() else {
            return Err(wrong());
        };
        if text.len() != 10 || !text.bytes().all(|b| b.is_ascii_digit() || b == b'-') {
            return Err(wrong());
        }
        let (Ok(year), Ok(month), Ok(day)) = (year.parse(), month.parse(), day.parse()) else {
            return Err(wrong());
        };
        Self::new(year, month, day).ok_or_else(wrong)
    }
}

macro_rules! as_text {
    ($($kind:ident),+) => {$(
        impl TryFrom<Text> for $kind {
            type Error = LabelError;

            fn try_from(text: Text) -> Result<Self, LabelError> {
                text.parse()
            }
        }

        impl From<$kind> for Text {
            fn from(one: $kind) -> Text {
                Text::from(one.to_string())
            }
        }
    )+};
}

as_text!(PeriodLabel, Day);

#[cfg(test)]
mod tests {
    use super::*;

    fn label(text: &str) -> PeriodLabel {
        text.parse().expect("a label")
    }

    #[test]
    fn names_lead_back_and_follow_each_other() {
        for (text, next, spoken) in [
            ("2026-10", "2026-11", "October 2026"),
            ("2026-12", "2027-01", "December 2026"),
            ("2026-Q1", "2026-Q2", "the first quarter of 2026"),
            ("2026-Q4", "2027-Q1", "the fourth quarter of 2026"),
        ] {
            assert_eq!(label(text).to_string(), text);
            assert_eq!(label(text).next().to_string(), next);
            assert_eq!(label(next).previous().to_string(), text);
            assert_eq!(label(text).spoken(), spoken);
        }
        let months: Vec<String> = label("2026-Q4").months().map(|month| month.to_string()).collect();
        assert_eq!(months, ["2026-10", "2026-11", "2026-12"]);
        for wrong in [
            "2026-13", "2026-00", "2026-Q5", "2026-Q0", "2026-1", "26-10", "2026", "+026-10", "9999-10",
        ] {
            assert!(wrong.parse::<PeriodLabel>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn days_are_days() {
        let day: Day = "2028-02-29".parse().expect("a day");
        assert_eq!(day.next().to_string(), "2028-03-01");
        for wrong in ["2026-02-29", "2026-2-01", "2026-10-011", "x", "0026-10-01"] {
            assert!(wrong.parse::<Day>().is_err(), "{wrong}");
        }
    }
}
