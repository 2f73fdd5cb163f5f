//! One coder's sheet as selections of a text with codes, and links between them.

use std::collections::BTreeMap;

use super::build::MAX_NAME_CHARS;
use super::codebook::Book;
use super::described::{Line, describe};
use super::write::{Pages, row};
use super::{CONTINUES, FORMAT, OCCURRENCE, ROLE, guid};
use crate::format::aspects::OCCURRENCES;
use crate::format::place::Places;
use crate::format::xml_out::push_attribute;
use crate::format::{FormatError, Item, Ledger};
use crate::model::{
    AttributeKey, AttributeValue, Attributes, Claim, ClaimId, CoderKey, EntityId, Filler, LabelKey, LabelKind, Node, Relation, Sheet, Span,
};
use crate::text::offsets::OffsetUnit;
use crate::text::{Ranges, TextRange};

/// Why something has no place.
const NO_CONTENT: &str = "they have no content in the text";
const NO_PIECES: &str = "they are nothing but half a line end";

/// Where CR LF stands: written as LF, it takes one character.
struct LineEnds(Vec<usize>);

impl LineEnds {
    /// A range as it is counted in the written text; none for half a line end.
    fn range(&self, range: TextRange, (start, end): (usize, usize)) -> Option<(usize, usize)> {
        let before = |byte: usize| self.0.partition_point(|line_feed| *line_feed <= byte);
        // A place between the two stands in front of the LF.
        let (start, end) = (start - before(range.start()), end - before(range.end()));
        (start < end).then_some((start, end))
    }

    /// The words of a range as they stand in the written text.
    fn words(&self, range: TextRange, quote: &str) -> String {
        let mut words = quote.replace("\r\n", "\n");
        if self.0.binary_search(&range.end()).is_ok() {
            words.pop();
        }
        match words.strip_prefix('\u{feff}').filter(|_| range.start() == 0) {
            Some(rest) => format!("\u{2060}{rest}"),
            None => words,
        }
    }
}

/// Writes the selections, and the links of the sheet.
pub(super) fn push_sheet(
    pages: &mut Pages<'_>,
    out: &mut String,
    (item, coder, sheet): (&Item, &CoderKey, &Sheet),
    ledger: &mut Ledger,
) -> Result<(), FormatError> {
    let places = Places::new(&item.id, &item.text, OffsetUnit::CodePoints);
    let line_ends = LineEnds(item.text.as_str().match_indices("\r\n").map(|(at, _)| at + 1).collect());
    let mut writer = SheetWriter { pages, out, item, coder, places, line_ends, nodes: BTreeMap::new(), ledger };
    for (id, span) in &sheet.spans {
        writer.span(&id.to_string(), Node::Span(*id), span)?;
    }
    for (id, claim) in &sheet.claims {
        writer.claim(&id.to_string(), *id, claim)?;
    }
    sheet.claims.iter().for_each(|(id, claim)| writer.roles(*id, claim));
    sheet.relations.iter().for_each(|(id, relation)| writer.relation(&id.to_string(), relation));
    Ok(())
}

struct SheetWriter<'w, 'p, 'i> {
    pages: &'w mut Pages<'p>,
    out: &'w mut String,
    item: &'i Item,
    coder: &'i CoderKey,
    places: Places<'i>,
    line_ends: LineEnds,
    // The selections of what has a place.
    nodes: BTreeMap<Node, String>,
    ledger: &'w mut Ledger,
}

/// Where a piece of a place is in the written text, and its words.
type Piece = ((usize, usize), String);

/// What a selection is coded with, and what it has beside.
#[derive(Default)]
struct Coded<'c> {
    codes: Vec<String>,
    note: &'c str,
    lines: Vec<Line>,
    kept: Option<&'c str>,
}

