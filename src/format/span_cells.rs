//! The columns of a table of spans, and what stands in the cells of a row.

use std::borrow::Cow;
use std::collections::BTreeMap;

use ::csv::StringRecord;

use super::span_rows::{ATTRIBUTE, BETWEEN_QUOTES, ROLE};
use super::{Columns, Field, SPAN_FIELDS};

/// Rows that are looked at to tell a quote from the text of a document.
pub(super) const LOOKED_AT: usize = 100;

/// Which column means what.
pub(super) struct SpanColumns {
    header: Vec<String>,
    fields: BTreeMap<Field, usize>,
}

impl SpanColumns {
    /// By what somebody has said, else by the names of the columns.
    ///
    /// # Errors
    /// When a column that must be there is not.
    pub(super) fn find(columns: &Columns, header: &[String], rows: &[StringRecord]) -> Result<Self, String> {
        let mut fields = columns.find_spans(header)?;
        // A column `text` may hold the text of the document or the words of the span.
        if let (Some(text), None) = (fields.get(&Field::Text).copied(), fields.get(&Field::Quote)) {
            let is_chosen = columns.0.contains_key(&Field::Text);
            if !is_chosen && holds_quotes(&fields, text, rows) {
                fields.remove(&Field::Text);
                fields.insert(Field::Quote, text);
            }
        }
        Ok(Self { header: header.to_vec(), fields })
    }
}

/// True where the values of a column are about as long as the places of their rows.
fn holds_quotes(fields: &BTreeMap<Field, usize>, column: usize, rows: &[StringRecord]) -> bool {
    let cell = |cells: &StringRecord, field: Field| fields.get(&field).and_then(|at| cells.get(*at)).unwrap_or_default().to_owned();
    let mut rows = rows.iter().filter_map(|cells| {
        let ranges = ranges(&cell(cells, Field::Start), &cell(cells, Field::End))?;
        let width: usize = ranges.iter().map(|(start, end)| end.saturating_sub(*start)).sum();
        let quote = cells.get(column)?;
        Some((quote.chars().count()..=quote.len() + BETWEEN_QUOTES.len() * ranges.len()).contains(&width))
    });
    rows.all(|fits| fits)
}

/// A row of the table.
pub(super) struct Row<'t> {
    /// What the columns mean.
    pub(super) columns: &'t SpanColumns,
    /// What stands in them.
    pub(super) cells: &'t StringRecord,
    /// The file.
    pub(super) file: &'t str,
    /// The line.
    pub(super) line: usize,
}

