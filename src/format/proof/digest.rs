//! A document as a few numbers: one for its text, and one for each thing that is said about it. The same function makes them
//! of what is written and of what is read.

use std::hash::{DefaultHasher, Hash, Hasher};

use super::page::Kind;
use super::{Places, Proof, Texts, words};
use crate::format::Item;
use crate::format::vocabulary::label_called;
use crate::model::{Claim, CoderKey, Filler, LabelKey, Node, RelationKey, RoleKey, Schema, Sheet};
use crate::text::Ranges;

/// The numbers.
#[derive(Clone, Debug, Default)]
pub(super) struct Digest {
    pub(super) text: u64,
    /// By kind, in order.
    rows: [Vec<u64>; 3],
    /// Spans and claims, whatever comes back of them.
    pub(super) marks: usize,
    /// Spans that mean an entity.
    pub(super) linked: usize,
}

impl Digest {
    pub(super) fn of(item: &Item, proof: &Proof, schema: &Schema) -> Self {
        let mut digest = Self { text: text_number(item, proof), ..Self::default() };
        Rows::new(item, proof, schema).each(&mut |kind, number, _| {
            if let Some(rows) = digest.rows.get_mut(kind as usize) {
                rows.push(number);
            }
        });
        digest.rows.iter_mut().for_each(|rows| rows.sort_unstable());
        digest.marks = item.sheets.values().map(|sheet| sheet.spans.len() + sheet.claims.len()).sum();
        digest.linked = item.sheets.values().flat_map(|sheet| sheet.spans.values()).filter(|span| span.entity.is_some()).count();
        digest
    }

    /// What another pass has found of the same document.
    pub(super) fn join(&mut self, other: Self) {
        for (rows, more) in self.rows.iter_mut().zip(other.rows) {
            rows.extend(more);
            rows.sort_unstable();
        }
        self.marks += other.marks;
        self.linked += other.linked;
    }

    pub(super) fn rows(&self, kind: Kind) -> &[u64] {
        self.rows.get(kind as usize).map(Vec::as_slice).unwrap_or_default()
    }
}

fn text_number(item: &Item, proof: &Proof) -> u64 {
    match proof.texts {
        Texts::Absent => 0,
        texts => letters(item.text.as_str(), texts),
    }
}

/// What comes back of some words.
fn letters(words: &str, texts: Texts) -> u64 {
    match texts.letter() {
        Some(letter) => number(&words.chars().filter_map(letter).collect::<String>()),
        None => number(words),
    }
}

pub(super) fn number(of: &(impl Hash + ?Sized)) -> u64 {
    let mut hasher = DefaultHasher::new();
    of.hash(&mut hasher);
    hasher.finish()
}

/// Takes a row: its kind, its number, and what it says.
pub(super) type Take<'t> = dyn FnMut(Kind, u64, &dyn Fn() -> String) + 't;

/// What is said about a document, row by row.
pub(super) struct Rows<'r> {
    item: &'r Item,
    texts: Texts,
    places: Places,
    schema: &'r Schema,
    /// For texts of which some letters do not come back: which bytes are how many letters behind the start.
    letters: Option<Vec<(usize, usize)>>,
}

impl<'r> Rows<'r> {
    pub(super) fn new(item: &'r Item, proof: &Proof, schema: &'r Schema) -> Self {
        let letters = proof.texts.letter().map(|letter| count_letters(item, letter));
        Self { item, texts: proof.texts, places: proof.places, schema, letters }
    }

    /// Hands over all rows.
    pub(super) fn each(&self, take: &mut Take<'_>) {
        for (coder, sheet) in &self.item.sheets {
            if let Places::Words(meaning) = self.places {
                words::each((self.item, sheet), coder, meaning, take);
                continue;
            }
            self.marks(coder, sheet, take);
            self.links(coder, sheet, take);
        }
    }

    fn marks(&self, coder: &CoderKey, sheet: &Sheet, take: &mut Take<'_>) {
        let text = &self.item.text;
        for span in sheet.spans.values() {
            let row = number(&(coder, self.label(&span.label), self.place(Some(&span.ranges))));
            take(Kind::Mark, row, &|| format!("the span {} “{}” of {coder}", span.label, text.quote(&span.ranges)));
        }
        for claim in sheet.claims.values() {
            let quote = |place: Option<&Ranges>| place.map(|place| text.quote(place)).unwrap_or_default();
            let row = |place: Option<&Ranges>| number(&(coder, self.label(&claim.label), self.place(place)));
            let content = claim.content.as_ref();
            take(Kind::Mark, row(content), &|| format!("the claim {} “{}” of {coder}", claim.label, quote(content)));
            for place in &claim.occurrences {
                take(Kind::Occurrence, row(Some(place)), &|| format!("the place “{}” of a claim {} of {coder}", quote(Some(place)), claim.label));
            }
        }
    }

