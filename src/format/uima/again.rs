//! Writes rows as what they came from: structures of other programs get the places, labels and values that the rows have now, and
//! everything else of the file stands beside them as it stood there.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use super::cas::{DOCUMENT_ANNOTATION, FS_ARRAY, Feature, STRING, STRING_ARRAY, Structure, Types, Value, is_array, short_name};
use super::kept::{Kept, KeptRow, TypeUse, as_range};
use super::layers::{META_DATA, ROLE, in_others, own_feature, own_part};
use super::names::{feature_name, is_fixed};
use crate::model::{Attributes, EntityId, Filler, Node, RoleKey, Sheet};

/// What a row of ours says that decides how it is written.
pub(super) struct RowParts<'r> {
    pub(super) node: Node,
    pub(super) label: &'r str,
    pub(super) attributes: &'r Attributes,
    pub(super) entity: Option<EntityId>,
}

/// A file of another program while rows are written into it.
pub(super) struct Again {
    kept: Kept,
    index: HashMap<u64, usize>,
    by_node: HashMap<Node, usize>,
    /// The type and the words of labels that are in the file, for spans, claims and relations.
    words: [BTreeMap<String, (String, Option<String>)>; 3],
    /// Links of chains, and those of them that are still there.
    links: HashSet<u64>,
    linked: HashSet<u64>,
    /// What nothing refers to and no view lists.
    roots: HashSet<u64>,
    /// Structures of ours that have become a part of another one.
    merged: HashSet<u64>,
    /// Types of relations, and those of the places that they begin and end at.
    ends: BTreeSet<(String, &'static str, String)>,
    /// Where structures of now stand among those that are written.
    written: HashMap<u64, usize>,
}

fn kind_of(node: Node) -> usize {
    match node {
        Node::Span(_) | Node::Entity(_) => 0,
        Node::Claim(_) => 1,
        Node::Relation(_) => 2,
    }
}

impl Again {
    /// With what was kept.
    pub(super) fn new(kept: Kept) -> Self {
        let index = kept.index();
        let by_node = kept.rows.iter().enumerate().map(|(at, row)| (row.node, at)).collect();
        let mut words: [BTreeMap<_, _>; 3] = Default::default();
        for row in &kept.rows {
            let Some(structure) = index.get(&row.id).and_then(|at| kept.structures.get(*at)) else { continue };
            let label = kept.uses.get(structure.kind.as_ref()).and_then(|used| used.label.as_deref());
            let text = label.map(|label| structure.text(label).into_owned()).filter(|text| !text.trim().is_empty());
            // A relation of a chain has no type of its own.
            let is_link = matches!(row.node, Node::Relation(_)) && structure.get("Governor").is_none();
            if let Some(words) = words.get_mut(kind_of(row.node)).filter(|_| !is_link && !row.label.is_empty()) {
                words.entry(row.label.clone()).or_insert_with(|| (structure.kind.clone().into_owned(), text));
            }
        }
        let of_chain = kept.rows.iter().filter(|row| matches!(row.node, Node::Relation(_)));
        let is_link = |id: &u64| index.get(id).and_then(|at| kept.structures.get(*at)).is_some_and(|structure| structure.get("Governor").is_none());
        let links = of_chain.map(|row| row.id).filter(is_link).collect();
        let referred: HashSet<u64> = kept.structures.iter().flat_map(Structure::references).collect();
        let is_root = |id: &u64| !referred.contains(id) && kept.members.as_ref().is_some_and(|members| !members.contains(id));
        let roots = index.keys().copied().filter(is_root).collect();
        let mut ends = BTreeSet::new();
        for structure in &kept.structures {
            for name in ["Governor", "Dependent"] {
                if let Some(end) = structure.reference(name).and_then(|id| kept.structures.get(*index.get(&id)?)) {
                    ends.insert((structure.kind.clone().into_owned(), name, end.kind.clone().into_owned()));
                }
            }
        }
        let (linked, merged, written) = Default::default();
        Self { index, by_node, words, links, linked, roots, merged, ends, written, kept }
    }

