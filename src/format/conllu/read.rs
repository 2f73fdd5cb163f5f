//! Takes the documents of a file apart: where they end, their comments, their lines of words.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::RESIDUE;
use super::build::{Begins, DocumentParts, Kind, Left, Row, build};
use crate::format::allowance::Allowance;
use crate::format::article::annotations_or_ask;
use crate::format::comments::{Comments, parse_comment};
use crate::format::record::{Place, to_item};
use crate::format::tags::Tag;
use crate::format::vocabulary::{Declared, ExportedNames, Survey, Vocabulary};
use crate::format::{FormatError, ReadOptions, Receiver, Source};
use crate::model::{EntityId, Finding, Severity};

/// The columns of CoNLL-U.
const STANDARD: [&str; 10] = ["ID", "FORM", "LEMMA", "UPOS", "XPOS", "FEATS", "HEAD", "DEPREL", "DEPS", "MISC"];
/// Columns behind these are not looked at.
const MAX_COLUMNS: usize = 100;

/// Which column holds what.
#[derive(Debug, Default)]
pub(super) struct Columns<'f> {
    pub(super) id: Option<usize>,
    pub(super) form: Option<usize>,
    pub(super) misc: Option<usize>,
    /// Columns of tags.
    pub(super) tags: Vec<usize>,
    /// Columns that have no place here.
    pub(super) left: Vec<usize>,
    /// The attributes of mentions, in their order.
    pub(super) attributes: Vec<&'f str>,
}

impl<'f> Columns<'f> {
    fn find(file: &'f str) -> Self {
        let comment = |wanted: &str| {
            let comments = file.lines().filter(|line| line.starts_with('#')).map(parse_comment);
            comments.filter(|(name, _)| *name == wanted).map(|(_, value)| value).next()
        };
        let names: Vec<&str> = comment("global.columns").map_or(STANDARD.to_vec(), |names| names.split_whitespace().take(MAX_COLUMNS).collect());
        let position = |name: &str| names.iter().position(|found| *found == name);
        let further = || names.iter().enumerate().filter(|(_, name)| !STANDARD.contains(name)).map(|(index, _)| index);
        let tags: Vec<usize> = if further().next().is_some() { further().filter(|column| holds_tags(file, *column)).collect() } else { Vec::new() };
        let is_read = |index: &usize| names.get(*index).is_none_or(|name| ["ID", "FORM", "MISC"].contains(name)) || tags.contains(index);
        Self {
            id: position("ID"),
            form: position("FORM"),
            misc: position("MISC"),
            left: (0..names.len()).filter(|index| !is_read(index)).collect(),
            attributes: comment("global.Entity").unwrap_or("eid").split('-').collect(),
            tags,
        }
    }
}

/// True for a column of nothing but tags such as `B-PER`.
fn holds_tags(file: &str, column: usize) -> bool {
    let lines = file.lines().filter(|line| !line.starts_with('#'));
    let mut cells = lines.filter_map(|line| line.split('\t').nth(column)).filter(|cell| !matches!(*cell, "_" | "*"));
    let mut has_span = false;
    let all = cells.all(|cell| {
        let tag = Tag::parse(cell);
        has_span |= matches!(tag, Some(Tag::Inside(..)));
        tag.is_some()
    });
    all && has_span
}

/// Reads every file.
pub(super) fn read(source: &dyn Source, options: &mut ReadOptions, to: &mut dyn Receiver) -> Result<(), FormatError> {
    let known = options.known.clone();
    let mut vocabulary = Vocabulary::new(&known, Declared::default(), ExportedNames::default(), Survey::default());
    let names = source.names();
    options.progress.set_total(names.len() as u64);
    for name in names {
        if let Some(file) = annotations_or_ask(source, &name, options, to) {
            read_file(&name, &file.decoded.text, &mut vocabulary, options, to)?;
        }
        options.step()?;
    }
    vocabulary.hand_over([&options.coder], to);
    Ok(())
}

/// A document while its lines are read.
#[derive(Default)]
struct Open<'f> {
    is_begun: bool,
    // Comments behind this are of the first sentence.
    is_head_over: bool,
    rows: Vec<Row<'f>>,
    texts: Vec<(usize, &'f str)>,
    comments: Comments,
    begins: Begins,
}

