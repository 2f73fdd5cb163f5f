//! From the cells of WebAnno TSV to annotations: several rows with the same number in brackets are one.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use super::cas::{ANNOTATION, Cas, FS_ARRAY, Feature, INITIAL_VIEW, STRING, Sofa, Structure, TOP, TypeDef, Types, Value};
use super::layers::is_own;
use super::tsv_read::{Column, LayerKind, TsvLayer, TsvRow, unescape};

const SOFA_ID: u64 = 1;
/// A word.
pub(super) const TOKEN: &str = "de.tudarmstadt.ukp.dkpro.core.api.segmentation.type.Token";
/// A sentence.
pub(super) const SENTENCE: &str = "de.tudarmstadt.ukp.dkpro.core.api.segmentation.type.Sentence";

/// What makes rows one annotation.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
enum Key {
    /// The number in brackets.
    Id(u64),
    /// The row, and which of several there.
    Row(usize, usize),
    /// A chain and the place in it.
    Chain(u64, u64),
}

/// An annotation while its rows are read.
#[derive(Debug)]
struct Found {
    layer: usize,
    place: (usize, usize),
    features: Vec<(String, String)>,
    slots: Vec<FoundSlot>,
}

/// A feature of links: its name, their type, the type of what they link to, roles and addresses.
type FoundSlot = (String, String, String, Vec<(String, String)>);

/// A relation: its layer, its row, its features, where it begins and where it ends.
struct FoundRelation {
    layer: usize,
    row: usize,
    features: Vec<(String, String)>,
    address: String,
}

/// Adds everything to an empty CAS.
pub(super) fn add_annotations(cas: &mut Cas<'static>, text: String, rows: &[TsvRow<'_>], sentences: &[(usize, usize)], layers: &[TsvLayer]) {
    cas.types = Arc::new(types_of(layers));
    cas.sofas.push(Sofa { id: SOFA_ID, name: INITIAL_VIEW.into(), mime_type: None, text: Some(text.into()) });
    let mut reader = Reader { rows, layers, found: Vec::new(), by_key: HashMap::new(), relations: Vec::new(), row_ids: HashMap::new() };
    reader.row_ids = rows.iter().enumerate().map(|(number, row)| (row.id, number)).collect();
    for number in 0..rows.len() {
        reader.read_row(number);
    }
    reader.write(cas, sentences);
    // Words and sentences of ours are made anew each time.
    if layers.is_empty() || layers.iter().any(|layer| !is_own(&layer.name)) {
        cas.written.clone_from(&cas.structures);
    }
}

fn types_of(layers: &[TsvLayer]) -> Types {
    let (mut types, mut links) = (Types::default(), Vec::new());
    for layer in layers {
        let def = types.0.entry(layer.name.clone()).or_insert_with(|| TypeDef { parent: ANNOTATION.to_owned(), ..TypeDef::default() });
        for column in &layer.columns {
            match column {
                Column::Feature(name) => drop(def.features.insert(name.clone(), Feature::new(STRING, None))),
                Column::Roles(name, link) => {
                    def.features.insert(name.clone(), Feature::new(FS_ARRAY, Some(link)));
                    links.push(link);
                }
                Column::Mark | Column::Targets(_) | Column::Base(_) => {}
            }
        }
        let references: &[&str] = match layer.kind {
            LayerKind::Span => &[],
            LayerKind::Relation => &["Governor", "Dependent"],
            LayerKind::Chain => &["next"],
        };
        for name in references {
            def.features.insert((*name).to_owned(), Feature::new(ANNOTATION, None));
        }
    }
    for link in links {
        let def = types.0.entry(link.clone()).or_insert_with(|| TypeDef { parent: TOP.to_owned(), ..TypeDef::default() });
        def.features.entry("role".to_owned()).or_insert_with(|| Feature::new(STRING, None));
        def.features.entry("target".to_owned()).or_insert_with(|| Feature::new(ANNOTATION, None));
    }
    types
}

