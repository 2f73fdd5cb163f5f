//! Spans as brackets at their first and last words.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::ops::Range;

use super::assembly::Mention;
use super::brackets::{push_escaped, unescape};
use crate::format::sentence_tokens::{Example, Tokens};
use crate::format::{Item, Ledger, Tables};
use crate::model::{EntityId, LabelKind, Sheet, Span, SpanId, is_wikidata_id};

/// The attributes of a mention, in their order. The head is not known: it is said to be the first word.
pub(super) const ATTRIBUTES: &str = "eid-etype-head-other-identity";
const LINKS: &str = "links from mentions to entities";

/// What the mentions of an imported file say that has no place in a span, by their words.
#[derive(Debug, Default)]
pub(super) struct Details(BTreeMap<Vec<(usize, usize)>, Vec<Detail>>);

/// What one mention says.
#[derive(Debug, Default)]
struct Detail {
    /// The id of its entity in the file.
    id: String,
    label: String,
    head: String,
    /// What its entity is called elsewhere.
    identity: String,
    // Names and values as they stand in `other`.
    other: String,
}

impl Details {
    /// Takes in what a mention says under these names, of which the first is that of its id.
    pub(super) fn add(&mut self, mention: &Mention<'_>, names: &[String]) {
        let mut detail = Detail { id: mention.id.to_owned(), ..Detail::default() };
        let mut push = |name: &str, value: &str| {
            if !detail.other.is_empty() {
                detail.other.push(',');
            }
            detail.other.extend([name, value]);
        };
        for (name, value) in names.iter().skip(1).zip(mention.attributes.split('-')).filter(|(_, value)| !value.is_empty()) {
            match name.as_str() {
                "etype" | "entity" | "type" => detail.label = unescape(value),
                "head" => value.clone_into(&mut detail.head),
                "identity" | "link" => detail.identity = unescape(value),
                "other" => value.split(',').filter(|part| !part.starts_with("name:")).for_each(|part| push("", part)),
                _ => {
                    let mut escaped = String::new();
                    push_escaped(&mut escaped, value);
                    push(&format!("{name}:"), &escaped);
                }
            }
        }
        let pieces = mention.pieces.iter().map(|piece| (piece.start, piece.end)).collect();
        self.0.entry(pieces).or_default().push(detail);
    }

    /// Of those at the same words one with the same label, otherwise any.
    fn of(&self, located: &Located<'_>) -> Option<&Detail> {
        if self.0.is_empty() {
            return None;
        }
        let pieces: Vec<(usize, usize)> = located.parts.iter().map(|part| (part.start, part.end)).collect();
        let there = self.0.get(&pieces)?;
        there.iter().find(|detail| detail.label == located.span.label.as_str()).or(there.first())
    }
}

/// A span and the words of its ranges.
pub(super) struct Located<'s> {
    id: SpanId,
    span: &'s Span,
    parts: Vec<Range<usize>>,
    is_entity: bool,
}

impl<'s> Located<'s> {
    /// For a report.
    pub(super) fn example(&self, item: &'s Item) -> Example<'s> {
        Example { item, span: self.span }
    }

    /// All words from its first to its last.
    pub(super) fn hull(&self) -> Range<usize> {
        self.parts.first().map_or(0, |first| first.start)..self.parts.last().map_or(0, |last| last.end)
    }
}

/// Finds the words of all spans, in the order of the text, and counts what became of each.
pub(super) fn locate<'s>(tables: &Tables, item: &Item, sheet: &'s Sheet, tokens: &Tokens, ledger: &mut Ledger) -> Vec<Located<'s>> {
    let (mut found, mut kept) = (Vec::with_capacity(sheet.spans.len()), 0);
    for (id, span) in &sheet.spans {
        let example = Example { item, span };
        let mut parts: Vec<Range<usize>> = Vec::new();
        let mut is_exact = true;
        for range in span.ranges.iter() {
            let part = tokens.touched(range);
            is_exact &= tokens.are(&part, range);
            match parts.last_mut() {
                _ if part.is_empty() => {}
                Some(last) if part.start <= last.end => (last.end, is_exact) = (last.end.max(part.end), is_exact && part.start == last.end),
                _ => parts.push(part),
            }
        }
        // Pieces with nothing but blanks between them are one for everybody who has words only.
        is_exact &= parts.len() == span.ranges.as_slice().len();
        if parts.is_empty() {
            ledger.drop("spans", "they hold no word", example);
            continue;
        }
        if is_exact {
            kept += 1;
        } else {
            ledger.change("spans", "they do not begin and end with words: their ends are moved there", example);
        }
        let is_entity = tables.schema.labels.get(&span.label).is_none_or(|label| label.kind == LabelKind::Entity);
        found.push(Located { id: *id, span, parts, is_entity });
    }
    ledger.keep("spans", kept);
    found.sort_by_key(|located| (located.hull().start, Reverse(located.hull().end), &located.span.label));
    found
}