struct Reader<'r, 'f, 'k> {
    name: &'f str,
    columns: &'r Columns<'f>,
    vocabulary: &'r mut Vocabulary<'k>,
    options: &'r mut ReadOptions,
    to: &'r mut dyn Receiver,
    allowance: Allowance,
    open: Open<'f>,
    left: Left,
    entities: BTreeMap<String, EntityId>,
}

fn read_file(name: &str, file: &str, vocabulary: &mut Vocabulary<'_>, options: &mut ReadOptions, to: &mut dyn Receiver) -> Result<(), FormatError> {
    let columns = Columns::find(file);
    let (open, left) = (Open::default(), Left::default());
    let (allowance, entities) = (Allowance::new(file.len()), BTreeMap::new());
    let mut reader = Reader { name, columns: &columns, vocabulary, options, to, allowance, open, left, entities };
    for (index, line) in file.lines().enumerate() {
        if !reader.line(index + 1, line)? {
            break;
        }
    }
    reader.close()?;
    for message in reader.left.messages() {
        reader.to.finding(Finding::new(Severity::Note, "conllu-left-out", message).in_file(name));
    }
    Ok(())
}

impl<'f> Reader<'_, 'f, '_> {
    /// False when nothing more is to be read.
    fn line(&mut self, number: usize, line: &'f str) -> Result<bool, FormatError> {
        if line.trim().is_empty() {
            self.open.begins = self.open.begins.max(Begins::Sentence);
        } else if line.starts_with('#') {
            return self.comment(number, line);
        } else {
            match Kind::of(line, self.columns) {
                Some(kind) => {
                    self.open.rows.push(Row { number, line, kind, begins: self.open.begins });
                    (self.open.begins, self.open.is_head_over) = (Begins::Nothing, true);
                }
                None => {
                    let message = "this line is no word: its columns are not those of the format. It was left out";
                    self.to.finding(Finding::new(Severity::Warning, "conllu-bad-line", message).in_file(self.name).at_line(number));
                }
            }
        }
        Ok(true)
    }

    fn comment(&mut self, number: usize, line: &'f str) -> Result<bool, FormatError> {
        let (name, value) = parse_comment(line);
        let mut go_on = true;
        match name {
            _ if name.starts_with("newdoc") => {
                go_on = self.close()?;
                self.open.is_begun = true;
                self.open.comments.add_id(value);
            }
            _ if name.starts_with("global.") => {}
            _ if name.starts_with("newpar") => {
                self.open.begins = Begins::Paragraph;
                self.open.is_head_over = true;
            }
            "text" => {
                self.open.texts.push((number, value));
                self.open.is_head_over = true;
            }
            "sent_id" => self.open.is_head_over = true,
            _ if self.open.is_head_over => self.left.comments += 1,
            _ => self.open.comments.add(name, value),
        }
        Ok(go_on)
    }

    /// The document is complete.
    fn close(&mut self) -> Result<bool, FormatError> {
        let open = std::mem::take(&mut self.open);
        if open.rows.is_empty() && !open.is_begun {
            return Ok(true);
        }
        if !self.allowance.take(self.name, self.to) {
            return Ok(false);
        }
        self.left.comments += open.comments.unkept;
        let parts = DocumentParts::new(&open.rows, self.columns, &mut self.left);
        if let Some(line) = parts.differing(&open.texts) {
            let message = "the words do not give the text that stands above them; the words were taken";
            self.to.finding(Finding::new(Severity::Note, "conllu-text-differs", message).in_file(self.name).at_line(line));
        }
        let line = open.rows.first().map_or(1, |row| row.number);
        let record = open.comments.into_record(parts.text.clone());
        let mut item = to_item(record, RESIDUE, Place::of_line(self.name, line), self.options, self.to);
        let sheet = build(&parts, (self.name, &item), (self.vocabulary, &mut self.entities), self.options, self.to);
        if !sheet.is_blank() {
            item.sheets.insert(self.options.coder.clone(), Arc::new(sheet));
        }
        self.to.item(item);
        if self.options.cancel.is_cancelled() { Err(FormatError::Cancelled) } else { Ok(true) }
    }
}
