//! What a reader or writer is told beside its files.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use super::{CoderPattern, FormatError, Tables};
use crate::model::{CoderKey, IdSource};
use crate::progress::{CancelToken, Progress};
use crate::text::offsets::OffsetUnit;

/// What a reader is told.
#[derive(Clone, Debug)]
pub struct ReadOptions {
    /// Whose annotations they are, where the format does not say.
    pub coder: CoderKey,
    /// Where the names of files say whose annotations they hold.
    pub coder_pattern: Option<CoderPattern>,
    /// The tables of the project that they go to: labels and entities that are known are used.
    pub known: Tables,
    /// The encoding that somebody chose, by its WHATWG name; none takes only what is certain.
    pub encoding: Option<String>,
    /// Which columns of a table of articles mean what, where their names do not say it.
    pub columns: Columns,
    /// What offsets count, where somebody has said it; found out from the text otherwise.
    pub unit: Option<OffsetUnit>,
    /// Makes ids.
    pub ids: IdSource,
    /// Counts files or records.
    pub progress: Progress,
    /// Stops the reader at the next document.
    pub cancel: CancelToken,
}

impl ReadOptions {
    /// Annotations of `coder`, everything else as usual.
    #[must_use]
    pub fn new(coder: CoderKey, ids: IdSource) -> Self {
        Self {
            coder,
            coder_pattern: None,
            known: Tables::default(),
            encoding: None,
            columns: Columns::default(),
            unit: None,
            ids,
            progress: Progress::new(),
            cancel: CancelToken::new(),
        }
    }

    /// One step done.
    ///
    /// # Errors
    /// [`FormatError::Cancelled`] when somebody pressed stop.
    pub fn step(&self) -> Result<(), FormatError> {
        self.progress.add(1);
        if self.cancel.is_cancelled() { Err(FormatError::Cancelled) } else { Ok(()) }
    }
}

/// What a writer is told.
#[derive(Clone, Debug)]
pub struct WriteOptions {
    /// What offsets count.
    pub unit: OffsetUnit,
    /// The name of the file, for formats that write one.
    pub file_name: String,
    /// Coders who have sheets: with more than one, formats with a place for one write files by coder.
    pub coders: Vec<CoderKey>,
    /// Counts documents.
    pub progress: Progress,
    /// Stops the writer at the next document.
    pub cancel: CancelToken,
}

impl WriteOptions {
    /// Code points, into a file of this name.
    #[must_use]
    pub fn new(file_name: impl Into<String>) -> Self {
        Self { unit: OffsetUnit::CodePoints, file_name: file_name.into(), coders: Vec::new(), progress: Progress::new(), cancel: CancelToken::new() }
    }

    /// One document done.
    ///
    /// # Errors
    /// [`FormatError::Cancelled`] when somebody pressed stop.
    pub fn step(&self) -> Result<(), FormatError> {
        self.progress.add(1);
        if self.cancel.is_cancelled() { Err(FormatError::Cancelled) } else { Ok(()) }
    }
}

/// A field of an article that a column can hold.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Field {
    /// The text itself.
    Text,
    /// The headline.
    Title,
    /// The newspaper, agency or site.
    Source,
    /// Who wrote it.
    Author,
    /// When it appeared.
    Date,
    /// Where it is on the web.
    Url,
    /// BCP 47 tag.
    Language,
    /// The name of its file, or its id.
    FileName,
}

/// Each field, its name in a mapping, and the usual names of its column, in small letters.
pub const FIELDS: [(Field, &str, &[&str]); 8] = [
    (Field::Text, "text", &["text", "body", "content", "article", "article_text", "full_text", "fulltext", "maintext", "body_text"]),
    (Field::Title, "title", &["title", "headline", "heading"]),
    (Field::Source, "source", &["source", "publisher", "publication", "outlet", "newspaper", "site", "media"]),
    (Field::Author, "author", &["author", "authors", "byline"]),
    (Field::Date, "date", &["date", "published", "publish_date", "publication_date", "date_published", "published_at", "pub_date"]),
    (Field::Url, "url", &["url", "link", "href", "uri"]),
    (Field::Language, "language", &["language", "lang", "locale"]),
    (Field::FileName, "file_name", &["file_name", "filename", "file", "id", "doc_id", "document_id", "article_id"]),
];

