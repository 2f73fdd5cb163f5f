//! What a reader or writer is told beside its files.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use super::{CoderPattern, FormatError, JsonMapping, Splits, Tables};
use crate::model::{CoderKey, DocumentId, IdSource};
use crate::progress::{CancelToken, Progress};
use crate::text::Text;
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
    /// Texts of the project, for tables that have none.
    pub texts: KnownTexts,
    /// What offsets count, where somebody has said it; found out from the text otherwise.
    pub unit: Option<OffsetUnit>,
    /// Where things stand in JSON that is of no known format.
    pub mapping: Option<Arc<JsonMapping>>,
    /// Ids of documents that are files of their own begin with the names of these, and not with the first words of their texts.
    pub named_by_file: bool,
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
            texts: KnownTexts::default(),
            unit: None,
            mapping: None,
            named_by_file: false,
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

/// Gives the text of a document, where the project has it.
type TextOf = dyn Fn(&DocumentId) -> Option<Text> + Send + Sync;

/// Texts of the project that an import goes to, read when they are asked for.
#[derive(Clone, Default)]
pub struct KnownTexts(Option<Arc<TextOf>>);

impl KnownTexts {
    /// Those that `text_of` gives.
    #[must_use]
    pub fn new(text_of: impl Fn(&DocumentId) -> Option<Text> + Send + Sync + 'static) -> Self {
        Self(Some(Arc::new(text_of)))
    }

    /// The text of a document.
    #[must_use]
    pub fn get(&self, id: &DocumentId) -> Option<Text> {
        self.0.as_ref().and_then(|text_of| text_of(id))
    }
}

impl fmt::Debug for KnownTexts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("KnownTexts").field(&self.0.is_some()).finish()
    }
}

/// Where the texts of documents go, for formats that can do with and without.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum TextPlace {
    /// Nowhere: whoever reads the annotations has them.
    #[default]
    Nowhere,
    /// Into the same file, once for each document.
    Inside,
    /// Into a text file each, beside the annotations.
    Beside,
}

impl TextPlace {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Nowhere, Self::Inside, Self::Beside];

    /// On the command line.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Nowhere => "nowhere",
            Self::Inside => "inside",
            Self::Beside => "beside",
        }
    }
}

impl FromStr for TextPlace {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        Self::ALL.into_iter().find(|place| place.name() == text).ok_or_else(|| format!("`{text}` is not nowhere, inside or beside"))
    }
}

/// What a writer is told.
#[derive(Clone, Debug)]
pub struct WriteOptions {
    /// What offsets count.
    pub unit: OffsetUnit,
    /// The name of the file, for formats that write one.
    pub file_name: String,
    /// Where texts go, for formats with a choice.
    pub texts: TextPlace,
    /// Coders who have sheets: with more than one, formats with a place for one write files by coder.
    pub coders: Vec<CoderKey>,
    /// Columns that imports of tables have kept aside, for tables.
    pub kept_columns: Vec<String>,
    /// Under which licence it may be used: an id of SPDX, a link or words, for formats with a card. Empty where nobody says it.
    pub license: String,
    /// Which document comes into which part, for formats with a place for parts. Then documents come part by part.
    pub splits: Option<Splits>,
    /// Counts documents.
    pub progress: Progress,
    /// Stops the writer at the next document.
    pub cancel: CancelToken,
}

