//! From the selections of a text to a sheet for each person who has coded it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::codebook::{Code, Means};
use super::described::take_apart;
use super::read::Project;
use super::{CONTINUES, DOCUMENT_ID, OCCURRENCE, ROLE, RULES, plain_guid};
use crate::format::counting::{Counting, View, seen_text};
use crate::format::sheet_builder::{Origin, SheetBuilder};
use crate::format::vocabulary::{OWN_BASE, Vocabulary};
use crate::format::xml_out::push_attribute;
use crate::format::xml_tree::Element;
use crate::format::{Item, ReadOptions, Receiver};
use crate::model::{CoderKey, EntityId, Filler, LabelKey, LabelKind, Node, Sheet};
use crate::text::Ranges;

/// Variables that are fields of the document.
const FIELDS: [&str; 7] = ["source", "author", "date", "url", "language", "file_name", DOCUMENT_ID];
/// Longer names of selections are cut by us.
pub(super) const MAX_NAME_CHARS: usize = 200;
/// The attribute for codes of a whole text.
const CODES: &str = "codes";
const BAD_SELECTION: &str = "refi-qda-bad-selection";

/// A selection with its pieces.
pub(super) struct Selection<'p> {
    element: &'p Element<'p>,
    guid: String,
    /// As the file counts; empty where they are no numbers.
    pub(super) ranges: Vec<(usize, usize)>,
    occurrences: Vec<Vec<(usize, usize)>>,
    pub(super) surface: Option<&'p str>,
}

/// The selections of a text; pieces and further places of others are with those.
pub(super) fn selections_of<'p>(project: &Project<'p>, source: &'p Element<'p>) -> Vec<Selection<'p>> {
    let guid_of = |element: &Element<'_>| plain_guid(element.get("guid").unwrap_or_default());
    let by_guid: BTreeMap<String, &Element<'_>> =
        if project.is_ours { source.all("PlainTextSelection").map(|one| (guid_of(one), one)).collect() } else { BTreeMap::new() };
    let linked = |guid: &str, name: &'static str| {
        let links = project.links.get(guid).into_iter().flatten().filter(move |link| link.get("name") == Some(name));
        links.filter_map(|link| by_guid.get(&plain_guid(link.get("targetGUID").unwrap_or_default())).copied()).collect::<Vec<_>>()
    };
    let all_ranges = |element: &Element<'_>, guid: &str| {
        let pieces = if project.is_ours { linked(guid, CONTINUES) } else { Vec::new() };
        std::iter::once(element).chain(pieces).map(range_of).collect::<Option<Vec<_>>>().unwrap_or_default()
    };
    let mut selections = Vec::new();
    for element in source.all("PlainTextSelection") {
        let guid = guid_of(element);
        if project.followers.contains(&guid) {
            continue;
        }
        let places = if project.is_ours { linked(&guid, OCCURRENCE) } else { Vec::new() };
        let occurrences = places.into_iter().map(|place| all_ranges(place, &guid_of(place))).collect();
        let is_words = |name: &&str| !project.is_ours || !name.contains('\u{fffd}') && name.chars().count() < MAX_NAME_CHARS;
        let ranges = all_ranges(element, &guid);
        // The name of a discontinuous one is that of its first piece.
        let is_whole = ranges.len() == 1;
        let surface = element.get("name").filter(|name| !name.is_empty()).filter(|name| is_words(name) && is_whole);
        selections.push(Selection { element, ranges, occurrences, surface, guid });
    }
    selections
}

fn range_of(element: &Element<'_>) -> Option<(usize, usize)> {
    let number = |name| element.get(name).and_then(|value| value.trim().parse().ok());
    Some((number("startPosition")?, number("endPosition")?))
}

/// Values of variables of a text: name, type, value.
pub(super) fn said_of<'p>(project: &Project<'p>, source: &'p Element<'p>) -> Vec<(String, &'p str, &'p str)> {
    let values = source.all("VariableValue").filter_map(|value| {
        let guid = plain_guid(value.child("VariableRef")?.get("targetGUID")?);
        let (name, kind) = project.variables.get(&guid)?;
        let said = value.children.iter().find(|child| child.name != "VariableRef")?.text.as_ref();
        Some(((*name).to_owned(), *kind, said)).filter(|(.., said)| !said.is_empty())
    });
    values.collect()
}

