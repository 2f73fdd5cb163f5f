//! From a document and one coder's sheet to a CAS with our own types.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::again::{Again, RowParts};
use super::cas::{Cas, INITIAL_VIEW, Sofa, Structure, Value};
use super::kept::Kept;
use super::layers::{CLAIM, CLAIM_WITHOUT_PLACE, DOCUMENT, ENTITY, FRAGMENT, META_DATA, OCCURRENCE, OTHER_ROLE, REGION, RELATION, ROLE, SPAN};
use super::names::feature_name;
use crate::format::packed_lines::is_packed;
use crate::format::place::Places;
use crate::format::{FormatError, Item, Ledger, Tables};
use crate::model::{
    AttributeKind, AttributeValue, Attributes, Claim, ClaimId, CoderKey, EntityId, Filler, Node, Relation, Sheet, Span, SpanId, Status,
};
use crate::text::Ranges;
use crate::text::offsets::OffsetUnit;

/// The text's number where it has none yet; everything else comes behind it.
const SOFA_ID: u64 = 1;

type Features<'c> = Vec<(Cow<'c, str>, Value<'c>)>;

/// The words for states of work.
pub(super) const STATES: [(Status, &str); 5] = [
    (Status::New, "new"),
    (Status::InProgress, "in_progress"),
    (Status::Done, "done"),
    (Status::DoneAnyway, "done_anyway"),
    (Status::Doubtful, "doubtful"),
];

/// How much of a sheet is written.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Extent {
    /// Everything.
    Whole,
    /// What a writer has left of it, who counts what became of places.
    Reduced,
}

/// What an import of this format has kept of a file.
pub(super) fn kept_of(item: &Item, sheet: Option<&Sheet>, format: &str) -> Option<Again> {
    Kept::of(item, sheet, format).map(Again::new)
}

/// What a CAS is made of.
pub(super) struct CasParts<'c> {
    pub(super) tables: &'c Tables,
    pub(super) item: &'c Item,
    pub(super) sheet: Option<(&'c CoderKey, &'c Sheet)>,
    pub(super) extent: Extent,
    /// The format's name, under which an import has kept what it had no place for.
    pub(super) format: &'static str,
    pub(super) again: Option<Again>,
}

/// The CAS. Attributes that the codebook does not know are added to `met`. Its types are those of other programs only.
pub(super) fn to_cas<'c>(parts: CasParts<'c>, (met, ledger): (&mut BTreeSet<String>, &mut Ledger)) -> Result<Cas<'c>, FormatError> {
    let CasParts { tables, item, sheet, extent, format, again } = parts;
    let places = Places::new(&item.id, &item.text, OffsetUnit::Utf16);
    let (spans, claims, entities) = (BTreeMap::new(), BTreeMap::new(), BTreeSet::new());
    let (sofa, next) = again.as_ref().map_or((SOFA_ID, SOFA_ID), |again| (again.kept().sofa, again.last_id()));
    let mut maker = Maker { tables, item, met, ledger, extent, format, again, places, structures: Vec::new(), sofa, next, spans, claims, entities };
    maker.add_document(sheet)?;
    if let Some((_, sheet)) = sheet {
        maker.add_sheet(sheet)?;
    }
    Ok(maker.finish(sheet.map(|(_, sheet)| sheet)))
}

struct Maker<'c, 'm> {
    tables: &'c Tables,
    item: &'c Item,
    met: &'m mut BTreeSet<String>,
    ledger: &'m mut Ledger,
    extent: Extent,
    format: &'static str,
    again: Option<Again>,
    places: Places<'c>,
    structures: Vec<Structure<'c>>,
    sofa: u64,
    next: u64,
    spans: BTreeMap<SpanId, u64>,
    claims: BTreeMap<ClaimId, u64>,
    entities: BTreeSet<EntityId>,
}

