//! Takes the documents of a file apart: where they end, their comments, their lines of tokens.

use std::sync::Arc;

use super::RESIDUE;
use super::build::{DocumentParts, build};
use super::columns::Columns;
use super::open::Open;
use crate::format::allowance::Allowance;
use crate::format::packed_lines::pack;
use crate::format::pieces::{Holds, TextFile, cut_lines};
use crate::format::record::{Place, to_item};
use crate::format::vocabulary::{Declared, ExportedNames, Survey, Vocabulary};
use crate::format::{FormatError, ReadOptions, Receiver, Source};
use crate::model::{AttributeKind, Finding, Severity};

/// What HIPE's metonymic columns become.
pub(super) const METONYMIC: &str = "metonymic";

/// Reads every file.
pub(super) fn read(source: &dyn Source, options: &mut ReadOptions, to: &mut dyn Receiver) -> Result<(), FormatError> {
    let known = options.known.clone();
    let mut survey = Survey::default();
    survey.value_of_kind(METONYMIC, "", AttributeKind::Text);
    let mut vocabulary = Vocabulary::new(&known, Declared::default(), ExportedNames::default(), survey);
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

fn read_file(file: &TextFile<'_>, vocabulary: &mut Vocabulary<'_>, options: &mut ReadOptions, to: &mut dyn Receiver) -> Result<(), FormatError> {
    let columns = Columns::find(file)?;
    let (allowance, open) = (Allowance::new(file.len), Open::default());
    let mut reader = Reader { name: file.name, columns: &columns, vocabulary, options, to, allowance, open, tokens: 0, unplaced: 0 };
    file.each_line(|number, line| reader.line(number, line))?;
    reader.close()?;
    reader.say();
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
    tokens: usize,
    unplaced: usize,
}

impl Reader<'_, '_> {
    /// False when nothing more is to be read.
    fn line(&mut self, number: usize, line: &str) -> Result<bool, FormatError> {
        let kind = self.columns.kind(line);
        let go_on = if self.open.is_ended_by(kind) { self.close()? } else { true };
        self.open.take((self.name, number), line, kind)?;
        Ok(go_on)
    }

    /// The document is complete.
    fn close(&mut self) -> Result<bool, FormatError> {
        let mut open = std::mem::take(&mut self.open);
        if open.is_nothing() {
            self.open.comments = open.comments;
            return Ok(true);
        }
        if !self.allowance.take(self.name, self.to) {
            return Ok(false);
        }
        let comments = std::mem::take(&mut open.comments);
        self.unplaced += open.unplaced + comments.unkept;
        let cells = open.cells(self.columns);
        let rows = open.rows(&cells);
        self.tokens += rows.len();
        let table = (open.is_foreign(self.columns) && !rows.is_empty()).then(|| open.table(self.columns));
        let parts = DocumentParts::new(&rows, self.columns);
        let line = rows.first().map_or(1, |row| row.number);
        let record = comments.into_record(parts.text.clone());
        let mut item = to_item(record, RESIDUE, Place::of_line(self.name, line), self.options, self.to);
        // The table has all comments.
        item.document.residue.extend(table.map(|table| (RESIDUE.to_owned(), pack(&table))));
        let sheet = build(&parts, (self.name, &item), self.vocabulary, self.options, self.to);
        if !sheet.is_blank() {
            item.sheets.insert(self.options.coder.clone(), Arc::new(sheet));
        }
        self.to.item(item);
        if self.options.cancel.is_cancelled() { Err(FormatError::Cancelled) } else { Ok(true) }
    }

    fn say(&mut self) {
        let mut say = |severity, rule, message: String| self.to.finding(Finding::new(severity, rule, message).in_file(self.name));
        if self.tokens == 0 {
            return;
        }
        if self.columns.has_tags() {
            say(Severity::Note, "conll-columns", self.columns.describe());
        } else {
            let message = "no column holds tags such as B-PER; the texts were imported without annotations".to_owned();
            say(Severity::Warning, "conll-no-tags", message);
        }
        let message = format!("the file has no blanks: its {} tokens were joined with single ones, a sentence a line", self.tokens);
        say(Severity::Note, "conll-blanks", message);
        if self.unplaced > 0 {
            let message = format!("{} comments on sentences have no place here: they are kept aside, and an export gives them back", self.unplaced);
            say(Severity::Note, "conll-comments", message);
        }
    }
}
