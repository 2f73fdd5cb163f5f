//! One page of WebAnno TSV: the layers of the file that a document came from with their columns, and ours behind them.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use super::cas::{ANNOTATION, Cas, Index, Structure, Value};
use super::layers::{CLAIM, RELATION, ROLE, SPAN, in_others, is_own, own_part};
use super::tsv_annotations::TOKEN;
use super::tsv_read::{Column, LayerKind, TsvLayer, read_layer};
use super::tsv_rows::{Row, Span, Tokens, push_text, push_value};
use crate::text::Text;
use crate::text::offsets::{OffsetMap, OffsetUnit};

/// A marked place on its way into cells.
struct Mark<'c> {
    structure: &'c Structure<'c>,
    range: Span,
    rows: Vec<usize>,
    /// The number in brackets; 0 for none.
    id: u64,
    /// The number of its chain, and its own in that.
    chain: (u64, u64),
}

/// A layer with what stands in it, by rows.
struct Layer<'c> {
    layer: TsvLayer,
    marks: BTreeMap<usize, Vec<usize>>,
    relations: JoinedByRow<'c>,
}

/// Relations by the rows in which they end.
type JoinedByRow<'c> = BTreeMap<usize, Vec<Joined<'c>>>;

/// A relation with its ends.
#[derive(Clone, Copy)]
struct Joined<'c> {
    structure: &'c Structure<'c>,
    from: End,
    to: End,
}

/// The first row of a place, and the number in brackets.
#[derive(Clone, Copy)]
struct End {
    row: usize,
    id: u64,
}

/// The page.
pub(super) fn page(text: &Text, tokens: &Tokens, cas: &Cas<'_>) -> String {
    let map = OffsetMap::new(text.as_str(), OffsetUnit::Utf16);
    let mut layers = layers(cas);
    let places: BTreeSet<&str> = layers.iter().filter(|layer| layer.kind != LayerKind::Relation).map(|layer| layer.name.as_str()).collect();
    let marks = cas.structures.iter().filter(|structure| places.contains(structure.kind.as_ref()));
    let marks = marks.filter_map(|structure| {
        let (begin, end) = structure.place()?;
        let range = (map.to_byte(begin)?, map.to_byte(end)?);
        Some(Mark { structure, range, rows: Vec::new(), id: 0, chain: (0, 0) })
    });
    let mut marks: Vec<Mark<'_>> = marks.collect();
    marks.sort_by_key(|mark| (mark.range.0, std::cmp::Reverse(mark.range.1), mark.structure.id));
    let (rows, of_marks) = tokens.rows(&marks.iter().map(|mark| mark.range).collect::<Vec<_>>());
    marks.iter_mut().zip(of_marks).for_each(|(mark, rows)| mark.rows = rows);
    marks.retain(|mark| !mark.rows.is_empty());
    layers.iter_mut().for_each(|layer| add_columns(layer, &marks));
    let mut layers: Vec<Layer<'_>> = layers.into_iter().map(|layer| Layer::new(layer, &marks)).collect();
    let index = Index::new(cas);
    number_chains(&mut marks, &layers);
    number_marks(&mut marks, &layers, &index);
    let by_id = marks.iter().enumerate().map(|(number, mark)| (mark.structure.id, number)).collect();
    let mut page = Page { text, map, rows, marks, layers: Vec::new(), by_id, words: BTreeMap::new(), index };
    page.words = page.words_of(cas);
    layers.iter_mut().filter(|layer| layer.layer.kind == LayerKind::Relation).for_each(|layer| page.add_relations(layer, cas));
    layers.extend(page.own_relations(cas));
    page.layers = layers;
    page.write(tokens)
}

/// The layers of marks and relations: those of the file first.
fn layers(cas: &Cas<'_>) -> Vec<TsvLayer> {
    let of_header = cas.header.iter().filter_map(|line| read_layer(line.strip_prefix("#T_")?)).filter(|layer| !is_own(&layer.name));
    let mut layers: Vec<TsvLayer> = of_header.collect();
    for name in [CLAIM, SPAN] {
        layers.push(TsvLayer { kind: LayerKind::Span, name: name.to_owned(), columns: Vec::new() });
    }
    layers.sort_by_key(|layer| layer.kind);
    layers
}

