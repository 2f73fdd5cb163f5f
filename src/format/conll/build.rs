//! From the lines of a document to its text and one sheet.

use std::collections::BTreeMap;
use std::ops::Range;

use super::columns::{Columns, Use};
use super::read::METONYMIC;
use crate::format::sentence_tokens::{Tokens, is_blank};
use crate::format::sheet_builder::{Origin, Rules, SheetBuilder, rules};
use crate::format::tags::{Run, RunReader, Tag};
use crate::format::vocabulary::Vocabulary;
use crate::format::{Item, ReadOptions, Receiver};
use crate::model::{LabelKind, Node, Severity, Sheet};
use crate::text::{Ranges, Text};

static RULES: Rules = rules!("hipe", "line");

/// What a bare letter marks.
const NAMELESS: &str = "Mention";

/// A line of a token.
#[derive(Clone, Copy, Debug)]
pub(super) struct Row<'f> {
    pub(super) number: usize,
    pub(super) line: &'f str,
    pub(super) cells: &'f [&'f str],
    pub(super) begins_sentence: bool,
}

impl<'f> Row<'f> {
    fn cell(&self, column: Option<usize>) -> Option<&'f str> {
        self.cells.get(column?).copied()
    }
}

/// A document taken apart.
pub(super) struct DocumentParts<'p> {
    rows: &'p [Row<'p>],
    columns: &'p Columns,
    pub(super) text: String,
    /// The bytes of each row's token.
    tokens: Vec<Range<usize>>,
    /// What is wrong with a row.
    findings: Vec<(usize, &'static str, String)>,
}

impl<'p> DocumentParts<'p> {
    /// Puts the text together.
    pub(super) fn new(rows: &'p [Row<'p>], columns: &'p Columns) -> Self {
        let mut parts = Self { rows, columns, text: String::new(), tokens: Vec::with_capacity(rows.len()), findings: Vec::new() };
        let (token, flags) = (columns.column(Use::Token).unwrap_or(0), columns.column(Use::Flags));
        let mut flags_before = "";
        for (index, row) in rows.iter().enumerate() {
            let has = |flag: &str| !flags_before.is_empty() && flags_before.split('|').any(|found| found == flag);
            let is_closed = index == 0 || has("NoSpaceAfter") || has("SpaceAfter=No");
            parts.text.push_str(if is_closed {
                ""
            } else if row.begins_sentence || has("EndOfLine") {
                "\n"
            } else {
                " "
            });
            let start = parts.text.len();
            match row.cell(Some(token)).filter(|word| !word.is_empty()) {
                Some(word) => parts.text.push_str(word),
                None => parts.findings.push((index, "conll-no-token", "this line has no token; it was left out".to_owned())),
            }
            parts.tokens.push(start..parts.text.len());
            flags_before = row.cell(flags).unwrap_or_default();
        }
        parts
    }

    /// The tokens as those of a text, and the row of each; none where they are not its words, or hold blanks.
    pub(super) fn as_tokens(&self, text: &Text) -> Option<(Tokens, Vec<usize>)> {
        if self.text != text.as_str() {
            return None;
        }
        let (mut ranges, mut rows, mut sentences) = (Vec::with_capacity(self.tokens.len()), Vec::with_capacity(self.tokens.len()), Vec::new());
        for ((bytes, row), index) in self.tokens.iter().zip(self.rows).zip(0..).filter(|((bytes, _), _)| !bytes.is_empty()) {
            let range = text.range(bytes.start, bytes.end).ok().filter(|range| !text.slice(*range).contains(is_blank))?;
            match sentences.last_mut() {
                Some(Range { end, .. }) if !row.begins_sentence => *end += 1,
                _ => sentences.push(ranges.len()..ranges.len() + 1),
            }
            ranges.push(range);
            rows.push(index);
        }
        Some((Tokens::imported(ranges, sentences), rows))
    }

    /// The runs of a column of tags. Sentences end runs, except where a header says what columns are.
    fn runs(&self, column: usize, odd: &mut Vec<usize>, bad: &mut Vec<usize>) -> Vec<Run<'p>> {
        let (mut reader, mut runs) = (RunReader::default(), Vec::new());
        for (index, row) in self.rows.iter().enumerate() {
            if row.begins_sentence {
                runs.extend(reader.end());
            }
            let cell = row.cell(Some(column)).unwrap_or_default();
            // Most cells say that there is nothing.
            let tag = if matches!(cell, "O" | "" | "_" | "-") { Some(Tag::Outside) } else { Tag::parse(cell) };
            let tag = tag.unwrap_or_else(|| {
                bad.push(index);
                Tag::Outside
            });
            runs.extend(reader.push(index, tag));
        }
        runs.extend(reader.end());
        odd.append(&mut reader.odd);
        runs
    }

    fn cell(&self, index: usize, column: usize) -> &'p str {
        self.rows.get(index).and_then(|row| row.cell(Some(column))).unwrap_or_default()
    }
}