struct Reader<'r, 'l> {
    rows: &'r [TsvRow<'l>],
    layers: &'r [TsvLayer],
    found: Vec<Found>,
    by_key: HashMap<(usize, Key), usize>,
    relations: Vec<FoundRelation>,
    row_ids: HashMap<&'l str, usize>,
}

impl Reader<'_, '_> {
    fn read_row(&mut self, number: usize) {
        let (rows, layers) = (self.rows, self.layers);
        let Some(row) = rows.get(number) else { return };
        let mut cells = row.cells.iter().copied();
        for (index, layer) in layers.iter().enumerate() {
            let cells: Vec<&str> = cells.by_ref().take(layer.columns.len()).collect();
            if cells.is_empty() {
                break;
            }
            if cells.iter().all(|cell| *cell == "_" || cell.is_empty()) {
                continue;
            }
            let stacked: Vec<Vec<&str>> = cells.iter().map(|cell| split(cell, '|')).collect();
            let count = stacked.iter().map(Vec::len).max().unwrap_or_default();
            for place in 0..count {
                let parts: Vec<&str> = stacked.iter().map(|parts| parts.get(place).copied().unwrap_or("*")).collect();
                match layer.kind {
                    LayerKind::Span => self.read_span(number, index, place, &parts),
                    LayerKind::Chain => self.read_link(number, index, place, &parts),
                    LayerKind::Relation => self.read_relation(number, index, &parts),
                }
            }
        }
    }

    /// The annotation of a key, made where it is new, its place made to hold the row; true when it is new.
    fn annotation(&mut self, layer: usize, key: Key, row: usize) -> Option<(&mut Found, bool)> {
        let place = self.rows.get(row)?.place;
        let next = self.found.len();
        let index = *self.by_key.entry((layer, key)).or_insert(next);
        if index == next {
            self.found.push(Found { layer, place, features: Vec::new(), slots: Vec::new() });
        }
        let found = self.found.get_mut(index)?;
        found.place = (found.place.0.min(place.0), found.place.1.max(place.1));
        Some((found, index == next))
    }

    fn read_span(&mut self, row: usize, layer: usize, place: usize, parts: &[&str]) {
        let Some(columns) = self.layers.get(layer).map(|layer| &layer.columns) else { return };
        let own = columns.iter().zip(parts).filter(|(column, _)| !matches!(column, Column::Targets(_) | Column::Base(_)));
        let id = own.filter_map(|(_, part)| bracketed(part).1).next().and_then(|id| id.parse().ok());
        let key = id.map_or(Key::Row(row, place), Key::Id);
        let Some((found, true)) = self.annotation(layer, key, row) else { return };
        let mut roles: Option<(&String, &String, Vec<String>)> = None;
        for (column, part) in columns.iter().zip(parts) {
            let (value, _) = bracketed(part);
            match column {
                Column::Feature(name) if value != "*" && value != "_" => found.features.push((name.clone(), unescape(value))),
                Column::Roles(feature, link) => roles = Some((feature, link, split(value, ';').into_iter().map(word).collect())),
                Column::Targets(kind) => {
                    let Some((feature, link, roles)) = roles.take() else { continue };
                    let targets = split(part, ';').into_iter().filter(|target| *target != "*" && *target != "_");
                    let pairs: Vec<(String, String)> = roles.into_iter().zip(targets.map(str::to_owned)).collect();
                    if !pairs.is_empty() {
                        found.slots.push((feature.clone(), link.clone(), kind.clone(), pairs));
                    }
                }
                _ => {}
            }
        }
    }

    fn read_link(&mut self, row: usize, layer: usize, place: usize, parts: &[&str]) {
        let Some(columns) = self.layers.get(layer).map(|layer| &layer.columns) else { return };
        let address = parts.first().and_then(|part| part.rsplit_once("->"));
        let numbers = address.and_then(|(_, numbers)| numbers.split_once('-'));
        let key = numbers.and_then(|(chain, at)| Some(Key::Chain(chain.parse().ok()?, at.parse().ok()?)));
        let Some((found, true)) = self.annotation(layer, key.unwrap_or(Key::Row(row, place)), row) else { return };
        for (column, part) in columns.iter().zip(parts) {
            let value = part.rsplit_once("->").map_or_else(|| bracketed(part).0, |(value, _)| value);
            if let Column::Feature(name) = column
                && value != "*"
                && value != "_"
            {
                found.features.push((name.clone(), unescape(value)));
            }
        }
    }

