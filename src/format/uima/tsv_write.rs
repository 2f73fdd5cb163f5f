//! Writing WebAnno TSV 3.3: a file a document and coder. Claims and spans are layers, relations join spans.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use super::cas::{ANNOTATION, Cas, Index, Structure, Value};
use super::export::{Extent, to_cas};
use super::layers::{CLAIM, RELATION, ROLE, SPAN};
use super::tsv_rows::{Row, Tokens, push_text, push_value};
use super::write::{file_name, write_file};
use crate::format::aspects::{Aspect, drop_aspects, drop_entity_details};
use crate::format::{FormatError, Item, Items, Ledger, Sink, Tables, WriteOptions};
use crate::model::{CoderKey, Filler, Node, Sheet};
use crate::text::offsets::{OffsetMap, OffsetUnit};
use crate::text::{Ranges, Text, TextRange};

const LOST: [Aspect; 9] = [
    Aspect::DocumentFields,
    Aspect::Regions,
    Aspect::Corrections,
    Aspect::DocumentAttributes,
    Aspect::DocumentNotes,
    Aspect::Status,
    Aspect::SetAside,
    Aspect::Occurrences,
    Aspect::Residue,
];
const NO_PLACE: &str = "WebAnno TSV has no place for it";

/// Writes everything.
pub(super) fn write(
    tables: &Tables,
    items: &mut Items<'_>,
    options: &WriteOptions,
    sink: &mut dyn Sink,
    ledger: &mut Ledger,
) -> Result<(), FormatError> {
    for item in items {
        let item = item?;
        ledger.add_document();
        drop_aspects(ledger, &item, &LOST, NO_PLACE);
        let tokens = Tokens::new(&item.text);
        count_text(&item, &tokens, ledger);
        if item.sheets.is_empty() {
            write_file(sink, &format!("{}.tsv", file_name(&item, None, options)), page(&item.text, &tokens, &Cas::default()).as_bytes())?;
        }
        for (coder, sheet) in &item.sheets {
            let page = write_sheet(tables, &item, (coder, sheet), &tokens, ledger)?;
            write_file(sink, &format!("{}.tsv", file_name(&item, Some(coder), options)), page.as_bytes())?;
        }
        options.step()?;
    }
    drop_entity_details(ledger, tables, "of entities only their names are written");
    Ok(())
}

/// The text outside of sentences is not in the file.
fn count_text(item: &Item, tokens: &Tokens, ledger: &mut Ledger) {
    let hulls = || tokens.sentences.iter();
    let starts = hulls().map(|range| range.start()).chain([item.text.len()]);
    let ends = [0].into_iter().chain(hulls().map(|range| range.end()));
    let gaps = ends.zip(starts).filter_map(|(end, start)| item.text.as_str().get(end..start));
    let (is_last, mut count) = (tokens.sentences.len(), 0);
    for (number, gap) in gaps.enumerate() {
        let is_made_again = if number == is_last { gap.is_empty() } else { gap == " " || gap.bytes().all(|byte| byte == b'\n') && gap.len() != 1 };
        count += usize::from(!is_made_again);
    }
    if count > 0 {
        let example = format!("{}: {count} places", item.id);
        ledger.change("texts", "what stands between sentences is not in the file; readers put blanks or line ends there", example);
    }
}

fn write_sheet(
    tables: &Tables,
    item: &Item,
    (coder, sheet): (&CoderKey, &Sheet),
    tokens: &Tokens,
    ledger: &mut Ledger,
) -> Result<String, FormatError> {
    let reduced = reduce(item, sheet, tokens, ledger);
    let mut plain = Item { sheets: BTreeMap::new(), ..item.clone() };
    plain.document.regions.clear();
    let cas = to_cas(tables, &plain, Some((coder, &reduced)), Extent::Reduced, (&mut BTreeSet::new(), ledger))?;
    Ok(page(&item.text, tokens, &cas))
}