/// Longer names of columns are not recognised.
const MAX_NAME_BYTES: usize = 1000;

/// Which column means which field: `text=Body,title=Headline`.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Columns(pub BTreeMap<Field, String>);

impl Columns {
    /// For each field the column that holds it: the chosen one, else the first with a usual name.
    ///
    /// # Errors
    /// When a chosen column does not exist, or none holds the text.
    pub fn find(&self, header: &[String]) -> Result<BTreeMap<Field, usize>, String> {
        // A long text is the name of no field.
        let names: Vec<String> = header.iter().map(|name| if name.len() > MAX_NAME_BYTES { String::new() } else { normalized(name) }).collect();
        let mut found = BTreeMap::new();
        for (field, name, usual) in FIELDS {
            let index = match self.0.get(&field) {
                Some(column) => Some(position(header, column).ok_or_else(|| no_column(column, header))?),
                None => usual.iter().find_map(|usual| names.iter().position(|name| name == usual)),
            };
            match index {
                Some(index) => drop(found.insert(field, index)),
                None if field == Field::Text => return Err(no_column(name, header)),
                None => {}
            }
        }
        Ok(found)
    }
}

fn position(header: &[String], column: &str) -> Option<usize> {
    header.iter().position(|h| h == column).or_else(|| header.iter().position(|h| normalized(h) == normalized(column)))
}

fn normalized(header: &str) -> String {
    header.trim().to_lowercase().replace([' ', '-'], "_")
}

fn no_column(column: &str, header: &[String]) -> String {
    let names: Vec<String> = header.iter().take(30).map(|h| format!("`{}`", h.chars().take(40).collect::<String>())).collect();
    format!("there is no column `{column}`. There are {}; say which is which with columns such as text=Body,title=Headline", names.join(", "))
}

impl FromStr for Columns {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let mut columns = BTreeMap::new();
        for part in text.split(',').filter(|part| !part.trim().is_empty()) {
            let (name, column) = part.split_once('=').ok_or_else(|| format!("`{part}` is not FIELD=COLUMN"))?;
            let field = FIELDS.iter().find(|(_, known, _)| *known == name.trim());
            let known: Vec<&str> = FIELDS.iter().map(|(_, name, _)| *name).collect();
            let (field, _, _) = field.ok_or_else(|| format!("`{name}` is not a field; known: {}", known.join(", ")))?;
            columns.insert(*field, column.trim().to_owned());
        }
        Ok(Self(columns))
    }
}

impl fmt::Display for Columns {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = |field: &Field| FIELDS.iter().find(|(known, ..)| known == field).map_or("", |(_, name, _)| name);
        let parts: Vec<String> = self.0.iter().map(|(field, column)| format!("{}={column}", name(field))).collect();
        f.write_str(&parts.join(","))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn header(names: &str) -> Vec<String> {
        names.split('|').map(str::to_owned).collect()
    }

    #[test]
    fn usual_columns_are_recognised() {
        let found = Columns::default().find(&header("Headline|Full Text|Publish-Date|extra")).unwrap();
        assert_eq!(found, BTreeMap::from([(Field::Text, 1), (Field::Title, 0), (Field::Date, 2)]));
    }

    #[test]
    fn columns_can_be_chosen() {
        let columns: Columns = "text=Inhalt, title=Kopf".parse().unwrap();
        assert_eq!(columns.find(&header("Kopf|Inhalt")).unwrap(), BTreeMap::from([(Field::Text, 1), (Field::Title, 0)]));
        assert!(columns.find(&header("text|title")).unwrap_err().contains("Inhalt"));
        assert!(Columns::default().find(&header("a|b")).unwrap_err().contains("`text`"));
        assert_eq!(columns.to_string(), "text=Inhalt,title=Kopf");
        assert!("nope=x".parse::<Columns>().is_err());
    }
}
