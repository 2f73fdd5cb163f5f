//! Writing a project: texts as they come, and the project itself, which refers to all of them, last. The same documents give the
//! same bytes.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Write};

use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipWriter};

use super::codebook::{Book, push_element};
use super::selections::push_sheet;
use super::{DOCUMENT_ID, FORMAT, ORIGIN, guid, is_guid};
use crate::format::aspects::{Aspect, drop_aspects, drop_entity_details, drop_foreign_residue};
use crate::format::xml_out::{is_xml, push_attribute};
use crate::format::xml_tree::parse;
use crate::format::{FormatError, Item, Items, Ledger, Sink, Tables, WriteOptions};
use crate::model::{CoderKey, Document};

const NO_PLACE: &str = "REFI-QDA has no place for it";
const LOST: [Aspect; 6] = [Aspect::Regions, Aspect::Corrections, Aspect::Status, Aspect::SetAside, Aspect::RelationAttributes, Aspect::RelationNotes];

/// The parts of the project that grow with each document.
pub(super) struct Pages<'p> {
    pub(super) tables: &'p Tables,
    pub(super) book: Book<'p>,
    pub(super) sources: String,
    pub(super) notes: String,
    pub(super) links: String,
    pub(super) coders: BTreeSet<CoderKey>,
    /// GUIDs that are taken: of an earlier import, and each only once.
    pub(super) guids: BTreeSet<String>,
    variables: BTreeSet<String>,
    /// Characters that XML cannot hold.
    pub(super) not_xml: usize,
}

/// Writes all documents.
pub(super) fn write(
    tables: &Tables,
    items: &mut Items<'_>,
    options: &WriteOptions,
    sink: &mut dyn Sink,
    ledger: &mut Ledger,
) -> Result<(), FormatError> {
    let error = |cause: io::Error| FormatError::writing(&options.file_name, cause);
    let mut archive = ZipWriter::new_stream(sink.create(&options.file_name).map_err(error)?);
    let mut pages = Pages {
        tables,
        book: Book::new(&tables.schema),
        sources: String::new(),
        notes: String::new(),
        links: String::new(),
        coders: BTreeSet::new(),
        guids: BTreeSet::new(),
        variables: BTreeSet::new(),
        not_xml: 0,
    };
    drop_entity_details(ledger, tables, NO_PLACE);
    for item in items {
        let item = item?;
        ledger.add_document();
        count_losses(&item, ledger);
        let text = written_text(&item, ledger);
        let source = guid(&["source", item.id.as_str()]);
        let file = archive.start_file(format!("sources/{source}.txt"), file_options());
        file.map_err(io::Error::from).and_then(|()| archive.write_all(text.as_bytes())).map_err(error)?;
        pages.push_source(&item, &source, ledger)?;
        options.step()?;
    }
    for _ in 0..pages.not_xml {
        ledger.change("characters of names, notes and values", "XML cannot hold these control characters; U+FFFD stands for them", "");
    }
    let project = pages.finish(options);
    let file = archive.start_file("project.qde", file_options()).map_err(io::Error::from);
    file.and_then(|()| archive.write_all(project.as_bytes())).map_err(error)?;
    archive.finish().map_err(io::Error::from).and_then(|file| file.into_inner().flush()).map_err(error)
}

/// No clock in it. Packing better takes longer than all else.
fn file_options() -> SimpleFileOptions {
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated).compression_level(Some(2));
    options.last_modified_time(DateTime::default()).unix_permissions(0o644)
}

fn count_losses(item: &Item, ledger: &mut Ledger) {
    drop_aspects(ledger, item, &LOST, NO_PLACE);
    drop_foreign_residue(ledger, item, FORMAT.name);
    for _ in item.sheets.values().filter(|sheet| sheet.info.residue.contains_key(FORMAT.name)) {
        ledger.drop("leftovers of earlier imports", "selections that had no place are not written back", item.id.to_string());
    }
}

