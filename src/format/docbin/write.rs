//! From a sheet to a document of spaCy.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;

use super::pack::{Doc, DocBin, Entity, SpanRow, TokenRow};
use crate::format::aspects::{Aspect, drop_aspects, drop_entity_details};
use crate::format::coder_files::names_by_coder;
use crate::format::marks::{Mark, document_fields, drop_claim_details, flat_marks};
use crate::format::place::Places;
use crate::format::tokens::{Token, span_of, tokens};
use crate::format::vocabulary::OWN_BASE;
use crate::format::{FormatError, Item, Items, Ledger, Sink, Tables, WriteOptions};
use crate::model::{AttributeValue, CoderKey, LabelKind, MarkId, Sheet};
use crate::text::Text;
use crate::text::offsets::OffsetUnit;
use crate::text::segment::{paragraph_at, sentences};

const NO_PLACE: &str = "a DocBin has no place for it";
const LOST: [Aspect; 13] = [
    Aspect::Regions,
    Aspect::Corrections,
    Aspect::DocumentNotes,
    Aspect::Status,
    Aspect::SetAside,
    Aspect::Relations,
    Aspect::RelationAttributes,
    Aspect::RelationNotes,
    Aspect::Occurrences,
    Aspect::SpanAttributes,
    Aspect::SpanNotes,
    Aspect::Residue,
    Aspect::Fillers,
];

/// Writes one file; where several coders have sheets, one a coder.
pub(super) fn write(
    tables: &Tables,
    items: &mut Items<'_>,
    options: &WriteOptions,
    sink: &mut dyn Sink,
    ledger: &mut Ledger,
) -> Result<(), FormatError> {
    let mut files: Vec<(Option<CoderKey>, String, DocBin)> =
        names_by_coder(options).into_iter().map(|(coder, name)| (coder, name, DocBin::default())).collect();
    for item in items {
        let item = item?;
        ledger.add_document();
        drop_aspects(ledger, &item, &LOST, NO_PLACE);
        drop_claim_details(&item, ledger, NO_PLACE);
        for (coder, name, bin) in &mut files {
            let sheet = coder.as_ref().and_then(|coder| item.sheets.get(coder)).map(AsRef::as_ref);
            if sheet.is_none() && !item.sheets.is_empty() {
                continue;
            }
            let doc = Writer { tables, item: &item, ledger }.doc(sheet)?;
            bin.add(&doc).map_err(|cause| FormatError::writing(name, cause))?;
        }
        options.step()?;
    }
    drop_entity_details(ledger, tables, NO_PLACE);
    for (_, name, bin) in files {
        let written = sink.create(&name).and_then(|mut file| bin.write(&mut *file).and_then(|()| file.flush()));
        written.map_err(|cause| FormatError::writing(&name, cause))?;
    }
    Ok(())
}

/// One document on its way out.
struct Writer<'w> {
    tables: &'w Tables,
    item: &'w Item,
    ledger: &'w mut Ledger,
}

