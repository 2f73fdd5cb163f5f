//! Writing documents, sentence by sentence. Words have no analysis: their columns hold `_`.

use unicode_normalization::UnicodeNormalization;

use super::brackets::push_escaped;
use super::mentions::{ATTRIBUTES, Marks, locate, marks};
use super::spaces::{has_signs, push_signs};
use super::{RESIDUE, SPANS};
use crate::format::aspects::{Aspect, drop_aspects, drop_foreign_residue, drop_own_residue};
use crate::format::coder_files::{WriteDocument, write_by_coder};
use crate::format::comments::{count_fields, is_composed, push_comment, push_comments};
use crate::format::sentence_tokens::{AtSentenceEnd, Layering, Tokens, is_blank};
use crate::format::tags::{Scheme, TagOf, tags};
use crate::format::{FormatError, Item, Items, Ledger, Sink, Tables, WriteOptions};
use crate::model::Sheet;

const NO_PLACE: &str = "the format has no place for it";
/// The columns between a form and MISC.
const NO_ANALYSIS: &str = "\t_\t_\t_\t_\t_\t_\t_\t";
/// Columns of spans in Plus.
const LAYERS: usize = 3;

/// Writes one file; where several coders have sheets, one a coder.
pub(super) fn write(
    is_plus: bool,
    (tables, items): (&Tables, &mut Items<'_>),
    options: &WriteOptions,
    sink: &mut dyn Sink,
    ledger: &mut Ledger,
) -> Result<(), FormatError> {
    let spans: Vec<String> = (1..=LAYERS).map(|n| if n == 1 { SPANS.to_owned() } else { format!("{SPANS}-{n}") }).collect();
    let head = if is_plus { format!("# global.columns = ID FORM MISC {}\n", spans.join(" ")) } else { String::new() };
    write_by_coder(items, (options, sink, ledger), &mut Writer { is_plus, tables, head, lines: String::new() })?;
    for entity in tables.entities.values().filter(|entity| entity.is_living()) {
        if !entity.aliases.is_empty() || !entity.attributes.is_empty() || !entity.note.is_empty() {
            ledger.drop("aliases, attributes and notes of entities", NO_PLACE, &entity.name);
        }
    }
    Ok(())
}

struct Writer<'w> {
    is_plus: bool,
    tables: &'w Tables,
    head: String,
    // Of a document; kept for its room.
    lines: String,
}

/// What stands at the words of a document.
enum Spans<'s> {
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
    }

    fn write(&mut self, page: &mut Vec<u8>, item: &Item, sheet: Option<&Sheet>, ledger: &mut Ledger) -> Result<(), FormatError> {
        let mut tokens = Tokens::of(&item.text);
        let lines = &mut self.lines;
        lines.clear();
        let blank = Sheet::default();
        let sheet = sheet.unwrap_or(&blank);
        if self.is_plus {
            let layering = Layering { item, tokens: &tokens, max: LAYERS, at_sentence_end: AtSentenceEnd::GoOn };
            let layers = layering.layers(sheet, |_| true, ledger);
            let runs = layers.iter().flatten().map(|placed| placed.tokens.clone());
            let runs: Vec<_> = runs.collect();
            tokens.join_sentences(runs);
            let columns = layers.iter().map(|layer| tags(layer, &tokens, Scheme::Iob2, AtSentenceEnd::GoOn)).collect();
            write_document(lines, item, &tokens, &Spans::Columns(columns));
        } else {
            let located = locate(self.tables, item, sheet, &tokens, ledger);
            let (mentions, others) = marks(self.tables, item, &located, ledger);
            // No mention goes over the end of a sentence.
            tokens.join_sentences(located.iter().map(super::mentions::Located::hull));
            write_document(lines, item, &tokens, &Spans::Brackets(mentions, others));
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

fn write_document(page: &mut String, item: &Item, tokens: &Tokens, spans: &Spans<'_>) {
    let text = item.text.as_str();
    // So is then every part of it.
    let is_composed_text = is_composed(text);
    let (mut numbers, mut misc) = (itoa::Buffer::new(), String::new());
    let [with_blank, without] = spans.plain_tails();
    for (number, sentence) in tokens.sentences().iter().enumerate() {
        if number == 0 {
            push_comment(page, "newdoc id", item.id.as_str());
            if matches!(spans, Spans::Brackets(..)) {
                push_comment(page, "global.Entity", ATTRIBUTES);
            }
            push_comments(page, item, "meta::", RESIDUE);
        }
        if tokens.begins_paragraph(number) {
            page.push_str("# newpar\n");
        }
        page.push_str("# sent_id = ");
        page.push_str(item.id.as_str());
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

fn push_item(misc: &mut String, item: &str) {
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

fn push_marks(misc: &mut String, spans: &Spans<'_>, word: usize) {
    let Spans::Brackets(mentions, others) = spans else { return };
    mentions.push(misc, "Entity=", word);
    let mut span = String::new();
    if others.push(&mut span, "Span=", word) {
        push_item(misc, &span);
    }
}

fn push_tags(page: &mut String, spans: &Spans<'_>, word: usize) {
    let Spans::Columns(columns) = spans else { return };
    for tag in columns.iter().map(|column| column.get(word).copied().flatten()) {
        match tag {
            Some(tag) => page.extend(["\t", &tag.to_string()]),
            None => page.push_str("\tO"),
        }
    }
}
