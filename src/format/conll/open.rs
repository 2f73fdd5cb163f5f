//! The lines of a document while they are read, from a file or from what was kept of it.

use super::build::Row;
use super::columns::{Columns, LineKind, Use};
use super::write::{HIPE_HEAD, START_2002, START_2003};
use crate::format::comments::{Comments, parse_comment};
use crate::format::kept_lines::{Cells, KeptLines};
use crate::format::{Field, FormatError};

/// A document that is not complete yet.
#[derive(Default)]
pub(super) struct Open {
    is_begun: bool,
    /// It begins as our exports do.
    begins_as_ours: bool,
    rows: KeptLines<bool>,
    /// Comments and empty lines.
    others: KeptLines<()>,
    /// Those of the document.
    pub(super) comments: Comments,
    /// How many comments there are of sentences.
    pub(super) unplaced: usize,
    after_blank: bool,
}

/// The name of a document in a comment that begins one.
fn name_in(comment: &str) -> Option<&str> {
    let (name, value) = parsed(comment);
    (Comments::field(name) == Some(Field::FileName) || name.starts_with("newdoc")).then_some(value)
}

fn parsed(comment: &str) -> (&str, &str) {
    comment.strip_prefix("#begin document").map_or_else(|| parse_comment(comment), |value| ("document_id", value.trim()))
}

impl Open {
    /// True where such a line is of the next document.
    pub(super) fn is_ended_by(&self, line: LineKind<'_>) -> bool {
        match line {
            LineKind::DocStart(_) => true,
            LineKind::Comment(comment) => name_in(comment).is_some() && (!self.rows.is_empty() || self.comments.has(Field::FileName)),
            _ => false,
        }
    }

    /// Takes the next line in.
    ///
    /// # Errors
    /// When the lines are together more than is read.
    pub(super) fn take(&mut self, (file, number): (&str, usize), line: &str, kind: LineKind<'_>) -> Result<(), FormatError> {
        match kind {
            LineKind::Header => {}
            LineKind::Blank => {
                self.after_blank = true;
                self.others.push(file, number, "", ())?;
            }
            LineKind::Token => {
                let begins_sentence = std::mem::take(&mut self.after_blank);
                self.rows.push(file, number, line, begins_sentence)?;
            }
            LineKind::DocStart(rest) => {
                self.is_begun = true;
                self.begins_as_ours = [START_2002, START_2003].iter().any(|start| start.trim_end() == line);
                if let Some(name) = rest.trim().strip_prefix('(').and_then(|rest| rest.strip_suffix(')')) {
                    self.comments.add_id(name);
                }
            }
            LineKind::Comment(comment) => {
                self.comment(comment);
                self.others.push(file, number, comment, ())?;
            }
        }
        Ok(())
    }

    fn comment(&mut self, comment: &str) {
        let (name, value) = parsed(comment);
        match name_in(comment) {
            Some(id) => {
                self.is_begun = true;
                self.comments.add_id(id);
            }
            None if self.rows.is_empty() => self.comments.add(name, value),
            None => self.unplaced += usize::from(!comment.starts_with("#end document")),
        }
    }

    /// True where there is no document.
    pub(super) fn is_nothing(&self) -> bool {
        self.rows.is_empty() && !self.is_begun
    }

    /// What stands in the lines of tokens.
    pub(super) fn cells<'l>(&'l self, columns: &Columns) -> Cells<'l> {
        self.rows.cells(columns.has_tabs().then_some(1), |line| columns.cells(line))
    }

    /// The lines of tokens.
    pub(super) fn rows<'l>(&'l self, cells: &'l Cells<'l>) -> Vec<Row<'l>> {
        let rows = self.rows.iter().zip(cells.iter());
        rows.map(|((number, line, begins_sentence), cells)| Row { number, line, cells, begins_sentence }).collect()
    }

    /// True where an export without these lines would say something else: not where an export of ours has written them.
    pub(super) fn is_foreign(&self, columns: &Columns) -> bool {
        let is_ours = if columns.has_header() { columns.uses.len() == HIPE_HEAD.split('\t').count() } else { self.begins_as_ours };
        !is_ours || self.unplaced > 0 || columns.uses.contains(&Use::Unused(true))
    }

    /// All lines, with what they need to be read without their file.
    pub(super) fn table(&self, columns: &Columns) -> String {
        columns.to_line() + "\n" + &self.rows.merged(&self.others)
    }
}
