//! Writes a document with the lines that were kept of it: words, columns and comments as they were, with our spans in them.

use std::collections::BTreeSet;

use super::build::tags_in_misc;
use super::kept::{Kept, Words};
use super::mentions::ATTRIBUTES;
use super::write::{Named, Spans, push_item, push_marks, push_tag};
use crate::format::comments::{Comments, parse_comment, push_again, push_comment, push_fields};
use crate::format::kept_lines::{lines, split_tabs};
use crate::format::tags::Tag;

/// What stands in a column of the export.
#[derive(Clone, Copy)]
enum CellFrom {
    Misc(Option<usize>),
    /// The tags of a layer of spans.
    Layer(usize),
    /// What stood there.
    Column(usize),
    Nothing,
}

/// A document and its lines.
pub(super) struct Again<'a> {
    pub(super) document: Named<'a>,
    pub(super) kept: &'a Kept,
    pub(super) words: &'a Words,
    pub(super) spans: &'a Spans<'a>,
}

impl Again<'_> {
    /// Writes it in these columns, of which the last ones named are those of spans.
    pub(super) fn write(&self, page: &mut String, columns: &[String], layers: &[String]) {
        let columns: Vec<CellFrom> = columns.iter().map(|name| self.source_of(name, layers)).collect();
        let has_start = lines(&self.kept.table).any(is_start);
        if !has_start {
            self.push_start(page, None);
        }
        let (mut is_head, mut fields) = (true, BTreeSet::new());
        let (mut row, mut words) = (0, self.words.rows.iter().zip(0..).peekable());
        for line in lines(&self.kept.table) {
            if line.is_empty() {
                page.push('\n');
            } else if line.starts_with('#') {
                let (name, _) = parse_comment(line);
                is_head &= !matches!(name, "text" | "sent_id") && !name.starts_with("newpar");
                match Comments::field(name) {
                    _ if is_start(line) => self.push_start(page, Some(line)),
                    _ if name.starts_with("global.") || name == super::SPANS_LINE => {}
                    Some(field) if is_head && fields.insert(field) => push_again(page, self.document.item, line),
                    _ => page.extend([line, "\n"]),
                }
            } else {
                let word = words.next_if(|(at, _)| **at == row).map(|(_, word)| word);
                self.push_row(page, line, word, &columns);
                (row, is_head) = (row + 1, false);
            }
        }
        if !page.ends_with("\n\n") {
            page.push('\n');
        }
    }

    fn source_of(&self, name: &str, layers: &[String]) -> CellFrom {
        let column = self.kept.columns.position(name);
        match layers.iter().position(|layer| layer == name) {
            _ if name == "MISC" => CellFrom::Misc(column),
            Some(layer) => CellFrom::Layer(layer),
            None => column.map_or(CellFrom::Nothing, CellFrom::Column),
        }
    }

    /// The line that begins the document, and what is said of it that no other line says.
    fn push_start(&self, page: &mut String, line: Option<&str>) {
        match line.filter(|line| parse_comment(line).1 == self.document.name) {
            Some(line) => page.extend([line, "\n"]),
            None => push_comment(page, "newdoc id", self.document.name),
        }
        if matches!(self.spans, Spans::Brackets(..)) {
            push_comment(page, "global.Entity", ATTRIBUTES);
        }
        push_fields(page, self.document.item, "meta::", |field| !self.kept.comments.has(field));
    }

    fn push_row(&self, page: &mut String, line: &str, word: Option<usize>, columns: &[CellFrom]) {
        let cells: Vec<&str> = split_tabs(line).collect();
        let cell = |column: usize| cells.get(column).copied().unwrap_or("_");
        for (number, from) in columns.iter().enumerate() {
            if number > 0 {
                page.push('\t');
            }
            match *from {
                CellFrom::Column(column) => page.push_str(cell(column)),
                CellFrom::Nothing => page.push('_'),
                CellFrom::Misc(column) => page.push_str(&self.misc(column.map_or("_", cell), word)),
                CellFrom::Layer(layer) => match word {
                    Some(word) => push_tag(page, self.spans, layer, word),
                    None => page.push('_'),
                },
            }
        }
        page.push('\n');
    }

    /// What stood in MISC, with our spans where others were.
    fn misc(&self, cell: &str, word: Option<usize>) -> String {
        let mut ours = String::new();
        if let Some(word) = word {
            push_marks(&mut ours, self.spans, word);
        }
        let mut ours = Some(ours).filter(|ours| !ours.is_empty());
        let mut misc = String::new();
        for item in cell.split('|').filter(|item| !matches!(*item, "" | "_")) {
            let (key, value) = item.split_once('=').unwrap_or((item, ""));
            match key {
                "Entity" | "Span" => ours.take().iter().for_each(|ours| push_item(&mut misc, ours)),
                "Bridge" | "SplitAnte" => self.renamed(value).iter().for_each(|value| push_item(&mut misc, &format!("{key}={value}"))),
                _ if tags_in_misc(key).is_some() && Tag::parse(value).is_some() => {}
                _ => push_item(&mut misc, item),
            }
        }
        if let Some(mut ours) = ours {
            if !misc.is_empty() {
                ours.push('|');
            }
            misc.insert_str(0, &ours);
        }
        if misc.is_empty() { "_".to_owned() } else { misc }
    }

    /// `1<4,2<4:part`: which entities are linked, with the ids that they have now. None where none of them is there.
    fn renamed(&self, value: &str) -> Option<String> {
        let Spans::Brackets(mentions, _) = self.spans else { return None };
        let renamed = |link: &str| {
            let (from, to) = link.split_once('<')?;
            let (to, how) = to.split_at(to.find(':').unwrap_or(to.len()));
            Some(format!("{}<{}{how}", mentions.renamed.get(from)?, mentions.renamed.get(to)?))
        };
        let links: Vec<String> = value.split(',').filter_map(renamed).collect();
        (!links.is_empty()).then(|| links.join(","))
    }
}

fn is_start(line: &str) -> bool {
    line.starts_with('#') && parse_comment(line).0.starts_with("newdoc")
}