/// A piece of a mention between two brackets.
#[derive(Debug)]
struct Piece {
    words: Range<usize>,
    id: String,
    attributes: String,
}

/// The brackets of one kind, word by word.
#[derive(Debug, Default)]
pub(super) struct Marks {
    pieces: Vec<Piece>,
    // Words and indices of pieces, in the order of the words.
    opening: Vec<(usize, usize)>,
    closing: Vec<(usize, usize)>,
    single: Vec<(usize, usize)>,
    // Whether there is anything at a word: there is nothing at nearly all.
    has_some: Vec<bool>,
    /// The ids of entities in the file that was imported, and here.
    pub(super) renamed: BTreeMap<String, String>,
}

impl Marks {
    fn add(&mut self, parts: &[Range<usize>], id: String, attributes: String) {
        if let [words] = parts {
            return self.pieces.push(Piece { words: words.clone(), id, attributes });
        }
        for (index, words) in parts.iter().enumerate() {
            let id = format!("{id}[{}/{}]", index + 1, parts.len());
            self.pieces.push(Piece { words: words.clone(), id, attributes: attributes.clone() });
        }
    }

    /// Outer pieces open first and close last; a single word stands inside of what ends there.
    fn sort(&mut self) {
        let mut order: Vec<usize> = (0..self.pieces.len()).collect();
        order.sort_by_key(|index| self.pieces.get(*index).map(|piece| (piece.words.start, Reverse(piece.words.end), *index)));
        for index in order {
            let Some(words) = self.pieces.get(index).map(|piece| piece.words.clone()) else { continue };
            self.has_some.resize(self.has_some.len().max(words.end), false);
            for at in [words.start, words.end.saturating_sub(1)] {
                self.has_some.get_mut(at).into_iter().for_each(|has_some| *has_some = true);
            }
            if words.len() == 1 {
                self.single.push((words.start, index));
            } else {
                self.opening.push((words.start, index));
                self.closing.push((words.end.saturating_sub(1), index));
            }
        }
        self.closing.reverse();
        self.closing.sort_by_key(|(word, _)| *word);
    }

    pub(super) fn has_some_at(&self, word: usize) -> bool {
        self.has_some.get(word) == Some(&true)
    }

    /// Writes the brackets at a word; false where there are none.
    pub(super) fn push(&self, out: &mut String, key: &str, word: usize) -> bool {
        if !self.has_some_at(word) {
            return false;
        }
        let [opening, closing, single] = [&self.opening, &self.closing, &self.single].map(|of| at_word(of, word));
        out.push_str(key);
        let mut push = |of: &[(usize, usize)], open: &str, close: &str| {
            for piece in of.iter().filter_map(|(_, index)| self.pieces.get(*index)) {
                out.push_str(open);
                out.push_str(&piece.id);
                out.push_str(if open.is_empty() { "" } else { &piece.attributes });
                out.push_str(close);
            }
        };
        if closing.is_empty() {
            push(opening, "(", "");
            push(single, "(", ")");
        } else {
            push(single, "(", ")");
            push(closing, "", ")");
            push(opening, "(", "");
        }
        true
    }
}

