//! Fields of an article in comments of column formats: `# newdoc id = …`, `# meta::title = …`, `# hipe2022:date = …`.

use std::borrow::Cow;

use serde_json::{Map, Value};
use unicode_normalization::{UnicodeNormalization, is_nfc};

use super::record::Record;
use super::sentence_tokens::is_blank;
use super::{Field, Item, Ledger};
use crate::model::Document;

/// Bytes kept of comments that mean no field.
const MAX_REST: usize = 100_000;

/// Each field, its name in our comments, and the names that others use, in small letters.
const NAMES: [(Field, &str, &[&str]); 7] = [
    (Field::FileName, "document_id", &["newdoc id", "newdoc_id", "doc_id", "file_name"]),
    (Field::Title, "title", &["headline"]),
    (Field::Source, "source", &["original_source", "publisher", "newspaper"]),
    (Field::Author, "author", &["authors"]),
    (Field::Date, "date", &["datecreated", "date_created", "date_published"]),
    (Field::Url, "url", &["sourceurl", "source_url"]),
    (Field::Language, "language", &["lang"]),
];

/// A comment's name and value: `# name = value`, or the name alone.
pub(super) fn parse_comment(line: &str) -> (&str, &str) {
    let line = line.trim_start_matches('#').trim();
    line.split_once('=').map_or((line, ""), |(name, value)| (name.trim(), value.trim()))
}

/// The comments of a document.
#[derive(Debug, Default)]
pub(super) struct Comments {
    record: Record,
    kept: usize,
    /// How many comments were left out.
    pub(super) unkept: usize,
}

impl Comments {
    /// Takes a comment in: a field, or something that is kept beside the fields.
    pub(super) fn add(&mut self, name: &str, value: &str) {
        match Self::field(name) {
            Some(field) if !self.has(field) => drop(self.record.fields.insert(field, value.to_owned())),
            _ if self.kept + name.len() + value.len() > MAX_REST => self.unkept += 1,
            _ => {
                self.kept += name.len() + value.len();
                self.record.rest.insert(name.to_owned(), value.into());
            }
        }
    }

    /// The field that a comment of this name holds.
    pub(super) fn field(name: &str) -> Option<Field> {
        let plain = name.rsplit(':').next().unwrap_or(name).to_lowercase();
        NAMES.iter().find(|(_, own, others)| *own == plain || others.contains(&plain.as_str())).map(|(field, ..)| *field)
    }

    /// The document's name; nothing for an empty one.
    pub(super) fn add_id(&mut self, name: &str) {
        if !name.is_empty() {
            self.record.fields.insert(Field::FileName, name.to_owned());
        }
    }

    /// The document's name; empty where it has none.
    pub(super) fn id(&self) -> &str {
        self.record.fields.get(&Field::FileName).map_or("", String::as_str)
    }

    /// Names and values of those that mean no field.
    pub(super) fn others(&self) -> &Map<String, Value> {
        &self.record.rest
    }

    /// True where a field is known already.
    pub(super) fn has(&self, field: Field) -> bool {
        self.record.fields.contains_key(&field)
    }

    /// The article with this text.
    pub(super) fn into_record(mut self, text: String) -> Record {
        self.record.fields.insert(Field::Text, text);
        self.record
    }
}