    fn read_relation(&mut self, row: usize, layer: usize, parts: &[&str]) {
        let Some(columns) = self.layers.get(layer).map(|layer| &layer.columns) else { return };
        let mut relation = FoundRelation { layer, row, features: Vec::new(), address: String::new() };
        for (column, part) in columns.iter().zip(parts) {
            match column {
                Column::Base(_) => (*part).clone_into(&mut relation.address),
                Column::Feature(name) => {
                    let value = bracketed(part).0;
                    if value != "*" && value != "_" {
                        relation.features.push((name.clone(), unescape(value)));
                    }
                }
                _ => {}
            }
        }
        if !matches!(relation.address.as_str(), "" | "*" | "_") {
            self.relations.push(relation);
        }
    }

    /// The annotation of a type that a row begins, with the number that tells it from others; 0 and none for the only one.
    fn find(&self, kind: &str, row: usize, id: Option<u64>) -> Option<usize> {
        let layers = self.layers.iter().enumerate().filter(|(_, layer)| layer.name == kind || kind == ANNOTATION);
        let layers = layers.filter(|(_, layer)| layer.kind != LayerKind::Relation).map(|(index, _)| index);
        let key = id.filter(|id| *id > 0).map_or(Key::Row(row, 0), Key::Id);
        let found = layers.clone().find_map(|layer| self.by_key.get(&(layer, key)).copied());
        found.or_else(|| layers.clone().find_map(|layer| self.by_key.get(&(layer, Key::Row(row, 0))).copied()))
    }

    fn row(&self, address: &str) -> Option<usize> {
        self.row_ids.get(address).copied()
    }

    fn write(&self, cas: &mut Cas<'static>, sentences: &[(usize, usize)]) {
        // Numbers: the text, all annotations, all rows, then the rest.
        let first_row = SOFA_ID + 1 + self.found.len() as u64;
        let mut next = first_row + self.rows.len() as u64;
        for (number, found) in self.found.iter().enumerate() {
            let Some(layer) = self.layers.get(found.layer) else { continue };
            let mut structure = placed(annotation_id(number), &layer.name, found.place, &found.features);
            for (feature, link, kind, pairs) in &found.slots {
                let mut links = Vec::new();
                for (role, target) in pairs {
                    let (address, id) = bracketed(target);
                    let target = self.row(address).and_then(|row| self.find(kind, row, id.and_then(|id| id.parse().ok())));
                    let mut features = Vec::new();
                    if !role.is_empty() {
                        features.push(("role".into(), Value::Text(role.clone().into())));
                    }
                    // What is not there is said when the sheet is made.
                    features.push(("target".into(), Value::Ref(target.map_or(0, annotation_id))));
                    cas.structures.push(Structure { id: next, kind: if link.is_empty() { TOP.into() } else { link.clone().into() }, features });
                    links.push(next);
                    next += 1;
                }
                structure.features.push((feature.clone().into(), Value::Refs(links)));
            }
            cas.structures.push(structure);
        }
        self.write_chains(cas);
        self.write_relations(cas, first_row, &mut next);
        for (number, row) in self.rows.iter().enumerate().filter(|(_, row)| row.is_token()) {
            cas.structures.push(placed(first_row + number as u64, TOKEN, row.place, &[]));
        }
        for place in sentences {
            cas.structures.push(placed(next, SENTENCE, *place, &[]));
            next += 1;
        }
    }