/// The sheet without what has no place here; what became of spans, claims and relations is counted.
fn reduce(item: &Item, sheet: &Sheet, tokens: &Tokens, ledger: &mut Ledger) -> Sheet {
    let mut reduced = Sheet::default();
    let mut place = |ranges: &Ranges, what: &'static str| place(item, ranges, tokens, what, ledger);
    let spans = sheet.spans.iter().filter_map(|(id, span)| {
        let mut span = span.clone();
        span.ranges = place(&span.ranges, "spans")?.into();
        Some((*id, span))
    });
    reduced.spans = spans.collect();
    let claims = sheet.claims.iter().filter_map(|(id, claim)| {
        let mut claim = claim.clone();
        claim.occurrences.clear();
        claim.content = Some(place(claim.content.as_ref()?, "claims")?.into());
        Some((*id, claim))
    });
    reduced.claims = claims.collect();
    for claim in sheet.claims.values().filter(|claim| claim.content.is_none()) {
        let example = format!("{}: {} {}", item.id, claim.label, claim.normalized);
        ledger.drop("claims", "they have no content in the text, and WebAnno TSV marks text only", example);
    }
    let ids: Vec<_> = reduced.claims.keys().copied().collect();
    for id in ids {
        let Some(claim) = reduced.claims.get_mut(&id) else { continue };
        for (role, fillers) in &mut claim.roles {
            fillers.retain(|filler| {
                let is_annotation = matches!(filler, Filler::Span(_) | Filler::Claim(_));
                if !is_annotation {
                    let why = "slots of WebAnno TSV are filled by annotations, not by entities or values";
                    ledger.drop("fillers of roles", why, format!("{}: {role} = {filler:?}", item.id));
                }
                is_annotation
            });
            // A claim that is not written fills nothing.
            fillers.retain(|filler| match filler {
                Filler::Claim(id) if sheet.claims.get(id).is_some_and(|claim| claim.content.is_none()) => {
                    ledger.drop("fillers of roles", "what fills them could not be written", format!("{}: {role} = {filler:?}", item.id));
                    false
                }
                _ => true,
            });
        }
    }
    for (id, relation) in &sheet.relations {
        let is_span = |node| matches!(node, Node::Span(id) if reduced.spans.contains_key(&id));
        if is_span(relation.from) && is_span(relation.to) {
            reduced.relations.insert(*id, relation.clone());
        } else {
            let example = format!("{}: {} {id}", item.id, relation.label);
            ledger.drop("relations", "a layer of relations joins spans, and one end is none or could not be written", example);
        }
    }
    reduced
}

/// One range from word to word, and what that changes.
fn place(item: &Item, ranges: &Ranges, tokens: &Tokens, what: &'static str, ledger: &mut Ledger) -> Option<TextRange> {
    let example = || format!("{}: “{}”", item.id, item.text.quote(ranges));
    let Some(range) = tokens.trimmed(ranges.hull()) else {
        ledger.drop(what, "they hold no word", example());
        return None;
    };
    if ranges.is_discontinuous() {
        ledger.change(what, "WebAnno TSV has no discontinuous annotations: they are written with their gaps", example());
    } else if range != ranges.hull() {
        ledger.change(what, "blanks at their ends belong to no word and are cut off", example());
    } else {
        ledger.keep(what, 1);
    }
    Some(range)
}

/// A span or claim on its way into cells.
struct Mark<'c> {
    structure: &'c Structure<'c>,
    range: TextRange,
    rows: Vec<usize>,
    /// The number in brackets; 0 for none.
    id: u64,
}

/// A layer: its type, its features that have values, its marks by row.
struct MarkLayer {
    name: &'static str,
    features: Vec<String>,
    has_roles: bool,
    by_row: BTreeMap<usize, Vec<usize>>,
}

fn page(text: &Text, tokens: &Tokens, cas: &Cas<'_>) -> String {
    let map = OffsetMap::new(text.as_str(), OffsetUnit::Utf16);
    let index = Index::new(cas);
    let marks = cas.structures.iter().filter(|structure| structure.kind == CLAIM || structure.kind == SPAN);
    let marks = marks.filter_map(|structure| {
        let (begin, end) = structure.place()?;
        let range = text.range(map.to_byte(begin)?, map.to_byte(end)?).ok()?;
        Some(Mark { structure, range, rows: Vec::new(), id: 0 })
    });
    let mut marks: Vec<Mark<'_>> = marks.collect();
    marks.sort_by_key(|mark| (mark.range.start(), std::cmp::Reverse(mark.range.end()), mark.structure.id));
    let (rows, of_marks) = tokens.rows(&marks.iter().map(|mark| mark.range).collect::<Vec<_>>());
    marks.iter_mut().zip(of_marks).for_each(|(mark, rows)| mark.rows = rows);
    let layers: Vec<MarkLayer> = [CLAIM, SPAN].into_iter().filter_map(|name| mark_layer(name, &marks)).collect();
    number_marks(&mut marks, &layers, cas);
    let by_id: BTreeMap<u64, usize> = marks.iter().enumerate().map(|(number, mark)| (mark.structure.id, number)).collect();
    let relations = Relations::new(cas, &marks, &by_id);
    let page = Page { text, map, rows, marks, layers, by_id, relations, index };
    page.write(tokens)
}

