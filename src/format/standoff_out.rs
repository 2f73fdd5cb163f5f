//! From one coder's sheet to annotations that a standoff format writes down. What becomes of everything is counted here; a format
//! counts only what it does differently.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

use super::aspects::{Aspect, IDS, OCCURRENCES, drop_aspects, drop_foreign_residue};
use super::marks::document_fields;
use super::place::{Place, Places};
use super::standoff::{
    CALLED, CALLED_LINE, CODERS, ENTITY, ENTITY_NAME, FILLER, FORMS, FROM, Features, IDENTIFIERS, KEEPS_IDS, KIND, Kind, LINK, NORMALIZED, NOTE, OWN,
    PARTS, STATUS, TO, parts_of, said,
};
use super::standoff_ids::RowIds;
use super::vocabulary::{label_name, typed, written_name};
use super::{FormatError, Item, Ledger, Tables};
use crate::model::{
    AttributeDef, AttributeKey, AttributeValue, Attributes, ChoiceKey, Claim, CoderKey, EntityId, Filler, Node, Relation, Residue, Sheet, Span,
    Status,
};
use crate::text::{Ranges, TextRange};

/// What a format can write.
#[derive(Clone, Copy, Debug)]
pub(super) struct Can {
    /// The format's name, under which its residue is kept.
    pub(super) format: &'static str,
    /// Why places with gaps are counted as changed; none where they are written as they are.
    pub(super) gaps: Option<&'static str>,
    /// Whether claims without content have a place.
    pub(super) unplaced: Unplaced,
    /// What relations may join.
    pub(super) ends: Ends,
}

/// Claims without content.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Unplaced {
    Written,
    Dropped,
}

/// What relations join.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Ends {
    Marks,
    MarksAndRelations,
}

/// One annotation.
#[derive(Debug)]
pub(super) struct Row<'s> {
    /// Unique in the document.
    pub(super) number: usize,
    /// The row's id in the project; of occurrences with a number behind it.
    pub(super) key: String,
    pub(super) kind: Kind,
    pub(super) label: &'s str,
    pub(super) ranges: Vec<TextRange>,
    /// The same in the format's unit.
    pub(super) places: Vec<Place<'s>>,
    pub(super) features: Features,
    /// Names of links, and the numbers of the annotations to which they lead.
    pub(super) links: Vec<(&'s str, usize)>,
    /// What an earlier import from this format had beside.
    pub(super) rest: Map<String, Value>,
    /// Its id in that import.
    pub(super) old_id: Option<&'s str>,
}

impl Row<'_> {
    /// From the first to the last character; none without a place.
    pub(super) fn hull(&self) -> Option<(usize, usize)> {
        let start = self.places.iter().map(|place| place.start).min()?;
        Some((start, self.places.iter().map(|place| place.end).max()?))
    }

    /// What the row has beside its places and links, with the rest of an earlier import.
    pub(super) fn take_features(&mut self) -> Features {
        let mut features = std::mem::take(&mut self.features);
        let rest = std::mem::take(&mut self.rest);
        features.extend(rest.into_iter().filter(|(name, _)| !name.starts_with(OWN)));
        features
    }

    /// For formats in which an annotation has nothing but features: its kind, the pieces of a place with gaps, and its links.
    pub(super) fn own_features(&self, ids: &RowIds) -> Features {
        let mut features = vec![(KIND.to_owned(), Value::from(self.kind.name()))];
        features.extend(parts_of(&self.pieces()).map(|parts| (PARTS.to_owned(), parts.into())));
        let mut links: Vec<(String, String)> = Vec::new();
        for (name, number) in &self.links {
            let (name, id) = (format!("{LINK}{name}"), ids.of(*number));
            match links.iter_mut().find(|(known, _)| *known == name) {
                Some((_, ids)) => *ids = format!("{ids} {id}"),
                None => links.push((name, id)),
            }
        }
        features.extend(links.into_iter().map(|(name, ids)| (name, ids.into())));
        features
    }

    /// Start and end of each piece.
    pub(super) fn pieces(&self) -> Vec<(usize, usize)> {
        self.places.iter().map(|place| (place.start, place.end)).collect()
    }
}