impl Writer<'_> {
    fn doc(&mut self, sheet: Option<&Sheet>) -> Result<Doc, FormatError> {
        let item = self.item;
        let places = Places::new(&item.id, &item.text, OffsetUnit::CodePoints);
        let empty = Sheet::default();
        let sheet = sheet.unwrap_or(&empty);
        let marks = flat_marks(item, sheet, &places, self.ledger)?;
        let tokens = tokens(item.text.as_str(), marks.iter().map(|mark| mark.range));
        let entries: Vec<String> = marks.iter().map(|mark| self.entry(sheet, mark.id)).collect();
        let row = |(mark, entry): (&Mark<'_>, &String)| {
            let (first, last) = span_of(&tokens, mark.range)?;
            let (label, knowledge_base_id) = (mark.label.to_string(), entry.clone());
            Some(SpanRow { label, knowledge_base_id, tokens: (first, last + 1), chars: (mark.place.start, mark.place.end) })
        };
        Ok(Doc {
            tokens: self.tokens(&tokens, &marks, &entries),
            spans: marks.iter().zip(&entries).filter_map(row).collect(),
            categories: self.categories(sheet),
            user_data: document_fields(item).map(|(name, value)| (name, value.to_owned())).collect(),
        })
    }

    /// The first entry in a knowledge base of the entity that a mention means, else our own id; empty for none.
    fn entry(&mut self, sheet: &Sheet, mark: MarkId) -> String {
        let MarkId::Span(id) = mark else { return String::new() };
        let Some(entity) = sheet.spans.get(&id).and_then(|span| span.entity) else { return String::new() };
        match self.tables.entity(entity) {
            Some((id, entity)) => {
                self.ledger.keep("links from mentions to entities", 1);
                entity.knowledge_base_ids.first().cloned().unwrap_or_else(|| format!("{OWN_BASE}:{id}"))
            }
            None => {
                self.ledger.drop("links from mentions to entities", "the entity does not exist", format!("{}: {entity}", self.item.id));
                String::new()
            }
        }
    }

    fn tokens(&self, tokens: &[Token], marks: &[Mark<'_>], entries: &[String]) -> Vec<TokenRow> {
        let text = &self.item.text;
        let entities = self.outermost(marks);
        let starts = sentence_starts(text);
        let mut begins = true;
        let mut rows = Vec::with_capacity(tokens.len());
        for token in tokens {
            begins |= starts.contains(&token.start);
            let within = entities.range(..=token.start).next_back().and_then(|(_, at)| Some((marks.get(*at)?, entries.get(*at)?)));
            let entity = match within.filter(|(mark, _)| token.end <= mark.range.end()) {
                None => Entity::None,
                Some((mark, entry)) => {
                    let (label, knowledge_base_id) = (mark.label.to_string(), entry.clone());
                    if token.start == mark.range.start() {
                        Entity::First { label, knowledge_base_id }
                    } else {
                        Entity::Next { label, knowledge_base_id }
                    }
                }
            };
            let word = text.as_str().get(token.start..token.end).unwrap_or_default().to_owned();
            // An entity never goes over the end of a sentence in spaCy: the sentence begins behind it.
            let begins_sentence = begins && !matches!(entity, Entity::Next { .. });
            begins &= !begins_sentence;
            rows.push(TokenRow { text: word, has_space: token.has_space, begins_sentence, entity });
        }
        rows
    }

    /// Mentions that do not overlap, the longest first, by their starts.
    fn outermost(&self, marks: &[Mark<'_>]) -> BTreeMap<usize, usize> {
        let labels = &self.tables.schema.labels;
        let is_mention =
            |mark: &Mark<'_>| matches!(mark.id, MarkId::Span(_)) && labels.get(mark.label).is_none_or(|label| label.kind == LabelKind::Entity);
        let has_words = |mark: &Mark<'_>| mark.place.quote.chars().any(|c| !c.is_whitespace());
        let mut order: Vec<(usize, &Mark<'_>)> = marks.iter().enumerate().filter(|(_, mark)| is_mention(mark) && has_words(mark)).collect();
        order.sort_by_key(|(_, mark)| (std::cmp::Reverse(mark.place.end - mark.place.start), mark.range.start(), mark.label.clone()));
        let mut chosen: BTreeMap<usize, (usize, usize)> = BTreeMap::new();
        for (at, mark) in order {
            let before = chosen.range(..mark.range.end()).next_back();
            if before.is_none_or(|(_, (end, _))| *end <= mark.range.start()) {
                chosen.insert(mark.range.start(), (mark.range.end(), at));
            }
        }
        chosen.into_iter().map(|(start, (_, at))| (start, at)).collect()
    }

    /// Choices as `attribute=choice`.
    fn categories(&mut self, sheet: &Sheet) -> Vec<(String, f32)> {
        let mut categories = Vec::new();
        for (key, value) in &sheet.info.attributes {
            match value {
                AttributeValue::Bool(is) => categories.push((key.to_string(), if *is { 1.0 } else { 0.0 })),
                AttributeValue::Choice(choice) => categories.push((format!("{key}={choice}"), 1.0)),
                AttributeValue::Choices(choices) => categories.extend(choices.iter().map(|choice| (format!("{key}={choice}"), 1.0))),
                _ => {
                    self.ledger.drop("attributes of documents", "categories are choices", format!("{}: {key} = {value}", self.item.id));
                    continue;
                }
            }
            self.ledger.keep("attributes of documents", 1);
        }
        categories
    }
}

fn sentence_starts(text: &Text) -> BTreeSet<usize> {
    let mut starts = BTreeSet::new();
    let mut start = 0;
    while start < text.len() {
        let paragraph = paragraph_at(text.as_str(), start);
        starts.extend(sentences(text.as_str(), paragraph.clone()).into_iter().map(|sentence| sentence.start));
        let end = text.as_str().get(paragraph.end..).unwrap_or_default();
        start = end.find('\n').map_or(text.len(), |i| paragraph.end + i + 1);
    }
    starts
}
