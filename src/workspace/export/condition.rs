//! Conditions on the documents of an export: `source=Reuters`, `status=done`.

use std::fmt;
use std::str::FromStr;

use crate::format::{DocumentField, Item};
use crate::model::{Document, Status};

/// The name of a document's state of work.
const STATUS: &str = "status";

/// What a document must be to be exported.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Condition {
    /// Some exported coder has it in this state. Done anyway is done.
    Status(Status),
    /// A field has this value; an empty one is a field without a value.
    Field(DocumentField, String),
}

impl Condition {
    /// True when it can only be told from the sheets.
    #[must_use]
    pub fn needs_sheets(&self) -> bool {
        match self {
            Self::Status(_) => true,
            Self::Field(field, _) => field.needs_sheets(),
        }
    }

    fn holds(&self, item: &Item) -> bool {
        match self {
            Self::Status(status) if item.sheets.is_empty() => *status == Status::New,
            Self::Status(status) => item.sheets.values().any(|sheet| is_in(*status, sheet.info.status)),
            Self::Field(field, value) => field.value(&item.document, item.sheets.iter().map(|(coder, sheet)| (coder, &**sheet))) == *value,
        }
    }

    fn holds_without_sheets(&self, document: &Document) -> bool {
        matches!(self, Self::Field(field, value) if field.value(document, std::iter::empty()) == *value)
    }

    fn has_field_of(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Status(_), Self::Status(_)) => true,
            (Self::Field(one, _), Self::Field(other, _)) => one == other,
            _ => false,
        }
    }
}

fn is_in(wanted: Status, status: Status) -> bool {
    wanted == status || wanted == Status::Done && status == Status::DoneAnyway
}

/// For each field that conditions name, one of them must hold.
fn all_hold(conditions: &[Condition], holds: impl Fn(&Condition) -> bool) -> bool {
    conditions.iter().all(|condition| conditions.iter().any(|other| condition.has_field_of(other) && holds(other)))
}

/// True where the conditions hold for a document with its sheets.
pub(super) fn hold(conditions: &[Condition], item: &Item) -> bool {
    all_hold(conditions, |condition| condition.holds(item))
}

/// As [`hold`], for conditions that need no sheets.
pub(super) fn hold_without_sheets(conditions: &[Condition], document: &Document) -> bool {
    all_hold(conditions, |condition| condition.holds_without_sheets(document))
}

impl FromStr for Condition {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (field, value) = text.split_once('=').ok_or_else(|| format!("`{text}` is not FIELD=VALUE, such as source=Reuters or {STATUS}=done"))?;
        if field != STATUS {
            return Ok(Self::Field(field.parse().map_err(|why| format!("{why}, and {STATUS}"))?, value.to_owned()));
        }
        let status = Status::ALL.into_iter().find(|status| status.name() == value);
        let known = Status::ALL.map(Status::name).join(", ");
        status.map(Self::Status).ok_or_else(|| format!("`{value}` is no state of work; known: {known}"))
    }
}

impl fmt::Display for Condition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Status(status) => write!(f, "{STATUS}={}", status.name()),
            Self::Field(field, value) => write!(f, "{field}={value}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Text;

    #[test]
    fn one_of_each_field_must_hold() {
        let document = Document { source: "Reuters".to_owned(), language: "en".to_owned(), ..Document::new("t", Text::new("x").hash().clone()) };
        let check = |conditions: &[&str], expected: bool| {
            let conditions: Vec<Condition> = conditions.iter().map(|condition| condition.parse().unwrap()).collect();
            assert_eq!(hold_without_sheets(&conditions, &document), expected, "{conditions:?}");
        };
        check(&[], true);
        check(&["source=Reuters"], true);
        check(&["source=AP"], false);
        check(&["source=AP", "source=Reuters"], true);
        check(&["source=Reuters", "language=de"], false);
        check(&["author="], true);
    }

    #[test]
    fn conditions_are_printed_as_they_are_written() {
        for text in ["source=Reuters", "status=done", "attribute.genre=a=b", "year=2026"] {
            assert_eq!(text.parse::<Condition>().unwrap().to_string(), text);
        }
        for (text, why) in [("source", "FIELD=VALUE"), ("nope=1", "status"), ("status=finished", "in_progress")] {
            assert!(text.parse::<Condition>().unwrap_err().contains(why));
        }
    }
}