    fn write_chains(&self, cas: &mut Cas<'static>) {
        let mut chains: BTreeMap<(usize, u64), BTreeMap<u64, usize>> = BTreeMap::new();
        for ((layer, key), index) in &self.by_key {
            if let Key::Chain(chain, at) = key {
                chains.entry((*layer, *chain)).or_default().insert(*at, *index);
            }
        }
        let mut following: HashMap<u64, u64> = HashMap::new();
        for links in chains.values() {
            let ids: Vec<u64> = links.values().map(|index| annotation_id(*index)).collect();
            following.extend(ids.iter().copied().zip(ids.iter().copied().skip(1)));
        }
        for structure in &mut cas.structures {
            if let Some(next) = following.get(&structure.id) {
                structure.features.push(("next".into(), Value::Ref(*next)));
            }
        }
    }

    fn write_relations(&self, cas: &mut Cas<'static>, first_row: u64, next: &mut u64) {
        for relation in &self.relations {
            let Some(layer) = self.layers.get(relation.layer) else { continue };
            let base = layer.columns.iter().find_map(|column| if let Column::Base(base) = column { Some(base.as_str()) } else { None });
            let base = base.unwrap_or(ANNOTATION);
            let (address, ids) = bracketed(&relation.address);
            let (from, to) = ids.and_then(|ids| ids.split_once('_')).unwrap_or(("0", "0"));
            let end = |row: usize, id: &str| {
                let token = (base == TOKEN).then(|| first_row + row as u64);
                token.or_else(|| self.find(base, row, id.parse().ok()).map(annotation_id)).unwrap_or_default()
            };
            let governor = self.row(address).map_or(0, |row| end(row, from));
            let place = self.rows.get(relation.row).map_or((0, 0), |row| row.place);
            let mut structure = placed(*next, &layer.name, place, &relation.features);
            structure.features.push(("Governor".into(), Value::Ref(governor)));
            structure.features.push(("Dependent".into(), Value::Ref(end(relation.row, to))));
            cas.structures.push(structure);
            *next += 1;
        }
    }
}

fn annotation_id(index: usize) -> u64 {
    SOFA_ID + 1 + index as u64
}

fn placed(id: u64, kind: &str, (begin, end): (usize, usize), features: &[(String, String)]) -> Structure<'static> {
    let mut all = vec![("sofa".into(), Value::Ref(SOFA_ID)), ("begin".into(), Value::Offset(begin)), ("end".into(), Value::Offset(end))];
    all.extend(features.iter().map(|(name, value)| (name.clone().into(), Value::Text(value.clone().into()))));
    Structure { id, kind: kind.to_owned().into(), features: all }
}

/// A role; empty for none.
fn word(value: &str) -> String {
    if value == "*" || value == "_" { String::new() } else { unescape(value) }
}

/// Parts between a sign that has no backslash before it.
fn split(cell: &str, sign: char) -> Vec<&str> {
    let mut parts = Vec::new();
    let (mut start, mut is_escaped) = (0, false);
    for (at, c) in cell.char_indices() {
        if c == sign && !is_escaped {
            parts.extend(cell.get(start..at));
            start = at + c.len_utf8();
        }
        is_escaped = c == '\\' && !is_escaped;
    }
    parts.extend(cell.get(start..));
    parts
}

/// A value and what stands in brackets behind it.
fn bracketed(part: &str) -> (&str, Option<&str>) {
    let Some((value, id)) = part.strip_suffix(']').and_then(|rest| rest.rsplit_once('[')) else { return (part, None) };
    let is_number = !id.is_empty() && id.bytes().all(|byte| byte.is_ascii_digit() || byte == b'_');
    let backslashes = value.bytes().rev().take_while(|byte| *byte == b'\\').count();
    if is_number && backslashes % 2 == 0 { (value, Some(id)) } else { (part, None) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escaped_signs_are_no_signs() {
        assert_eq!(split(r"a\|b|c\\|d", '|'), [r"a\|b", r"c\\", "d"]);
        assert_eq!(bracketed("PER[12]"), ("PER", Some("12")));
        assert_eq!(bracketed("1-1[0_3]"), ("1-1", Some("0_3")));
        assert_eq!(bracketed(r"X\[0\]"), (r"X\[0\]", None));
        assert_eq!(bracketed(r"a\\[3]"), (r"a\\", Some("3")));
    }
}