/// A sheet on its way out.
#[derive(Debug, Default)]
pub(super) struct OutSheet<'s> {
    /// What is said about the document.
    pub(super) features: Features,
    /// In the order of the text, relations behind what they join.
    pub(super) rows: Vec<Row<'s>>,
    /// Annotations of an earlier import from this format that had no place here, one a line.
    pub(super) aside: Vec<&'s str>,
    /// What the file of that import calls the coder.
    pub(super) called: Option<&'s str>,
}

impl<'s> OutSheet<'s> {
    /// What the coder is called in the file.
    pub(super) fn coder(&self, key: &'s CoderKey) -> &'s str {
        self.called.unwrap_or(key.as_str())
    }

    /// The name of an earlier import means something else in this file.
    pub(super) fn forget_called(&mut self) {
        self.called = None;
        self.features.retain(|(name, _)| name != CALLED);
    }
}

/// What no format of this family carries.
const LOST: [Aspect; 2] = [Aspect::Corrections, Aspect::SetAside];

/// Counts what becomes of a document apart from its sheets.
pub(super) fn count_document(item: &Item, can: &Can, ledger: &mut Ledger) {
    drop_aspects(ledger, item, &LOST, "there is no place for it");
    drop_foreign_residue(ledger, item, can.format);
}

/// Counts the fields of a document that a writer carries.
pub(super) fn count_fields(item: &Item, ledger: &mut Ledger) {
    let document = &item.document;
    let fields = [&document.title, &document.source, &document.author, &document.url, &document.language, &document.file_name];
    ledger.keep("document fields", fields.iter().filter(|field| !field.is_empty()).count() + usize::from(document.date.is_some()));
}

/// A document's fields, who has said something about it, and what: for formats with features of documents. What an earlier import
/// from this format had beside them stands last.
pub(super) fn document_features(item: &Item, sheets: &[(&CoderKey, OutSheet<'_>)], can: &Can, ledger: &mut Ledger) -> Features {
    count_fields(item, ledger);
    let mut features: Features = document_fields(item).map(|(name, value)| (name.to_owned(), value.into())).collect();
    if !sheets.is_empty() {
        let coders: Vec<&str> = sheets.iter().map(|(coder, _)| coder.as_str()).collect();
        features.push((CODERS.to_owned(), coders.join("|").into()));
    }
    for (coder, sheet) in sheets {
        features.extend(sheet.features.iter().map(|(name, value)| (format!("{coder}/{name}"), value.clone())));
    }
    for (name, value) in kept_beside(item, can.format) {
        if features.iter().all(|(known, _)| *known != name) {
            features.push((name, value));
        }
    }
    features
}

/// What an earlier import from a format has kept of the document beside its fields.
pub(super) fn kept_beside(item: &Item, format: &str) -> Map<String, Value> {
    item.document.residue.get(format).and_then(|rest| serde_json::from_str(rest).ok()).unwrap_or_default()
}

/// Takes a feature out.
pub(super) fn take_feature(features: &mut Features, name: &str) -> Option<Value> {
    let at = features.iter().position(|(known, _)| known == name)?;
    Some(features.remove(at).1)
}

/// Every coder's sheet, with numbers of annotations that are unique in the document.
pub(super) fn all_sheets<'s>(
    (tables, item): (&'s Tables, &'s Item),
    places: &Places<'s>,
    can: &Can,
    next: &mut usize,
    ledger: &mut Ledger,
) -> Result<Vec<(&'s CoderKey, OutSheet<'s>)>, FormatError> {
    let sheets = item.sheets.iter().map(|(coder, sheet)| Ok((coder, sheet_rows((tables, item, sheet), places, can, next, ledger)?)));
    let mut sheets: Vec<(&CoderKey, OutSheet<'_>)> = sheets.collect::<Result<_, FormatError>>()?;
    // Names that several have tell nobody apart.
    let mut used: BTreeSet<&str> = item.sheets.keys().map(CoderKey::as_str).collect();
    for (_, sheet) in &mut sheets {
        if sheet.called.is_some_and(|name| !used.insert(name)) {
            sheet.forget_called();
        }
        if sheet.rows.iter().any(|row| row.old_id.is_some()) {
            sheet.features.push((KEEPS_IDS.to_owned(), true.into()));
        }
    }
    Ok(sheets)
}

/// Counts as left out what an earlier import kept aside and nobody can write back.
pub(super) fn drop_aside<'a>(item: &Item, aside: impl IntoIterator<Item = &'a str>, ledger: &mut Ledger) {
    for raw in aside {
        ledger.drop("leftovers of earlier imports", "what had no place is not written back", format!("{}: {raw}", item.id));
    }
}

/// The parts of the text as annotations.
pub(super) fn regions<'s>(item: &'s Item, places: &Places<'s>, next: &mut usize, ledger: &mut Ledger) -> Result<Vec<Row<'s>>, FormatError> {
    let regions = item.document.regions.iter().map(|region| {
        let mut row = new_row(next, String::new(), Kind::Region, region.kind.name());
        row.key = format!("region-{}", row.number);
        row.ranges = vec![region.range];
        row.places = vec![places.place(region.range)?];
        Ok(row)
    });
    ledger.keep("regions", item.document.regions.len());
    regions.collect()
}

fn new_row<'s>(next: &mut usize, key: String, kind: Kind, label: &'s str) -> Row<'s> {
    *next += 1;
    let (ranges, places, features, links, rest) = (Vec::new(), Vec::new(), Vec::new(), Vec::new(), Map::new());
    Row { number: *next, key, kind, label, ranges, places, features, links, rest, old_id: None }
}