impl WriteOptions {
    /// Code points, into a file of this name.
    #[must_use]
    pub fn new(file_name: impl Into<String>) -> Self {
        Self {
            unit: OffsetUnit::CodePoints,
            file_name: file_name.into(),
            texts: TextPlace::default(),
            coders: Vec::new(),
            kept_columns: Vec::new(),
            license: String::new(),
            splits: None,
            progress: Progress::new(),
            cancel: CancelToken::new(),
        }
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
    /// In a table of spans: which document.
    Document,
    /// Where a span starts; of several pieces with `;` between them.
    Start,
    /// Where it ends.
    End,
    /// Its label.
    Label,
    /// Its words.
    Quote,
    /// Who has labelled it.
    Coder,
    /// `span`, `claim` or `occurrence`.
    Kind,
    /// Its id in the table.
    Id,
    /// What offsets count.
    OffsetUnit,
    /// The id of the entity that is meant.
    Entity,
    /// Its name.
    EntityName,
    /// What is claimed, in the coder's words.
    Normalized,
    /// The coder's remark.
    Note,
    /// Attributes without a column, as `key=value`.
    OtherAttributes,
    /// Roles without a column, as `role=filler`.
    OtherRoles,
}

/// A field, its name in a mapping, and the usual names of its column, in small letters.
type FieldRow = (Field, &'static str, &'static [&'static str]);

/// Each field, its name in a mapping, and the usual names of its column, in small letters.
pub const FIELDS: [FieldRow; 8] = [
    (Field::Text, "text", &["text", "body", "content", "article", "article_text", "full_text", "fulltext", "maintext", "body_text"]),
    (Field::Title, "title", &["title", "headline", "heading"]),
    (Field::Source, "source", &["source", "publisher", "publication", "outlet", "newspaper", "site", "media"]),
    (Field::Author, "author", &["author", "authors", "byline"]),
    (Field::Date, "date", &["date", "published", "publish_date", "publication_date", "date_published", "published_at", "pub_date"]),
    (Field::Url, "url", &["url", "link", "href", "uri"]),
    (Field::Language, "language", &["language", "lang", "locale"]),
    (Field::FileName, "file_name", &["file_name", "filename", "file", "id", "doc_id", "document_id", "article_id"]),
];

/// The fields of a table of spans. The text and the title of the document may stand there too.
pub const SPAN_FIELDS: [FieldRow; 17] = [
    (Field::Document, "document", &["document", "doc", "doc_id", "document_id", "article_id", "article", "file", "file_name", "filename"]),
    (Field::Start, "start", &["start", "begin", "start_offset", "start_char", "char_start", "offset_start"]),
    (Field::End, "end", &["end", "stop", "end_offset", "end_char", "char_end", "offset_end"]),
    (Field::Label, "label", &["label", "type", "tag", "category", "entity_type", "class"]),
    (Field::Quote, "quote", &["quote", "surface", "span_text", "covered_text", "mention", "snippet"]),
    (Field::Coder, "coder", &["coder", "annotator", "annotated_by", "user"]),
    (Field::Text, "text", &["document_text", "article_text", "full_text", "fulltext", "body", "text"]),
    (Field::Title, "title", &["title", "headline"]),
    (Field::Kind, "kind", &["kind"]),
    (Field::Id, "id", &["id", "span_id", "annotation_id"]),
    (Field::OffsetUnit, "offset_unit", &["offset_unit"]),
    (Field::Entity, "entity", &["entity", "entity_id", "wikidata", "qid"]),
    (Field::EntityName, "entity_name", &["entity_name"]),
    (Field::Normalized, "normalized", &["normalized"]),
    (Field::Note, "note", &["note", "comment", "remark"]),
    (Field::OtherAttributes, "other_attributes", &["other_attributes"]),
    (Field::OtherRoles, "other_roles", &["other_roles"]),
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
        self.find_among(&FIELDS, &[Field::Text], header)
    }

    /// As [`Self::find`], in a table of spans.
    ///
    /// # Errors
    /// When a chosen column does not exist, or none says which document and which label.
    pub fn find_spans(&self, header: &[String]) -> Result<BTreeMap<Field, usize>, String> {
        self.find_among(&SPAN_FIELDS, &[Field::Document, Field::Label], header)
    }

    fn find_among(&self, fields: &[FieldRow], needed: &[Field], header: &[String]) -> Result<BTreeMap<Field, usize>, String> {
        // A long text is the name of no field.
        let names: Vec<String> = header.iter().map(|name| if name.len() > MAX_NAME_BYTES { String::new() } else { normalized(name) }).collect();
        let mut found = BTreeMap::new();
        for (field, name, usual) in fields {
            let index = match self.0.get(field) {
                Some(column) => Some(position(header, column).ok_or_else(|| no_column(column, header))?),
                None => usual.iter().find_map(|usual| names.iter().position(|name| name == usual)),
            };
            match index {
                Some(index) => drop(found.insert(*field, index)),
                None if needed.contains(field) => return Err(no_column(name, header)),
                None => {}
            }
        }
        Ok(found)
    }
}

/// Every field, once.
fn all_fields() -> impl Iterator<Item = FieldRow> {
    FIELDS.into_iter().chain(SPAN_FIELDS.into_iter().filter(|(field, ..)| FIELDS.iter().all(|(known, ..)| known != field)))
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
            let field = all_fields().find(|(_, known, _)| *known == name.trim());
            let known: Vec<&str> = all_fields().map(|(_, name, _)| name).collect();
            let (field, _, _) = field.ok_or_else(|| format!("`{name}` is not a field; known: {}", known.join(", ")))?;
            columns.insert(field, column.trim().to_owned());
        }
        Ok(Self(columns))
    }
}

impl fmt::Display for Columns {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = |field: &Field| all_fields().find(|(known, ..)| known == field).map_or("", |(_, name, _)| name);
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
        let spans: Columns = "document=Datei,label=Art,start=von".parse().unwrap();
        let found = spans.find_spans(&header("Datei|von|End|Art|text")).unwrap();
        assert_eq!(found, BTreeMap::from([(Field::Document, 0), (Field::Start, 1), (Field::End, 2), (Field::Label, 3), (Field::Text, 4)]));
        assert!(Columns::default().find_spans(&header("start|end|label")).unwrap_err().contains("`document`"));
    }
}