    /// What was kept.
    pub(super) fn kept(&self) -> &Kept {
        &self.kept
    }

    /// Numbers above this are free.
    pub(super) fn last_id(&self) -> u64 {
        self.kept.structures.iter().map(|structure| structure.id).max().unwrap_or_default().max(self.kept.sofa)
    }

    fn row(&self, node: Node) -> Option<(&KeptRow, &Structure<'static>)> {
        let row = self.kept.rows.get(*self.by_node.get(&node)?)?;
        Some((row, self.structure(row.id)?))
    }

    fn structure(&self, id: u64) -> Option<&Structure<'static>> {
        self.kept.structures.get(*self.index.get(&id)?)
    }

    /// The number that a row had; none for one that was a link of a chain.
    pub(super) fn id_of(&self, node: Node) -> Option<u64> {
        let (row, structure) = self.row(node)?;
        let is_link = matches!(node, Node::Relation(_)) && structure.get("Governor").is_none();
        (!is_link).then_some(row.id)
    }

    /// True for a relation that is a link of a chain, from and to the same as before.
    pub(super) fn is_link(&mut self, node: Node, label: &str, (from, to): (u64, u64)) -> bool {
        let Some((row, structure)) = self.row(node) else { return false };
        let is_same = row.label == label && row.id == from && structure.reference("next") == Some(to) && structure.get("Governor").is_none();
        if is_same {
            self.linked.insert(from);
        }
        is_same
    }

    /// True where the roles of a claim are filled as they were.
    pub(super) fn has_same_roles(&self, node: Node, roles: &BTreeMap<RoleKey, Vec<Filler>>) -> bool {
        self.row(node).is_some_and(|(row, _)| row.roles == *roles)
    }

