//! The lines of a document while they are read, from a file or from what was kept of it.

use super::SPANS_LINE;
use super::build::{Begins, Kind, Row};
use super::read::{Columns, STANDARD};
use crate::format::FormatError;
use crate::format::comments::{Comments, parse_comment};
use crate::format::kept_lines::{Cells, KeptLines};

/// A document that is not complete yet.
#[derive(Default)]
pub(super) struct Open {
    is_begun: bool,
    // Comments behind this are of the first sentence.
    is_head_over: bool,
    pub(super) rows: KeptLines<(Kind, Begins)>,
    /// Comments and empty lines; true for the text of a sentence.
    others: KeptLines<bool>,
    /// Those of the document.
    pub(super) comments: Comments,
    /// How many there are of sentences that mean nothing here.
    pub(super) unplaced: usize,
    /// There is something that an export without its lines would say otherwise.
    pub(super) is_foreign: bool,
    begins: Begins,
}

impl Open {
    /// Takes the next line in; `# newdoc` only as the first. False for a line that is no word, which is left out.
    ///
    /// # Errors
    /// When the lines are together more than is read.
    pub(super) fn take(&mut self, (file, number): (&str, usize), line: &str, columns: &Columns) -> Result<bool, FormatError> {
        if line.starts_with('#') {
            let is_text = self.comment(line);
            self.others.push(file, number, line, is_text)?;
        } else if line.trim().is_empty() {
            self.begins = self.begins.max(Begins::Sentence);
            self.others.push(file, number, "", false)?;
        } else {
            let Some(kind) = Kind::of(line, columns) else { return Ok(false) };
            self.rows.push(file, number, line, (kind, self.begins))?;
            self.is_foreign |= matches!(kind, Kind::Surface(_));
            (self.begins, self.is_head_over) = (Begins::Nothing, true);
        }
        Ok(true)
    }

    /// True for the text of a sentence.
    fn comment(&mut self, line: &str) -> bool {
        let (name, value) = parse_comment(line);
        match name {
            _ if name.starts_with("newdoc") => {
                self.is_begun = true;
                self.comments.add_id(value);
            }
            _ if name.starts_with("global.") || name == SPANS_LINE => {}
            _ if name.starts_with("newpar") => {
                self.begins = Begins::Paragraph;
                self.is_head_over = true;
                self.is_foreign |= name != "newpar" || !value.is_empty();
            }
            "text" => {
                self.is_head_over = true;
                return true;
            }
            "sent_id" => {
                self.is_head_over = true;
                let number = value.strip_prefix(self.comments.id()).and_then(|rest| rest.strip_prefix('-'));
                self.is_foreign |= number.is_none_or(|number| !number.bytes().all(|byte| byte.is_ascii_digit()));
            }
            _ if self.is_head_over => self.unplaced += 1,
            _ => self.comments.add(name, value),
        }
        false
    }

    /// True where there is no document.
    pub(super) fn is_nothing(&self) -> bool {
        self.rows.is_empty() && !self.is_begun
    }

    /// The lines of words.
    pub(super) fn rows<'l>(&'l self, cells: &'l Cells<'l>) -> Vec<Row<'l>> {
        let rows = self.rows.iter().zip(cells.iter());
        rows.map(|((number, line, (kind, begins)), cells)| Row { number, line, cells, kind, begins }).collect()
    }

    /// The texts that stand above sentences, with their lines.
    pub(super) fn texts(&self) -> Vec<(usize, &str)> {
        let texts = self.others.iter().filter(|(.., is_text)| *is_text);
        texts.map(|(number, line, _)| (number, parse_comment(line).1)).collect()
    }

    /// All lines, with what they need to be read without their file.
    pub(super) fn table(&self, columns: &Columns) -> String {
        let mut table = String::new();
        let mut push = |name: &str, value: &str| table.extend(["# ", name, " = ", value, "\n"]);
        if columns.names != STANDARD {
            push("global.columns", &columns.names.join(" "));
        }
        push("global.Entity", &columns.attributes.join("-"));
        if !columns.tags.is_empty() {
            let names = columns.tags.iter().filter_map(|column| columns.names.get(*column));
            push(SPANS_LINE, &names.map(String::as_str).collect::<Vec<_>>().join(" "));
        }
        table.push_str(&self.rows.merged(&self.others));
        table
    }
}