/// Columns for what is said in this layer and has none: all of ours, and what we have added to others.
fn add_columns(layer: &mut TsvLayer, marks: &[Mark<'_>]) {
    let of_layer = || marks.iter().map(|mark| mark.structure).filter(|structure| structure.kind == layer.name);
    let is_ours = is_own(&layer.name);
    let names: BTreeSet<String> = of_layer().flat_map(words_of).filter(|name| is_ours || own_part(name).is_some()).collect();
    let known = |name: &str| layer.columns.iter().any(|column| matches!(column, Column::Feature(known) if known == name));
    let columns: Vec<Column> = names.into_iter().filter(|name| !known(name)).map(Column::Feature).collect();
    let roles = if is_ours { "roles".to_owned() } else { in_others("roles") };
    let has_roles = of_layer().any(|structure| structure.get(&roles).is_some());
    layer.columns.extend(columns);
    if has_roles {
        layer.columns.push(Column::Roles(roles, ROLE.to_owned()));
        layer.columns.push(Column::Targets(ANNOTATION.to_owned()));
    }
}

fn words_of(structure: &Structure<'_>) -> impl Iterator<Item = String> {
    let features = structure.features.iter().filter(|(_, value)| matches!(value, Value::Text(_) | Value::Texts(_)));
    features.map(|(name, _)| name.to_string())
}

impl<'c> Layer<'c> {
    fn new(layer: TsvLayer, marks: &[Mark<'c>]) -> Self {
        let mut by_row: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        for (number, mark) in marks.iter().enumerate().filter(|(_, mark)| mark.structure.kind == layer.name) {
            mark.rows.iter().for_each(|row| by_row.entry(*row).or_default().push(number));
        }
        Self { layer, marks: by_row, relations: BTreeMap::new() }
    }

    /// Our own layers are left out where nothing is in them.
    fn is_needed(&self) -> bool {
        !is_own(&self.layer.name) || !self.marks.is_empty() || !self.relations.is_empty()
    }
}

/// Numbers tell what is one annotation, and which of several in a row is meant.
fn number_marks(marks: &mut [Mark<'_>], layers: &[Layer<'_>], index: &Index<'_, '_>) {
    let layers = || layers.iter().filter(|layer| layer.layer.kind == LayerKind::Span);
    let stacked: BTreeSet<usize> = layers().flat_map(|layer| layer.marks.values()).filter(|marks| marks.len() > 1).flatten().copied().collect();
    // A place of no certain type that fills a role is one of all that begin in its row.
    let mut open: BTreeSet<u64> = BTreeSet::new();
    for layer in layers() {
        for columns in layer.layer.columns.windows(2) {
            let [Column::Roles(feature, _), Column::Targets(kind)] = columns else { continue };
            for mark in marks.iter().filter(|mark| mark.structure.kind == layer.layer.name && kind == ANNOTATION) {
                open.extend(links(mark.structure, feature, index).into_iter().map(|(_, target)| target));
            }
        }
    }
    let mut next = 1;
    for (number, mark) in marks.iter_mut().enumerate().filter(|(_, mark)| mark.chain.0 == 0) {
        if mark.rows.len() > 1 || stacked.contains(&number) || open.contains(&mark.structure.id) {
            mark.id = next;
            next += 1;
        }
    }
}

/// Numbers of chains and of the links in each.
fn number_chains(marks: &mut [Mark<'_>], layers: &[Layer<'_>]) {
    let mut chains = 0;
    for layer in layers.iter().filter(|layer| layer.layer.kind == LayerKind::Chain) {
        let links: Vec<usize> =
            marks.iter().enumerate().filter(|(_, mark)| mark.structure.kind == layer.layer.name).map(|(number, _)| number).collect();
        let at: BTreeMap<u64, usize> = links.iter().filter_map(|number| Some((marks.get(*number)?.structure.id, *number))).collect();
        let next = |marks: &[Mark<'_>], number: usize| at.get(&marks.get(number)?.structure.reference("next")?).copied();
        let before: BTreeMap<usize, usize> = links.iter().filter_map(|number| Some((next(marks, *number)?, *number))).collect();
        for start in links {
            if marks.get(start).is_none_or(|mark| mark.chain.0 > 0) {
                continue;
            }
            let up = |number: &usize| before.get(number).copied().filter(|before| *before != start);
            let mut link = std::iter::successors(Some(start), up).take(marks.len()).last();
            chains += 1;
            let mut place = 1;
            while let Some(number) = link {
                let following = next(marks, number);
                let Some(mark) = marks.get_mut(number).filter(|mark| mark.chain.0 == 0) else { break };
                mark.chain = (chains, place);
                (link, place) = (following, place + 1);
            }
        }
    }
}

/// Roles and what fills them.
fn links(structure: &Structure<'_>, feature: &str, index: &Index<'_, '_>) -> Vec<(Option<String>, u64)> {
    let links = structure.get(feature).map(|value| value.references().to_vec()).unwrap_or_default();
    let links = links.into_iter().filter_map(|id| index.get(id));
    links.filter_map(|link| Some((link.get("role").map(|role| role.to_text().into_owned()), link.reference("target")?))).collect()
}

struct Page<'c> {
    text: &'c Text,
    map: OffsetMap<'c>,
    rows: Vec<Row>,
    marks: Vec<Mark<'c>>,
    layers: Vec<Layer<'c>>,
    /// Marks by the numbers of their structures.
    by_id: BTreeMap<u64, usize>,
    /// The rows of tokens by the numbers of their structures.
    words: BTreeMap<u64, usize>,
    index: Index<'c, 'c>,
}

impl<'c> Page<'c> {
    fn words_of(&self, cas: &Cas<'_>) -> BTreeMap<u64, usize> {
        let rows = self.rows.iter().enumerate().filter(|(_, row)| row.part == 0);
        let rows: BTreeMap<Span, usize> = rows.map(|(number, row)| (row.range, number)).collect();
        let tokens = cas.structures.iter().filter(|structure| structure.kind == TOKEN);
        let row = |structure: &Structure<'_>| {
            let (begin, end) = structure.place()?;
            Some((structure.id, *rows.get(&(self.map.to_byte(begin)?, self.map.to_byte(end)?))?))
        };
        tokens.filter_map(row).collect()
    }

    fn end(&self, structure: &Structure<'_>, name: &str) -> Option<End> {
        let id = structure.reference(name)?;
        match self.by_id.get(&id).and_then(|mark| self.marks.get(*mark)) {
            Some(mark) => Some(End { row: *mark.rows.first()?, id: mark.id }),
            None => Some(End { row: *self.words.get(&id)?, id: 0 }),
        }
    }

    fn joined(&self, structure: &'c Structure<'c>) -> Option<Joined<'c>> {
        Some(Joined { structure, from: self.end(structure, "Governor")?, to: self.end(structure, "Dependent")? })
    }

    fn add_relations(&self, layer: &mut Layer<'c>, cas: &'c Cas<'c>) {
        let structures = cas.structures.iter().filter(|structure| structure.kind == layer.layer.name);
        let mut added = BTreeSet::new();
        for joined in structures.filter_map(|structure| self.joined(structure)) {
            added.extend(words_of(joined.structure).filter(|name| own_part(name).is_some()));
            layer.relations.entry(joined.to.row).or_default().push(joined);
        }
        // Where it begins stays the last column.
        let at = layer.layer.columns.len().saturating_sub(1);
        let known = |name: &String| layer.layer.columns.contains(&Column::Feature(name.clone()));
        let added: Vec<Column> = added.into_iter().filter(|name| !known(name)).map(Column::Feature).collect();
        layer.layer.columns.splice(at..at, added);
    }

    /// Our relations: one layer for each type of places that they join.
    fn own_relations(&self, cas: &'c Cas<'c>) -> Vec<Layer<'c>> {
        let mut by_base: BTreeMap<&str, (BTreeSet<String>, JoinedByRow<'c>)> = BTreeMap::new();
        for joined in cas.structures.iter().filter(|structure| structure.kind == RELATION).filter_map(|structure| self.joined(structure)) {
            let kind = |name| joined.structure.reference(name).and_then(|id| self.index.get(id)).map(|end| end.kind.as_ref());
            let base = kind("Governor").filter(|from| kind("Dependent") == Some(*from)).unwrap_or(ANNOTATION);
            let (features, relations) = by_base.entry(base).or_default();
            features.extend(words_of(joined.structure));
            relations.entry(joined.to.row).or_default().push(joined);
        }
        let layer = |(base, (features, relations)): (&str, (BTreeSet<String>, _))| {
            let columns = features.into_iter().map(Column::Feature).chain([Column::Base(base.to_owned())]).collect();
            let layer = TsvLayer { kind: LayerKind::Relation, name: RELATION.to_owned(), columns };
            Layer { layer, marks: BTreeMap::new(), relations }
        };
        by_base.into_iter().map(layer).collect()
    }

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

    fn needed(&self) -> impl Iterator<Item = &Layer<'c>> {
        self.layers.iter().filter(|layer| layer.is_needed())
    }

    fn header(&self) -> String {
        let mut out = String::from("#FORMAT=WebAnno TSV 3.3\n");
        for TsvLayer { kind, name, columns } in self.needed().map(|layer| &layer.layer) {
            let kind = match kind {
                LayerKind::Span => "SP",
                LayerKind::Chain => "CH",
                LayerKind::Relation => "RL",
            };
            let _ = write!(out, "#T_{kind}={name}");
            for column in columns {
                let _ = match column {
                    Column::Mark => write!(out, "|"),
                    Column::Feature(feature) => write!(out, "|{feature}"),
                    Column::Roles(feature, link) if link.is_empty() => write!(out, "|ROLE_{name}:{feature}"),
                    Column::Roles(feature, link) => write!(out, "|ROLE_{name}:{feature}_{link}"),
                    Column::Targets(kind) => write!(out, "|{kind}"),
                    Column::Base(base) => write!(out, "|BT_{base}"),
                };
            }
            out.push('\n');
        }
        out.push('\n');
        out
    }

    fn push_row(&self, out: &mut String, number: usize, row: Row) {
        let (start, end) = (self.map.to_unit(row.range.0), self.map.to_unit(row.range.1));
        let _ = write!(out, "{}\t{start}-{end}\t", row.address());
        push_text(out, self.text.as_str().get(row.range.0..row.range.1).unwrap_or_default());
        out.push('\t');
        for layer in self.needed() {
            if layer.layer.kind == LayerKind::Relation {
                let relations = layer.relations.get(&number).map(Vec::as_slice).unwrap_or_default();
                for column in &layer.layer.columns {
                    push_cell(out, relations, |out, joined| match column {
                        Column::Feature(feature) => push_feature(out, joined.structure, feature),
                        _ => self.push_base(out, *joined),
                    });
                }
                continue;
            }
            let marks: Vec<&Mark<'_>> = layer.marks.get(&number).into_iter().flatten().filter_map(|mark| self.marks.get(*mark)).collect();
            let mut roles = "";
            for (at, column) in layer.layer.columns.iter().enumerate() {
                if let Column::Roles(feature, _) = column {
                    roles = feature;
                }
                push_cell(out, &marks, |out, mark| self.push_column(out, mark, (at, column), roles));
            }
        }
        out.push('\n');
    }

    fn push_column(&self, out: &mut String, mark: &Mark<'_>, (at, column): (usize, &Column), roles: &str) {
        match column {
            Column::Mark | Column::Base(_) => out.push('*'),
            Column::Feature(feature) => push_feature(out, mark.structure, feature),
            Column::Roles(..) => self.push_roles(out, mark, roles),
            Column::Targets(_) => return self.push_targets(out, mark, roles),
        }
        let (chain, link) = mark.chain;
        match chain {
            0 => push_id(out, mark.id),
            chain if at == 0 => drop(write!(out, "->{chain}-{link}")),
            chain => push_id(out, chain),
        }
    }

    /// The roles of an annotation with the places that fill them.
    fn links(&self, mark: &Mark<'_>, feature: &str) -> Vec<(Option<String>, &Mark<'c>)> {
        let links = links(mark.structure, feature, &self.index).into_iter();
        links.filter_map(|(role, target)| Some((role, self.marks.get(*self.by_id.get(&target)?)?))).collect()
    }

    fn push_roles(&self, out: &mut String, mark: &Mark<'_>, feature: &str) {
        let links = self.links(mark, feature);
        if links.is_empty() {
            out.push('_');
        }
        for (number, (role, _)) in links.iter().enumerate() {
            if number > 0 {
                out.push(';');
            }
            match role {
                Some(role) => push_value(out, role),
                None => out.push('*'),
            }
        }
    }

    fn push_targets(&self, out: &mut String, mark: &Mark<'_>, feature: &str) {
        let links = self.links(mark, feature);
        if links.is_empty() {
            out.push('*');
        }
        for (number, (_, target)) in links.iter().enumerate() {
            if number > 0 {
                out.push(';');
            }
            target.rows.first().iter().for_each(|row| out.push_str(&self.address(**row)));
            push_id(out, target.id);
        }
    }

    fn push_base(&self, out: &mut String, joined: Joined<'_>) {
        let Joined { from, to, .. } = joined;
        out.push_str(&self.address(from.row));
        if from.id + to.id > 0 {
            let _ = write!(out, "[{}_{}]", from.id, to.id);
        }
    }

    fn address(&self, row: usize) -> String {
        self.rows.get(row).map(|row| row.address()).unwrap_or_default()
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

fn push_feature(out: &mut String, structure: &Structure<'_>, feature: &str) {
    match structure.get(feature) {
        Some(value) => push_value(out, &value.to_text()),
        None => out.push('*'),
    }
}

fn push_id(out: &mut String, id: u64) {
    if id > 0 {
        let _ = write!(out, "[{id}]");
    }
}
