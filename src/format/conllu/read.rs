//! Takes the documents of a file apart: where they end, their comments, their lines of words.

use std::collections::BTreeMap;
use std::sync::Arc;

use memchr::memmem;

use super::build::{DocumentParts, Left, build};
use super::mentions::ATTRIBUTES;
use super::open::Open;
use super::{RESIDUE, SPANS};
use crate::format::allowance::Allowance;
use crate::format::comments::parse_comment;
use crate::format::kept_lines::{split_behind, split_tabs};
use crate::format::packed_lines::pack;
use crate::format::pieces::{Holds, TextFile, cut_lines};
use crate::format::record::{Place, to_item};
use crate::format::tags::Tag;
use crate::format::vocabulary::{Declared, ExportedNames, Survey, Vocabulary};
use crate::format::{FormatError, ReadOptions, Receiver, Source};
use crate::model::{EntityId, Finding, Severity};

/// The columns of CoNLL-U.
pub(super) const STANDARD: [&str; 10] = ["ID", "FORM", "LEMMA", "UPOS", "XPOS", "FEATS", "HEAD", "DEPREL", "DEPS", "MISC"];
/// In the names of comments about the whole file.
const GLOBAL: &str = "global.";
/// Columns behind these are not looked at.
const MAX_COLUMNS: usize = 100;

/// Which column holds what.
#[derive(Debug, Default)]
pub(super) struct Columns {
    /// In their order.
    pub(super) names: Vec<String>,
    /// The file is an export of ours: it may hold nothing that is not in the model.
    pub(super) is_ours: bool,
    pub(super) id: Option<usize>,
    pub(super) form: Option<usize>,
    pub(super) misc: Option<usize>,
    /// Columns of tags.
    pub(super) tags: Vec<usize>,
    /// Columns that have no place here.
    pub(super) left: Vec<usize>,
    /// The attributes of mentions, in their order.
    pub(super) attributes: Vec<String>,
}

impl Columns {
    fn find(file: &TextFile<'_>) -> Result<Self, FormatError> {
        let (mut columns, mut attributes) = (None, None);
        // There are few among millions of lines.
        let global = memmem::Finder::new(GLOBAL);
        file.each(&mut |piece| {
            let mut rest = piece.text;
            while let Some(at) = global.find(rest.as_bytes()) {
                let (before, found) = rest.split_at_checked(at).unwrap_or_default();
                let start = before.rfind('\n').map_or(0, |end| end + 1);
                let end = at + found.find('\n').unwrap_or(found.len());
                let line = rest.get(start..end).filter(|line| line.starts_with('#')).unwrap_or_default();
                match parse_comment(line) {
                    ("global.columns", value) => drop(columns.get_or_insert_with(|| value.to_owned())),
                    ("global.Entity", value) => drop(attributes.get_or_insert_with(|| value.to_owned())),
                    _ => {}
                }
                rest = rest.get(end..).unwrap_or_default();
            }
            Ok(())
        })?;
        let columns = columns.unwrap_or_else(|| STANDARD.join(" "));
        let mut columns = Self::new(&columns, attributes.as_deref());
        columns.set_tags(with_tags(file, columns.further())?);
        Ok(columns)
    }

    /// Those that a line names, none of them with tags as far as is known, and the attributes of mentions that another line names.
    pub(super) fn new(names: &str, attributes: Option<&str>) -> Self {
        let names: Vec<String> = names.split_whitespace().take(MAX_COLUMNS).map(str::to_owned).collect();
        let position = |name: &str| names.iter().position(|found| found == name);
        let mut columns = Self { id: position("ID"), form: position("FORM"), misc: position("MISC"), ..Self::default() };
        columns.is_ours = attributes == Some(ATTRIBUTES) || names.iter().any(|name| name == SPANS);
        columns.attributes = attributes.unwrap_or("eid").split('-').map(str::to_owned).collect();
        columns.names = names;
        columns.set_tags(Vec::new());
        columns
    }

    pub(super) fn set_tags(&mut self, tags: Vec<usize>) {
        let is_read = |index: &usize| {
            // Those of ours may have no span.
            let is_known = |name: &String| ["ID", "FORM", "MISC"].contains(&name.as_str()) || name.starts_with(SPANS);
            tags.contains(index) || self.names.get(*index).is_none_or(is_known)
        };
        self.left = (0..self.names.len()).filter(|index| !is_read(index)).collect();
        self.tags = tags;
    }

    /// Those that may hold tags.
    fn further(&self) -> Vec<usize> {
        self.names.iter().enumerate().filter(|(_, name)| !STANDARD.contains(&name.as_str())).map(|(index, _)| index).collect()
    }

    /// The place of a column.
    pub(super) fn position(&self, name: &str) -> Option<usize> {
        self.names.iter().position(|found| found == name)
    }
}

