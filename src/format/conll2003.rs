//! CoNLL-2003 in IOB2: one token a line, `token -X- O tag`, a blank line after each sentence.
//!
//! The format of <https://www.clips.uantwerpen.be/conll2003/ner/>; part of speech and chunk are not known here, so
//! their columns hold `-X-` and `O`. Documents begin with exactly `-DOCSTART- -X- O O`, as programs expect it.

use std::collections::BTreeMap;
use std::io::Write;

use super::aspects::{Aspect, drop_aspects, drop_entity_details};
use super::sentence_tokens::{is_blank, tokens};
use super::{Format, FormatError, Item, Items, Layout, Ledger, Offsets, Sink, Tables, WriteOptions, extension, stem};
use crate::model::{CoderKey, LabelKind, Sheet, Span};
use crate::text::{Text, TextRange};

/// The row of the table.
pub(super) const FORMAT: Format = Format {
    name: "conll2003",
    title: "CoNLL-2003 (IOB2)",
    extensions: &["conll"],
    reader: None,
    writer: Some(write),
    offsets: Offsets::None,
    layout: Layout::File,
    recognises: |_, _| false,
    carries: "sentences, tokens, and the outermost entity mentions with their labels",
    loses: "nested, crossing and discontinuous mentions; spans that are not mentions; claims, relations, attributes, notes; \
            entities; exact offsets and blanks",
};

const NO_PLACE: &str = "the format has labels of tokens only";

/// Writes one file; where several coders have sheets, one a coder.
fn write(tables: &Tables, items: &mut Items<'_>, options: &WriteOptions, sink: &mut dyn Sink, ledger: &mut Ledger) -> Result<(), FormatError> {
    let coders: Vec<Option<&CoderKey>> = if options.coders.is_empty() { vec![None] } else { options.coders.iter().map(Some).collect() };
    let several = coders.len() > 1;
    let mut pages: Vec<(String, Vec<u8>)> = coders.iter().map(|coder| (file_name(options, *coder, several), Vec::new())).collect();
    for item in items {
        let item = item?;
        count_losses(&item, ledger);
        for (coder, (_, page)) in coders.iter().zip(&mut pages) {
            let sheet = coder.and_then(|coder| item.sheets.get(coder));
            if sheet.is_some() || !several {
                write_document(page, tables, &item, sheet.map(AsRef::as_ref), ledger);
            }
        }
        options.step()?;
    }
    drop_entity_details(ledger, tables, NO_PLACE);
    for (name, page) in pages {
        sink.create(&name).and_then(|mut file| file.write_all(&page)).map_err(|cause| FormatError::writing(&name, cause))?;
    }
    Ok(())
}

fn file_name(options: &WriteOptions, coder: Option<&CoderKey>, several: bool) -> String {
    match coder {
        Some(coder) if several => format!("{}.{coder}.{}", stem(&options.file_name), extension(&options.file_name)),
        _ => options.file_name.clone(),
    }
}

fn count_losses(item: &Item, ledger: &mut Ledger) {
    let lost = [
        Aspect::DocumentFields,
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
        Aspect::EntityLinks,
        Aspect::Residue,
    ];
    ledger.add_document();
    drop_aspects(ledger, item, &lost, NO_PLACE);
}

/// A mention that is written: its tokens lie in one range and nobody else's.
struct Mention<'m> {
    range: TextRange,
    label: &'m str,
}

fn write_document(page: &mut Vec<u8>, tables: &Tables, item: &Item, sheet: Option<&Sheet>, ledger: &mut Ledger) {
    let tokens = tokens(&item.text);
    let mentions = sheet.map(|sheet| choose(tables, item, sheet, ledger)).unwrap_or_default();
    let tags = tag(&item.text, &tokens, &mentions, &item.id.to_string(), ledger);
    let mut out = String::from("-DOCSTART- -X- O O\n\n");
    for (index, sentence) in tokens.iter().enumerate() {
        for (token, tag) in sentence.iter().zip(tags.get(index).into_iter().flatten()) {
            let word: String = item.text.slice(*token).chars().filter(|c| !is_blank(*c)).collect();
            out.push_str(&format!("{word} -X- O {tag}\n"));
        }
        out.push('\n');
    }
    page.extend(out.as_bytes());
}