impl<'t> Row<'t> {
    /// The value of a field; empty for none.
    pub(super) fn get(&self, field: Field) -> &'t str {
        self.columns.fields.get(&field).and_then(|at| self.cells.get(*at)).unwrap_or_default()
    }

    /// True for a row that says nothing but that there is a document.
    pub(super) fn is_blank(&self) -> bool {
        [Field::Start, Field::End, Field::Label, Field::Quote, Field::Id].iter().all(|field| self.get(*field).trim().is_empty())
    }

    /// True where the table says so.
    pub(super) fn is_claim(&self) -> bool {
        self.get(Field::Kind) == "claim"
    }

    /// True where the table says so.
    pub(super) fn is_span(&self) -> bool {
        self.get(Field::Kind) == "span"
    }

    /// A further place of a claim.
    pub(super) fn is_occurrence(&self) -> bool {
        self.get(Field::Kind) == "occurrence"
    }

    /// Starts and ends; none where there is none or they make no sense.
    pub(super) fn ranges(&self) -> Option<Vec<(usize, usize)>> {
        ranges(self.get(Field::Start), self.get(Field::End))
    }

    /// Attributes that are set, as they are written.
    pub(super) fn attributes(&self) -> Vec<(String, String)> {
        let own = self.named(ATTRIBUTE).map(|(name, value)| (name.to_owned(), value.to_owned()));
        own.chain(named_parts(self.get(Field::OtherAttributes))).collect()
    }

    /// Fillers of roles, in their order.
    pub(super) fn roles(&self) -> Vec<(String, String)> {
        let own = self.named(ROLE).flat_map(|(name, value)| split(value).into_iter().map(move |filler| (name.to_owned(), filler)));
        own.chain(named_parts(self.get(Field::OtherRoles))).collect()
    }

    /// Cells of columns whose names begin so.
    fn named(&self, prefix: &'static str) -> impl Iterator<Item = (&'t str, &'t str)> {
        let cells = self.columns.header.iter().zip(self.cells).filter(|(_, cell)| !cell.is_empty());
        cells.filter_map(move |(name, cell)| Some((name.strip_prefix(prefix)?, cell)))
    }

    /// What stands in columns that mean nothing here, as JSON.
    pub(super) fn rest(&self) -> Option<String> {
        let is_known =
            |at: usize, name: &str| self.columns.fields.values().any(|known| *known == at) || name.starts_with(ATTRIBUTE) || name.starts_with(ROLE);
        let cells = self.columns.header.iter().zip(self.cells).enumerate();
        let rest: serde_json::Map<_, _> = cells
            .filter(|(at, (name, cell))| !cell.is_empty() && !is_known(*at, name))
            .map(|(_, (name, cell))| (name.clone(), cell.into()))
            .collect();
        (!rest.is_empty()).then(|| serde_json::Value::Object(rest).to_string())
    }

    /// The cells that are not empty, by the names that our tables give their columns.
    pub(super) fn as_json(&self) -> String {
        let own = |at: usize| {
            let field = self.columns.fields.iter().find(|(_, known)| **known == at).map(|(field, _)| *field);
            SPAN_FIELDS.iter().find(|(known, ..)| Some(*known) == field).map(|(_, name, _)| *name)
        };
        let cells = self.columns.header.iter().zip(self.cells).enumerate().filter(|(_, (_, cell))| !cell.is_empty());
        let cells: serde_json::Map<_, _> = cells.map(|(at, (name, cell))| (own(at).unwrap_or(name).to_owned(), cell.into())).collect();
        serde_json::Value::Object(cells).to_string()
    }
}

/// The quote as it is compared with the text: between the pieces a blank.
pub(super) fn surface(quote: &str, pieces: usize) -> Option<String> {
    let quote = if pieces > 1 { Cow::Owned(quote.replace(BETWEEN_QUOTES, " ")) } else { Cow::Borrowed(quote) };
    (!quote.is_empty()).then(|| quote.into_owned())
}

/// `3;20` and `8;25` are two pieces. A program may have made `3.0` of `3`.
fn ranges(starts: &str, ends: &str) -> Option<Vec<(usize, usize)>> {
    let numbers = |text: &str| -> Option<Vec<usize>> { text.split(';').map(|number| whole(number.trim())).collect() };
    let (starts, ends) = (numbers(starts)?, numbers(ends)?);
    (starts.len() == ends.len()).then(|| starts.into_iter().zip(ends).collect())
}

fn whole(number: &str) -> Option<usize> {
    number.strip_suffix(".0").unwrap_or(number).parse().ok()
}

/// `key=value` parts.
fn named_parts(cell: &str) -> Vec<(String, String)> {
    split(cell).iter().filter_map(|part| part.split_once('=')).map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
}

/// Parts with `;` between them, `\;` for one inside a part.
pub(super) fn split(cell: &str) -> Vec<String> {
    let (mut parts, mut part, mut chars) = (Vec::new(), String::new(), cell.chars());
    if cell.is_empty() {
        return parts;
    }
    while let Some(c) = chars.next() {
        match c {
            '\\' => part.extend(chars.next()),
            ';' => parts.push(std::mem::take(&mut part)),
            c => part.push(c),
        }
    }
    parts.push(part);
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_split_as_they_were_joined() {
        let check = |parts: &[&str]| {
            let joined = crate::format::span_rows::join(parts.iter().map(|part| (*part).to_owned()));
            assert_eq!(split(&joined), parts, "{joined}");
        };
        check(&["a", "b"]);
        check(&["a;b", "c\\", "\\;", "x=y"]);
        assert_eq!(split(""), Vec::<String>::new());
    }

    #[test]
    fn offsets_are_numbers() {
        assert_eq!(ranges("3;20", "8;25"), Some(vec![(3, 8), (20, 25)]));
        assert_eq!(ranges("3.0", "8.0"), Some(vec![(3, 8)]));
        for (starts, ends) in [("", ""), ("3", "8;9"), ("-3", "8"), ("a", "b")] {
            assert_eq!(ranges(starts, ends), None);
        }
    }
}