fn mark_layer(name: &'static str, marks: &[Mark<'_>]) -> Option<MarkLayer> {
    let own = || marks.iter().enumerate().filter(|(_, mark)| mark.structure.kind == name);
    let mut by_row: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for (number, mark) in own() {
        mark.rows.iter().for_each(|row| by_row.entry(*row).or_default().push(number));
    }
    let features = own().flat_map(|(_, mark)| features_of(mark.structure)).collect::<BTreeSet<String>>();
    let has_roles = own().any(|(_, mark)| mark.structure.get("roles").is_some());
    (!by_row.is_empty()).then(|| MarkLayer { name, features: features.into_iter().collect(), has_roles, by_row })
}

fn features_of(structure: &Structure<'_>) -> impl Iterator<Item = String> {
    let features = structure.features.iter().filter(|(_, value)| matches!(value, Value::Text(_) | Value::Texts(_)));
    features.map(|(name, _)| name.to_string())
}

/// Numbers tell what is one annotation, and which of several in a row is meant.
fn number_marks(marks: &mut [Mark<'_>], layers: &[MarkLayer], cas: &Cas<'_>) {
    let targets: BTreeSet<u64> =
        cas.structures.iter().filter(|structure| structure.kind == ROLE).filter_map(|link| link.reference("target")).collect();
    let stacked: BTreeSet<usize> = layers.iter().flat_map(|layer| layer.by_row.values()).filter(|marks| marks.len() > 1).flatten().copied().collect();
    let mut next = 1;
    for (number, mark) in marks.iter_mut().enumerate() {
        if mark.rows.len() > 1 || stacked.contains(&number) || targets.contains(&mark.structure.id) {
            mark.id = next;
            next += 1;
        }
    }
}

/// Relations by the row where they end.
struct Relations<'c> {
    features: Vec<String>,
    by_row: BTreeMap<usize, Vec<(&'c Structure<'c>, usize, usize)>>,
}

impl<'c> Relations<'c> {
    fn new(cas: &'c Cas<'c>, marks: &[Mark<'_>], by_id: &BTreeMap<u64, usize>) -> Self {
        let mut relations = Self { features: Vec::new(), by_row: BTreeMap::new() };
        let mut features = BTreeSet::new();
        for structure in cas.structures.iter().filter(|structure| structure.kind == RELATION) {
            let end = |name| structure.reference(name).and_then(|id| by_id.get(&id)).copied();
            let (Some(from), Some(to)) = (end("Governor"), end("Dependent")) else { continue };
            let Some(row) = marks.get(to).and_then(|mark| mark.rows.first()) else { continue };
            features.extend(features_of(structure));
            relations.by_row.entry(*row).or_default().push((structure, from, to));
        }
        relations.features = features.into_iter().collect();
        relations
    }
}

struct Page<'c> {
    text: &'c Text,
    map: OffsetMap<'c>,
    rows: Vec<Row>,
    marks: Vec<Mark<'c>>,
    layers: Vec<MarkLayer>,
    by_id: BTreeMap<u64, usize>,
    relations: Relations<'c>,
    index: Index<'c, 'c>,
}