/// Attributes of an element that mean nothing here, as XML; GUIDs of our own exports mean nothing to anybody.
pub(super) fn kept_attributes(element: &Element<'_>, known: &[&str], is_ours: bool) -> String {
    let mut kept = String::new();
    let is_ours = |name: &str| name == "creatingUser" || is_ours && name == "guid";
    let is_kept = |name: &str| !known.contains(&name) && !is_ours(name);
    element.attributes.iter().filter(|(name, _)| is_kept(name)).for_each(|(name, value)| push_attribute(&mut kept, name, value));
    kept.trim_start().to_owned()
}

/// A text of a project.
pub(super) struct DocumentParts<'p> {
    pub(super) project: &'p Project<'p>,
    pub(super) source: &'p Element<'p>,
    pub(super) file: &'p str,
    pub(super) counting: Counting,
}

/// A code that somebody has given to a place.
struct Given<'p> {
    code: &'p Code,
    coding: &'p Element<'p>,
}

/// Entities by the GUIDs of their codes, and links that were taken in.
type Memory<'m> = (&'m mut BTreeMap<String, EntityId>, &'m mut BTreeSet<String>);

/// The sheets of everybody who has said something of a text.
pub(super) fn sheets(
    parts: &DocumentParts<'_>,
    item: &Item,
    (vocabulary, options, (entities, used)): (&mut Vocabulary<'_>, &mut ReadOptions, Memory<'_>),
    to: &mut dyn Receiver,
) -> BTreeMap<CoderKey, Arc<Sheet>> {
    let selections = selections_of(parts.project, parts.source);
    let mut by_coder: BTreeMap<CoderKey, Vec<(&Selection<'_>, Vec<Given<'_>>)>> = BTreeMap::new();
    for selection in &selections {
        for (coder, codes) in codes_by_coder(parts, selection.element, options) {
            by_coder.entry(coder).or_default().push((selection, codes));
        }
    }
    let document = document_by_coder(parts, options);
    for coder in document.keys() {
        by_coder.entry(coder.clone()).or_default();
    }
    let (seen, shifts) = seen_text(&item.text, parts.counting);
    let view = View::new(&seen, shifts, parts.counting);
    let mut sheets = BTreeMap::new();
    for (coder, selections) in by_coder {
        let out = SheetBuilder::new(&RULES, (&item.id, &item.text), vocabulary, &mut options.ids, to);
        let mut building = Building { parts, view: &view, out, entities, used };
        selections.iter().for_each(|(selection, codes)| building.selection(selection, codes));
        selections.iter().for_each(|(selection, _)| building.links(selection));
        document.get(&coder).into_iter().for_each(|said| building.document(said));
        let sheet = building.out.finish();
        if !sheet.is_blank() {
            sheets.insert(coder, Arc::new(sheet));
        }
    }
    sheets
}

/// Who has given which codes to a selection; whoever made it where it has none.
fn codes_by_coder<'p>(parts: &DocumentParts<'p>, element: &'p Element<'p>, options: &ReadOptions) -> BTreeMap<CoderKey, Vec<Given<'p>>> {
    let mut found: BTreeMap<CoderKey, Vec<Given<'p>>> = BTreeMap::new();
    let made_by = || element.get("creatingUser").or_else(|| parts.source.get("creatingUser"));
    for coding in element.all("Coding") {
        let coder = parts.project.coder(coding.get("creatingUser").or_else(made_by), options);
        let code = coding.child("CodeRef").and_then(|code| parts.project.codes.get(code.get("targetGUID")?));
        found.entry(coder).or_default().extend(code.map(|code| Given { code, coding }));
    }
    if found.is_empty() {
        found.insert(parts.project.coder(made_by(), options), Vec::new());
    }
    found
}

/// What somebody says of a whole text.
#[derive(Default)]
struct Said {
    notes: Vec<String>,
    attributes: Vec<(String, String)>,
}

