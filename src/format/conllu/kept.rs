//! What was kept of an imported document: its lines. An export gives them back where their words are still those of the text.

use super::RESIDUE;
use super::SPANS_LINE;
use super::build::{DocumentParts, Kind, Left};
use super::mentions::Details;
use super::open::Open;
use super::read::{Columns, STANDARD};
use crate::format::Item;
use crate::format::comments::{Comments, parse_comment};
use crate::format::kept_lines::{lines, split_tabs};
use crate::format::packed_lines::unpack;
use crate::format::sentence_tokens::Tokens;

/// The lines of a document.
pub(super) struct Kept {
    /// All of them.
    pub(super) table: String,
    pub(super) columns: Columns,
    /// Those of the document.
    pub(super) comments: Comments,
    /// None where the text or its words are others now.
    pub(super) words: Option<Words>,
    /// How many mentions stand at words that are not in the text.
    pub(super) mentions_of_nothing: usize,
    /// Names of columns beside those of CoNLL-U and of spans in which there is something.
    pub(super) further: Vec<String>,
}

/// The words of a document that are still those of its text.
pub(super) struct Words {
    pub(super) tokens: Tokens,
    /// The row of each; rows are the lines that are no comments and not empty.
    pub(super) rows: Vec<usize>,
    pub(super) details: Details,
}

impl Kept {
    /// None where nothing was kept, or it is broken.
    pub(super) fn of(item: &Item) -> Option<Self> {
        let table = unpack(item.document.residue.get(RESIDUE)?)?;
        let columns = columns(&table);
        let mut open = Open::default();
        for (line, number) in lines(&table).zip(1..) {
            open.take((RESIDUE, number), line, &columns).ok().filter(|is_taken| *is_taken)?;
        }
        let comments = std::mem::take(&mut open.comments);
        let cells = open.rows.cells(Some(2), split_tabs);
        let rows = open.rows(&cells);
        let parts = DocumentParts::new(&rows, &columns, &mut Left::default());
        let words = parts.tokens(&item.text).map(|(tokens, rows)| Words { tokens, rows, details: parts.details() });
        let empty = rows.iter().filter(|row| row.kind == Kind::Empty);
        let mentions_of_nothing = empty.filter(|row| row.misc(&columns).any(|(key, _)| key == "Entity")).count();
        let is_further = |column: &usize| columns.names.get(*column).is_some_and(|name| !STANDARD.contains(&name.as_str()));
        let is_filled = |column: &usize| rows.iter().any(|row| !matches!(row.cell(Some(*column)), "" | "_" | "*" | "O"));
        let further = columns.left.iter().filter(|column| is_further(column) && is_filled(column));
        let further = further.filter_map(|column| columns.names.get(*column).cloned()).collect();
        Some(Self { comments, table, columns, words, mentions_of_nothing, further })
    }
}

/// Those that the first lines of a table name.
fn columns(table: &str) -> Columns {
    let (mut names, mut attributes, mut tags) = (STANDARD.join(" "), None, "");
    for line in lines(table).take(3) {
        match parse_comment(line) {
            ("global.columns", value) => value.clone_into(&mut names),
            ("global.Entity", value) => attributes = attributes.or(Some(value)),
            (SPANS_LINE, value) => tags = value,
            _ => {}
        }
    }
    let mut columns = Columns::new(&names, attributes);
    let tags = tags.split_whitespace().filter_map(|name| columns.position(name)).collect();
    columns.set_tags(tags);
    columns
}
