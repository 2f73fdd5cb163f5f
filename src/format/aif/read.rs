//! A document for each file: a line for each proposition, as it was said where the file has that, with a claim on it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use serde_json::{Map, Value, json};

use super::kept::{Kept, KeptNodes, id_of};
use super::{ASSERTING, FORMAT, ILLOCUTION, JSON_RULES, KINDS, RULES, SCHEME, meaning};
use crate::format::article::decode_or_ask;
use crate::format::json_size::{has_too_many_values, is_too_large};
use crate::format::record::{Place, Record, to_item};
use crate::format::sheet_builder::{Origin, SheetBuilder};
use crate::format::vocabulary::{Declared, DeclaredAttribute, ExportedNames, Survey, Vocabulary};
use crate::format::{Field, FormatError, ReadOptions, Receiver, Source, base_name, stem};
use crate::model::{AttributeKind, Filler, Finding, LabelKind, Node, Severity, Target, json_place_and_reason, names_of_json};
use crate::text::Ranges;

/// Longer beginnings of a locution are no names.
const MAX_SPEAKER_CHARS: usize = 80;

/// Reads every file of the source.
pub(super) fn read(source: &dyn Source, options: &mut ReadOptions, to: &mut dyn Receiver) -> Result<(), FormatError> {
    let known = options.known.clone();
    let attribute =
        |name: &str, target| DeclaredAttribute { name: name.to_owned(), targets: vec![target], values: Vec::new(), kind: Some(AttributeKind::Text) };
    let labels = vec![("Claim".to_owned(), None, LabelKind::Claim), ("Speaker".to_owned(), None, LabelKind::Entity)];
    let attributes = vec![attribute(ILLOCUTION, Target::Claim), attribute(SCHEME, Target::Relation)];
    let mut vocabulary = Vocabulary::new(&known, Declared { labels, attributes, ..Declared::default() }, ExportedNames::default(), Survey::default());
    for name in source.names() {
        let Some(file) = decode_or_ask(source, &name, options, to)? else { continue };
        match graph_of(&file.decoded.text) {
            Ok(value) => {
                let graph = Graph::of(&value);
                graph.say_trouble(&name, to);
                add_document(&name, &graph, (options, &mut vocabulary), to);
            }
            Err((line, why)) => {
                let mut finding = Finding::new(Severity::Error, JSON_RULES.bad_record, format!("{why}. Nothing of the file was read")).in_file(&name);
                finding.line = line;
                to.finding(finding);
            }
        }
        options.step()?;
    }
    vocabulary.hand_over([&options.coder], to);
    Ok(())
}

fn graph_of(content: &str) -> Result<Value, (Option<usize>, String)> {
    let names = names_of_json(content.as_bytes()).map_err(|error| (Some(error.line()), json_place_and_reason(&error)))?;
    if !names.contains("nodes") {
        return Err((None, "it has no list of nodes".to_owned()));
    }
    if has_too_many_values(content) || is_too_large(content) {
        return Err((None, "it has far too many values for its length".to_owned()));
    }
    serde_json::from_str(content).map_err(|error| (Some(error.line()), json_place_and_reason(&error)))
}

/// A node of the file.
struct NodeRow<'g> {
    id: String,
    kind: &'g str,
    text: &'g str,
    value: &'g Value,
}

/// A file taken apart.
struct Graph<'g> {
    nodes: Vec<NodeRow<'g>>,
    by_id: BTreeMap<String, usize>,
    /// Places of nodes from which edges come, and to which they go.
    sources: BTreeMap<usize, Vec<usize>>,
    targets: BTreeMap<usize, Vec<usize>>,
    edges: &'g [Value],
    locutions: &'g [Value],
    lost_edges: usize,
    doubles: usize,
}

fn list<'g>(value: &'g Value, name: &str) -> &'g [Value] {
    value.get(name).and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default()
}

impl<'g> Graph<'g> {
    fn of(value: &'g Value) -> Self {
        let text = |node: &'g Value, name: &str| node.get(name).and_then(Value::as_str).unwrap_or_default();
        let mut graph = Self {
            nodes: Vec::new(),
            by_id: BTreeMap::new(),
            sources: BTreeMap::new(),
            targets: BTreeMap::new(),
            edges: list(value, "edges"),
            locutions: list(value, "locutions"),
            lost_edges: 0,
            doubles: 0,
        };
        for node in list(value, "nodes") {
            let Some(id) = id_of(node.get("nodeID")).filter(|id| !graph.by_id.contains_key(id)) else {
                graph.doubles += 1;
                continue;
            };
            graph.by_id.insert(id.clone(), graph.nodes.len());
            graph.nodes.push(NodeRow { id, kind: text(node, "type"), text: text(node, "text"), value: node });
        }
        for edge in graph.edges {
            let end = |name: &str| graph.by_id.get(&id_of(edge.get(name))?).copied();
            match (end("fromID"), end("toID")) {
                (Some(from), Some(to)) => {
                    graph.targets.entry(from).or_default().push(to);
                    graph.sources.entry(to).or_default().push(from);
                }
                _ => graph.lost_edges += 1,
            }
        }
        graph
    }