fn document_by_coder(parts: &DocumentParts<'_>, options: &ReadOptions) -> BTreeMap<CoderKey, Said> {
    let (project, source) = (parts.project, parts.source);
    let mut all: BTreeMap<CoderKey, Said> = BTreeMap::new();
    let whose = project.coder(source.get("creatingUser"), options);
    let description = source.text_of("Description");
    if !description.is_empty() {
        all.entry(whose.clone()).or_default().notes.push(description.to_owned());
    }
    for (memo, author) in std::iter::once(source).chain(source.all("Coding")).flat_map(|element| project.memos.of(element)) {
        let coder = project.coder(author.or(source.get("creatingUser")), options);
        all.entry(coder).or_default().notes.push(memo.to_owned());
    }
    for (name, _, value) in said_of(project, source).into_iter().filter(|(name, ..)| !FIELDS.contains(&name.as_str())) {
        // Ours: `stance (alice)`.
        let named = name.strip_suffix(')').and_then(|name| name.rsplit_once(" (")).filter(|_| project.is_ours);
        let (name, coder) =
            named.map_or((name.as_str(), whose.clone()), |(name, coder)| (name, CoderKey::new(coder).unwrap_or_else(|_| CoderKey::from_name(coder))));
        all.entry(coder).or_default().attributes.push((name.to_owned(), value.to_owned()));
    }
    let mut codes: BTreeMap<CoderKey, Vec<&str>> = BTreeMap::new();
    for coding in source.all("Coding") {
        let code = coding.child("CodeRef").and_then(|code| project.codes.get(code.get("targetGUID")?));
        let coder = project.coder(coding.get("creatingUser").or(source.get("creatingUser")), options);
        codes.entry(coder).or_default().extend(code.map(|code| code.name.as_str()));
    }
    for (coder, codes) in codes {
        all.entry(coder).or_default().attributes.push((CODES.to_owned(), codes.join(", ")));
    }
    all
}

struct Building<'s, 'b, 'k> {
    parts: &'s DocumentParts<'s>,
    view: &'s View<'s>,
    out: SheetBuilder<'b, 'static, 'k>,
    entities: &'s mut BTreeMap<String, EntityId>,
    used: &'s mut BTreeSet<String>,
}

