//! From a CAS to one coder's sheet: any types, and our own without loss.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};

use super::cas::{Cas, Index, Sofa, Structure, Value};
use super::export::STATES;
use super::kept::{Kept, KeptDocumentValue, KeptRow, TypeUse};
use super::layers::{CLAIM_WITHOUT_PLACE, in_others, is_own, own_part};
use super::layout::{LabelCounts, Layer, Layout, TypeLayout, is_entry};
use crate::format::counting::{Counted, Counting, View, choose_for_text, seen_text};
use crate::format::sheet_builder::{Origin, Rules, SheetBuilder};
use crate::format::vocabulary::{OWN_BASE, Survey, Vocabulary};
use crate::format::{ReadOptions, Receiver};
use crate::model::{AttributeKey, ClaimId, DocumentId, EntityId, Filler, Finding, LabelKey, LabelKind, Node, Region, RegionKind, Severity, Sheet};
use crate::text::offsets::{OffsetMap, OffsetUnit};
use crate::text::{Ranges, Text};

/// Nobody fills the roles of a claim with so many values, and each is put in its place among the others.
const MAX_OTHER_ROLES: usize = 10_000;

/// What a sheet is made of.
pub(super) struct SheetParts<'p, 'c> {
    pub(super) rules: &'static Rules,
    pub(super) rule_names: RuleNames,
    pub(super) file: &'p str,
    pub(super) id: &'p DocumentId,
    pub(super) text: &'p Text,
    pub(super) cas: &'p Cas<'c>,
    pub(super) layout: &'p Layout,
    pub(super) counts: &'p LabelCounts,
    pub(super) sofa: &'p Sofa<'c>,
    /// False for a text that is not the first of its file.
    pub(super) is_first: bool,
}

/// Names of findings that only these formats have.
#[derive(Clone, Copy, Debug)]
pub(super) struct RuleNames {
    pub(super) offsets: &'static str,
    pub(super) left_out: &'static str,
    pub(super) no_place: &'static str,
    pub(super) not_a_claim: &'static str,
}

/// Looks at a file before anything is read: what new labels and attributes are to be like.
pub(super) fn survey(cas: &Cas<'_>, layout: &Layout, survey: &mut Survey, counts: &mut LabelCounts) {
    for structure in &cas.structures {
        let Some(kind) = layout.of(structure) else { continue };
        if !matches!(kind.layer, Layer::Span | Layer::Claim(_) | Layer::Relation | Layer::ChainLink | Layer::Document | Layer::OwnDocument) {
            continue;
        }
        if let Some(feature) = kind.label {
            let label = structure.text(feature);
            if !kind.is_own && !label.is_empty() {
                counts.add(&structure.kind, &label);
                survey.value(feature, &label);
            }
        }
        if matches!(kind.layer, Layer::Claim(_)) || is_claim(structure, kind) {
            survey.claim_label(&kind.label_of(structure, &LabelCounts::default()));
            if !kind.is_own && matches!(kind.layer, Layer::Claim(_)) {
                survey.claim_label(structure.short_kind());
            }
        }
        for (name, value, kind) in kind.attributes_of(structure, counts) {
            match kind {
                Some(kind) => survey.value_of_kind(&name, &value, kind),
                None => survey.value(&name, &value),
            }
        }
    }
}

/// A sheet, and the parts of the text that a file of ours names.
pub(super) struct Built {
    pub(super) sheet: Sheet,
    pub(super) regions: Vec<Region>,
    /// What other programs have written, where there is something.
    pub(super) kept: Option<String>,
}