impl SheetWriter<'_, '_, '_> {
    fn example(&self, what: impl std::fmt::Display) -> String {
        format!("{}: {what}", self.item.id)
    }

    fn own_guid(&self, words: &[&str]) -> String {
        guid(&[&["selection", self.item.id.as_str(), self.coder.as_str()], words].concat())
    }

    /// Ranges as they are counted in the written text.
    fn counted(&mut self, what: &'static str, ranges: &Ranges) -> Result<Vec<Piece>, FormatError> {
        let mut counted = Vec::new();
        for range in ranges.iter() {
            let place = self.places.place(range)?;
            match self.line_ends.range(range, (place.start, place.end)) {
                Some(counted_range) => counted.push((counted_range, self.line_ends.words(range, place.quote))),
                None => self.ledger.drop("pieces of places", NO_PIECES, self.example(what)),
            }
        }
        Ok(counted)
    }

    /// Where the pieces of a place are in the written text.
    fn written(&self, ranges: &Ranges) -> Result<Vec<(usize, usize)>, FormatError> {
        let mut written = Vec::new();
        for range in ranges.iter() {
            let place = self.places.place(range)?;
            written.extend(self.line_ends.range(range, (place.start, place.end)));
        }
        Ok(written)
    }

    /// The pieces of a place; none where nothing of it is in the written text, which is counted. Asked before anything else of a mark
    /// is counted: what it has beside goes with it.
    fn pieces(&mut self, what: &'static str, ranges: &Ranges) -> Result<Option<Vec<Piece>>, FormatError> {
        let pieces = self.counted(what, ranges)?;
        if pieces.is_empty() {
            self.ledger.drop(what, NO_PIECES, self.example(what));
            return Ok(None);
        }
        Ok(Some(pieces))
    }

    /// Writes a place as one selection, or as several that are linked; the GUID of the first.
    fn place(&mut self, what: &'static str, words: &[&str], (ranges, pieces): (&Ranges, Vec<Piece>), coded: Coded<'_>) -> Option<String> {
        let mut pieces = pieces.into_iter();
        let first = pieces.next()?;
        let codes = coded.codes.first().cloned().into_iter().collect::<Vec<_>>();
        let first = self.selection(words, first, coded);
        for (piece, number) in pieces.zip(1..) {
            let of_piece = Coded { codes: codes.clone(), ..Coded::default() };
            let number = number.to_string();
            let piece = self.selection(&[words, &["piece", &number]].concat(), piece, of_piece);
            self.link(CONTINUES, &first, &piece);
        }
        if ranges.is_discontinuous() {
            self.ledger.change(
                what,
                "pieces of discontinuous ones are selections of their own, linked to the first",
                self.example(self.item.text.quote(ranges)),
            );
        } else {
            self.ledger.keep(what, 1);
        }
        Some(first)
    }

    fn selection(&mut self, words: &[&str], ((start, end), quote): Piece, coded: Coded<'_>) -> String {
        let own = self.own_guid(words);
        let mut out = String::from("<PlainTextSelection");
        let guid = self.pages.push_kept(&mut out, coded.kept, &own, self.ledger);
        let name: String = quote.chars().take(MAX_NAME_CHARS).collect();
        self.pages.attribute(&mut out, "name", &name);
        push_attribute(&mut out, "startPosition", &start.to_string());
        push_attribute(&mut out, "endPosition", &end.to_string());
        let user = Pages::user(self.coder);
        push_attribute(&mut out, "creatingUser", &user);
        out.push_str(">\n");
        self.pages.element(&mut out, "Description", &describe(coded.note, &coded.lines));
        for code in coded.codes {
            out.push_str("<Coding");
            push_attribute(&mut out, "guid", &super::guid(&["coding", &guid, &code]));
            push_attribute(&mut out, "creatingUser", &user);
            out.push_str(">\n");
            out.push_str(&row("CodeRef", &[("targetGUID", &code)]));
            out.push_str("</Coding>\n");
        }
        out.push_str("</PlainTextSelection>\n");
        self.out.push_str(&out);
        guid
    }

    fn link(&mut self, name: &str, origin: &str, target: &str) {
        // The same may be said twice.
        let mut id = guid(&["link", name, origin, target]);
        while !self.pages.guids.insert(id.clone()) {
            id = guid(&["link", &id]);
        }
        let mut out = String::from("<Link");
        push_attribute(&mut out, "guid", &id);
        self.pages.attribute(&mut out, "name", name);
        [("direction", "OneWay"), ("originGUID", origin), ("targetGUID", target)]
            .into_iter()
            .for_each(|(name, value)| push_attribute(&mut out, name, value));
        out.push_str("/>\n");
        self.pages.links.push_str(&out);
    }

    fn label(&mut self, label: &LabelKey, kind: LabelKind) -> String {
        if !self.pages.tables.schema.labels.contains_key(label) {
            self.pages.book.new_labels.entry(label.clone()).or_insert(kind);
        }
        self.pages.book.label_guid(label)
    }

    /// Choices and yes or no are codes; other values are lines of the description.
    fn attributes(&mut self, what: &'static str, attributes: &Attributes, coded: &mut Coded<'_>) {
        for (key, value) in attributes {
            self.ledger.keep(what, 1);
            match value {
                AttributeValue::Choice(choice) => self.choice(key, choice.as_str(), coded),
                AttributeValue::Choices(choices) => choices.iter().for_each(|choice| self.choice(key, choice.as_str(), coded)),
                AttributeValue::Bool(_) => self.choice(key, &value.to_string(), coded),
                value => coded.lines.push((format!("attribute {key}"), value.to_string())),
            }
        }
    }

    fn choice(&mut self, key: &AttributeKey, choice: &str, coded: &mut Coded<'_>) {
        self.pages.book.choices.entry(key.to_string()).or_default().insert(choice.to_owned());
        coded.codes.push(Book::choice_guid(key.as_str(), choice));
    }

    fn entity(&mut self, id: EntityId, coded: &mut Coded<'_>) {
        let Some((id, entity)) = self.pages.tables.entity(id) else {
            return self.ledger.drop("links from mentions to entities", "there is no such entity", self.example(id));
        };
        self.ledger.keep("links from mentions to entities", 1);
        let id = id.to_string();
        let references = entity.knowledge_base_ids.iter().map(|entry| ("reference".to_owned(), entry.clone()));
        let lines: Vec<Line> = std::iter::once(("id".to_owned(), id.clone())).chain(references).collect();
        coded.codes.push(Book::entity_guid(&id));
        self.pages.book.entities.entry(id).or_insert_with(|| (entity.name.clone(), describe("", &lines)));
    }

    /// Counts what a span without a place has beside it.
    fn drop_span_details(&mut self, why: &'static str, span: &Span) {
        self.drop_attributes("attributes of spans", why, span.attributes());
        self.drop_text("notes of spans", why, span.note());
        if let Some(entity) = span.entity {
            self.ledger.drop("links from mentions to entities", why, self.example(entity));
        }
    }

    /// The same of a claim; what fills its roles is counted with all others.
    fn drop_claim_details(&mut self, why: &'static str, claim: &Claim) {
        self.drop_attributes("attributes of claims", why, &claim.attributes);
        self.drop_text("notes of claims", why, &claim.note);
        self.drop_text("normalised texts of claims", why, &claim.normalized);
        for place in &claim.occurrences {
            self.ledger.drop(OCCURRENCES, why, self.example(self.item.text.quote(place)));
        }
    }

    fn drop_attributes(&mut self, what: &'static str, why: &'static str, attributes: &Attributes) {
        attributes.iter().for_each(|(key, value)| self.ledger.drop(what, why, self.example(format!("{key} = {value}"))));
    }

    fn drop_text(&mut self, what: &'static str, why: &'static str, text: &str) {
        if !text.is_empty() {
            self.ledger.drop(what, why, self.example(text));
        }
    }

    fn span(&mut self, id: &str, node: Node, span: &Span) -> Result<(), FormatError> {
        let Some(pieces) = self.pieces("spans", &span.ranges)? else {
            self.drop_span_details(NO_PIECES, span);
            return Ok(());
        };
        let mut coded = Coded { note: span.note(), kept: span.extras().residue.get(FORMAT.name).map(String::as_str), ..Coded::default() };
        coded.codes.push(self.label(&span.label, LabelKind::Span));
        self.attributes("attributes of spans", span.attributes(), &mut coded);
        span.entity.into_iter().for_each(|entity| self.entity(entity, &mut coded));
        self.ledger.keep("notes of spans", usize::from(!span.note().is_empty()));
        let written = self.place("spans", &[id], (&span.ranges, pieces), coded);
        self.nodes.extend(written.map(|guid| (node, guid)));
        Ok(())
    }

    fn claim(&mut self, id: &str, key: ClaimId, claim: &Claim) -> Result<(), FormatError> {
        let Some(content) = &claim.content else {
            self.ledger.drop("claims", NO_CONTENT, self.example(format!("{} {}", claim.label, claim.normalized)));
            self.drop_claim_details(NO_CONTENT, claim);
            return Ok(());
        };
        let Some(pieces) = self.pieces("claims", content)? else {
            self.drop_claim_details(NO_PIECES, claim);
            return Ok(());
        };
        let mut coded = Coded { note: &claim.note, kept: claim.residue.get(FORMAT.name).map(String::as_str), ..Coded::default() };
        coded.codes.push(self.label(&claim.label, LabelKind::Claim));
        self.attributes("attributes of claims", &claim.attributes, &mut coded);
        self.ledger.keep("notes of claims", usize::from(!claim.note.is_empty()));
        if !claim.normalized.is_empty() {
            self.ledger.keep("normalised texts of claims", 1);
            coded.lines.push(("normalized".to_owned(), claim.normalized.clone()));
        }
        for (role, filler) in claim.roles.iter().flat_map(|(role, fillers)| fillers.iter().map(move |filler| (role, filler))) {
            if let Filler::Value(value) = filler {
                self.ledger.keep("fillers of roles", 1);
                coded.lines.push((format!("role {role}"), value.clone()));
            }
        }
        let Some(guid) = self.place("claims", &[id], (content, pieces), coded) else { return Ok(()) };
        let mut written = vec![self.written(content)?];
        for (place, number) in claim.occurrences.iter().zip(1..) {
            let number: usize = number;
            let here = self.written(place)?;
            if written.contains(&here) {
                self.ledger.drop(OCCURRENCES, "with CR LF as one character they are another place of the claim", self.example(claim.label.as_str()));
                continue;
            }
            written.extend(Some(here).filter(|here| !here.is_empty()));
            let Some(pieces) = self.pieces(OCCURRENCES, place)? else { continue };
            let coded = Coded { codes: vec![self.pages.book.label_guid(&claim.label)], ..Coded::default() };
            if let Some(place) = self.place(OCCURRENCES, &[id, "occurrence", &number.to_string()], (place, pieces), coded) {
                self.link(OCCURRENCE, &guid, &place);
            }
        }
        self.nodes.insert(Node::Claim(key), guid);
        Ok(())
    }

    fn roles(&mut self, id: ClaimId, claim: &Claim) {
        let origin = self.nodes.get(&Node::Claim(id)).cloned();
        for (role, filler) in claim.roles.iter().flat_map(|(role, fillers)| fillers.iter().map(move |filler| (role, filler))) {
            let target = match filler {
                Filler::Value(_) if origin.is_some() => continue,
                Filler::Span(id) => self.nodes.get(&Node::Span(*id)).cloned(),
                Filler::Claim(id) => self.nodes.get(&Node::Claim(*id)).cloned(),
                Filler::Entity(_) | Filler::Value(_) => None,
            };
            match (&origin, target) {
                (Some(origin), Some(target)) => {
                    self.ledger.keep("fillers of roles", 1);
                    self.link(&format!("{ROLE}{role}"), origin, &target);
                }
                _ => {
                    let example = self.example(format!("{role} = {filler:?}"));
                    self.ledger.drop("fillers of roles", "the claim or what fills it has no place in the text", example);
                }
            }
        }
    }

    fn relation(&mut self, id: &str, relation: &Relation) {
        match (self.nodes.get(&relation.from).cloned(), self.nodes.get(&relation.to).cloned()) {
            (Some(origin), Some(target)) => {
                self.ledger.keep("relations", 1);
                self.link(relation.label.as_str(), &origin, &target);
            }
            _ => {
                let example = self.example(format!("{} {id}", relation.label));
                self.ledger.drop("relations", "one end is an entity, a relation or something without a place", example);
            }
        }
    }
}