/// The annotations of a sheet. Numbers go on behind `next`.
pub(super) fn sheet_rows<'s>(
    (tables, item, sheet): (&'s Tables, &'s Item, &'s Sheet),
    places: &Places<'s>,
    can: &Can,
    next: &mut usize,
    ledger: &mut Ledger,
) -> Result<OutSheet<'s>, FormatError> {
    let numbers = BTreeMap::new();
    let mut maker = Maker { tables, item, sheet, places, can, next, ledger, numbers, out: OutSheet::default() };
    maker.add_info();
    maker.add_marks()?;
    maker.add_relations();
    Ok(maker.out)
}

struct Maker<'s, 'm> {
    tables: &'s Tables,
    item: &'s Item,
    sheet: &'s Sheet,
    places: &'m Places<'s>,
    can: &'m Can,
    next: &'m mut usize,
    ledger: &'m mut Ledger,
    numbers: BTreeMap<Node, usize>,
    out: OutSheet<'s>,
}

/// A mark that waits for its number: where it stands comes first.
type Waiting<'s> = (Option<(usize, usize)>, Node);

impl<'s> Maker<'s, '_> {
    fn example(&self, what: impl std::fmt::Display) -> String {
        format!("{}: {what}", self.item.id)
    }

    fn add_info(&mut self) {
        let info = &self.sheet.info;
        let mut features = Vec::new();
        self.push_attributes(&mut features, (&info.attributes, &Map::new()), "attributes of documents");
        push_text(&mut features, NOTE, &info.note);
        self.ledger.keep("notes on documents", usize::from(!info.note.is_empty()));
        push_text(&mut features, STATUS, info.status.name());
        self.ledger.keep("states of work", usize::from(info.status != Status::New));
        self.out.features = features;
        for line in info.residue.get(self.can.format).map(|kept| kept.lines()).into_iter().flatten() {
            match line.strip_prefix(CALLED_LINE) {
                Some(name) => self.out.called = Some(name),
                None if line.trim().is_empty() => {}
                None => self.out.aside.push(line),
            }
        }
        self.out.features.extend(self.out.called.map(|name| (CALLED.to_owned(), name.into())));
    }

    fn add_marks(&mut self) -> Result<(), FormatError> {
        let place = |ranges: &Ranges| (ranges.start(), usize::MAX - ranges.end());
        let spans = self.sheet.spans.iter().map(|(id, span)| (Some(place(&span.ranges)), Node::Span(*id)));
        let claims = self.sheet.claims.iter().map(|(id, claim)| (claim.content.as_ref().map(place), Node::Claim(*id)));
        let mut waiting: Vec<Waiting<'s>> = spans.chain(claims).collect();
        waiting.retain(|(place, _)| place.is_some() || self.can.unplaced == Unplaced::Written);
        waiting.sort_by_key(|(place, node)| (place.is_none(), *place, *node));
        // All numbers first: claims refer to what stands behind them.
        for (index, (_, node)) in waiting.iter().enumerate() {
            self.numbers.insert(*node, *self.next + index + 1);
        }
        let occurrences_from = *self.next + waiting.len();
        for (_, node) in &waiting {
            match node {
                Node::Span(id) => self.sheet.spans.get(id).map_or(Ok(()), |span| self.add_span(id.to_string(), span))?,
                Node::Claim(id) => self.sheet.claims.get(id).map_or(Ok(()), |claim| self.add_claim(id.to_string(), claim))?,
                Node::Entity(_) | Node::Relation(_) => {}
            }
        }
        debug_assert_eq!(*self.next, occurrences_from);
        self.add_occurrences()?;
        self.count_unplaced();
        Ok(())
    }

    fn count_unplaced(&mut self) {
        for claim in self.sheet.claims.values().filter(|claim| claim.content.is_none() && self.can.unplaced == Unplaced::Dropped) {
            let why = "claims without content have no place";
            let details = [("claims", claim.label.as_str()), ("normalised texts of claims", &claim.normalized), ("notes of claims", &claim.note)];
            for (what, text) in details.into_iter().filter(|(_, text)| !text.is_empty()) {
                self.ledger.drop(what, why, self.example(text));
            }
            claim.attributes.iter().for_each(|(key, value)| self.ledger.drop("attributes of claims", why, self.example(format!("{key} = {value}"))));
            claim.roles.keys().for_each(|role| {
                claim.fillers(role).iter().for_each(|filler| self.ledger.drop("fillers of roles", why, self.example(format!("{role} = {filler:?}"))));
            });
        }
    }

    fn row(&mut self, key: String, kind: Kind, label: &'s str, ranges: Option<&'s Ranges>) -> Result<Row<'s>, FormatError> {
        let mut row = new_row(self.next, key, kind, label);
        row.ranges = ranges.into_iter().flat_map(Ranges::iter).collect();
        row.places = self.places.places(row.ranges.iter().copied())?;
        let what = match kind {
            Kind::Span => "spans",
            Kind::Claim => "claims",
            _ => OCCURRENCES,
        };
        match (ranges.filter(|ranges| ranges.is_discontinuous()), self.can.gaps) {
            (Some(ranges), Some(why)) => self.ledger.change(what, why, self.example(self.item.text.quote(ranges))),
            _ => self.ledger.keep(what, 1),
        }
        Ok(row)
    }

    fn add_span(&mut self, key: String, span: &'s Span) -> Result<(), FormatError> {
        let mut row = self.row(key, Kind::Span, label_name(&self.tables.schema, &span.label), Some(&span.ranges))?;
        let forms = self.add_residue(&mut row, &span.extras().residue);
        self.push_attributes(&mut row.features, (span.attributes(), &forms), "attributes of spans");
        push_text(&mut row.features, NOTE, span.note());
        self.ledger.keep("notes of spans", usize::from(!span.note().is_empty()));
        if let Some(id) = span.entity {
            if self.push_entity(&mut row.features, id) {
                self.ledger.keep("links from mentions to entities", 1);
            } else {
                self.ledger.drop("links from mentions to entities", "the entity does not exist", self.example(id));
            }
        }
        self.out.rows.push(row);
        Ok(())
    }

    fn push_entity(&self, features: &mut Features, id: EntityId) -> bool {
        let Some((id, entity)) = self.tables.entity(id) else { return false };
        push_text(features, ENTITY, &id.to_string());
        push_text(features, ENTITY_NAME, &entity.name);
        if !entity.knowledge_base_ids.is_empty() {
            features.push((IDENTIFIERS.to_owned(), entity.knowledge_base_ids.iter().map(String::as_str).collect()));
        }
        true
    }

    fn add_claim(&mut self, key: String, claim: &'s Claim) -> Result<(), FormatError> {
        let mut row = self.row(key, Kind::Claim, label_name(&self.tables.schema, &claim.label), claim.content.as_ref())?;
        let forms = self.add_residue(&mut row, &claim.residue);
        self.push_attributes(&mut row.features, (&claim.attributes, &forms), "attributes of claims");
        push_text(&mut row.features, NORMALIZED, &claim.normalized);
        push_text(&mut row.features, NOTE, &claim.note);
        self.ledger.keep("normalised texts of claims", usize::from(!claim.normalized.is_empty()));
        self.ledger.keep("notes of claims", usize::from(!claim.note.is_empty()));
        self.push_roles(&mut row, claim);
        self.out.rows.push(row);
        Ok(())
    }

    /// Annotations as links; what is none as features, which come behind the others when they are read.
    fn push_roles(&mut self, row: &mut Row<'s>, claim: &'s Claim) {
        let mut others = 0;
        for (role, filler) in claim.roles.iter().flat_map(|(role, fillers)| fillers.iter().map(move |filler| (role, filler))) {
            let link = match filler {
                Filler::Span(id) => self.numbers.get(&Node::Span(*id)),
                Filler::Claim(id) => self.numbers.get(&Node::Claim(*id)),
                Filler::Entity(_) | Filler::Value(_) => None,
            };
            let other = match filler {
                Filler::Value(value) => Some(format!("{role}=value={value}")),
                Filler::Entity(id) => self.tables.entity(*id).map(|(id, entity)| format!("{role}=entity={id}={}", entity.name)),
                Filler::Span(_) | Filler::Claim(_) => None,
            };
            match (link, other) {
                (Some(number), _) => {
                    let def = self.tables.schema.roles.get(role);
                    row.links.push((def.map_or(role.as_str(), |def| written_name(role.as_str(), &def.name)), *number));
                }
                (None, Some(other)) => {
                    others += 1;
                    row.features.push((format!("{FILLER}{others}"), other.into()));
                }
                (None, None) => {
                    self.ledger.drop(
                        "fillers of roles",
                        "what fills them does not exist or has no place",
                        self.example(format!("{role} = {filler:?}")),
                    );
                    continue;
                }
            }
            self.ledger.keep("fillers of roles", 1);
        }
    }

    fn add_occurrences(&mut self) -> Result<(), FormatError> {
        for (id, claim) in &self.sheet.claims {
            let Some(number) = self.numbers.get(&Node::Claim(*id)).copied() else { continue };
            for (index, place) in claim.occurrences.iter().enumerate() {
                let mut row =
                    self.row(format!("{id}-{}", index + 1), Kind::Occurrence, label_name(&self.tables.schema, &claim.label), Some(place))?;
                row.links.push((FROM, number));
                self.out.rows.push(row);
            }
        }
        Ok(())
    }

    /// Relations may join relations that come later.
    fn add_relations(&mut self) {
        let mut waiting: Vec<_> = self.sheet.relations.iter().collect();
        loop {
            let before = waiting.len();
            waiting.retain(|(id, relation)| {
                let ends = [relation.from, relation.to].map(|end| self.numbers.get(&end).copied());
                let [Some(from), Some(to)] = ends else { return true };
                self.add_relation(id.to_string(), relation, [from, to]);
                if self.can.ends == Ends::MarksAndRelations {
                    self.numbers.insert(Node::Relation(**id), *self.next);
                }
                false
            });
            if waiting.len() == before {
                break;
            }
        }
        let why = match self.can.ends {
            Ends::Marks => "one end is an entity, a relation or something without a place",
            Ends::MarksAndRelations => "one end is an entity, or leads to none",
        };
        for (id, relation) in waiting {
            self.ledger.drop("relations", why, self.example(format!("{} {id}", relation.label)));
        }
    }

    fn add_relation(&mut self, key: String, relation: &'s Relation, [from, to]: [usize; 2]) {
        let def = self.tables.schema.relation_types.get(&relation.label);
        let name = def.map_or(relation.label.as_str(), |def| written_name(relation.label.as_str(), &def.name));
        let mut row = new_row(self.next, key, Kind::Relation, name);
        let forms = self.add_residue(&mut row, &relation.residue);
        row.links = vec![(FROM, from), (TO, to)];
        self.push_attributes(&mut row.features, (&relation.attributes, &forms), "attributes of relations");
        push_text(&mut row.features, NOTE, &relation.note);
        self.ledger.keep("relations", 1);
        self.ledger.keep("notes of relations", usize::from(!relation.note.is_empty()));
        self.out.rows.push(row);
    }

    /// What an earlier import has kept with the row; the forms of its attributes are given apart.
    fn add_residue(&self, row: &mut Row<'s>, residue: &'s Residue) -> Map<String, Value> {
        let Some(kept) = residue.get(self.can.format) else { return Map::new() };
        let (ids, rest) = kept.strip_prefix(IDS).map_or(("", kept.as_str()), |kept| kept.split_once('\n').unwrap_or((kept, "")));
        row.old_id = Some(ids).filter(|id| !id.is_empty());
        row.rest = serde_json::from_str(rest).unwrap_or_default();
        if let Some(Value::Object(forms)) = row.rest.remove(FORMS) { forms } else { Map::new() }
    }

    fn push_attributes(&mut self, features: &mut Features, (attributes, forms): (&Attributes, &Map<String, Value>), what: &'static str) {
        for (key, value) in attributes {
            match self.tables.attribute(key) {
                Some(def) if !def.kind.takes(value) => {
                    let why = "the value is not of the kind that the codebook says";
                    self.ledger.drop(what, why, self.example(format!("{key} = {value}")));
                    continue;
                }
                Some(_) => self.ledger.keep(what, 1),
                None => {
                    let why = "the codebook does not know the attribute: what kind it is will be guessed from its values";
                    self.ledger.change(what, why, self.example(format!("{key} = {value}")));
                }
            }
            let def = self.tables.attribute(key);
            let form = forms.iter().find(|(name, form)| def.is_some_and(|def| is_form_of((key, value), def, (name, form))));
            let name = || def.map_or(key.as_str(), |def| written_name(key.as_str(), &def.name)).to_owned();
            features.push(form.map_or_else(|| (name(), json_of(value)), |(name, form)| (name.clone(), form.clone())));
        }
    }
}

fn push_text(features: &mut Features, name: &str, text: &str) {
    if !text.is_empty() {
        features.push((name.to_owned(), text.into()));
    }
}

/// True while an attribute still says what it said in an earlier import, in the form of its file.
fn is_form_of((key, value): (&AttributeKey, &AttributeValue), def: &AttributeDef, (name, form): (&str, &Value)) -> bool {
    (name == key.as_str() || AttributeKey::from_text(name) == *key) && said(form).and_then(|said| typed(def, &said)).as_ref() == Some(value)
}

/// A value as JSON has it.
pub(super) fn json_of(value: &AttributeValue) -> Value {
    match value {
        AttributeValue::Bool(value) => (*value).into(),
        AttributeValue::Int(value) => (*value).into(),
        AttributeValue::Number(value) => value.value().into(),
        AttributeValue::Choices(choices) => choices.iter().map(ChoiceKey::as_str).collect(),
        AttributeValue::Choice(_) | AttributeValue::Text(_) | AttributeValue::Date(_) => value.to_string().into(),
    }
}