/// What there is at a word.
fn at_word(of: &[(usize, usize)], word: usize) -> &[(usize, usize)] {
    let (start, end) = (of.partition_point(|(at, _)| *at < word), of.partition_point(|(at, _)| *at <= word));
    of.get(start..end).unwrap_or_default()
}

/// The mentions in `Entity=` and the other spans in `Span=`.
pub(super) fn marks((tables, item): (&Tables, &Item), located: &[Located<'_>], details: Option<&Details>, ledger: &mut Ledger) -> (Marks, Marks) {
    let (mut mentions, mut others) = (Marks::default(), Marks::default());
    let mut written: BTreeMap<EntityId, Vec<&Located<'_>>> = BTreeMap::new();
    let mut kept = 0;
    for located in located {
        let mut attributes = String::from("-");
        push_escaped(&mut attributes, located.span.label.as_str());
        if !located.is_entity {
            if located.span.entity.is_some() {
                ledger.drop(LINKS, "only labels of entities have a place for them", Example { item, span: located.span });
            }
            others.add(&located.parts, format!("s{}", located.id), attributes);
            continue;
        }
        let detail = details.and_then(|details| details.of(located));
        attributes.push('-');
        attributes.push_str(detail.map_or("", |detail| &detail.head).split_whitespace().next().unwrap_or("1"));
        let other = detail.map_or("", |detail| &detail.other);
        let mut said = (None, None);
        let linked = located.span.entity.and_then(|entity| tables.entity(entity));
        let example = Example { item, span: located.span };
        let id = match linked {
            Some((id, _)) if written.get(&id).is_some_and(|others| others.iter().any(|other| is_unclear(located, other))) => {
                ledger.drop(LINKS, "the mention crosses another one of the same entity", example);
                None
            }
            Some((id, entity)) => {
                let before = written.entry(id).or_default();
                let entry = entity.knowledge_base_ids.iter().find(|entry| is_wikidata_id(entry));
                let entry = entry.or_else(|| detail.map(|detail| &detail.identity).filter(|identity| !identity.is_empty()));
                said = (before.is_empty().then_some(&entity.name), entry);
                before.push(located);
                kept += 1;
                Some(id)
            }
            None if located.span.entity.is_some() => {
                ledger.drop(LINKS, "the entity is not there any more", example);
                None
            }
            None => None,
        };
        // Programs take the same id in another document for the same entity: that of a mention alone is its own.
        let id = id.map_or_else(|| format!("m{}", located.id), |id| id.to_string());
        push_details(&mut attributes, said, other);
        mentions.renamed.extend(detail.map(|detail| (detail.id.clone(), id.clone())));
        mentions.add(&located.parts, id, attributes);
    }
    ledger.keep(LINKS, kept);
    mentions.sort();
    others.sort();
    (mentions, others)
}

/// A name and an entry of a knowledge base, and what else a mention says.
fn push_details(attributes: &mut String, (name, entry): (Option<&String>, Option<&String>), other: &str) {
    if name.is_some() || entry.is_some() || !other.is_empty() {
        attributes.push('-');
    }
    if let Some(name) = name {
        attributes.push_str("name:");
        push_escaped(attributes, name);
    }
    if name.is_some() && !other.is_empty() {
        attributes.push(',');
    }
    attributes.push_str(other);
    if let Some(entry) = entry {
        attributes.push('-');
        push_escaped(attributes, entry);
    }
}

/// True where brackets with the same id would not say which closes which.
fn is_unclear(a: &Located<'_>, b: &Located<'_>) -> bool {
    let (a_hull, b_hull) = (a.hull(), b.hull());
    let overlap = a_hull.start < b_hull.end && b_hull.start < a_hull.end;
    let is_in = |inner: &Range<usize>, outer: &Range<usize>| outer.start <= inner.start && inner.end <= outer.end;
    overlap && (a.parts.len() > 1 || b.parts.len() > 1 || !is_in(&a_hull, &b_hull) && !is_in(&b_hull, &a_hull))
}
