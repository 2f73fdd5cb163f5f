//! Rows of the documents: one for each coder who has a sheet, one without a coder where nobody has.

use crate::format::span_rows::{ATTRIBUTE, attributes_on, named_values, value};
use crate::format::{Item, Tables};
use crate::model::{AttributeKey, CoderKey, Sheet, Target};

/// The columns before the attributes.
const FIRST: [&str; 14] = [
    "document",
    "title",
    "source",
    "author",
    "date",
    "url",
    "language",
    "file_name",
    "characters",
    "coder",
    "status",
    "spans",
    "claims",
    "relations",
];
/// The columns behind them.
const LAST: [&str; 2] = ["other_attributes", "note"];

/// Makes the rows.
pub(super) struct DocumentRows {
    attributes: Vec<AttributeKey>,
}

impl DocumentRows {
    /// With a column for each attribute that documents can have.
    pub(super) fn new(tables: &Tables) -> Self {
        Self { attributes: attributes_on(tables, &[Target::Document]) }
    }

    /// The names of the columns.
    pub(super) fn header(&self) -> Vec<String> {
        let attributes = self.attributes.iter().map(|key| format!("{ATTRIBUTE}{key}"));
        FIRST.map(str::to_owned).into_iter().chain(attributes).chain(LAST.map(str::to_owned)).collect()
    }

    /// All rows of a document.
    pub(super) fn rows(&self, item: &Item) -> Vec<Vec<String>> {
        if item.sheets.is_empty() {
            return vec![self.row(item, None)];
        }
        item.sheets.iter().map(|(coder, sheet)| self.row(item, Some((coder, sheet)))).collect()
    }

    fn row(&self, item: &Item, said: Option<(&CoderKey, &Sheet)>) -> Vec<String> {
        let document = &item.document;
        let date = document.date.as_ref().map_or("", |date| date.as_str());
        let fields = [document.title.as_str(), &document.source, &document.author, date, &document.url, &document.language, &document.file_name];
        let mut row = vec![item.id.to_string()];
        row.extend(fields.map(str::to_owned));
        row.push(item.text.as_str().chars().count().to_string());
        if let Some((coder, sheet)) = said {
            let info = &sheet.info;
            row.extend([coder.to_string(), info.status.name().to_owned()]);
            row.extend([sheet.spans.len(), sheet.claims.len(), sheet.relations.len()].map(|count| count.to_string()));
            row.extend(self.attributes.iter().map(|key| info.attributes.get(key).map(value).unwrap_or_default()));
            row.push(named_values(info.attributes.iter().filter(|(key, _)| !self.attributes.contains(key))));
            row.push(info.note.clone());
        }
        row
    }
}