    fn say_trouble(&self, file: &str, to: &mut dyn Receiver) {
        for (count, what) in [(self.lost_edges, "edges lead to nodes that are not there"), (self.doubles, "nodes have no id of their own")] {
            if count > 0 {
                to.finding(Finding::new(Severity::Warning, "aif-bad-graph", format!("{count} {what}; they were left out")).in_file(file));
            }
        }
    }

    fn from(&self, place: usize) -> impl Iterator<Item = (usize, &NodeRow<'g>)> {
        self.sources.get(&place).into_iter().flatten().filter_map(|at| Some((*at, self.nodes.get(*at)?)))
    }

    fn to(&self, place: usize) -> impl Iterator<Item = (usize, &NodeRow<'g>)> {
        self.targets.get(&place).into_iter().flatten().filter_map(|at| Some((*at, self.nodes.get(*at)?)))
    }

    /// How a proposition was said: the illocution, and the locution.
    fn said(&self, proposition: usize) -> Option<(usize, usize)> {
        let acts = self.from(proposition).filter(|(_, node)| node.kind == "YA");
        acts.filter_map(|(act, _)| Some((act, self.from(act).find(|(_, node)| node.kind == "L" && !node.text.trim().is_empty())?.0))).next()
    }
}

/// A line of the text, in bytes: who speaks, and the words.
#[derive(Clone, Copy)]
struct Line {
    start: usize,
    words: usize,
    end: usize,
}

struct Lines {
    text: String,
    by_node: BTreeMap<usize, Line>,
}

impl Lines {
    /// A node's text as a line, once.
    fn add(&mut self, graph: &Graph<'_>, place: usize) -> Option<Line> {
        if let Some(line) = self.by_node.get(&place) {
            return Some(*line);
        }
        let node = graph.nodes.get(place)?;
        let words = node.text.replace(['\n', '\r'], " ");
        let words = words.trim();
        let speaker = match words.split_once(": ") {
            Some((speaker, rest)) if node.kind == "L" && !rest.trim().is_empty() && speaker.chars().count() <= MAX_SPEAKER_CHARS => speaker.len() + 2,
            _ => 0,
        };
        if !self.text.is_empty() {
            self.text.push('\n');
        }
        let start = self.text.len();
        self.text.push_str(words);
        let line = Line { start, words: start + speaker, end: self.text.len() };
        self.by_node.insert(place, line);
        Some(line)
    }
}

fn add_document(name: &str, graph: &Graph<'_>, (options, vocabulary): (&mut ReadOptions, &mut Vocabulary<'_>), to: &mut dyn Receiver) {
    let mut lines = Lines { text: String::new(), by_node: BTreeMap::new() };
    let mut claims = Vec::new();
    let mut used = BTreeSet::new();
    for (place, _) in graph.nodes.iter().enumerate().filter(|(_, node)| node.kind == "I") {
        let said = graph.said(place);
        claims.extend(lines.add(graph, said.map_or(place, |(_, locution)| locution)).map(|line| (place, line, said)));
        used.extend([Some(place), said.map(|(act, _)| act), said.map(|(_, locution)| locution)].into_iter().flatten());
    }
    let title = stem(base_name(name)).to_owned();
    let fields = BTreeMap::from([(Field::Text, lines.text), (Field::Title, title), (Field::FileName, base_name(name).to_owned())]);
    let record = Record { fields, rest: Map::new(), encoding: None };
    let mut item = to_item(record, FORMAT.name, Place::of_line(name, 1), options, to);
    let mut out = SheetBuilder::new(&RULES, (&item.id, &item.text), vocabulary, &mut options.ids, to);
    let from = Origin { file: name, line: None, raw: "" };
    for claim in claims {
        add_claim(&mut out, from, graph, claim);
    }
    add_relations(&mut out, from, graph, &mut used);
    let sheet = out.finish();
    if !sheet.is_blank() {
        item.sheets.insert(options.coder.clone(), Arc::new(sheet));
    }
    let rest: Vec<&Value> = graph.nodes.iter().enumerate().filter(|(place, _)| !used.contains(place)).map(|(_, node)| node.value).collect();
    if !rest.is_empty() {
        let message = format!("{} nodes join locutions or stand for nothing else here; they were kept aside", rest.len());
        to.finding(Finding::new(Severity::Note, "aif-left-out", message).in_file(name).about(&item.id));
    }
    let kept = Kept { nodes: rest.into_iter().cloned().collect(), edges: graph.edges.to_vec(), locutions: graph.locutions.to_vec() };
    item.document.residue.insert(FORMAT.name.to_owned(), json!(kept).to_string());
    to.item(item);
}

