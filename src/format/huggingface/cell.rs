//! Values of a row, in the order of the columns.

use std::borrow::Cow;

use serde::ser::{Serialize, SerializeMap as _, SerializeSeq as _, Serializer};

use super::features::{Feature, Kind};

/// One value.
pub(super) enum Cell<'c> {
    /// Nothing.
    Null,
    /// Text.
    Text(Cow<'c, str>),
    /// A whole number.
    Int(i64),
    /// A list of texts.
    Texts(Vec<&'c str>),
    /// A list of rows.
    Rows(Vec<Row<'c>>),
}

/// The values of a row.
pub(super) type Row<'c> = Vec<Cell<'c>>;

impl<'c> Cell<'c> {
    /// Text.
    pub(super) fn text(text: &'c str) -> Self {
        Self::Text(Cow::Borrowed(text))
    }

    /// Text that was made.
    pub(super) fn made(text: &impl ToString) -> Self {
        Self::Text(Cow::Owned(text.to_string()))
    }

    /// A number.
    pub(super) fn int(number: usize) -> Self {
        Self::Int(i64::try_from(number).unwrap_or(i64::MAX))
    }
}

/// A row as JSON, with the names of the columns.
pub(super) struct Named<'n> {
    /// The columns.
    pub(super) features: &'static [Feature],
    /// The values.
    pub(super) row: &'n [Cell<'n>],
}

impl Serialize for Named<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        debug_assert_eq!(self.features.len(), self.row.len());
        let mut map = serializer.serialize_map(Some(self.row.len()))?;
        for (feature, cell) in self.features.iter().zip(self.row) {
            map.serialize_entry(feature.name, &Value { kind: &feature.kind, cell })?;
        }
        map.end()
    }
}

struct Value<'n> {
    kind: &'static Kind,
    cell: &'n Cell<'n>,
}

impl Serialize for Value<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match (self.cell, self.kind) {
            (Cell::Rows(rows), Kind::Rows(features)) => {
                let mut list = serializer.serialize_seq(Some(rows.len()))?;
                rows.iter().try_for_each(|row| list.serialize_element(&Named { features, row }))?;
                list.end()
            }
            (Cell::Text(text), _) => serializer.serialize_str(text),
            (Cell::Int(number), _) => serializer.serialize_i64(*number),
            (Cell::Texts(texts), _) => texts.serialize(serializer),
            (Cell::Null | Cell::Rows(_), _) => serializer.serialize_none(),
        }
    }
}