impl Page<'_> {
    fn write(&self, tokens: &Tokens) -> String {
        let mut out = self.header();
        let mut rows = self.rows.iter().enumerate().peekable();
        for (sentence, range) in (1..).zip(&tokens.sentences) {
            out.push('\n');
            for line in self.text.slice(*range).split('\n') {
                out.push_str("#Text=");
                push_text(&mut out, line);
                out.push('\n');
            }
            while let Some((number, row)) = rows.next_if(|(_, row)| row.sentence == sentence) {
                self.push_row(&mut out, number, *row);
            }
        }
        out
    }

    fn header(&self) -> String {
        let mut out = String::from("#FORMAT=WebAnno TSV 3.3\n");
        for layer in &self.layers {
            let _ = write!(out, "#T_SP={}|{}", layer.name, layer.features.join("|"));
            if layer.has_roles {
                let _ = write!(out, "|ROLE_{}:roles_{ROLE}|{ANNOTATION}", layer.name);
            }
            out.push('\n');
        }
        if !self.relations.by_row.is_empty() {
            let _ = writeln!(out, "#T_RL={RELATION}|{}|BT_{SPAN}", self.relations.features.join("|"));
        }
        out.push('\n');
        out
    }

    fn push_row(&self, out: &mut String, number: usize, row: Row) {
        let (start, end) = self.map.to_unit_range(row.range);
        let _ = write!(out, "{}\t{start}-{end}\t", row.address());
        push_text(out, self.text.slice(row.range));
        out.push('\t');
        for layer in &self.layers {
            let marks: Vec<&Mark<'_>> = layer.by_row.get(&number).into_iter().flatten().filter_map(|mark| self.marks.get(*mark)).collect();
            for feature in &layer.features {
                push_cell(out, &marks, |out, mark| push_feature(out, mark.structure, feature, mark.id));
            }
            if layer.has_roles {
                push_cell(out, &marks, |out, mark| self.push_roles(out, mark));
                push_cell(out, &marks, |out, mark| self.push_targets(out, mark));
            }
        }
        if !self.relations.by_row.is_empty() {
            let relations = self.relations.by_row.get(&number).map(Vec::as_slice).unwrap_or_default();
            for feature in &self.relations.features {
                push_cell(out, relations, |out, (structure, ..)| push_feature(out, structure, feature, 0));
            }
            push_cell(out, relations, |out, (_, from, to)| self.push_base(out, *from, *to));
        }
        out.push('\n');
    }

    /// The roles of a claim with what fills them.
    fn links(&self, mark: &Mark<'_>) -> Vec<(Cow<'_, str>, &Mark<'_>)> {
        let links = mark.structure.get("roles").map(|value| self.index.list(value)).unwrap_or_default();
        let links = links.into_iter().filter_map(|id| self.index.get(id));
        let links = links.filter_map(|link| Some((link.text("role"), self.marks.get(*self.by_id.get(&link.reference("target")?)?)?)));
        links.collect()
    }

    fn push_roles(&self, out: &mut String, mark: &Mark<'_>) {
        let links = self.links(mark);
        if links.is_empty() {
            out.push('_');
        }
        for (number, (role, _)) in links.iter().enumerate() {
            if number > 0 {
                out.push(';');
            }
            push_value(out, role);
        }
        push_id(out, mark.id);
    }

    fn push_targets(&self, out: &mut String, mark: &Mark<'_>) {
        let links = self.links(mark);
        if links.is_empty() {
            out.push('*');
        }
        for (number, (_, target)) in links.iter().enumerate() {
            if number > 0 {
                out.push(';');
            }
            out.push_str(&self.address(target));
            push_id(out, target.id);
        }
    }

    fn push_base(&self, out: &mut String, from: usize, to: usize) {
        let (Some(from), Some(to)) = (self.marks.get(from), self.marks.get(to)) else { return };
        out.push_str(&self.address(from));
        if from.id + to.id > 0 {
            let _ = write!(out, "[{}_{}]", from.id, to.id);
        }
    }

    fn address(&self, mark: &Mark<'_>) -> String {
        mark.rows.first().and_then(|row| self.rows.get(*row)).map(|row| row.address()).unwrap_or_default()
    }
}

fn push_cell<M>(out: &mut String, marks: &[M], mut push: impl FnMut(&mut String, &M)) {
    if marks.is_empty() {
        out.push('_');
    }
    for (number, mark) in marks.iter().enumerate() {
        if number > 0 {
            out.push('|');
        }
        push(out, mark);
    }
    out.push('\t');
}

fn push_feature(out: &mut String, structure: &Structure<'_>, feature: &str, id: u64) {
    match structure.get(feature) {
        Some(value) => push_value(out, &value.to_text()),
        None => out.push('*'),
    }
    push_id(out, id);
}

fn push_id(out: &mut String, id: u64) {
    if id > 0 {
        let _ = write!(out, "[{id}]");
    }
}
