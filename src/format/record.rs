//! From named values to an article, for every reader of records.

use std::collections::BTreeMap;

use csv::ByteRecord;
use serde_json::{Map, Value};

use super::csv_rows::MAX_COLUMNS;
use super::{Columns, Field, Item, ReadOptions, Receiver};
use crate::model::{Date, Document, DocumentId, Finding, Severity};
use crate::text::Text;
use crate::text::decode::Decoding;

/// Characters kept of a field other than the text.
const MAX_FIELD_CHARS: usize = 2000;

/// Where a record stands.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place<'p> {
    file: &'p str,
    line: Option<usize>,
    // In a list it is not known on which line a record stands.
    record: Option<usize>,
}

impl<'p> Place<'p> {
    pub(super) fn of_line(file: &'p str, line: usize) -> Self {
        Self { file, line: Some(line), record: None }
    }

    pub(super) fn of_record(file: &'p str, record: usize) -> Self {
        Self { file, line: None, record: Some(record) }
    }

    /// True for the first one of its file.
    pub(super) fn is_first(self) -> bool {
        self.line.or(self.record) == Some(1)
    }

    pub(super) fn finding(self, severity: Severity, rule: &'static str, message: impl AsRef<str>) -> Finding {
        let record = self.record.map(|record| format!("record {record}: ")).unwrap_or_default();
        let mut finding = Finding::new(severity, rule, format!("{record}{}", message.as_ref())).in_file(self.file);
        finding.line = self.line;
        finding
    }
}

/// One record: the fields that were recognised, and the rest by name.
#[derive(Debug, Default)]
pub(super) struct Record {
    pub(super) fields: BTreeMap<Field, String>,
    pub(super) rest: Map<String, Value>,
    pub(super) encoding: Option<Decoding>,
}

impl Record {
    /// The fields of an object by the names of its members.
    ///
    /// # Errors
    /// When no member holds the text.
    pub(super) fn from_object(object: Map<String, Value>, decoding: &Decoding, columns: &Columns) -> Result<Self, String> {
        let names: Vec<String> = object.keys().cloned().collect();
        let fields = columns.find(&names)?;
        let mut record = Self { encoding: Some(decoding.clone()), ..Self::default() };
        for (index, (name, value)) in object.into_iter().enumerate() {
            let field = fields.iter().find(|(_, at)| **at == index).map(|(field, _)| *field);
            match (field, as_text(&value)) {
                (Some(field), Some(text)) => drop(record.fields.insert(field, text)),
                (_, _) if value.is_null() => {}
                _ => drop(record.rest.insert(name, value)),
            }
        }
        Ok(record)
    }
}

/// The names of a table's columns, and what they mean.
pub(super) struct Header {
    pub(super) names: Vec<String>,
    pub(super) fields: BTreeMap<Field, usize>,
    pub(super) encoding: Option<Decoding>,
}

impl Header {
    /// A row by the names of its columns.
    pub(super) fn record(&self, row: &ByteRecord, place: Place<'_>, to: &mut dyn Receiver) -> Record {
        if row.len() != self.names.len() {
            let what = if row.len() < self.names.len() { "what is missing was taken as empty" } else { "what is too much was kept aside" };
            let mut message = format!("this row has {} columns and the header {}. It was read, and {what}; look at it", row.len(), self.names.len());
            if row.len() > MAX_COLUMNS {
                message = format!("this row has {} columns. Only the first {MAX_COLUMNS} were read", row.len());
            }
            to.finding(place.finding(Severity::Warning, "csv-ragged-row", message));
        }
        let mut record = Record { encoding: self.encoding.clone(), ..Record::default() };
        for (index, value) in row.iter().enumerate().take(MAX_COLUMNS) {
            let value = String::from_utf8_lossy(value).into_owned();
            let field = self.fields.iter().find(|(_, at)| **at == index).map(|(field, _)| *field);
            let name = self.names.get(index).filter(|name| !name.is_empty()).cloned().unwrap_or_else(|| format!("column {}", index + 1));
            match field {
                Some(field) => drop(record.fields.insert(field, value)),
                None if value.is_empty() => {}
                None => drop(record.rest.insert(name, value.into())),
            }
        }
        record
    }
}

/// Text, a number, or several of them: `["A. Smith", "B. Jones"]` are two authors.
fn as_text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Array(values) => values.iter().map(as_text).collect::<Option<Vec<_>>>().map(|parts| parts.join(", ")),
        _ => None,
    }
}

/// Makes the article. What does not fit its field is kept aside with a finding.
pub(super) fn to_item(mut record: Record, format: &'static str, place: Place<'_>, options: &mut ReadOptions, to: &mut dyn Receiver) -> Item {
    let text = Text::new(record.fields.remove(&Field::Text).unwrap_or_default());
    if text.as_str().trim().is_empty() {
        to.finding(place.finding(
            Severity::Warning,
            "article-without-text",
            "this article has no text. It was imported without; look whether another column holds the text",
        ));
    }
    let date = take_date(&mut record, place, to);
    let mut field = |field| cap(record.fields.remove(&field).unwrap_or_default(), field, place, to);
    let title = field(Field::Title);
    let title = if title.is_empty() { Document::title_of(text.as_str()) } else { title };
    let mut document = Document::new(&title, text.hash().clone());
    document.source = field(Field::Source);
    document.author = field(Field::Author);
    document.url = field(Field::Url);
    document.language = field(Field::Language);
    document.file_name = field(Field::FileName);
    document.date = date;
    document.decoding = Decoding { bom: false, ..record.encoding.unwrap_or_else(Decoding::utf8) };
    if !record.rest.is_empty() {
        document.residue.insert(format.to_owned(), Value::Object(record.rest).to_string());
    }
    Item { id: DocumentId::from_title(&title, options.ids.next_id()), document, text, original: None, sheets: BTreeMap::new() }
}

/// A date, or the day of a point in time such as `2016-05-17T10:00:00Z`.
fn take_date(record: &mut Record, place: Place<'_>, to: &mut dyn Receiver) -> Option<Date> {
    let written = record.fields.remove(&Field::Date).filter(|date| !date.trim().is_empty())?;
    let day = written.trim().split(['T', ' ']).next().unwrap_or_default();
    match day.replace('/', "-").parse() {
        Ok(date) => {
            if day.len() < written.trim().len() {
                record.rest.insert("date".to_owned(), written.into());
            }
            Some(date)
        }
        Err(error) => {
            to.finding(place.finding(Severity::Warning, "article-date", format!("{error}. It was kept aside, and the article has no date")));
            record.rest.insert("date".to_owned(), written.into());
            None
        }
    }
}

fn cap(value: String, field: Field, place: Place<'_>, to: &mut dyn Receiver) -> String {
    match value.char_indices().nth(MAX_FIELD_CHARS) {
        Some((end, _)) => {
            let message = format!("the field {field:?} has more than {MAX_FIELD_CHARS} characters; the rest was cut off");
            to.finding(place.finding(Severity::Warning, "article-long-field", message));
            value.get(..end).unwrap_or_default().to_owned()
        }
        None => value,
    }
}