/// Makes the sheet.
pub(super) fn build_sheet(parts: &SheetParts<'_, '_>, vocabulary: &mut Vocabulary<'_>, options: &mut ReadOptions, to: &mut dyn Receiver) -> Built {
    let unit = options.unit;
    let out = SheetBuilder::new(parts.rules, (parts.id, parts.text), vocabulary, &mut options.ids, to);
    let index = Index::new(parts.cas);
    let (nodes, left_out, regions) = (HashMap::new(), BTreeMap::new(), Vec::new());
    let (became, attributes, of_document) = (Vec::new(), BTreeMap::new(), Vec::new());
    let mut builder = Builder { parts, index, out, nodes, left_out, regions, became, attributes, of_document };
    let rows = builder.rows();
    let counting = builder.choose_counting(&rows, unit);
    let (seen, shifts) = seen_text(parts.text, counting);
    let view = View::new(&seen, shifts, counting);
    rows.iter().for_each(|row| builder.add_entity(*row));
    rows.iter().for_each(|row| builder.add_row(*row, &view));
    rows.iter().for_each(|row| builder.add_roles(*row));
    rows.iter().for_each(|row| builder.add_relation(*row));
    builder.say_left_out();
    builder.finish(&rows, &view)
}

/// A structure of this text with what its type is.
type Row<'p, 'c> = (&'p Structure<'c>, &'p TypeLayout);

struct Builder<'b, 'p, 'c, 'k> {
    parts: &'p SheetParts<'p, 'c>,
    index: Index<'p, 'c>,
    out: SheetBuilder<'b, 'p, 'k>,
    nodes: HashMap<u64, Node>,
    // What was left out, and how many of it.
    left_out: BTreeMap<String, usize>,
    regions: Vec<Region>,
    // Structures of other programs, and the rows that they became.
    became: Vec<(Row<'p, 'c>, Node)>,
    // The attributes that their features became.
    attributes: BTreeMap<String, AttributeKey>,
    of_document: Vec<KeptDocumentValue>,
}

/// The value of a feature of ours, which has a longer name in types of others.
fn own<'s, 'c>(structure: &'s Structure<'c>, layout: &TypeLayout, name: &str) -> Option<&'s Value<'c>> {
    if layout.is_own { structure.get(name) } else { structure.get(&in_others(name)) }
}

fn own_text<'s>(structure: &'s Structure<'_>, layout: &TypeLayout, name: &str) -> Cow<'s, str> {
    own(structure, layout, name).map(Value::to_text).unwrap_or_default()
}

/// What only a claim has.
const OF_CLAIMS: [&str; 4] = ["normalized", "roles", "otherRoles", "occurrences"];

/// True for what an export of ours has written of a claim in a type of others.
fn is_claim(structure: &Structure<'_>, layout: &TypeLayout) -> bool {
    !layout.is_own && OF_CLAIMS.into_iter().any(|name| own(structure, layout, name).is_some())
}

impl<'p, 'c> Builder<'_, 'p, 'c, '_> {
    /// Everything that other programs have written is kept together; of ours each annotation that has no place.
    fn lose(&mut self, structure: &Structure<'_>, rule: &'static str, why: impl std::fmt::Display) {
        if self.is_kept(structure) {
            let from = Origin { file: self.parts.file, line: None, raw: "" };
            return self.out.finding(from, Severity::Warning, rule, format!("{why}; the annotation was kept aside"));
        }
        let raw = structure.to_line();
        self.out.lose(Origin { file: self.parts.file, line: None, raw: &raw }, rule, why);
    }

    fn is_kept(&self, structure: &Structure<'_>) -> bool {
        !self.parts.cas.written.is_empty() && !is_own(&structure.kind)
    }

    /// What views list of this text. Words and sentences are counted.
    fn rows(&mut self) -> Vec<Row<'p, 'c>> {
        let parts = self.parts;
        let mut rows = Vec::new();
        for structure in &parts.cas.structures {
            let Some(layout) = parts.layout.of(structure).filter(|layout| layout.layer != Layer::Part) else { continue };
            let is_of_text = structure.reference("sofa").map_or(parts.is_first, |sofa| sofa == parts.sofa.id);
            let is_listed = parts.cas.members.as_ref().is_none_or(|members| members.contains(&structure.id));
            match (is_of_text, layout.layer == Layer::LeftOut, is_listed) {
                (false, ..) => {}
                (_, true, _) => *self.left_out.entry(structure.short_kind().to_owned()).or_default() += 1,
                (.., false) => *self.left_out.entry(format!("{} in no view", structure.short_kind())).or_default() += 1,
                _ => rows.push((structure, layout)),
            }
        }
        rows
    }

    /// Begin and end of a structure and of its fragments.
    fn counted(&self, structure: &Structure<'c>) -> Vec<(usize, usize)> {
        let name = if is_own(&structure.kind) { Cow::Borrowed("fragments") } else { Cow::Owned(in_others("fragments")) };
        let fragments = structure.get(&name).map(|value| self.index.list(value)).unwrap_or_default();
        let fragments = fragments.into_iter().filter_map(|id| self.index.get(id)?.place());
        structure.place().into_iter().chain(fragments).collect()
    }

    /// Ours always count UTF-16; other programs say so and do not always do it.
    fn choose_counting(&mut self, rows: &[Row<'p, 'c>], unit: Option<OffsetUnit>) -> Counting {
        if self.parts.cas.offsets_are_sure {
            return Counting::plain(OffsetUnit::Utf16);
        }
        if rows.iter().any(|(_, layout)| layout.is_own) {
            return Counting::plain(unit.unwrap_or(OffsetUnit::Utf16));
        }
        let places = rows.iter().filter(|(_, layout)| matches!(layout.layer, Layer::Span | Layer::Claim(_) | Layer::ChainLink));
        let places: Vec<Vec<(usize, usize)>> = places.map(|(structure, _)| self.counted(structure)).collect();
        // Places without length are said one by one.
        let spans = places.iter().filter(|ranges| ranges.iter().all(|(start, end)| start < end));
        let spans: Vec<Counted<'_>> = spans.map(|ranges| Counted { ranges, surface: None }).collect();
        let choice = choose_for_text(self.parts.text, &spans, OffsetUnit::Utf16, unit);
        if let Some(finding) = choice.finding(self.parts.rule_names.offsets) {
            self.out.pass(finding.in_file(self.parts.file));
        }
        choice.counting
    }

    fn place(&mut self, structure: &Structure<'c>, view: &View<'_>) -> Option<Ranges> {
        let counted = self.counted(structure);
        let ranges = view.ranges(self.parts.text, &counted).and_then(Ranges::new);
        if ranges.is_none() {
            self.lose(structure, self.parts.rules.out_of_range, "its offsets are empty or lie outside the text");
        }
        ranges
    }

    fn add_entity(&mut self, (structure, layout): Row<'p, 'c>) {
        if layout.layer != Layer::Entity {
            return;
        }
        let label = LabelKey::new(&structure.text("label")).ok();
        let entity = self.out.entity((OWN_BASE, &structure.text("id"), &structure.text("name")), label.as_ref());
        let Some(Value::Texts(entries)) = structure.get("identifiers") else { return };
        for entry in entries {
            let (base, entry) = entry.split_once(':').unwrap_or(("Wikidata", entry));
            if !self.out.vocabulary.add_reference(entity, base, entry) {
                self.lose(structure, self.parts.rules.entity_known, format!("the project's entity does not have the entry {entry}"));
            }
        }
    }

    fn add_row(&mut self, row: Row<'p, 'c>, view: &View<'_>) {
        let (structure, layout) = row;
        match &layout.layer {
            Layer::Span | Layer::ChainLink => self.add_span(row, view),
            Layer::Claim(slots) => self.add_claim(row, slots, view),
            Layer::Document | Layer::OwnDocument => self.add_document(row),
            Layer::Region => {
                let kind = RegionKind::ALL.into_iter().find(|kind| kind.name() == structure.text("kind"));
                match (kind, self.place(structure, view)) {
                    (Some(kind), Some(place)) => self.regions.push(Region { range: place.hull(), kind }),
                    (None, Some(_)) => self.lose(structure, self.parts.rule_names.no_place, "this is no kind of region"),
                    (_, None) => {}
                }
            }
            Layer::LeftOut | Layer::Part | Layer::MetaData | Layer::Entity | Layer::Relation => {}
        }
    }

    /// Takes a structure in that makes so many rows.
    fn admit(&mut self, structure: &Structure<'c>, rows: usize) -> bool {
        // Only what is lost is written out.
        if self.out.is_full(rows) && self.is_kept(structure) {
            self.lose(structure, self.parts.rules.too_many, "there are too many annotations of this document");
            return false;
        }
        let raw = if self.out.is_full(rows) { structure.to_line() } else { String::new() };
        self.out.admit(Origin { file: self.parts.file, line: None, raw: &raw }, None, rows)
    }

    fn label(&mut self, (structure, layout): Row<'p, 'c>) -> LabelKey {
        let name = layout.label_of(structure, self.parts.counts);
        self.out.label(Origin { file: self.parts.file, line: None, raw: "" }, &name)
    }

    fn add_span(&mut self, row: Row<'p, 'c>, view: &View<'_>) {
        let (structure, layout) = row;
        let Some(ranges) = self.place(structure, view) else { return };
        if !self.admit(structure, ranges.as_slice().len()) {
            return;
        }
        let label = self.label(row);
        let is_claim = is_claim(structure, layout) || !layout.is_own && self.out.vocabulary.kind_of(&label) == LabelKind::Claim;
        let node = if is_claim { self.out.add_claim(label, Some(ranges)) } else { self.out.add_span(label, ranges) };
        self.became(row, node);
        self.refer(structure, layout, node);
        self.add_details(row, node, &[]);
        self.add_claim_parts(row, node, view);
    }

    /// A structure is a row now.
    fn became(&mut self, row: Row<'p, 'c>, node: Node) {
        self.nodes.insert(row.0.id, node);
        if self.is_kept(row.0) {
            self.became.push((row, node));
        }
    }

    /// Whom a mention means.
    fn refer(&mut self, structure: &Structure<'c>, layout: &TypeLayout, node: Node) {
        let Node::Span(span) = node else { return };
        let from = Origin { file: self.parts.file, line: None, raw: "" };
        let id = own_text(structure, layout, "entity");
        if !id.is_empty() {
            self.out.refer(from, span, (OWN_BASE, &id, &own_text(structure, layout, "entityName")));
        } else if let Some(iri) = structure.get("identifier").filter(|_| is_entry(&structure.kind, "identifier")).map(Value::to_text) {
            let (base, entry) = entry_of(&iri);
            let name = self.out.sheet.spans.get(&span).map(|span| self.parts.text.quote(&span.ranges)).unwrap_or_default();
            self.out.refer(from, span, (base, entry, &name));
        }
    }

    fn add_claim(&mut self, row: Row<'p, 'c>, slots: &[String], view: &View<'_>) {
        let (structure, layout) = row;
        let content = if structure.kind == CLAIM_WITHOUT_PLACE { None } else { Some(self.place(structure, view)) };
        if content == Some(None) || !self.admit(structure, 1) {
            return;
        }
        let content = content.flatten();
        let label = self.label(row);
        let is_claim = layout.is_own || is_claim(structure, layout) || self.out.vocabulary.kind_of(&label) == LabelKind::Claim;
        let node = match content {
            content if is_claim => self.out.add_claim(label, content),
            Some(content) => {
                if slots.iter().any(|slot| structure.get(slot).is_some_and(|value| !self.index.list(value).is_empty())) {
                    let why = format!("{label} is not a label for claims; its span is kept, what fills its slots is not");
                    self.lose(structure, self.parts.rule_names.not_a_claim, why);
                }
                self.out.add_span(label, content)
            }
            None => return,
        };
        self.became(row, node);
        self.refer(structure, layout, node);
        self.add_details(row, node, slots);
        self.add_claim_parts(row, node, view);
    }

    /// Further places and the normalised text, which only files of ours have.
    fn add_claim_parts(&mut self, (structure, layout): Row<'p, 'c>, node: Node, view: &View<'_>) {
        let Node::Claim(id) = node else { return };
        let occurrences = own(structure, layout, "occurrences").map(|value| self.index.list(value)).unwrap_or_default();
        let occurrences: Vec<_> = occurrences.into_iter().filter_map(|id| self.index.get(id)).collect();
        let occurrences: Vec<Ranges> = occurrences.into_iter().filter_map(|occurrence| self.place(occurrence, view)).collect();
        if let Some(claim) = self.out.sheet.claims.get_mut(&id) {
            own_text(structure, layout, "normalized").as_ref().clone_into(&mut claim.normalized);
            let content = claim.content.take();
            claim.set_places(content, occurrences);
        }
    }

    /// Attributes and note. References that nothing here understands are kept aside.
    fn add_details(&mut self, (structure, layout): Row<'p, 'c>, node: Node, slots: &[String]) {
        let is_kept = self.is_kept(structure);
        for (name, value, _) in layout.attributes_of(structure, self.parts.counts) {
            match self.out.vocabulary.attribute(&name, &value) {
                Ok((key, value)) => {
                    if is_kept && !self.attributes.contains_key(name.as_ref()) {
                        self.attributes.insert(name.clone().into_owned(), key.clone());
                    }
                    self.out.set_value(node, key, value);
                }
                Err(why) => self.lose(structure, self.parts.rules.bad_attribute, why),
            }
        }
        let note = own_text(structure, layout, "note");
        if !note.is_empty() {
            self.out.add_note(node, &note);
        }
        if layout.is_own {
            return;
        }
        let is_known = |name: &str| matches!(name, "sofa" | "Governor" | "Dependent" | "next") || slots.iter().any(|slot| slot == name);
        let is_unplaced = |(name, value): &&(Cow<'_, str>, Value<'_>)| {
            matches!(value, Value::Ref(_) | Value::Refs(_)) && !is_known(name) && own_part(name).is_none()
        };
        for (name, _) in structure.features.iter().filter(is_unplaced) {
            *self.left_out.entry(format!("{}.{name}", structure.short_kind())).or_default() += 1;
        }
    }

    fn add_document(&mut self, (structure, layout): Row<'p, 'c>) {
        for (name, value, _) in layout.attributes_of(structure, self.parts.counts) {
            match self.out.vocabulary.document_attribute(&name, &value) {
                Ok((key, value)) => {
                    if self.is_kept(structure) {
                        let (feature, value) = (name.clone().into_owned(), value.clone());
                        self.of_document.push(KeptDocumentValue { id: structure.id, feature, key: key.clone(), value });
                    }
                    self.out.sheet.info.attributes.insert(key, value);
                }
                Err(why) if self.is_kept(structure) => self.lose(structure, self.parts.rules.bad_attribute, why),
                Err(why) => {
                    let raw = format!("{name}={value}");
                    self.out.lose(Origin { file: self.parts.file, line: None, raw: &raw }, self.parts.rules.bad_attribute, why);
                }
            }
        }
        let note = structure.text("note");
        if layout.is_own && !note.is_empty() {
            self.out.add_document_note(&note);
        }
        if layout.is_own {
            structure.text("keptAside").lines().for_each(|line| self.out.keep_aside(line));
        }
    }

    fn add_roles(&mut self, (structure, layout): Row<'p, 'c>) {
        let Some(Node::Claim(claim)) = self.nodes.get(&structure.id).copied() else { return };
        let mut fillers: BTreeMap<String, Vec<Filler>> = BTreeMap::new();
        let added = (!layout.is_own).then(|| in_others("roles")).filter(|name| structure.get(name).is_some());
        let slots = if let Layer::Claim(slots) = &layout.layer { slots.as_slice() } else { &[] };
        for slot in slots.iter().chain(&added) {
            let links = structure.get(slot).map(|value| self.index.list(value)).unwrap_or_default();
            for link in links {
                let (role, target) = self.link(slot, link);
                match target.and_then(|target| self.nodes.get(&target)) {
                    Some(Node::Span(id)) => fillers.entry(role).or_default().push(Filler::Span(*id)),
                    Some(Node::Claim(id)) => fillers.entry(role).or_default().push(Filler::Claim(*id)),
                    _ => self.lose(structure, self.parts.rules.missing_target, format!("what fills the role {role} was not read")),
                }
            }
        }
        self.add_other_roles(structure, layout, &mut fillers);
        let count = fillers.values().map(Vec::len).sum();
        if self.admit(structure, count) {
            self.fill(claim, fillers);
        }
    }

    fn fill(&mut self, claim: ClaimId, fillers: BTreeMap<String, Vec<Filler>>) {
        for (role, fillers) in fillers {
            fillers.into_iter().for_each(|filler| self.out.fill(claim, &role, filler));
        }
    }

    /// The role and the target of a link; a slot without links holds the targets themselves.
    fn link(&self, slot: &str, id: u64) -> (String, Option<u64>) {
        let Some(link) = self.index.get(id).filter(|link| link.get("target").is_some()) else { return (slot.to_owned(), Some(id)) };
        let role = link.text("role").into_owned();
        (if role.is_empty() { slot.to_owned() } else { role }, link.reference("target"))
    }

    /// What fills roles without being an annotation, each at its place among the fillers.
    fn add_other_roles(&mut self, structure: &Structure<'c>, layout: &TypeLayout, fillers: &mut BTreeMap<String, Vec<Filler>>) {
        let others = own(structure, layout, "otherRoles").map(|value| self.index.list(value)).unwrap_or_default();
        if others.len() > MAX_OTHER_ROLES {
            return self.lose(structure, self.parts.rules.too_many, format!("more than {MAX_OTHER_ROLES} values fill its roles"));
        }
        for id in others {
            let Some(other) = self.index.get(id) else { continue };
            let (role, position) = (other.text("role").into_owned(), other.text("position").parse().unwrap_or(usize::MAX));
            let filler = match (other.get("entity"), other.reference("claim")) {
                (Some(id), _) => Some(Filler::Entity(self.other_entity(&id.to_text(), &other.text("entityName")))),
                (None, Some(id)) => match self.nodes.get(&id) {
                    Some(Node::Claim(id)) => Some(Filler::Claim(*id)),
                    _ => None,
                },
                (None, None) => Some(Filler::Value(other.text("value").into_owned())),
            };
            match filler {
                Some(filler) => {
                    let list = fillers.entry(role).or_default();
                    list.insert(position.min(list.len()), filler);
                }
                None => self.lose(other, self.parts.rules.missing_target, format!("what fills the role {role} was not read")),
            }
        }
    }

    fn other_entity(&mut self, id: &str, name: &str) -> EntityId {
        self.out.entity((OWN_BASE, id, name), None)
    }

    fn add_relation(&mut self, row: Row<'p, 'c>) {
        let (structure, layout) = row;
        let (from, to) = match layout.layer {
            Layer::Relation => (structure.reference("Governor"), structure.reference("Dependent")),
            Layer::ChainLink if structure.get("next").is_some() => (Some(structure.id), structure.reference("next")),
            _ => return,
        };
        let node = |id: Option<u64>| id.and_then(|id| self.nodes.get(&id).copied());
        let (Some(from), Some(to)) = (node(from), node(to)) else {
            return self.lose(structure, self.parts.rules.missing_target, "one end of it was not read");
        };
        if !self.admit(structure, 1) {
            return;
        }
        if layout.layer == Layer::ChainLink {
            let named = structure.text("referenceRelation");
            let kind = if named.is_empty() { Cow::Borrowed(structure.short_kind()) } else { named };
            let node = self.out.add_relation(&kind, from, to);
            if self.is_kept(structure) {
                self.became.push((row, node));
            }
            return;
        }
        let node = self.out.add_relation(&layout.label_of(structure, self.parts.counts), from, to);
        self.became(row, node);
        self.add_details(row, node, &[]);
    }

    fn say_left_out(&mut self) {
        if self.left_out.is_empty() {
            return;
        }
        let what: Vec<String> = self.left_out.iter().take(12).map(|(what, count)| format!("{count} {what}")).collect();
        let more = if self.left_out.len() > 12 { " and more" } else { "" };
        let why = "words, sentences, syntax and what points to them have no place here. They go back into an export to this format";
        let message = format!("{}{more} were kept aside: {why}", what.join(", "));
        self.out.pass(Finding::new(Severity::Note, self.parts.rule_names.left_out, message).in_file(self.parts.file));
    }

    fn finish(self, rows: &[Row<'p, 'c>], view: &View<'_>) -> Built {
        let Self { parts, out, became, attributes, of_document, regions, .. } = self;
        let mut sheet = out.finish();
        let own = rows.iter().find(|(_, layout)| layout.layer == Layer::OwnDocument).map(|(structure, _)| structure.text("status"));
        if let Some((status, _)) = own.and_then(|own| STATES.into_iter().find(|(_, word)| *word == own)) {
            sheet.info.status = status;
        }
        let kept = (!parts.cas.written.is_empty()).then(|| {
            let rows = became.iter().filter_map(|((structure, _), node)| KeptRow::of(structure, *node, &sheet, &attributes)).collect();
            Kept { rows, attributes, of_document, ..kept(parts, &became, view) }.packed()
        });
        Built { sheet, regions, kept }
    }
}

/// What other programs have written of this text.
fn kept(parts: &SheetParts<'_, '_>, became: &[(Row<'_, '_>, Node)], view: &View<'_>) -> Kept {
    let is_of_text = |structure: &Structure<'_>| structure.reference("sofa").is_none_or(|sofa| sofa == parts.sofa.id);
    let mut kept = Kept::new(parts.cas, is_of_text);
    // Whatever the file counts, an export counts UTF-16.
    let map = OffsetMap::new(parts.text.as_str(), OffsetUnit::Utf16);
    for structure in &mut kept.structures {
        let Some((begin, end)) = structure.place() else { continue };
        if let (Some(begin), Some(end)) = (view.to_byte(begin), view.to_byte(end)) {
            structure.set("begin", Value::Offset(map.to_unit(begin)));
            structure.set("end", Value::Offset(map.to_unit(end)));
        }
    }
    let use_of = |kind: &TypeLayout, name: &str| TypeUse {
        label: kind.label_feature(name, parts.counts).map(str::to_owned),
        slots: if let Layer::Claim(slots) = &kind.layer { slots.clone() } else { Vec::new() },
    };
    kept.uses = became.iter().map(|((structure, layout), _)| (structure.kind.clone().into_owned(), use_of(layout, &structure.kind))).collect();
    kept.text = parts.text.hash().to_string();
    (kept.sofa, kept.view) = (parts.sofa.id, parts.sofa.name.clone().into_owned());
    kept.mime_type = parts.sofa.mime_type.as_ref().map(|kind| kind.clone().into_owned());
    kept
}

/// `http://www.wikidata.org/entity/Q42` is Q42 of Wikidata.
fn entry_of(iri: &str) -> (&str, &str) {
    match iri.rsplit_once('/') {
        Some((base, entry)) if base.contains("wikidata.org") => ("Wikidata", entry),
        _ => iri.split_once(':').unwrap_or(("identifier", iri)),
    }
}