/// The outermost mentions, the longest first.
fn choose<'s>(tables: &Tables, item: &Item, sheet: &'s Sheet, ledger: &mut Ledger) -> Vec<Mention<'s>> {
    let mut spans: Vec<&Span> = sheet.spans.values().collect();
    spans.sort_by_key(|span| (std::cmp::Reverse(span.ranges.covered_len()), span.ranges.start(), span.label.clone()));
    // By their starts; none overlaps another, so that only the neighbours of a new one can.
    let mut chosen: BTreeMap<usize, Mention<'_>> = BTreeMap::new();
    for span in spans {
        let example = || format!("{}: {} “{}”", item.id, span.label, item.text.quote(&span.ranges));
        let range = span.ranges.hull();
        let is_mention = tables.schema.labels.get(&span.label).is_none_or(|label| label.kind == LabelKind::Entity);
        if !is_mention {
            ledger.drop("spans", "their labels are not for entities", example());
        } else if span.ranges.is_discontinuous() {
            ledger.drop("spans", "they are discontinuous", example());
        } else if chosen.range(..range.end()).next_back().is_some_and(|(_, mention)| mention.range.overlaps(range)) {
            ledger.drop("spans", "they overlap a longer one: the outermost is written", example());
        } else {
            chosen.insert(range.start(), Mention { range, label: span.label.as_str() });
        }
    }
    chosen.into_values().collect()
}

/// A tag for each token. A token belongs to the first mention that shares a byte with it.
fn tag(text: &Text, sentences: &[Vec<TextRange>], mentions: &[Mention<'_>], document: &str, ledger: &mut Ledger) -> Vec<Vec<String>> {
    let mut next = 0;
    let mut open: Option<usize> = None;
    let mut seen = vec![Seen::default(); mentions.len()];
    let mut tags = Vec::new();
    for sentence in sentences {
        let mut line = Vec::new();
        // A mention cannot go on in the next sentence: it begins there anew.
        let mut continues = false;
        for token in sentence {
            while mentions.get(next).is_some_and(|mention| mention.range.end() <= token.start()) {
                next += 1;
            }
            let Some(mention) = mentions.get(next).filter(|mention| mention.range.overlaps(*token)) else {
                (open, continues) = (None, false);
                line.push("O".to_owned());
                continue;
            };
            let is_inside = open == Some(next) && continues;
            if let Some(seen) = seen.get_mut(next) {
                seen.add(mention.range, *token, open == Some(next) && !continues);
            }
            line.push(format!("{}-{}", if is_inside { "I" } else { "B" }, mention.label));
            (open, continues) = (Some(next), true);
        }
        tags.push(line);
    }
    for (mention, seen) in mentions.iter().zip(&seen) {
        seen.count(format!("{document}: {} “{}”", mention.label, text.slice(mention.range)), ledger);
    }
    tags
}

/// How a mention came out.
#[derive(Clone, Copy, Debug, Default)]
struct Seen {
    is_written: bool,
    is_widened: bool,
    is_cut: bool,
}

impl Seen {
    fn add(&mut self, range: TextRange, token: TextRange, begins_anew: bool) {
        self.is_written = true;
        self.is_widened |= !range.contains_range(token);
        self.is_cut |= begins_anew;
    }

    fn count(self, example: String, ledger: &mut Ledger) {
        match self {
            Self { is_written: false, .. } => ledger.drop("spans", "they hold no token, or share it with another span", example),
            Self { is_cut: true, .. } => ledger.change("spans", "they go over the end of a sentence and are cut there", example),
            Self { is_widened: true, .. } => ledger.change("spans", "they begin or end inside a token and are widened", example),
            _ => ledger.keep("spans", 1),
        }
    }
}