/// LF and no byte order mark: what programs count differently is not there.
fn written_text<'i>(item: &'i Item, ledger: &mut Ledger) -> Cow<'i, str> {
    let text = item.text.as_str();
    let mut written = Cow::Borrowed(text);
    if text.contains("\r\n") {
        ledger.change("texts", "line ends are written as LF; programs count others differently", item.id.to_string());
        written = Cow::Owned(text.replace("\r\n", "\n"));
    }
    if let Some(rest) = written.strip_prefix('\u{feff}') {
        ledger.change("texts", "a byte order mark in front would be lost; a word joiner stands for it", item.id.to_string());
        written = Cow::Owned(format!("\u{2060}{rest}"));
    }
    written
}

/// What becomes of a letter, but that carriage returns of their own stay.
pub(super) fn letter(c: char) -> Option<char> {
    match c {
        '\r' => None,
        '\u{feff}' => Some('\u{2060}'),
        c => Some(c),
    }
}

impl Pages<'_> {
    /// An attribute whose text may hold anything.
    pub(super) fn attribute(&mut self, out: &mut String, name: &str, value: &str) {
        self.not_xml += value.chars().filter(|c| !is_xml(*c)).count();
        push_attribute(out, name, value);
    }

    /// An element whose text may hold anything.
    pub(super) fn element(&mut self, out: &mut String, name: &str, text: &str) {
        self.not_xml += text.chars().filter(|c| !is_xml(*c)).count();
        push_element(out, name, text);
    }

    pub(super) fn user(coder: &CoderKey) -> String {
        guid(&["user", coder.as_str()])
    }

    fn push_source(&mut self, item: &Item, source: &str, ledger: &mut Ledger) -> Result<(), FormatError> {
        let mut out = String::from("<TextSource");
        push_attribute(&mut out, "plainTextPath", &format!("internal://{source}.txt"));
        self.attribute(&mut out, "name", &item.document.title);
        self.push_kept(&mut out, item.document.residue.get(FORMAT.name).map(String::as_str), source, ledger);
        out.push_str(">\n");
        let mut behind = String::new();
        for (coder, sheet) in &item.sheets {
            self.coders.insert(coder.clone());
            push_sheet(self, &mut out, (item, coder, sheet), ledger)?;
            self.push_note(&mut behind, (item, coder), &sheet.info.note, ledger);
        }
        self.push_values(&mut behind, item, ledger);
        out.push_str(&behind);
        out.push_str("</TextSource>\n");
        self.sources.push_str(&out);
        Ok(())
    }

    /// The attributes that an import has kept, or a GUID of our own.
    pub(super) fn push_kept(&mut self, out: &mut String, kept: Option<&str>, own: &str, ledger: &mut Ledger) -> String {
        let kept = kept.map(|kept| format!("<a {kept}/>"));
        let element = kept.as_deref().and_then(|kept| parse(kept).ok());
        let kept_guid = element.as_ref().and_then(|element| element.get("guid")).filter(|guid| is_guid(guid) && !self.guids.contains(*guid));
        let guid = kept_guid.unwrap_or(own).to_owned();
        push_attribute(out, "guid", &guid);
        let times = ["creationDateTime", "modifiedDateTime"];
        for (name, value) in element.iter().flat_map(|element| &element.attributes) {
            match *name {
                "guid" => {}
                name if times.contains(&name) && is_time(value) => push_attribute(out, name, value),
                _ => ledger.drop("leftovers of earlier imports", "they lead to files or people of another project", format!("{name}={value}")),
            }
        }
        self.guids.insert(guid.clone());
        guid
    }

    fn push_note(&mut self, behind: &mut String, (item, coder): (&Item, &CoderKey), note: &str, ledger: &mut Ledger) {
        if note.is_empty() {
            return;
        }
        ledger.keep("notes on documents", 1);
        let id = guid(&["note", item.id.as_str(), coder.as_str()]);
        let mut out = String::from("<Note");
        push_attribute(&mut out, "guid", &id);
        push_attribute(&mut out, "name", "Note on the document");
        push_attribute(&mut out, "creatingUser", &Self::user(coder));
        out.push_str(">\n");
        self.element(&mut out, "PlainTextContent", note);
        out.push_str("</Note>\n");
        self.notes.push_str(&out);
        behind.push_str("<NoteRef");
        push_attribute(behind, "targetGUID", &id);
        behind.push_str("/>\n");
    }

    /// Fields and attributes of the document as variables.
    fn push_values(&mut self, out: &mut String, item: &Item, ledger: &mut Ledger) {
        let document = &item.document;
        let date = document.date.as_ref().map_or("", |date| date.as_str());
        let fields = [
            ("source", document.source.as_str()),
            ("author", &document.author),
            ("date", date),
            ("url", &document.url),
            ("language", &document.language),
        ];
        for (name, value) in fields.into_iter().filter(|(_, value)| !value.is_empty()) {
            ledger.keep("document fields", 1);
            self.push_value(out, name, value);
        }
        if document.title != Document::title_of(item.text.as_str()) {
            ledger.keep("document fields", 1);
        }
        let file_name = Some(document.file_name.as_str()).filter(|name| !name.is_empty());
        file_name.into_iter().for_each(|name| self.push_value(out, "file_name", name));
        self.push_value(out, DOCUMENT_ID, item.id.as_str());
        for (coder, sheet) in &item.sheets {
            for (key, value) in &sheet.info.attributes {
                ledger.keep("attributes of documents", 1);
                self.push_value(out, &format!("{key} ({coder})"), &value.to_string());
            }
        }
    }

    fn push_value(&mut self, out: &mut String, name: &str, value: &str) {
        self.variables.insert(name.to_owned());
        out.push_str("<VariableValue>\n<VariableRef");
        push_attribute(out, "targetGUID", &guid(&["variable", name]));
        out.push_str("/>\n");
        self.element(out, "TextValue", value);
        out.push_str("</VariableValue>\n");
    }

    fn finish(self, options: &WriteOptions) -> String {
        let mut out = String::from("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<Project xmlns=\"urn:QDA-XML:project:1.0\"");
        let name = self.tables.project.as_ref().map_or(crate::format::stem(&options.file_name), |project| &project.name);
        push_attribute(&mut out, "name", name);
        push_attribute(&mut out, "origin", ORIGIN);
        out.push_str(">\n");
        let users: BTreeMap<&CoderKey, &str> =
            self.coders.iter().map(|coder| (coder, self.tables.coders.get(coder).map_or(coder.as_str(), |row| &row.name))).collect();
        list(
            &mut out,
            "Users",
            users.iter().map(|(coder, name)| {
                let name = if CoderKey::from_name(name) == **coder { name } else { coder.as_str() };
                row("User", &[("guid", &Self::user(coder)), ("name", name)])
            }),
        );
        let mut codes = String::new();
        self.book.push_codes(&mut codes);
        list(&mut out, "CodeBook", Some(codes).into_iter().filter(|codes| !codes.is_empty()));
        let variable = |name: &String| row("Variable", &[("guid", &guid(&["variable", name])), ("name", name), ("typeOfVariable", "Text")]);
        list(&mut out, "Variables", self.variables.iter().map(variable));
        for (name, content) in [("Sources", self.sources), ("Notes", self.notes), ("Links", self.links)] {
            list(&mut out, name, Some(content).into_iter().filter(|content| !content.is_empty()));
        }
        self.book.push_sets(&mut out, "targetGUID");
        out.push_str("</Project>\n");
        out
    }
}

/// Lists must not be empty.
fn list(out: &mut String, name: &str, rows: impl Iterator<Item = String>) {
    let mut rows = rows.peekable();
    if rows.peek().is_some() {
        out.push_str(&format!("<{name}>\n"));
        rows.for_each(|row| out.push_str(&row));
        out.push_str(&format!("</{name}>\n"));
    }
}

/// An element of nothing but attributes.
pub(super) fn row(name: &str, attributes: &[(&str, &str)]) -> String {
    let mut out = format!("<{name}");
    attributes.iter().for_each(|(name, value)| push_attribute(&mut out, name, value));
    out.push_str("/>\n");
    out
}

/// `2026-11-07T10:00:00Z`, roughly.
fn is_time(text: &str) -> bool {
    text.len() >= 19 && text.as_bytes().get(10) == Some(&b'T') && text.bytes().all(|byte| byte.is_ascii_digit() || b"-:TZ+.".contains(&byte))
}