/// Those of some columns in which is nothing but tags such as `B-PER`.
fn with_tags(file: &TextFile<'_>, columns: Vec<usize>) -> Result<Vec<usize>, FormatError> {
    if columns.is_empty() {
        return Ok(columns);
    }
    // Whether it may hold tags, and whether it holds one of a span.
    let mut found: Vec<(usize, bool, bool)> = columns.into_iter().map(|column| (column, true, false)).collect();
    let first = found.iter().map(|(column, ..)| *column).min().unwrap_or_default();
    let mut before: Option<String> = None;
    file.each_line(|_, line| {
        // Most lines say behind the words what the line before has said.
        let tail = if first == 0 { Some(line) } else { split_behind(line, first).map(|(_, tail)| tail) };
        let Some(tail) = tail.filter(|tail| before.as_deref() != Some(tail) && !line.starts_with('#')) else { return Ok(true) };
        for (cell, index) in split_tabs(tail).zip(first..) {
            let Some((_, may_be, has_span)) = found.iter_mut().find(|(column, may_be, _)| *column == index && *may_be) else { continue };
            let tag = if matches!(cell, "_" | "*") { None } else { Some(Tag::parse(cell)) };
            *may_be = tag != Some(None);
            *has_span |= matches!(tag, Some(Some(Tag::Inside(..))));
        }
        tail.clone_into(before.get_or_insert_default());
        Ok(true)
    })?;
    Ok(found.into_iter().filter(|(_, may_be, has_span)| *may_be && *has_span).map(|(column, ..)| column).collect())
}

/// Reads every file.
pub(super) fn read(source: &dyn Source, options: &mut ReadOptions, to: &mut dyn Receiver) -> Result<(), FormatError> {
    let known = options.known.clone();
    let mut vocabulary = Vocabulary::new(&known, Declared::default(), ExportedNames::default(), Survey::default());
    let names = source.names();
    options.progress.set_total(names.len() as u64);
    for name in names {
        if let Some(file) = TextFile::open((source, &name), (Holds::Annotations, cut_lines), options, to)? {
            read_file(&file, &mut vocabulary, options, to)?;
        }
        options.step()?;
    }
    vocabulary.hand_over([&options.coder], to);
    Ok(())
}

struct Reader<'r, 'k> {
    name: &'r str,
    columns: &'r Columns,
    vocabulary: &'r mut Vocabulary<'k>,
    options: &'r mut ReadOptions,
    to: &'r mut dyn Receiver,
    allowance: Allowance,
    open: Open,
    left: Left,
    entities: BTreeMap<String, EntityId>,
}

fn read_file(file: &TextFile<'_>, vocabulary: &mut Vocabulary<'_>, options: &mut ReadOptions, to: &mut dyn Receiver) -> Result<(), FormatError> {
    let (columns, name) = (Columns::find(file)?, file.name);
    let (open, left) = (Open::default(), Left::default());
    let (allowance, entities) = (Allowance::new(file.len), BTreeMap::new());
    let mut reader = Reader { name, columns: &columns, vocabulary, options, to, allowance, open, left, entities };
    file.each_line(|number, line| reader.line(number, line))?;
    reader.close()?;
    for message in reader.left.messages() {
        reader.to.finding(Finding::new(Severity::Note, "conllu-kept-aside", message).in_file(name));
    }
    Ok(())
}

impl Reader<'_, '_> {
    /// False when nothing more is to be read.
    fn line(&mut self, number: usize, line: &str) -> Result<bool, FormatError> {
        if line.starts_with('#') && parse_comment(line).0.starts_with("newdoc") && !self.close()? {
            return Ok(false);
        }
        if !self.open.take((self.name, number), line, self.columns)? {
            let message = "this line is no word: its columns are not those of the format. It was left out";
            self.to.finding(Finding::new(Severity::Warning, "conllu-bad-line", message).in_file(self.name).at_line(number));
        }
        Ok(true)
    }

    /// The document is complete.
    fn close(&mut self) -> Result<bool, FormatError> {
        let mut open = std::mem::take(&mut self.open);
        if open.is_nothing() {
            return Ok(true);
        }
        if !self.allowance.take(self.name, self.to) {
            return Ok(false);
        }
        let comments = std::mem::take(&mut open.comments);
        let cells = open.rows.cells(Some(2), split_tabs);
        let rows = open.rows(&cells);
        let mut left = Left { comments: open.unplaced + comments.unkept, ..Left::default() };
        let parts = DocumentParts::new(&rows, self.columns, &mut left);
        if let Some(line) = parts.differing(&open.texts()) {
            let message = "the words do not give the text that stands above them; the words were taken";
            self.to.finding(Finding::new(Severity::Note, "conllu-text-differs", message).in_file(self.name).at_line(line));
        }
        let table = (!self.columns.is_ours || open.is_foreign || left.is_any()).then(|| open.table(self.columns));
        self.left.add(&left);
        let line = rows.first().map_or(1, |row| row.number);
        let record = comments.into_record(parts.text.clone());
        let mut item = to_item(record, RESIDUE, Place::of_line(self.name, line), self.options, self.to);
        // The table has all comments.
        item.document.residue.extend(table.filter(|_| !rows.is_empty()).map(|table| (RESIDUE.to_owned(), pack(&table))));
        let sheet = build(&parts, (self.name, &item), (self.vocabulary, &mut self.entities), self.options, self.to);
        if !sheet.is_blank() {
            item.sheets.insert(self.options.coder.clone(), Arc::new(sheet));
        }
        self.to.item(item);
        if self.options.cancel.is_cancelled() { Err(FormatError::Cancelled) } else { Ok(true) }
    }
}
