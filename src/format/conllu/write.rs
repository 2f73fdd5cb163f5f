//! Writing documents, sentence by sentence. Words have no analysis: their columns hold `_`, unless an import has kept its lines.

use std::collections::BTreeSet;

use unicode_normalization::UnicodeNormalization;

use super::again::Again;
use super::brackets::push_escaped;
use super::kept::Kept;
use super::mentions::{ATTRIBUTES, Marks, locate, marks};
use super::read::STANDARD;
use super::spaces::{has_signs, push_signs};
use super::{RESIDUE, SPANS};
use crate::format::aspects::{Aspect, drop_aspects, drop_foreign_residue, drop_own_residue};
use crate::format::coder_files::{WriteDocument, write_by_coder};
use crate::format::comments::{count_fields, flat, is_composed, push_comment, push_comments, push_fields, push_others};
use crate::format::kept_lines::{lines, split_tabs};
use crate::format::sentence_tokens::{AtSentenceEnd, Layering, Tokens, is_blank};
use crate::format::tags::{Scheme, TagOf, tags};
use crate::format::{FormatError, Item, Items, Ledger, Sink, Tables, WriteOptions};
use crate::model::Sheet;

const NO_PLACE: &str = "the format has no place for it";
/// The columns between a form and MISC.
const NO_ANALYSIS: &str = "\t_\t_\t_\t_\t_\t_\t_\t";
/// Columns of spans in Plus.
const LAYERS: usize = 3;
/// The names of documents are no longer.
const MAX_NAME: usize = 200;

/// Writes one file; where several coders have sheets, one a coder.
pub(super) fn write(
    is_plus: bool,
    (tables, items): (&Tables, &mut Items<'_>),
    options: &WriteOptions,
    sink: &mut dyn Sink,
    ledger: &mut Ledger,
) -> Result<(), FormatError> {
    // The columns of a file are those of its first document.
    let first = if is_plus { items.next() } else { None };
    let kept = first.as_ref().and_then(|first| Kept::of(first.as_ref().ok()?));
    let shape = if is_plus { Shape::plus(kept.as_ref()) } else { Shape::standard() };
    let head = if is_plus { format!("# global.columns = {}\n", shape.columns.join(" ")) } else { String::new() };
    let mut writer = Writer { is_plus, shape, tables, head, names: BTreeSet::new(), name: String::new(), kept: None, lines: String::new() };
    write_by_coder(&mut first.into_iter().chain(items), (options, sink, ledger), &mut writer)?;
    for entity in tables.entities.values().filter(|entity| entity.is_living()) {
        if !entity.aliases.is_empty() || !entity.attributes.is_empty() || !entity.note.is_empty() {
            ledger.drop("aliases, attributes and notes of entities", NO_PLACE, &entity.name);
        }
    }
    Ok(())
}

/// The columns of the words.
struct Shape {
    /// In their order.
    columns: Vec<String>,
    /// Those of spans.
    layers: Vec<String>,
    /// They are in the order in which we write words that no import has kept.
    is_usual: bool,
}

impl Shape {
    fn standard() -> Self {
        Self { columns: STANDARD.map(str::to_owned).to_vec(), layers: Vec::new(), is_usual: true }
    }

    /// Those of an import with ours behind them, or ours alone.
    fn plus(kept: Option<&Kept>) -> Self {
        let own = (1..).map(|n| if n == 1 { SPANS.to_owned() } else { format!("{SPANS}-{n}") });
        let usual = ["ID", "FORM", "MISC"].map(str::to_owned).to_vec();
        let Some(kept) = kept else {
            let layers: Vec<String> = own.take(LAYERS).collect();
            return Self { columns: [usual, layers.clone()].concat(), layers, is_usual: true };
        };
        let mut columns = kept.columns.names.clone();
        let mut layers: Vec<String> = kept.columns.tags.iter().filter_map(|column| columns.get(*column).cloned()).collect();
        for layer in own.filter(|name| !kept.columns.names.contains(name)).take(LAYERS.saturating_sub(layers.len())) {
            layers.push(layer);
        }
        for name in usual.iter().chain(&layers) {
            if !columns.contains(name) {
                columns.push(name.clone());
            }
        }
        Self { columns, layers, is_usual: false }
    }

    /// Lines of words as we write them, in the order of these columns.
    fn in_order(&self, page: &str) -> String {
        let own = ["ID", "FORM", "MISC"].into_iter().chain(self.layers.iter().map(String::as_str));
        let places: Vec<Option<usize>> = self.columns.iter().map(|name| own.clone().position(|own| own == name)).collect();
        let mut ordered = String::with_capacity(page.len());
        for line in lines(page) {
            if line.is_empty() || line.starts_with('#') {
                ordered.push_str(line);
            } else {
                let cells: Vec<&str> = split_tabs(line).collect();
                let cells = places.iter().map(|place| place.and_then(|place| cells.get(place)).copied().unwrap_or("_"));
                ordered.push_str(&cells.collect::<Vec<_>>().join("\t"));
            }
            ordered.push('\n');
        }
        ordered
    }
}

struct Writer<'w> {
    is_plus: bool,
    shape: Shape,
    tables: &'w Tables,
    head: String,
    /// Those of documents that do not have the id that they have here.
    names: BTreeSet<String>,
    /// That of the document, and what was kept of it.
    name: String,
    kept: Option<Kept>,
    // Of a document; kept for its room.
    lines: String,
}