    fn links(&self, coder: &CoderKey, sheet: &Sheet, take: &mut Take<'_>) {
        for relation in sheet.relations.values() {
            let (from, to) = (self.end(sheet, relation.from), self.end(sheet, relation.to));
            let row = number(&(coder, self.relation(&relation.label), from, to));
            take(Kind::Link, row, &|| format!("a relation {} of {coder}", relation.label));
        }
        for claim in sheet.claims.values() {
            let from = self.claim(claim);
            for (role, filler) in claim.roles.iter().flat_map(|(role, fillers)| fillers.iter().map(move |filler| (role, filler))) {
                let row = number(&(coder, self.role(role), from, self.filler(sheet, filler)));
                take(Kind::Link, row, &|| format!("what fills the role {role} of a claim {} of {coder}", claim.label));
            }
        }
    }

    /// Without the codebook's row, nobody knows under which key a name comes back.
    fn label(&self, label: &LabelKey) -> &str {
        let key = self.schema.labels.get_key_value(label).map(|(key, _)| key);
        key.or_else(|| label_called(self.schema, label.as_str())).map_or("", LabelKey::as_str)
    }

    fn role<'k>(&self, role: &'k RoleKey) -> &'k str {
        if self.schema.roles.contains_key(role) { role.as_str() } else { "" }
    }

    fn relation<'k>(&self, relation: &'k RelationKey) -> &'k str {
        if self.schema.relation_types.contains_key(relation) { relation.as_str() } else { "" }
    }

    /// Where something is.
    fn place(&self, ranges: Option<&Ranges>) -> u64 {
        let Some(ranges) = ranges else { return 0 };
        let hull = matches!(self.places, Places::Hulls).then(|| (self.at(ranges.start()), self.at(ranges.end())));
        match hull {
            Some(hull) => number(&[hull][..]),
            None => number(&self.pieces(ranges)[..]),
        }
    }

    /// Without the letters that do not come back some are empty, and others touch: those are one.
    fn pieces(&self, ranges: &Ranges) -> Vec<(usize, usize)> {
        let mut pieces: Vec<(usize, usize)> = Vec::new();
        for (start, end) in ranges.iter().map(|range| (self.at(range.start()), self.at(range.end()))).filter(|(start, end)| start < end) {
            match pieces.last_mut() {
                Some(last) if last.1 == start => last.1 = end,
                _ => pieces.push((start, end)),
            }
        }
        pieces
    }

    /// Where ends move with changed places, nothing is asked of them.
    fn end(&self, sheet: &Sheet, node: Node) -> u64 {
        match node {
            _ if matches!(self.places, Places::Kept) => 0,
            Node::Span(id) => sheet.spans.get(&id).map_or(0, |span| number(&(self.label(&span.label), self.place(Some(&span.ranges))))),
            Node::Claim(id) => sheet.claims.get(&id).map_or(0, |claim| self.claim(claim)),
            Node::Entity(id) => number(&id),
            Node::Relation(_) => 1,
        }
    }

    fn claim(&self, claim: &Claim) -> u64 {
        if matches!(self.places, Places::Kept) { 0 } else { number(&(self.label(&claim.label), self.place(claim.content.as_ref()))) }
    }

    fn filler(&self, sheet: &Sheet, filler: &Filler) -> u64 {
        match filler {
            Filler::Span(id) => self.end(sheet, Node::Span(*id)),
            Filler::Claim(id) => self.end(sheet, Node::Claim(*id)),
            Filler::Entity(id) => self.end(sheet, Node::Entity(*id)),
            Filler::Value(value) => letters(value, self.texts),
        }
    }

    /// A byte's place as the format has it.
    fn at(&self, byte: usize) -> usize {
        let Some(letters) = &self.letters else { return byte };
        let found = letters.binary_search_by_key(&byte, |(byte, _)| *byte).ok().and_then(|index| letters.get(index));
        found.map_or(0, |(_, letters)| *letters)
    }
}

/// For each byte at which something begins or ends, how many letters of those that come back are in front of it.
fn count_letters(item: &Item, letter: fn(char) -> Option<char>) -> Vec<(usize, usize)> {
    let ranges = item.sheets.values().flat_map(|sheet| sheet.places()).flat_map(|(_, ranges)| ranges.iter());
    let mut bytes: Vec<usize> = ranges.flat_map(|range| [range.start(), range.end()]).collect();
    bytes.sort_unstable();
    bytes.dedup();
    let mut counted = Vec::with_capacity(bytes.len());
    let (mut bytes, mut count) = (bytes.into_iter().peekable(), 0);
    for (at, c) in item.text.as_str().char_indices() {
        while let Some(byte) = bytes.next_if(|byte| *byte <= at) {
            counted.push((byte, count));
        }
        count += usize::from(letter(c).is_some());
    }
    counted.extend(bytes.map(|byte| (byte, count)));
    counted
}