impl Building<'_, '_, '_> {
    fn document(&mut self, said: &Said) {
        said.notes.iter().for_each(|note| self.out.add_document_note(note));
        for (name, value) in &said.attributes {
            let raw = format!("{name} = {value}");
            self.out.set_document_attribute(Origin { file: self.parts.file, line: None, raw: &raw }, name, value);
        }
    }

    fn selection(&mut self, selection: &Selection<'_>, codes: &[Given<'_>]) {
        let raw = selection.element.to_xml();
        let from = Origin { file: self.parts.file, line: None, raw: &raw };
        let labels: Vec<(&Code, LabelKind)> =
            codes.iter().filter_map(|given| if let Means::Label(kind) = given.code.means { Some((given.code, kind)) } else { None }).collect();
        if labels.is_empty() {
            return self.out.lose(from, BAD_SELECTION, "this place has no code that stands in the codebook");
        }
        if selection.ranges.is_empty() {
            return self.out.lose(from, BAD_SELECTION, "its positions are no whole numbers");
        }
        let surface = selection.surface.filter(|_| self.parts.project.is_ours);
        let rows = selection.ranges.len() + selection.occurrences.len();
        for (code, kind) in labels {
            if !self.out.admit(from, None, rows) {
                return;
            }
            let Some(place) = self.out.place(from, self.view, &selection.ranges, surface) else { return };
            let label = self.out.label(from, &code.name);
            let node = self.row(from, (&label, kind), place, selection);
            if self.out.node(&selection.guid).is_none() {
                self.out.set_node(selection.guid.clone(), node);
            }
            self.details(from, node, (selection, codes, code), &label);
        }
    }

    fn row(&mut self, from: Origin<'_>, (label, kind): (&LabelKey, LabelKind), place: Ranges, selection: &Selection<'_>) -> Node {
        // What the project says of its own label counts more.
        let kind = if self.out.vocabulary.kind_of(label) == LabelKind::Claim { LabelKind::Claim } else { kind };
        if kind != LabelKind::Claim {
            return self.out.add_span(label.clone(), place);
        }
        let occurrences = selection.occurrences.iter().filter_map(|ranges| self.out.place(from, self.view, ranges, None)).collect();
        let node = self.out.add_claim(label.clone(), None);
        if let Node::Claim(id) = node
            && let Some(claim) = self.out.sheet.claims.get_mut(&id)
        {
            claim.set_places(Some(place), occurrences);
        }
        node
    }

    fn details(&mut self, from: Origin<'_>, node: Node, (selection, codes, own): (&Selection<'_>, &[Given<'_>], &Code), label: &LabelKey) {
        let project = self.parts.project;
        let mut choices: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for Given { code, .. } in codes {
            match code.means {
                Means::Choice(attribute) => {
                    let attribute = project.codes.at(attribute).map_or("", |attribute| &attribute.name);
                    choices.entry(attribute).or_default().push(&code.name);
                }
                Means::Entity => self.entity(code, node, label),
                Means::Label(_) | Means::Attribute | Means::Entities => {}
            }
        }
        for (attribute, choices) in choices {
            let value = choices.join("|");
            self.out.set_attribute(Origin { raw: &format!("{attribute} = {value}"), ..from }, node, attribute, &value);
        }
        let described = selection.element.text_of("Description");
        let (note, lines) = if project.is_ours { take_apart(described) } else { (described.to_owned(), Vec::new()) };
        // A memo on what another label says of this place is that row's.
        let codings = codes.iter().filter(|given| given.code.guid == own.guid || !matches!(given.code.means, Means::Label(_)));
        let memos = std::iter::once(selection.element).chain(codings.map(|given| given.coding)).flat_map(|element| project.memos.of(element));
        let notes = std::iter::once(note.as_str()).filter(|note| !note.is_empty()).chain(memos.map(|(memo, _)| memo));
        notes.for_each(|note| self.out.add_note(node, note));
        for (name, value) in lines {
            self.line(Origin { raw: &format!("@{name} = {value}"), ..from }, node, &name, value);
        }
        let is_words = project.is_ours || selection.surface.is_none_or(|name| self.quote(node).starts_with(name.trim_end_matches(['.', '…'])));
        let known = ["startPosition", "endPosition", if is_words { "name" } else { "" }];
        let kept = kept_attributes(selection.element, &known, project.is_ours);
        if !kept.is_empty() {
            self.out.set_residue(node, kept);
        }
    }

    fn quote(&self, node: Node) -> String {
        let place = node.mark().and_then(|mark| self.out.sheet.ranges_of(mark));
        place.map(|place| self.out.text().quote(place)).unwrap_or_default()
    }

    fn line(&mut self, from: Origin<'_>, node: Node, name: &str, value: String) {
        match (name.split_once(' '), node) {
            (Some(("attribute", name)), _) => self.out.set_attribute(from, node, name, &value),
            (Some(("role", role)), Node::Claim(claim)) => self.out.fill(claim, role, Filler::Value(value)),
            (None, Node::Claim(claim)) if name == "normalized" => {
                if let Some(claim) = self.out.sheet.claims.get_mut(&claim) {
                    claim.normalized = value;
                }
            }
            _ => self.out.lose(from, BAD_SELECTION, "this line of a description means nothing here"),
        }
    }

    fn entity(&mut self, code: &Code, node: Node, label: &LabelKey) {
        let Node::Span(span) = node else { return };
        let entity = match self.entities.get(&code.guid) {
            Some(entity) => *entity,
            None => {
                let (_, lines) = take_apart(&code.description);
                let line = |name: &str| lines.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str());
                let made = match line("id").filter(|id| id.parse::<EntityId>().is_ok()) {
                    Some(id) => self.out.entity((OWN_BASE, id, &code.name), Some(label)),
                    None => self.out.new_entity(&code.name, Some(label)),
                };
                for (_, reference) in lines.iter().filter(|(name, _)| name == "reference") {
                    let (base, entry) = reference.split_once(':').unwrap_or(("wikidata", reference));
                    self.out.vocabulary.add_reference(made, base, entry);
                }
                self.entities.insert(code.guid.clone(), made);
                made
            }
        };
        if let Some(span) = self.out.sheet.spans.get_mut(&span) {
            span.entity = Some(entity);
        }
    }

    /// Links from a selection to others of the same sheet.
    fn links(&mut self, selection: &Selection<'_>) {
        let project = self.parts.project;
        for link in project.links.get(&selection.guid).into_iter().flatten() {
            let name = link.get("name").unwrap_or_default();
            let target = plain_guid(link.get("targetGUID").unwrap_or_default());
            if project.is_ours && [CONTINUES, OCCURRENCE].contains(&name) {
                continue;
            }
            let (Some(origin), Some(_)) = (self.out.node(&selection.guid), self.out.node(&target)) else { continue };
            let raw = link.to_xml();
            let from = Origin { file: self.parts.file, line: None, raw: &raw };
            if !self.out.admit(from, None, 1) {
                continue;
            }
            match (origin, name.strip_prefix(ROLE)) {
                (Node::Claim(claim), Some(role)) => self.out.fill_role(from, claim, role, &target),
                _ => drop(self.out.relate(from, if name.trim().is_empty() { "link" } else { name }, [&selection.guid, &target])),
            }
            self.used.insert(plain_guid(link.get("guid").unwrap_or_default()));
        }
    }
}