/// A document under the name that it has in the file.
#[derive(Clone, Copy)]
pub(super) struct Named<'n> {
    pub(super) item: &'n Item,
    pub(super) name: &'n str,
}

impl Writer<'_> {
    /// The name that a document had where it was imported; its id where that is taken, or where it had none.
    fn name_of(&mut self, item: &Item) -> String {
        let had = self.kept.as_ref().map(|kept| flat(kept.comments.id()).trim().to_owned());
        let had = had.filter(|name| (1..=MAX_NAME).contains(&name.len()) && name != item.id.as_str());
        if let Some(name) = had.filter(|name| !self.names.contains(name)) {
            self.names.insert(name.clone());
            return name;
        }
        let id = item.id.as_str();
        let numbered = (2..).map(|n| format!("{id}-{n}"));
        std::iter::once(id.to_owned()).chain(numbered).find(|name| !self.names.contains(name)).unwrap_or_default()
    }

    /// What becomes of the lines that an import has kept.
    fn count_kept(&self, item: &Item, ledger: &mut Ledger) {
        const LEFTOVERS: &str = "leftovers of earlier imports";
        let Some(kept) = &self.kept else { return };
        if kept.words.is_none() {
            return ledger.drop(LEFTOVERS, "the text is not that of the import any more, so that the words of the file are others", item.id.as_str());
        }
        ledger.keep("words, columns and comments of imported documents", 1);
        for _ in 0..kept.mentions_of_nothing {
            ledger.drop("mentions of earlier imports", "their words are not in the text", item.id.as_str());
        }
        for name in kept.further.iter().filter(|name| !self.shape.columns.contains(name)) {
            ledger.drop("columns of earlier imports", "the file has no such column", format!("{}: {name}", item.id));
        }
    }
}

/// What stands at the words of a document.
pub(super) enum Spans<'s> {
    Brackets(Marks, Marks),
    Columns(Vec<Vec<Option<TagOf<'s>>>>),
}

impl Spans<'_> {
    fn are_nothing_at(&self, word: usize) -> bool {
        match self {
            Self::Brackets(mentions, others) => !mentions.has_some_at(word) && !others.has_some_at(word),
            Self::Columns(columns) => columns.iter().all(|column| column.get(word).is_none_or(Option::is_none)),
        }
    }

    /// What stands behind the form of a word at which there is nothing: with a blank behind it, and without.
    fn plain_tails(&self) -> [String; 2] {
        ["_", "SpaceAfter=No"].map(|misc| match self {
            Self::Brackets(..) => format!("{NO_ANALYSIS}{misc}\n"),
            Self::Columns(columns) => format!("\t{misc}{}\n", "\tO".repeat(columns.len())),
        })
    }
}