    /// The annotation of the whole text.
    pub(super) fn document_annotation(&self) -> Option<Structure<'static>> {
        let is_one = |structure: &&Structure<'_>| structure.kind == META_DATA || self.kept.types.is_a(&structure.kind, DOCUMENT_ANNOTATION);
        self.kept.structures.iter().find(is_one).cloned()
    }

    /// A row of ours as a structure of the type that it came from, or that others with its label have. `before` are the structures that were
    /// written already.
    pub(super) fn dress<'c>(&mut self, own: Structure<'c>, row: &RowParts<'_>, before: &mut [Structure<'c>]) -> Structure<'c> {
        let new = self.written.len()..before.len();
        self.written.extend(new.filter_map(|at| Some((before.get(at)?.id, at))));
        let old = self.row(row.node).filter(|_| own.get("begin").is_some());
        let old = old.map(|(row, structure)| (row.clone(), structure.clone()));
        let (was, mut structure) = match old {
            Some((was, structure)) => (Some(was), structure),
            None => match self.like(row, &own, before) {
                Some(kind) => (None, Structure { id: own.id, kind: kind.into(), features: Vec::new() }),
                None => return own,
            },
        };
        structure.id = own.id;
        let used = self.kept.uses.get(structure.kind.as_ref()).cloned().unwrap_or_default();
        self.set_label(&mut structure, &used, was.as_ref(), row);
        let stays = was.is_some() && self.has_same_ends(&structure, &own, before);
        for (name, value) in &own.features {
            match name.as_ref() {
                "begin" | "end" if stays => {}
                "sofa" | "begin" | "end" | "Governor" | "Dependent" => structure.set(name, value.clone()),
                "label" => {}
                "roles" => self.set_roles(&mut structure, &used, value, before),
                "entity" | "entityName" if was.as_ref().is_some_and(|was| was.entity == row.entity) && structure.get("identifier").is_some() => {}
                name if is_fixed(name) => structure.set(&in_others(name), value.clone()),
                _ => {}
            }
        }
        if was.as_ref().is_some_and(|was| was.entity.is_some() && was.entity != row.entity) {
            structure.remove("identifier");
        }
        self.set_attributes(&mut structure, was.as_ref(), row.attributes, &own);
        // Nobody can add features to the types that UIMA itself has.
        let has_ours = structure.features.iter().any(|(name, _)| own_part(name).is_some());
        if has_ours && structure.kind.starts_with("uima.") { own } else { structure }
    }

    /// True for a relation between the same places as before: some programs say that it stands at both of its ends.
    fn has_same_ends(&self, structure: &Structure<'_>, own: &Structure<'_>, before: &[Structure<'_>]) -> bool {
        let is_same = |name: &str| {
            let Some(id) = own.reference(name).filter(|id| structure.reference(name) == Some(*id)) else { return false };
            let now = self.written.get(&id).and_then(|at| before.get(*at)).and_then(Structure::place);
            now.is_some() && now == self.structure(id).and_then(Structure::place)
        };
        is_same("Governor") && is_same("Dependent")
    }

    /// The type of annotations with this label, or the only one that there is.
    fn like(&self, row: &RowParts<'_>, own: &Structure<'_>, before: &[Structure<'_>]) -> Option<String> {
        own.get("begin")?;
        let words = self.words.get(kind_of(row.node))?;
        let kind = match words.get(row.label) {
            Some((kind, _)) => kind,
            None => {
                let mut kinds = words.values().filter(|(_, text)| text.is_some()).map(|(kind, _)| kind);
                let first = kinds.next()?;
                kinds.all(|kind| kind == first).then_some(first)?
            }
        };
        let fits = |name: &'static str| {
            let Some(id) = own.reference(name) else { return true };
            let end = self.written.get(&id).and_then(|at| before.get(*at));
            end.is_some_and(|end| self.ends.contains(&(kind.clone(), name, end.kind.clone().into_owned())))
        };
        (!kind.starts_with("uima.") && fits("Governor") && fits("Dependent")).then(|| kind.clone())
    }

    fn set_label(&self, structure: &mut Structure<'_>, used: &TypeUse, was: Option<&KeptRow>, row: &RowParts<'_>) {
        if was.is_some_and(|was| was.label == row.label) {
            return;
        }
        let words = self.words.get(kind_of(row.node)).and_then(|words| words.get(row.label));
        let same_kind = words.filter(|(kind, _)| *kind == structure.kind);
        match (&used.label, same_kind) {
            (Some(feature), Some((_, Some(text)))) => structure.set(feature, Value::Text(text.clone().into())),
            (Some(feature), None) => structure.set(feature, Value::Text(row.label.to_owned().into())),
            (_, Some((_, None))) | (None, Some(_)) if was.is_none() => {}
            _ if was.is_none() && short_name(&structure.kind) == row.label => {}
            _ => structure.set(&in_others("label"), Value::Text(row.label.to_owned().into())),
        }
    }

    /// Fillers of roles go to the feature that had them, or to the one of this name, or to the first.
    fn set_roles<'c>(&mut self, structure: &mut Structure<'c>, used: &TypeUse, value: &Value<'c>, before: &mut [Structure<'c>]) {
        let (Value::Refs(links), Some(first)) = (value, used.slots.first()) else {
            return structure.set(&in_others("roles"), value.clone());
        };
        let mut of_roles: BTreeMap<String, &String> = used.slots.iter().map(|slot| (slot.clone(), slot)).collect();
        let mut link_kinds: BTreeMap<&String, Option<String>> = BTreeMap::new();
        for slot in &used.slots {
            let links = structure.get(slot).map(|value| value.references().to_vec()).unwrap_or_default();
            for link in self.opened(&links).filter(|link| link.get("target").is_some()) {
                of_roles.insert(link.text("role").into_owned(), slot);
                link_kinds.insert(slot, Some(link.kind.clone().into_owned()));
            }
            let element = self.kept.types.feature(&structure.kind, slot).and_then(|feature| feature.element.clone());
            let is_link = |kind: &String| self.kept.types.feature(kind, "target").is_some();
            let kind = link_kinds.entry(slot).or_default();
            if kind.is_none() {
                *kind = element.filter(is_link);
            }
        }
        let mut filled: BTreeMap<&String, Vec<u64>> = BTreeMap::new();
        for id in links {
            let Some(link) = before.iter_mut().rev().find(|structure| structure.id == *id && structure.kind == ROLE) else { continue };
            let slot = of_roles.get(link.text("role").as_ref()).copied().unwrap_or(first);
            match link_kinds.get(slot) {
                Some(Some(kind)) => {
                    link.kind = kind.clone().into();
                    filled.entry(slot).or_default().push(*id);
                }
                // Such a slot holds what fills it itself.
                _ if link.text("role") == slot.as_str() => {
                    self.merged.insert(*id);
                    filled.entry(slot).or_default().extend(link.reference("target"));
                }
                _ => {
                    let name = in_others("roles");
                    let mut all = structure.get(&name).map(|value| value.references().to_vec()).unwrap_or_default();
                    all.push(*id);
                    structure.set(&name, Value::Refs(all));
                }
            }
        }
        for slot in &used.slots {
            match filled.remove(slot) {
                Some(links) => structure.set(slot, Value::Refs(links)),
                None => structure.remove(slot),
            }
        }
    }

    /// The structures of references, through arrays.
    fn opened<'s>(&'s self, ids: &'s [u64]) -> impl Iterator<Item = &'s Structure<'static>> {
        let array = |structure: &'s Structure<'static>| structure.get("elements").filter(|_| is_array(&structure.kind)).map(Value::references);
        let open = move |id: &'s u64| {
            self.structure(*id).map_or_else(Vec::new, |structure| {
                array(structure).map_or_else(|| vec![structure], |ids| ids.iter().filter_map(|id| self.structure(*id)).collect())
            })
        };
        ids.iter().flat_map(open)
    }

    fn set_attributes<'c>(&self, structure: &mut Structure<'c>, was: Option<&KeptRow>, now: &Attributes, own: &Structure<'c>) {
        let none = Attributes::new();
        let was = was.map_or(&none, |was| &was.attributes);
        let keys: BTreeSet<_> = was.keys().chain(now.keys()).collect();
        for key in keys.into_iter().filter(|key| was.get(*key) != now.get(*key)) {
            let known = |structure: &Structure<'_>, feature: &str| {
                structure.get(feature).is_some() || self.kept.types.feature(&structure.kind, feature).is_some()
            };
            let mut features = self.kept.attributes.iter().filter(|(_, known)| *known == key).map(|(feature, _)| feature.as_str());
            let feature = features.find(|feature| known(structure, feature));
            let name = feature_name(key.as_str());
            let value = own.get(&name).filter(|_| now.contains_key(key));
            let range = |feature| self.kept.types.feature(&structure.kind, feature).map_or(STRING, |feature| feature.range.as_str());
            match (feature, value) {
                (Some(feature), Some(value)) => match as_range(value, range(feature)) {
                    Some(value) => structure.set(feature, value),
                    None => {
                        structure.remove(feature);
                        structure.set(&in_others(&name), value.clone());
                    }
                },
                (Some(feature), None) => structure.remove(feature),
                (None, Some(value)) => structure.set(&in_others(&name), value.clone()),
                (None, None) => {}
            }
        }
    }

    /// All structures of the file, those of ours behind the others; which of them are listed; and the types of the others. Also whether
    /// something was left out because the text is another one now.
    pub(super) fn finish<'c>(mut self, text: &str, sheet: Option<&Sheet>, ours: Vec<Structure<'c>>) -> Finished<'c> {
        let is_same_text = self.kept.text == text;
        let mut rows: HashMap<u64, Structure<'c>> = HashMap::new();
        let mut added = Vec::new();
        for structure in ours.into_iter().filter(|structure| !self.merged.contains(&structure.id)) {
            match self.index.contains_key(&structure.id) {
                true => drop(rows.insert(structure.id, structure)),
                false => added.push(structure),
            }
        }
        let was_row: HashSet<u64> = self.kept.rows.iter().map(|row| row.id).collect();
        let mut has_lost = false;
        self.unset_document_values(sheet);
        let mut all: Vec<Structure<'c>> = Vec::with_capacity(self.kept.structures.len() + added.len());
        for structure in std::mem::take(&mut self.kept.structures) {
            let is_row = was_row.contains(&structure.id);
            if let Some(row) = rows.remove(&structure.id) {
                all.push(row);
            } else if !is_row && !is_same_text && structure.place().is_some() {
                has_lost = true;
            } else if !is_row {
                all.push(structure);
            }
        }
        for structure in &mut all {
            if self.links.contains(&structure.id) && !self.linked.contains(&structure.id) {
                structure.remove("next");
            }
        }
        all.extend(added);
        let members = self.strip(&mut all);
        let mut types = std::mem::take(&mut self.kept.types);
        add_ours(&mut types, &all);
        Finished { structures: all, members, types, has_lost }
    }

    /// What a coder says about the document otherwise now stands with our own fields.
    fn unset_document_values(&mut self, sheet: Option<&Sheet>) {
        let none = Attributes::new();
        let now = sheet.map_or(&none, |sheet| &sheet.info.attributes);
        for value in std::mem::take(&mut self.kept.of_document) {
            if now.get(&value.key) != Some(&value.value)
                && let Some(structure) = self.index.get(&value.id).and_then(|at| self.kept.structures.get_mut(*at))
            {
                structure.remove(&value.feature);
            }
        }
    }

    /// Takes away references to what is not there any more, then the links and lists to which nothing refers any more. Gives what is listed.
    fn strip(&self, all: &mut Vec<Structure<'_>>) -> BTreeSet<u64> {
        let there: HashSet<u64> = all.iter().map(|structure| structure.id).chain([0, self.kept.sofa]).collect();
        for structure in all.iter_mut() {
            // The elements of other arrays are no references.
            if is_array(&structure.kind) && structure.kind != FS_ARRAY && !structure.kind.ends_with("[]") {
                continue;
            }
            structure.features.retain_mut(|(_, value)| match value {
                Value::Ref(id) => there.contains(id),
                Value::Refs(ids) => {
                    ids.retain(|id| there.contains(id));
                    true
                }
                _ => true,
            });
        }
        let was_there: HashSet<u64> = self.index.keys().copied().collect();
        let is_listed = |id: u64| !was_there.contains(&id) || self.kept.members.as_ref().is_none_or(|members| members.contains(&id));
        let at: HashMap<u64, usize> = all.iter().enumerate().map(|(at, structure)| (structure.id, at)).collect();
        let mut waiting: Vec<u64> = all.iter().map(|structure| structure.id).filter(|id| is_listed(*id) || self.roots.contains(id)).collect();
        let mut reached: HashSet<u64> = HashSet::new();
        while let Some(id) = waiting.pop() {
            if reached.insert(id) {
                waiting.extend(at.get(&id).and_then(|at| all.get(*at)).into_iter().flat_map(Structure::references));
            }
        }
        all.retain(|structure| reached.contains(&structure.id));
        reached.into_iter().filter(|id| at.contains_key(id) && is_listed(*id)).collect()
    }
}

/// A file with rows as they are now.
pub(super) struct Finished<'c> {
    pub(super) structures: Vec<Structure<'c>>,
    pub(super) members: BTreeSet<u64>,
    /// Those of the others.
    pub(super) types: Types,
    pub(super) has_lost: bool,
}

/// Describes the features that we have added to types of others.
fn add_ours(types: &mut Types, structures: &[Structure<'_>]) {
    for structure in structures {
        for (name, value) in &structure.features {
            if let Some(part) = own_part(name) {
                let feature = || if is_fixed(part) { own_feature(part) } else { attribute_feature(value) };
                types.add_feature(&structure.kind, name, feature);
            }
        }
    }
}

fn attribute_feature(value: &Value<'_>) -> Feature {
    Feature::new(if matches!(value, Value::Texts(_)) { STRING_ARRAY } else { STRING }, None)
}