fn add_claim(
    out: &mut SheetBuilder<'_, 'static, '_>,
    from: Origin<'_>,
    graph: &Graph<'_>,
    (place, line, said): (usize, Line, Option<(usize, usize)>),
) {
    let Some(node) = graph.nodes.get(place) else { return };
    let raw = node.value.to_string();
    let from = Origin { raw: &raw, ..from };
    if !out.admit(from, None, 2) {
        return;
    }
    let range = |start: usize, end: usize| out.text().range(start, end).ok().map(Ranges::from);
    let (content, speaker) = (range(line.words, line.end), range(line.start, line.words.saturating_sub(2)));
    let words = content.as_ref().map(|content| out.text().quote(content)).unwrap_or_default();
    let label = out.label(from, "Claim");
    let made = out.add_claim(label, content);
    out.set_node(node.id.clone(), made);
    let Node::Claim(id) = made else { return };
    if let Some(claim) = out.sheet.claims.get_mut(&id).filter(|_| node.text.trim() != words) {
        claim.normalized = node.text.to_owned();
    }
    if let Some(speaker) = speaker.filter(|_| line.words > line.start) {
        let label = out.label(from, "Speaker");
        if let Node::Span(span) = out.add_span(label, speaker) {
            out.fill(id, "speaker", Filler::Span(span));
        }
    }
    let (act, locution) = said.and_then(|(act, locution)| graph.nodes.get(act).zip(graph.nodes.get(locution))).unzip();
    out.set_residue(made, KeptNodes { node: object(node), locution: locution.map(object), act: act.map(object) }.to_residue());
    let act = act.map(|act| act.text).filter(|text| !text.is_empty() && *text != ASSERTING);
    act.into_iter().for_each(|act| out.set_attribute(from, made, ILLOCUTION, act));
}

fn object(node: &NodeRow<'_>) -> Map<String, Value> {
    node.value.as_object().cloned().unwrap_or_default()
}

/// Two passes, because a conflict may be with an inference that comes later.
fn add_relations(out: &mut SheetBuilder<'_, 'static, '_>, from: Origin<'_>, graph: &Graph<'_>, used: &mut BTreeSet<usize>) {
    let mut waiting: Vec<usize> =
        (0..graph.nodes.len()).filter(|place| graph.nodes.get(*place).is_some_and(|node| KINDS.iter().any(|kind| kind.node == node.kind))).collect();
    loop {
        let before = waiting.len();
        waiting.retain(|place| !add_relation(out, from, graph, *place, used));
        if waiting.len() == before {
            return;
        }
    }
}

/// False where one of the ends is not there (yet).
fn add_relation(out: &mut SheetBuilder<'_, 'static, '_>, from: Origin<'_>, graph: &Graph<'_>, place: usize, used: &mut BTreeSet<usize>) -> bool {
    let Some(node) = graph.nodes.get(place) else { return true };
    let Some(kind) = KINDS.iter().find(|kind| kind.node == node.kind) else { return true };
    let placed = |node: &NodeRow<'_>| out.node(&node.id);
    let premises: Vec<Node> = graph.from(place).filter_map(|(_, node)| placed(node)).collect();
    let conclusions: Vec<Node> = graph.to(place).filter_map(|(_, node)| placed(node)).collect();
    if premises.is_empty() || conclusions.is_empty() {
        return false;
    }
    used.insert(place);
    let raw = node.value.to_string();
    let from = Origin { raw: &raw, ..from };
    let scheme = [node.value.get("scheme").and_then(Value::as_str).unwrap_or_default(), node.text]
        .into_iter()
        .find(|scheme| !scheme.is_empty() && *scheme != kind.scheme);
    // A relation's own name, unless that says the contrary.
    let called = kind.called(out.vocabulary.schema());
    let own = scheme.filter(|scheme| out.vocabulary.knows_relation(scheme) && meaning(scheme) == kind.node);
    for (premise, conclusion) in premises.iter().flat_map(|premise| conclusions.iter().map(move |conclusion| (*premise, *conclusion))) {
        if !out.admit(from, None, 1) {
            return true;
        }
        let relation = out.add_relation(own.unwrap_or(called), premise, conclusion);
        out.set_residue(relation, KeptNodes { node: object(node), ..KeptNodes::default() }.to_residue());
        if out.node(&node.id).is_none() {
            out.set_node(node.id.clone(), relation);
        }
        let scheme = scheme.filter(|scheme| own.is_none() && *scheme != kind.node);
        scheme.into_iter().for_each(|scheme| out.set_attribute(from, relation, SCHEME, scheme));
    }
    true
}
