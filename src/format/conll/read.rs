//! Takes the documents of a file apart: where they end, their comments, their lines of tokens.

use std::sync::Arc;

use super::RESIDUE;
use super::build::{DocumentParts, Row, build};
use super::columns::{Columns, LineKind};
use crate::format::allowance::Allowance;
use crate::format::comments::{Comments, parse_comment};
use crate::format::kept_lines::KeptLines;
use crate::format::pieces::{Holds, TextFile, cut_lines};
use crate::format::record::{Place, to_item};
use crate::format::vocabulary::{Declared, ExportedNames, Survey, Vocabulary};
use crate::format::{Field, FormatError, ReadOptions, Receiver, Source};
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

/// A document while its lines are read.
#[derive(Default)]
struct Open {
    is_begun: bool,
    rows: KeptLines<bool>,
    comments: Comments,
    after_blank: bool,
}

fn read_file(file: &TextFile<'_>, vocabulary: &mut Vocabulary<'_>, options: &mut ReadOptions, to: &mut dyn Receiver) -> Result<(), FormatError> {
    let columns = Columns::find(file)?;
    let (allowance, open) = (Allowance::new(file.len), Open::default());
    let mut reader = Reader { name: file.name, columns: &columns, vocabulary, options, to, allowance, open, tokens: 0, unkept: 0 };
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
    unkept: usize,
}

impl Reader<'_, '_> {
    /// False when nothing more is to be read.
    fn line(&mut self, number: usize, line: &str) -> Result<bool, FormatError> {
        match self.columns.kind(line) {
            LineKind::Header => {}
            LineKind::Blank => self.open.after_blank = true,
            LineKind::Token => {
                let begins_sentence = std::mem::take(&mut self.open.after_blank);
                self.open.rows.push(self.name, number, line, begins_sentence)?;
            }
            LineKind::DocStart(rest) => {
                let go_on = self.close()?;
                self.open.is_begun = true;
                if let Some(name) = rest.trim().strip_prefix('(').and_then(|rest| rest.strip_suffix(')')) {
                    self.open.comments.add_id(name);
                }
                return Ok(go_on);
            }
            LineKind::Comment(comment) => return self.comment(comment),
        }
        Ok(true)
    }

    fn comment(&mut self, line: &str) -> Result<bool, FormatError> {
        let (name, value) = match line.strip_prefix("#begin document") {
            Some(value) => ("document_id", value.trim()),
            None => parse_comment(line),
        };
        let begins = Comments::field(name) == Some(Field::FileName) || name.starts_with("newdoc");
        let mut go_on = true;
        if begins && (!self.open.rows.is_empty() || self.open.comments.has(Field::FileName)) {
            go_on = self.close()?;
        }
        if begins {
            self.open.is_begun = true;
        }
        if self.open.rows.is_empty() && begins {
            self.open.comments.add_id(value);
        } else if self.open.rows.is_empty() {
            self.open.comments.add(name, value);
        } else if !line.starts_with("#end document") {
            self.unkept += 1;
        }
        Ok(go_on)
    }

    /// The document is complete.
    fn close(&mut self) -> Result<bool, FormatError> {
        let open = std::mem::take(&mut self.open);
        if open.rows.is_empty() && !open.is_begun {
            self.open.comments = open.comments;
            return Ok(true);
        }
        if !self.allowance.take(self.name, self.to) {
            return Ok(false);
        }
        self.unkept += open.comments.unkept;
        let cells = open.rows.cells(self.columns.has_tabs().then_some(1), |line| self.columns.cells(line));
        let rows = open.rows.iter().zip(cells.iter());
        let rows: Vec<Row<'_>> = rows.map(|((number, line, begins_sentence), cells)| Row { number, line, cells, begins_sentence }).collect();
        self.tokens += rows.len();
        let parts = DocumentParts::new(&rows, self.columns);
        let line = rows.first().map_or(1, |row| row.number);
        let record = open.comments.into_record(parts.text.clone());
        let mut item = to_item(record, RESIDUE, Place::of_line(self.name, line), self.options, self.to);
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
        if self.unkept > 0 {
            say(Severity::Note, "conll-comments", format!("{} comments on sentences have no place here and were left out", self.unkept));
        }
    }
}