impl WriteDocument for Writer<'_> {
    fn head(&self) -> &str {
        &self.head
    }

    fn count(&mut self, item: &Item, ledger: &mut Ledger) {
        let lost = [
            Aspect::Regions,
            Aspect::Corrections,
            Aspect::DocumentAttributes,
            Aspect::DocumentNotes,
            Aspect::Status,
            Aspect::SetAside,
            Aspect::Relations,
            Aspect::RelationNotes,
            Aspect::RelationAttributes,
            Aspect::Claims,
            Aspect::Occurrences,
            Aspect::SpanAttributes,
            Aspect::SpanNotes,
        ];
        drop_aspects(ledger, item, &lost, NO_PLACE);
        drop_foreign_residue(ledger, item, RESIDUE);
        drop_own_residue(ledger, item, RESIDUE, "mentions that had no place are not written back");
        if self.is_plus {
            drop_aspects(ledger, item, &[Aspect::EntityLinks], NO_PLACE);
        }
        count_fields(item, ledger);
        count_text(item, ledger);
        self.kept = Kept::of(item);
        self.name = self.name_of(item);
        ledger.name_document(self.name.clone());
        self.count_kept(item, ledger);
    }

    fn write(&mut self, page: &mut Vec<u8>, item: &Item, sheet: Option<&Sheet>, ledger: &mut Ledger) -> Result<(), FormatError> {
        let blank = Sheet::default();
        let sheet = sheet.unwrap_or(&blank);
        let document = Named { item, name: &self.name };
        self.lines.clear();
        if let Some((kept, words)) = self.kept.as_ref().and_then(|kept| Some((kept, kept.words.as_ref()?))) {
            if self.is_plus {
                let max = self.shape.layers.len();
                let layering = Layering { item, tokens: &words.tokens, max, at_sentence_end: AtSentenceEnd::Cut };
                let layers = layering.layers(sheet, |_| true, ledger);
                let columns = layers.iter().map(|layer| tags(layer, &words.tokens, Scheme::Iob2, AtSentenceEnd::Cut)).collect();
                let spans = Spans::Columns(columns);
                Again { document, kept, words, spans: &spans }.write(&mut self.lines, &self.shape.columns, &self.shape.layers);
            } else {
                let located = locate(self.tables, item, sheet, &words.tokens, ledger);
                for far in located.iter().filter(|located| words.tokens.pieces(&located.hull()).len() > 1) {
                    ledger.change("ends of sentences", "spans go over them, which many programs do not read", far.example(item));
                }
                let (mentions, others) = marks((self.tables, item), &located, Some(&words.details), ledger);
                let spans = Spans::Brackets(mentions, others);
                Again { document, kept, words, spans: &spans }.write(&mut self.lines, &self.shape.columns, &[]);
            }
            page.extend_from_slice(self.lines.as_bytes());
            return Ok(());
        }
        let mut tokens = Tokens::of(&item.text);
        let lines = &mut self.lines;
        if self.is_plus {
            let layering = Layering { item, tokens: &tokens, max: self.shape.layers.len(), at_sentence_end: AtSentenceEnd::GoOn };
            let layers = layering.layers(sheet, |_| true, ledger);
            let runs = layers.iter().flatten().map(|placed| placed.tokens.clone());
            let runs: Vec<_> = runs.collect();
            tokens.join_sentences(runs);
            let columns = layers.iter().map(|layer| tags(layer, &tokens, Scheme::Iob2, AtSentenceEnd::GoOn)).collect();
            write_document(lines, document, self.kept.as_ref(), &tokens, &Spans::Columns(columns));
        } else {
            let located = locate(self.tables, item, sheet, &tokens, ledger);
            let (mentions, others) = marks((self.tables, item), &located, None, ledger);
            // No mention goes over the end of a sentence.
            tokens.join_sentences(located.iter().map(super::mentions::Located::hull));
            write_document(lines, document, self.kept.as_ref(), &tokens, &Spans::Brackets(mentions, others));
        }
        if !self.shape.is_usual {
            *lines = self.shape.in_order(lines);
        }
        page.extend_from_slice(lines.as_bytes());
        Ok(())
    }
}

/// Whether the text comes back: a document without a word has no line.
fn count_text(item: &Item, ledger: &mut Ledger) {
    if item.text.as_str().chars().all(is_blank) {
        ledger.drop("texts", "they have no word; the document is left out", item.id.as_str());
    } else {
        ledger.keep("texts", 1);
    }
}