struct Builder<'b, 'p, 'k> {
    parts: &'b DocumentParts<'p>,
    file: &'p str,
    item: &'b Item,
    out: SheetBuilder<'b, 'p, 'k>,
}

/// Makes the sheet.
pub(super) fn build<'p>(
    parts: &DocumentParts<'p>,
    (file, item): (&'p str, &Item),
    vocabulary: &mut Vocabulary<'_>,
    options: &mut ReadOptions,
    to: &mut dyn Receiver,
) -> Sheet {
    let out = SheetBuilder::new(&RULES, (&item.id, &item.text), vocabulary, &mut options.ids, to);
    let mut builder = Builder { parts, file, item, out };
    builder.add_coarse();
    let others: Vec<usize> = parts.columns.uses.iter().enumerate().filter(|(_, of)| **of == Use::Tags).map(|(index, _)| index).collect();
    for column in others {
        for run in builder.runs(column) {
            builder.add(&run, run.label);
        }
    }
    for (index, rule, message) in &parts.findings {
        let from = builder.from(*index);
        builder.out.finding(from, Severity::Warning, rule, message);
    }
    builder.out.finish()
}

impl<'p> Builder<'_, 'p, '_> {
    fn from(&self, index: usize) -> Origin<'p> {
        let row = self.parts.rows.get(index);
        Origin { file: self.file, line: row.map(|row| row.number), raw: row.map_or("", |row| row.line) }
    }

    /// The runs of a column. Tags that cannot stand where they stand, or are none, are said.
    fn runs(&mut self, column: usize) -> Vec<Run<'p>> {
        let (mut odd, mut bad) = (Vec::new(), Vec::new());
        let runs = self.parts.runs(column, &mut odd, &mut bad);
        if self.parts.columns.letters.scheme() == "IOB1" {
            odd.clear();
        }
        for index in odd {
            let message = format!("the tag {} does not go on with anything; a span begins here", self.parts.cell(index, column));
            self.out.finding(self.from(index), Severity::Warning, "conll-odd-tag", message);
        }
        for index in bad {
            let message = format!("`{}` is no tag; it was read as O", self.parts.cell(index, column));
            self.out.finding(self.from(index), Severity::Warning, "conll-bad-tag", message);
        }
        runs
    }

    fn add(&mut self, run: &Run<'p>, name: &'p str) -> Option<Node> {
        let name = if name.is_empty() { NAMELESS } else { name };
        let from = self.from(run.tokens.start);
        let tokens = self.parts.tokens.get(run.tokens.clone())?;
        let range = self.item.text.range(tokens.first()?.start, tokens.last()?.end).ok()?;
        self.out.admit(from, None, 1).then(|| self.out.add_mark(from, name, Ranges::from(range)))
    }

    /// HIPE: the outermost spans, with what other columns say of them.
    fn add_coarse(&mut self) {
        let columns = self.parts.columns;
        let Some(coarse) = columns.column(Use::Coarse) else { return };
        let mut of = |of: Use| columns.column(of).map(|column| self.runs(column)).unwrap_or_default();
        let by_tokens = |runs: Vec<Run<'p>>| runs.into_iter().map(|run| ((run.tokens.start, run.tokens.end), run)).collect::<BTreeMap<_, _>>();
        let (mut fine, mut metonymic) = (by_tokens(of(Use::Fine)), by_tokens(of(Use::Metonymic)));
        for run in self.runs(coarse) {
            let place = (run.tokens.start, run.tokens.end);
            let label = fine.remove(&place).map_or(run.label, |fine| fine.label);
            if label != run.label {
                self.out.vocabulary.declare_label(label, Some(run.label), LabelKind::Entity);
            }
            let Some(node) = self.add(&run, label) else { continue };
            let from = self.from(run.tokens.start);
            if let Some(other) = metonymic.remove(&place) {
                self.out.set_attribute(from, node, METONYMIC, other.label);
            }
            self.link(from, node, &run);
        }
        for run in fine.into_values() {
            self.add(&run, run.label);
        }
        for run in metonymic.into_values() {
            self.out.lose(self.from(run.tokens.start), "conll-metonymic", "this metonymic tag belongs to no span");
        }
    }

    fn link(&mut self, from: Origin<'p>, node: Node, run: &Run<'p>) {
        let Some(column) = self.parts.columns.column(Use::Link) else { return };
        let entry = self.parts.cell(run.tokens.start, column).split('|').next().unwrap_or_default().trim();
        let is_entry = !matches!(entry, "" | "_" | "-" | "O" | "NIL");
        if let (true, Node::Span(span)) = (is_entry, node) {
            let name = self.out.sheet.spans.get(&span).map(|span| self.item.text.quote(&span.ranges)).unwrap_or_default();
            self.out.refer(from, span, ("Wikidata", entry, &name));
        }
    }
}
