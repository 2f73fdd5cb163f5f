//! Typed values. Unset is absence from the map, never a value.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::{AttributeKey, ChoiceKey};

/// The values that are set.
pub type Attributes = BTreeMap<AttributeKey, AttributeValue>;

/// One value.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum AttributeValue {
    /// Yes or no.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// A number.
    Number(Finite),
    /// One of the attribute's choices.
    Choice(ChoiceKey),
    /// Some of the attribute's choices, at least one.
    Choices(BTreeSet<ChoiceKey>),
    /// Free text, not empty.
    Text(String),
    /// A day, month or year.
    Date(Date),
}

impl fmt::Display for AttributeValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Bool(value) => f.write_str(if *value { "yes" } else { "no" }),
            Self::Int(value) => write!(f, "{value}"),
            Self::Number(value) => write!(f, "{}", value.value()),
            Self::Choice(key) => write!(f, "{key}"),
            Self::Choices(keys) => f.write_str(&keys.iter().map(ChoiceKey::as_str).collect::<Vec<_>>().join("|")),
            Self::Text(text) => f.write_str(text),
            Self::Date(date) => write!(f, "{date}"),
        }
    }
}

/// A number that is neither NaN nor infinite, so that equal values are equal.
#[derive(Clone, Copy, PartialEq, PartialOrd, Debug, Serialize, Deserialize)]
#[serde(try_from = "f64", into = "f64")]
pub struct Finite(f64);

impl Eq for Finite {}

impl Finite {
    /// None for NaN and the infinities. Minus zero becomes zero.
    #[must_use]
    pub fn new(value: f64) -> Option<Self> {
        value.is_finite().then_some(Self(value + 0.0))
    }

    /// The number.
    #[must_use]
    pub fn value(self) -> f64 {
        self.0
    }
}

impl TryFrom<f64> for Finite {
    type Error = &'static str;

    fn try_from(value: f64) -> Result<Self, Self::Error> {
        Self::new(value).ok_or("not a finite number")
    }
}

impl From<Finite> for f64 {
    fn from(value: Finite) -> Self {
        value.0
    }
}

/// A day (`2016-05-17`), month (`2016-05`) or year (`2016`) of ISO 8601.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Date(String);

impl Date {
    /// As written in files.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for Date {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let error = || format!("`{}` is not a date; write 2016-05-17, 2016-05 or 2016", text.chars().take(40).collect::<String>());
        let parts: Vec<&str> = text.split('-').collect();
        let widths: Vec<usize> = parts.iter().map(|part| part.len()).collect();
        let numbers: Option<Vec<u32>> = parts.iter().map(|part| part.bytes().all(|b| b.is_ascii_digit()).then(|| part.parse().ok())?).collect();
        let is_date = match (widths.as_slice(), numbers.as_deref()) {
            ([4], Some([_])) => true,
            ([4, 2], Some([_, month])) => (1..=12).contains(month),
            ([4, 2, 2], Some([year, month, day])) => (1..=12).contains(month) && (1..=days_in(*year, *month)).contains(day),
            _ => false,
        };
        if is_date { Ok(Self(text.to_owned())) } else { Err(error()) }
    }
}

fn days_in(year: u32, month: u32) -> u32 {
    let is_leap = year.is_multiple_of(4) && !year.is_multiple_of(100) || year.is_multiple_of(400);
    match month {
        2 => 28 + u32::from(is_leap),
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

impl TryFrom<String> for Date {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        text.parse()
    }
}

impl From<Date> for String {
    fn from(date: Date) -> Self {
        date.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_checked() {
        for good in ["2016", "2016-05", "2016-05-17", "2024-02-29"] {
            assert_eq!(good.parse::<Date>().unwrap().as_str(), good);
        }
        for bad in ["", "16", "2016-13", "2023-02-29", "17.05.2016", "2016-5-1", "+016-01"] {
            assert!(bad.parse::<Date>().is_err(), "{bad}");
        }
    }

    #[test]
    fn numbers_are_finite() {
        assert!(Finite::new(f64::NAN).is_none());
        assert!(Finite::new(f64::INFINITY).is_none());
        assert_eq!(Finite::new(-0.0).unwrap().value().to_bits(), 0);
    }
}
