//! The columns of the tables. The card declares them, and both ways of writing follow them.

use std::fmt::Write as _;

/// A column, or a field of the rows in a column.
pub(super) struct Feature {
    /// Its name.
    pub(super) name: &'static str,
    /// What it holds.
    pub(super) kind: Kind,
}

/// What a column holds.
pub(super) enum Kind {
    /// Text.
    Text,
    /// Text or nothing.
    OptionalText,
    /// A whole number.
    Int,
    /// A whole number or nothing.
    OptionalInt,
    /// A list of texts.
    Texts,
    /// A list of rows.
    Rows(&'static [Feature]),
}

impl Kind {
    /// How many columns of the file it takes.
    pub(super) fn leaves(&self) -> usize {
        match self {
            Self::Rows(features) => features.iter().map(|feature| feature.kind.leaves()).sum(),
            _ => 1,
        }
    }
}

const fn feature(name: &'static str, kind: Kind) -> Feature {
    Feature { name, kind }
}

/// The table of documents.
pub(super) const DOCUMENT: &[Feature] = &[
    feature("id", Kind::Text),
    feature("title", Kind::Text),
    feature("text", Kind::Text),
    feature("source", Kind::Text),
    feature("author", Kind::Text),
    feature("date", Kind::OptionalText),
    feature("url", Kind::Text),
    feature("language", Kind::Text),
    feature("file_name", Kind::Text),
    feature("regions", Kind::Rows(REGION)),
    feature("entities", Kind::Rows(SPAN)),
    feature("spans", Kind::Rows(SPAN)),
    feature("claims", Kind::Rows(CLAIM)),
    feature("relations", Kind::Rows(RELATION)),
    feature("sheets", Kind::Rows(SHEET)),
];

/// The table of entities.
pub(super) const ENTITY: &[Feature] = &[
    feature("id", Kind::Text),
    feature("name", Kind::Text),
    feature("label", Kind::OptionalText),
    feature("aliases", Kind::Texts),
    feature("knowledge_base_ids", Kind::Texts),
    feature("attributes", Kind::Rows(ATTRIBUTE)),
    feature("note", Kind::Text),
    feature("made_by", Kind::OptionalText),
];

const RANGE: &[Feature] = &[feature("start", Kind::Int), feature("end", Kind::Int), feature("text", Kind::Text)];

const REGION: &[Feature] = &[feature("kind", Kind::Text), feature("start", Kind::Int), feature("end", Kind::Int), feature("text", Kind::Text)];

/// An attribute with several values has a row for each.
const ATTRIBUTE: &[Feature] = &[feature("key", Kind::Text), feature("type", Kind::Text), feature("value", Kind::Text)];

const SPAN: &[Feature] = &[
    feature("id", Kind::Text),
    feature("coder", Kind::Text),
    feature("label", Kind::Text),
    feature("start", Kind::Int),
    feature("end", Kind::Int),
    feature("text", Kind::Text),
    feature("ranges", Kind::Rows(RANGE)),
    feature("entity", Kind::OptionalText),
    feature("entity_name", Kind::OptionalText),
    feature("attributes", Kind::Rows(ATTRIBUTE)),
    feature("note", Kind::Text),
];

const CLAIM: &[Feature] = &[
    feature("id", Kind::Text),
    feature("coder", Kind::Text),
    feature("label", Kind::Text),
    feature("start", Kind::OptionalInt),
    feature("end", Kind::OptionalInt),
    feature("text", Kind::OptionalText),
    feature("ranges", Kind::Rows(RANGE)),
    feature("occurrences", Kind::Rows(OCCURRENCE)),
    feature("normalized", Kind::Text),
    feature("roles", Kind::Rows(ROLE)),
    feature("attributes", Kind::Rows(ATTRIBUTE)),
    feature("note", Kind::Text),
];

const OCCURRENCE: &[Feature] = &[feature("ranges", Kind::Rows(RANGE))];

const ROLE: &[Feature] = &[feature("name", Kind::Text), feature("fillers", Kind::Rows(FILLER))];

const FILLER: &[Feature] = &[feature("kind", Kind::Text), feature("id", Kind::OptionalText), feature("text", Kind::Text)];

const RELATION: &[Feature] = &[
    feature("id", Kind::Text),
    feature("coder", Kind::Text),
    feature("label", Kind::Text),
    feature("from_kind", Kind::Text),
    feature("from_id", Kind::Text),
    feature("to_kind", Kind::Text),
    feature("to_id", Kind::Text),
    feature("attributes", Kind::Rows(ATTRIBUTE)),
    feature("note", Kind::Text),
];

const SHEET: &[Feature] =
    &[feature("coder", Kind::Text), feature("status", Kind::Text), feature("attributes", Kind::Rows(ATTRIBUTE)), feature("note", Kind::Text)];

/// The columns as the card declares them.
pub(super) fn push_yaml(page: &mut String, features: &[Feature], indent: usize) {
    let blank = " ".repeat(indent);
    for feature in features {
        let _ = writeln!(page, "{blank}- name: {}", feature.name);
        match &feature.kind {
            Kind::Text | Kind::OptionalText => page.push_str(&format!("{blank}  dtype: string\n")),
            Kind::Int | Kind::OptionalInt => page.push_str(&format!("{blank}  dtype: int64\n")),
            Kind::Texts => page.push_str(&format!("{blank}  list: string\n")),
            Kind::Rows(fields) => {
                page.push_str(&format!("{blank}  list:\n"));
                push_yaml(page, fields, indent + 2);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_declared() {
        let mut page = String::new();
        push_yaml(&mut page, &[feature("a", Kind::Texts), feature("b", Kind::Rows(OCCURRENCE))], 2);
        assert_eq!(
            page,
            "  - name: a\n    list: string\n  - name: b\n    list:\n    - name: ranges\n      list:\n      - name: start\n        dtype: int64\n      \
             - name: end\n        dtype: int64\n      - name: text\n        dtype: string\n"
        );
    }
}