fn write_document(page: &mut String, Named { item, name }: Named<'_>, kept: Option<&Kept>, tokens: &Tokens, spans: &Spans<'_>) {
    let text = item.text.as_str();
    // So is then every part of it.
    let is_composed_text = is_composed(text);
    let (mut numbers, mut misc) = (itoa::Buffer::new(), String::new());
    let [with_blank, without] = spans.plain_tails();
    for (number, sentence) in tokens.sentences().iter().enumerate() {
        if number == 0 {
            push_comment(page, "newdoc id", name);
            if matches!(spans, Spans::Brackets(..)) {
                push_comment(page, "global.Entity", ATTRIBUTES);
            }
            match kept {
                Some(kept) => {
                    push_fields(page, item, "meta::", |_| true);
                    push_others(page, kept.comments.others());
                }
                None => push_comments(page, item, "meta::", RESIDUE),
            }
        }
        if tokens.begins_paragraph(number) {
            page.push_str("# newpar\n");
        }
        page.push_str("# sent_id = ");
        page.push_str(name);
        page.push('-');
        page.push_str(numbers.format(number + 1));
        page.push('\n');
        push_text(page, item, tokens, sentence.clone(), is_composed_text);
        let words = tokens.ranges().get(sentence.start..).unwrap_or_default();
        for ((range, word), index) in words.iter().zip(sentence.clone()).zip(0..) {
            let next = words.get(index + 1).map(|next| next.start());
            page.push_str(numbers.format(index + 1));
            page.push('\t');
            let form = item.text.slice(*range);
            let gap = text.get(range.end()..next.unwrap_or(text.len())).unwrap_or_default();
            let begins_text = word == 0 && range.start() > 0;
            // Nearly all words.
            if (is_composed_text || form.is_ascii()) && !begins_text && next.is_some() && matches!(gap, "" | " ") && spans.are_nothing_at(word) {
                page.push_str(form);
                page.push_str(if gap.is_empty() { &without } else { &with_blank });
                continue;
            }
            misc.clear();
            push_marks(&mut misc, spans, word);
            // A file is in the composed form of Unicode; ours may be another.
            if is_composed_text || is_composed(form) {
                page.push_str(form);
            } else {
                page.extend(form.nfc());
                push_item(&mut misc, "Verbatim=");
                push_escaped(&mut misc, form);
            }
            page.push_str(if matches!(spans, Spans::Columns(_)) { "\t" } else { NO_ANALYSIS });
            if begins_text {
                push_blanks(&mut misc, "Before", text.get(..range.start()).unwrap_or_default());
            }
            push_gap(&mut misc, gap, next.is_none());
            page.push_str(if misc.is_empty() { "_" } else { &misc });
            push_tags(page, spans, word);
            page.push('\n');
        }
        page.push('\n');
    }
}

/// The sentence as it reads, every run of blanks as one.
fn push_text(page: &mut String, item: &Item, tokens: &Tokens, sentence: std::ops::Range<usize>, is_composed_text: bool) {
    page.push_str("# text = ");
    let (start, text) = (page.len(), item.text.as_str());
    let words = tokens.ranges().get(sentence).unwrap_or_default();
    let part = |start: usize, end: usize| text.get(start..end).unwrap_or_default();
    // All up to the last blanks that are no blank as they are.
    let mut written = words.first().map_or(0, |first| first.start());
    for (word, next) in words.iter().zip(words.iter().skip(1)) {
        if !matches!(text.as_bytes().get(word.end()..next.start()), Some([] | [b' '])) {
            page.push_str(part(written, word.end()));
            page.push(' ');
            written = next.start();
        }
    }
    page.push_str(part(written, words.last().map_or(0, |last| last.end())));
    let line = page.get(start..).unwrap_or_default();
    if !is_composed_text && !is_composed(line) {
        let composed: String = line.nfc().collect();
        page.truncate(start);
        page.push_str(&composed);
    }
    page.push('\n');
}

pub(super) fn push_item(misc: &mut String, item: &str) {
    if !misc.is_empty() {
        misc.push('|');
    }
    misc.push_str(item);
}

/// One blank follows a word unless something else is said; nothing follows the last one.
fn push_gap(misc: &mut String, gap: &str, is_last: bool) {
    match gap {
        "" if is_last => {}
        "" => push_item(misc, "SpaceAfter=No"),
        " " if !is_last => {}
        gap => push_blanks(misc, "After", gap),
    }
}

/// Blanks as every program knows them, and exactly where they are others.
fn push_blanks(misc: &mut String, place: &str, blanks: &str) {
    push_item(misc, &format!("Spaces{place}="));
    push_signs(misc, blanks);
    if !has_signs(blanks) {
        push_item(misc, &format!("Verbatim{place}="));
        push_escaped(misc, blanks);
    }
}

pub(super) fn push_marks(misc: &mut String, spans: &Spans<'_>, word: usize) {
    let Spans::Brackets(mentions, others) = spans else { return };
    mentions.push(misc, "Entity=", word);
    let mut span = String::new();
    if others.push(&mut span, "Span=", word) {
        push_item(misc, &span);
    }
}

fn push_tags(page: &mut String, spans: &Spans<'_>, word: usize) {
    let Spans::Columns(columns) = spans else { return };
    for layer in 0..columns.len() {
        page.push('\t');
        push_tag(page, spans, layer, word);
    }
}

/// The tag of a word in one of the columns of spans.
pub(super) fn push_tag(page: &mut String, spans: &Spans<'_>, layer: usize, word: usize) {
    let Spans::Columns(columns) = spans else { return };
    match columns.get(layer).and_then(|column| column.get(word)).copied().flatten() {
        Some(tag) => page.push_str(&tag.to_string()),
        None => page.push('O'),
    }
}