impl<'c> Maker<'c, '_> {
    fn new_id(&mut self) -> u64 {
        self.next += 1;
        self.next
    }

    fn placed(&self, begin: usize, end: usize) -> Features<'c> {
        vec![("sofa".into(), Value::Ref(self.sofa)), ("begin".into(), Value::Offset(begin)), ("end".into(), Value::Offset(end))]
    }

    fn add(&mut self, id: u64, kind: &'static str, features: Features<'c>) -> u64 {
        self.structures.push(Structure { id, kind: kind.into(), features });
        id
    }

    fn example(&self, what: impl std::fmt::Display) -> String {
        format!("{}: {what}", self.item.id)
    }

    fn add_document(&mut self, sheet: Option<(&'c CoderKey, &'c Sheet)>) -> Result<(), FormatError> {
        let document = &self.item.document;
        let end = self.item.text.full_range().map(|range| self.places.place(range)).transpose()?.map_or(0, |place| place.end);
        let mut features = vec![("sofa".into(), Value::Ref(self.sofa))];
        match self.again.as_ref().and_then(Again::document_annotation) {
            Some(known) => self.add_known_document(known, end, &mut features),
            None => {
                let language = if document.language.is_empty() { "x-unspecified" } else { &document.language };
                let mut features = self.placed(0, end);
                push(&mut features, "language", language);
                push(&mut features, "documentTitle", &document.title);
                push(&mut features, "documentId", self.item.id.as_str());
                push(&mut features, "documentUri", &document.url);
                let id = self.new_id();
                self.add(id, META_DATA, features);
            }
        }
        push(&mut features, "source", &document.source);
        push(&mut features, "author", &document.author);
        push(&mut features, "date", document.date.as_ref().map_or("", |date| date.as_str()));
        push(&mut features, "fileName", &document.file_name);
        if let Some((coder, sheet)) = sheet {
            push(&mut features, "coder", coder.as_str());
            push(&mut features, "status", STATES.iter().find(|(status, _)| *status == sheet.info.status).map_or("", |(_, word)| word));
            push(&mut features, "note", &sheet.info.note);
            if let Some(kept) = self.kept_aside(sheet) {
                features.push(("keptAside".into(), Value::Text(kept.into())));
            }
            self.push_attributes(&mut features, &sheet.info.attributes, "attributes of documents");
            self.ledger.keep("notes on documents", usize::from(!sheet.info.note.is_empty()));
        }
        let id = self.new_id();
        self.add(id, DOCUMENT, features);
        for region in &document.regions {
            let place = self.places.place(region.range)?;
            let mut features = self.placed(place.start, place.end);
            push(&mut features, "kind", region.kind.name());
            let id = self.new_id();
            self.add(id, REGION, features);
        }
        self.ledger.keep("regions", document.regions.len());
        Ok(())
    }

    /// What another program has said about the document, with what it is now. What has no place there is said by ours.
    fn add_known_document(&mut self, mut known: Structure<'c>, end: usize, ours: &mut Features<'c>) {
        let document = &self.item.document;
        known.set("end", Value::Offset(end));
        push(ours, "documentId", self.item.id.as_str());
        let language = Some(known.text("language")).filter(|language| !language.trim().is_empty() && !language.starts_with("x-"));
        if language.unwrap_or_default() != document.language {
            let language = if document.language.is_empty() { "x-unspecified" } else { &document.language };
            known.set("language", Value::Text(language.into()));
        }
        let url = Some(known.text("documentUri").into_owned()).filter(|url| url.starts_with("http")).unwrap_or_default();
        for (name, before, now) in [("documentTitle", known.text("documentTitle").into_owned(), &document.title), ("documentUri", url, &document.url)]
        {
            match (known.kind == META_DATA, before == *now, now.is_empty()) {
                (_, true, _) => {}
                (true, _, false) => known.set(name, Value::Text(now.into())),
                (true, _, true) => known.remove(name),
                (false, ..) => push(ours, name, now),
            }
        }
        self.structures.push(known);
    }

    /// What an earlier import had no place for, as it was written. What it kept of a whole file goes back into that.
    fn kept_aside(&mut self, sheet: &'c Sheet) -> Option<String> {
        let kept = sheet.info.residue.get(self.format).filter(|_| self.extent == Extent::Whole)?;
        self.ledger.keep("leftovers of earlier imports", 1);
        let lines: Vec<&str> = kept.lines().filter(|line| !is_packed(line)).collect();
        (!lines.is_empty()).then(|| lines.join("\n"))
    }

    fn finish(mut self, sheet: Option<&Sheet>) -> Cas<'c> {
        let text = Some(self.item.text.as_str().into());
        let Some(again) = self.again.take() else {
            let members = self.structures.iter().map(|structure| structure.id).collect();
            let sofa = Sofa { id: self.sofa, name: INITIAL_VIEW.into(), mime_type: None, text };
            return Cas { sofas: vec![sofa], structures: self.structures, members: Some(members), ..Cas::default() };
        };
        let kept = again.kept();
        let (name, mime_type, header) = (kept.view.clone().into(), kept.mime_type.clone().map(Cow::Owned), kept.header.clone());
        let sofa = Sofa { id: self.sofa, name, mime_type, text };
        let finished = again.finish(self.item.text.hash().as_str(), sheet, self.structures);
        if finished.has_lost {
            let why = "their places are in the text as it was before it was corrected";
            self.ledger.drop("leftovers of earlier imports", why, self.item.id.to_string());
        }
        let (types, members) = (Arc::new(finished.types), Some(finished.members));
        Cas { types, sofas: vec![sofa], structures: finished.structures, members, header, ..Cas::default() }
    }

    /// The number of a row: that which it had, or a new one.
    fn number(&mut self, node: Node) -> u64 {
        self.again.as_ref().and_then(|again| again.id_of(node)).unwrap_or_else(|| self.new_id())
    }

    /// A row, as the type that it came from.
    fn add_row(&mut self, id: u64, kind: &'static str, features: Features<'c>, row: &RowParts<'_>) {
        let own = Structure { id, kind: kind.into(), features };
        let structure = match &mut self.again {
            Some(again) => again.dress(own, row, &mut self.structures),
            None => own,
        };
        self.structures.push(structure);
    }

    fn add_sheet(&mut self, sheet: &'c Sheet) -> Result<(), FormatError> {
        let spans = by_place(sheet.spans.iter().map(|(id, span)| (Some(&span.ranges), *id, span)));
        let claims = by_place(sheet.claims.iter().map(|(id, claim)| (claim.content.as_ref(), *id, claim)));
        for (id, _) in &spans {
            let number = self.number(Node::Span(*id));
            self.spans.insert(*id, number);
        }
        for (id, _) in &claims {
            let number = self.number(Node::Claim(*id));
            self.claims.insert(*id, number);
        }
        for (id, span) in spans {
            self.add_span(id, span)?;
        }
        for (id, claim) in claims {
            self.add_claim(sheet, id, claim)?;
        }
        for (id, relation) in &sheet.relations {
            self.add_relation(sheet, Node::Relation(*id), relation)?;
        }
        for id in std::mem::take(&mut self.entities) {
            self.add_entity(id);
        }
        Ok(())
    }

    /// The first range, and the fragments that hold the others.
    fn place(&mut self, ranges: &Ranges, what: &'static str) -> Result<Features<'c>, FormatError> {
        let places = self.places.places(ranges.iter())?;
        let mut places = places.into_iter();
        let mut features = places.next().map_or_else(Vec::new, |first| self.placed(first.start, first.end));
        let fragments: Vec<u64> = places
            .map(|place| {
                let id = self.new_id();
                let features = self.placed(place.start, place.end);
                self.add(id, FRAGMENT, features)
            })
            .collect();
        if self.extent != Extent::Reduced {
            self.count_place(ranges, what);
        }
        if !fragments.is_empty() {
            features.push(("fragments".into(), Value::Refs(fragments)));
        }
        Ok(features)
    }

    fn count_place(&mut self, ranges: &Ranges, what: &'static str) {
        if ranges.is_discontinuous() {
            let example = self.example(self.item.text.quote(ranges));
            self.ledger.change(what, "they are discontinuous: the first part is the annotation, the others are fragments that it refers to", example);
        } else {
            self.ledger.keep(what, 1);
        }
    }

    fn add_span(&mut self, id: SpanId, span: &'c Span) -> Result<(), FormatError> {
        let mut features = self.place(&span.ranges, "spans")?;
        push(&mut features, "label", span.label.as_str());
        push(&mut features, "note", span.note());
        self.ledger.keep("notes of spans", usize::from(!span.note().is_empty()));
        if let Some(id) = span.entity {
            match self.push_entity(&mut features, id) {
                true => self.ledger.keep("links from mentions to entities", 1),
                false => self.ledger.drop("links from mentions to entities", "the entity does not exist", self.example(id)),
            }
        }
        self.push_attributes(&mut features, span.attributes(), "attributes of spans");
        let number = self.spans.get(&id).copied().unwrap_or_default();
        let parts = RowParts { node: Node::Span(id), label: span.label.as_str(), attributes: span.attributes(), entity: span.entity };
        self.add_row(number, SPAN, features, &parts);
        Ok(())
    }

    fn push_entity(&mut self, features: &mut Features<'c>, id: EntityId) -> bool {
        let Some((id, entity)) = self.tables.entity(id) else { return false };
        features.push(("entity".into(), Value::Text(id.to_string().into())));
        push(features, "entityName", &entity.name);
        self.entities.insert(id);
        true
    }

    fn add_entity(&mut self, id: EntityId) {
        let Some((_, entity)) = self.tables.entity(id) else { return };
        let mut features = vec![("id".into(), Value::Text(id.to_string().into()))];
        push(&mut features, "name", &entity.name);
        push(&mut features, "label", entity.label.as_ref().map_or("", |label| label.as_str()));
        if !entity.knowledge_base_ids.is_empty() {
            let entries = entity.knowledge_base_ids.iter().map(|entry| entry.as_str().into()).collect();
            features.push(("identifiers".into(), Value::Texts(entries)));
        }
        let number = self.new_id();
        self.add(number, ENTITY, features);
    }

    fn add_claim(&mut self, sheet: &Sheet, id: ClaimId, claim: &'c Claim) -> Result<(), FormatError> {
        let (kind, mut features) = match &claim.content {
            Some(content) => (CLAIM, self.place(content, "claims")?),
            None => {
                self.ledger.keep("claims", 1);
                (CLAIM_WITHOUT_PLACE, vec![("sofa".into(), Value::Ref(self.sofa))])
            }
        };
        push(&mut features, "label", claim.label.as_str());
        push(&mut features, "normalized", &claim.normalized);
        push(&mut features, "note", &claim.note);
        self.ledger.keep("normalised texts of claims", usize::from(!claim.normalized.is_empty()));
        self.ledger.keep("notes of claims", usize::from(!claim.note.is_empty()));
        self.push_attributes(&mut features, &claim.attributes, "attributes of claims");
        self.push_roles(&mut features, sheet, id, claim);
        let mut occurrences = Vec::new();
        for place in &claim.occurrences {
            let features = self.place(place, crate::format::aspects::OCCURRENCES)?;
            let id = self.new_id();
            occurrences.push(self.add(id, OCCURRENCE, features));
        }
        if !occurrences.is_empty() {
            features.push(("occurrences".into(), Value::Refs(occurrences)));
        }
        let number = self.claims.get(&id).copied().unwrap_or_default();
        let parts = RowParts { node: Node::Claim(id), label: claim.label.as_str(), attributes: &claim.attributes, entity: None };
        self.add_row(number, kind, features, &parts);
        Ok(())
    }

    fn push_roles(&mut self, features: &mut Features<'c>, sheet: &Sheet, id: ClaimId, claim: &'c Claim) {
        if claim.content.is_some() && self.again.as_ref().is_some_and(|again| again.has_same_roles(Node::Claim(id), &claim.roles)) {
            return self.ledger.keep("fillers of roles", claim.roles.values().map(Vec::len).sum());
        }
        let (mut links, mut others) = (Vec::new(), Vec::new());
        for (role, fillers) in &claim.roles {
            for (position, filler) in fillers.iter().enumerate() {
                let role = role.as_str();
                match self.target(sheet, filler) {
                    Some(target) => {
                        let id = self.new_id();
                        links.push(self.add(id, ROLE, vec![("role".into(), Value::Text(role.into())), ("target".into(), Value::Ref(target))]));
                    }
                    None => others.extend(self.other_role(role, position, filler)),
                }
            }
        }
        self.ledger.keep("fillers of roles", links.len() + others.len());
        for (name, links) in [("roles", links), ("otherRoles", others)] {
            if !links.is_empty() {
                features.push((name.into(), Value::Refs(links)));
            }
        }
    }

    /// An annotation that fills a role.
    fn target(&self, sheet: &Sheet, filler: &Filler) -> Option<u64> {
        match filler {
            Filler::Span(id) => self.spans.get(id).copied(),
            Filler::Claim(id) => self.claims.get(id).copied().filter(|_| sheet.claims.get(id).is_some_and(|claim| claim.content.is_some())),
            Filler::Entity(_) | Filler::Value(_) => None,
        }
    }

    fn other_role(&mut self, role: &'c str, position: usize, filler: &'c Filler) -> Option<u64> {
        let mut features = vec![("role".into(), Value::Text(role.into())), ("position".into(), Value::Offset(position))];
        let exists = match filler {
            Filler::Value(value) => {
                features.push(("value".into(), Value::Text(value.into())));
                true
            }
            Filler::Entity(id) => self.push_entity(&mut features, *id),
            Filler::Claim(id) => match self.claims.get(id) {
                Some(number) => {
                    features.push(("claim".into(), Value::Ref(*number)));
                    true
                }
                None => false,
            },
            Filler::Span(_) => false,
        };
        if !exists {
            self.ledger.drop("fillers of roles", "what fills them does not exist", self.example(format!("{role} = {filler:?}")));
            return None;
        }
        let id = self.new_id();
        Some(self.add(id, OTHER_ROLE, features))
    }

    fn add_relation(&mut self, sheet: &'c Sheet, node: Node, relation: &'c Relation) -> Result<(), FormatError> {
        let end = |maker: &Self, node| match node {
            Node::Span(id) => Some((maker.spans.get(&id).copied()?, &sheet.spans.get(&id)?.ranges)),
            Node::Claim(id) => Some((maker.claims.get(&id).copied()?, sheet.claims.get(&id)?.content.as_ref()?)),
            Node::Entity(_) | Node::Relation(_) => None,
        };
        let (Some((from, _)), Some((to, ranges))) = (end(self, relation.from), end(self, relation.to)) else {
            let why = "one end is an entity, a relation or a claim without content, and relations of UIMA join annotations";
            self.ledger.drop("relations", why, self.example(&relation.label));
            return Ok(());
        };
        // A relation lies where its end lies, as INCEpTION has it.
        let place = ranges.iter().next().map(|range| self.places.place(range)).transpose()?;
        let mut features = place.map_or_else(Vec::new, |place| self.placed(place.start, place.end));
        if self.again.as_mut().is_some_and(|again| again.is_link(node, relation.label.as_str(), (from, to))) {
            self.ledger.keep("relations", 1);
            return Ok(());
        }
        push(&mut features, "label", relation.label.as_str());
        push(&mut features, "note", &relation.note);
        features.push(("Governor".into(), Value::Ref(from)));
        features.push(("Dependent".into(), Value::Ref(to)));
        self.push_attributes(&mut features, &relation.attributes, "attributes of relations");
        self.ledger.keep("relations", 1);
        self.ledger.keep("notes of relations", usize::from(!relation.note.is_empty()));
        let id = self.number(node);
        let parts = RowParts { node, label: relation.label.as_str(), attributes: &relation.attributes, entity: None };
        self.add_row(id, RELATION, features, &parts);
        Ok(())
    }

    fn push_attributes(&mut self, features: &mut Features<'c>, attributes: &'c Attributes, what: &'static str) {
        for (key, value) in attributes {
            let example = || format!("{}: {key} = {value}", self.item.id);
            match self.tables.attribute(key) {
                Some(def) if !def.kind.takes(value) => {
                    self.ledger.drop(what, "the value is not of the kind that the codebook says", example());
                    continue;
                }
                Some(_) => self.ledger.keep(what, 1),
                None => {
                    self.ledger.change(what, "the codebook does not know the attribute: its value is written as text", example());
                    if !self.met.contains(key.as_str()) {
                        self.met.insert(key.as_str().to_owned());
                    }
                }
            }
            let is_list = self.tables.attribute(key).is_some_and(|def| def.kind == AttributeKind::Choices);
            let value = match value {
                AttributeValue::Choices(keys) if is_list => Value::Texts(keys.iter().map(|key| key.as_str().into()).collect()),
                AttributeValue::Text(text) => Value::Text(text.into()),
                AttributeValue::Choice(key) => Value::Text(key.as_str().into()),
                value => Value::Text(value.to_string().into()),
            };
            features.push((feature_name(key.as_str()), value));
        }
    }
}

/// A feature of text, left out where it is empty.
fn push<'c>(features: &mut Features<'c>, name: &'static str, value: &'c str) {
    if !value.is_empty() {
        features.push((name.into(), Value::Text(value.into())));
    }
}

fn by_place<'r, I: Copy + Ord, R>(rows: impl Iterator<Item = (Option<&'r Ranges>, I, &'r R)>) -> Vec<(I, &'r R)> {
    let mut rows: Vec<_> = rows.map(|(ranges, id, row)| (ranges.map(|r| (r.start(), r.end())), id, row)).collect();
    rows.sort_by_key(|(place, id, _)| (*place, *id));
    rows.into_iter().map(|(_, id, row)| (id, row)).collect()
}
