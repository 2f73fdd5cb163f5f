//! What was kept of an imported document: its lines. An export gives back their tokens, columns and comments where the tokens
//! are still those of the text.

use super::RESIDUE;
use super::build::DocumentParts;
use super::columns::{Columns, LineKind, Use};
use super::open::Open;
use crate::format::Item;
use crate::format::comments::Comments;
use crate::format::kept_lines::lines;
use crate::format::packed_lines::unpack;
use crate::format::sentence_tokens::{Tokens, is_blank};

/// The lines of a document.
pub(super) struct Kept {
    table: String,
    columns: Columns,
    /// Those of the document.
    pub(super) comments: Comments,
    /// None where the text or its tokens are others now.
    pub(super) words: Option<Words>,
    // Places of the columns that say something of a token beside its tags.
    others: Vec<usize>,
}

/// The tokens of a document that are still those of its text.
pub(super) struct Words {
    pub(super) tokens: Tokens,
    // The row of each.
    rows: Vec<usize>,
}

/// A line of a document.
pub(super) enum KeptLine<'k> {
    Blank,
    Comment(&'k str),
    /// The number of the token, and what stands beside it.
    Token(usize, Vec<&'k str>),
}

impl Kept {
    /// None where nothing was kept, or it is broken.
    pub(super) fn of(item: &Item) -> Option<Self> {
        let table = unpack(item.document.residue.get(RESIDUE)?)?;
        let columns = Columns::of_line(lines(&table).next()?)?;
        let mut open = Open::default();
        for (number, line) in (1..).zip(lines(&table)).skip(1) {
            let kind = columns.kind(line);
            if open.is_ended_by(kind) {
                return None;
            }
            open.take((RESIDUE, number), line, kind).ok()?;
        }
        let comments = std::mem::take(&mut open.comments);
        let cells = open.cells(&columns);
        let words = DocumentParts::new(&open.rows(&cells), &columns).as_tokens(&item.text).map(|(tokens, rows)| Words { tokens, rows });
        let others = columns.beside_tags();
        Some(Self { table, columns, comments, words, others })
    }

    /// How many columns say something of a token beside its tags.
    pub(super) fn others(&self) -> usize {
        self.others.len()
    }

    /// All lines in their order. Those without a token are left out.
    pub(super) fn lines<'k>(&'k self, words: &'k Words) -> impl Iterator<Item = KeptLine<'k>> {
        let (mut row, mut tokens) = (0, words.rows.iter().zip(0..).peekable());
        lines(&self.table).skip(1).filter_map(move |line| match self.columns.kind(line) {
            LineKind::Blank => Some(KeptLine::Blank),
            LineKind::Comment(comment) => Some(KeptLine::Comment(comment)),
            LineKind::Header | LineKind::DocStart(_) => None,
            LineKind::Token => {
                row += 1;
                let (_, token) = tokens.next_if(|(at, _)| **at + 1 == row)?;
                let cells: Vec<&str> = self.columns.cells(line).collect();
                let cell = |column: &usize| cells.get(*column).copied().filter(|cell| !cell.is_empty() && !cell.contains(is_blank));
                Some(KeptLine::Token(token, self.others.iter().map(|column| cell(column).unwrap_or("_")).collect()))
            }
        })
    }

    /// What says how a token is joined with the next.
    pub(super) fn flags<'k>(&'k self, words: &'k Words) -> Option<Vec<&'k str>> {
        let column = self.columns.column(Use::Flags)?;
        let rows = lines(&self.table).skip(1).filter(|line| self.columns.kind(line) == LineKind::Token);
        let mut tokens = words.rows.iter().peekable();
        let of_token = rows.zip(0..).filter(|(_, row)| tokens.next_if(|at| *at == row).is_some());
        Some(of_token.map(|(line, _)| self.columns.cells(line).nth(column).unwrap_or("_")).collect())
    }
}