/// The fields of a document beside its id, with the names of our comments; empty where there is nothing to say.
fn values(item: &Item) -> [(Field, &'static str, &str); 6] {
    let document = &item.document;
    let title = if document.title == Document::title_of(item.text.as_str()) { "" } else { &document.title };
    let date = document.date.as_ref().map(|date| date.as_str()).unwrap_or_default();
    let values = [title, &document.source, &document.author, date, &document.url, &document.language];
    let mut names = NAMES.into_iter().skip(1).zip(values);
    std::array::from_fn(|_| names.next().map_or((Field::Title, "", ""), |((field, name, _), value)| (field, name, value.trim())))
}

/// Writes the fields of a document that are filled, and what was kept of its comments. The id is the caller's.
pub(super) fn push_comments(page: &mut String, item: &Item, prefix: &str, residue: &str) {
    push_fields(page, item, prefix, |_| true);
    let kept = item.document.residue.get(residue).and_then(|kept| serde_json::from_str::<Map<String, Value>>(kept).ok());
    push_others(page, &kept.unwrap_or_default());
}

/// Writes those fields of a document that are filled.
pub(super) fn push_fields(page: &mut String, item: &Item, prefix: &str, is_written: impl Fn(Field) -> bool) {
    for (_, name, value) in values(item).into_iter().filter(|(field, _, value)| !value.is_empty() && is_written(*field)) {
        push_comment(page, &format!("{prefix}{name}"), value);
    }
}

/// Writes comments that mean no field.
pub(super) fn push_others(page: &mut String, others: &Map<String, Value>) {
    for (name, value) in others {
        push_comment(page, name, value.as_str().unwrap_or_default());
    }
}

/// Writes a comment of an imported document again: as it was, or with what the document says now in its field.
pub(super) fn push_again(page: &mut String, item: &Item, line: &str) {
    let (name, value) = parse_comment(line);
    let day = |value: &str| value.split(['T', ' ']).next().and_then(|day| day.replace('/', "-").parse().ok());
    let field = Comments::field(name).and_then(|field| values(item).into_iter().find(|(found, ..)| *found == field));
    match field {
        Some((Field::Date, ..)) if item.document.date == day(value) => push_line(page, line),
        Some((Field::Title, ..)) if item.document.title == value => push_line(page, line),
        Some((_, _, now)) if now == value || value.is_empty() => push_line(page, line),
        Some((_, _, "")) => {}
        Some((_, _, now)) => push_comment(page, name, now),
        None => push_line(page, line),
    }
}

fn push_line(page: &mut String, line: &str) {
    page.push_str(line);
    page.push('\n');
}

/// Counts the fields that [`push_comments`] writes.
pub(super) fn count_fields(item: &Item, ledger: &mut Ledger) {
    let document = &item.document;
    for field in [&document.title, &document.source, &document.author, &document.url, &document.language] {
        match field.as_str() {
            "" => {}
            field if field == flat(field).trim() => ledger.keep("document fields", 1),
            field => ledger.change(
                "document fields",
                "they are written on one line, without blanks at the ends, in the composed form of Unicode",
                format!("{}: {field}", item.id),
            ),
        }
    }
    ledger.keep("document fields", usize::from(document.date.is_some()));
}

/// True for a text in the composed form. Letters before the first combining mark, and signs of print, need no look into tables.
pub(super) fn is_composed(text: &str) -> bool {
    text.is_ascii() || text.chars().all(|c| c < '\u{300}' || matches!(c, '\u{2010}'..='\u{2027}')) || is_nfc(text)
}

/// On one line and composed.
pub(super) fn flat(text: &str) -> Cow<'_, str> {
    if is_composed(text) && !text.chars().any(|c| c != ' ' && is_blank(c)) {
        return Cow::Borrowed(text);
    }
    text.nfc().map(|c| if is_blank(c) { ' ' } else { c }).collect()
}

/// Writes a comment on one line.
pub(super) fn push_comment(page: &mut String, name: &str, value: &str) {
    page.push_str("# ");
    page.push_str(flat(name).trim());
    if !value.is_empty() {
        page.push_str(" = ");
        page.push_str(flat(value).trim());
    }
    page.push('\n');
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::model::DocumentId;
    use crate::text::Text;

    #[test]
    fn a_comment_is_written_again_with_what_its_field_holds_now() {
        let text = Text::new("Bo ran.");
        let mut document = Document::new("A title", text.hash().clone());
        document.date = "2017-07-18".parse().ok();
        let item = Item { id: DocumentId::new("d-000000000001").unwrap(), document, text, original: None, sheets: BTreeMap::new() };
        let again = |line: &str| {
            let mut page = String::new();
            push_again(&mut page, &item, line);
            page
        };
        for same in ["# meta::title = A title", "#date=2017/07/18T10:00", "# meta::genre = news", "# anything", "# meta::author"] {
            assert_eq!(again(same), format!("{same}\n"));
        }
        assert_eq!(again("#meta::headline = Another"), "# meta::headline = A title\n");
        assert_eq!((again("# date = 2016-01-01").as_str(), again("# source = Times").as_str()), ("# date = 2017-07-18\n", ""));
    }

    #[test]
    fn what_needs_no_look_is_composed() {
        let all = (0..0x3000).filter_map(char::from_u32).map(String::from);
        assert!(all.filter(|text| is_composed(text)).all(|text| is_nfc(&text)));
        assert!(is_composed("é “x”") && !is_composed("e\u{301}"));
        assert_eq!(flat("a\nb\u{2028}é e\u{301}"), "a b é é");
    }
}
