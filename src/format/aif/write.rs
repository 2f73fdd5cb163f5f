//! A file for each document and coder.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write as _;

use serde_json::{Map, Value, json};

use super::kept::{Kept, KeptNodes, id_of};
use super::{ASSERTING, FORMAT, ILLOCUTION, KINDS, Kind, SCHEME, kind_of};
use crate::format::aspects::{Aspect, BESIDE_CLAIMS, drop_aspects, drop_entity_details, drop_foreign_residue};
use crate::format::json_out::write_on_one_line;
use crate::format::{FormatError, Item, Items, Ledger, Sink, Tables, WriteOptions};
use crate::model::{AttributeKey, Claim, ClaimId, Filler, Node, Relation, RelationId, Sheet, SpanId};

const NO_PLACE: &str = "AIF has no place for it";
/// Roles that name who makes a claim.
const SPEAKERS: [&str; 8] = ["speaker", "claimer", "claimant", "person", "organization", "source", "actor", "holder"];
/// Where the document has no day: every node must have a point in time.
const NO_DATE: &str = "1970-01-01";
const LOST: [Aspect; 1] = [Aspect::EntityLinks];

/// Writes all documents.
pub(super) fn write(
    tables: &Tables,
    items: &mut Items<'_>,
    options: &WriteOptions,
    sink: &mut dyn Sink,
    ledger: &mut Ledger,
) -> Result<(), FormatError> {
    drop_entity_details(ledger, tables, NO_PLACE);
    for item in items {
        let item = item?;
        ledger.add_document();
        count_losses(&item, ledger);
        for (coder, sheet) in &item.sheets {
            let name = if options.coders.len() > 1 { format!("{}.{coder}.json", item.id) } else { format!("{}.json", item.id) };
            let graph = graph(tables, &item, sheet, ledger);
            let written = sink.create(&name).and_then(|mut out| {
                write_on_one_line(&mut out, &graph)?;
                out.write_all(b"\n")
            });
            written.map_err(|cause| FormatError::writing(&name, cause))?;
        }
        options.step()?;
    }
    Ok(())
}

fn count_losses(item: &Item, ledger: &mut Ledger) {
    let others: Vec<Aspect> = BESIDE_CLAIMS.into_iter().filter(|aspect| *aspect != Aspect::RelationAttributes).collect();
    drop_aspects(ledger, item, &others, NO_PLACE);
    drop_aspects(ledger, item, &LOST, NO_PLACE);
    drop_foreign_residue(ledger, item, FORMAT.name);
    ledger.drop("words outside claims", "only the words of claims are written", item.id.to_string());
    let document = &item.document;
    for (name, value) in [("source", &document.source), ("author", &document.author), ("url", &document.url), ("language", &document.language)] {
        if !value.is_empty() {
            ledger.drop("document fields", NO_PLACE, format!("{}: {name} = {value}", item.id));
        }
    }
    for claim in item.sheets.values().flat_map(|sheet| sheet.claims.values()) {
        ledger.drop("labels of claims", "they come back as Claim", format!("{}: {}", item.id, claim.label));
        if !claim.note.is_empty() {
            ledger.drop("notes of claims", NO_PLACE, format!("{}: {}", item.id, claim.note));
        }
    }
}

fn graph(tables: &Tables, item: &Item, sheet: &Sheet, ledger: &mut Ledger) -> Value {
    let day = item.document.date.as_ref().map_or(NO_DATE, |date| date.as_str());
    let time = format!("{} 00:00:00", if day.len() == NO_DATE.len() { day } else { NO_DATE });
    // What was kept of a map goes with those claims that come from it.
    let comes_back = sheet.claims.values().any(|claim| claim.residue.contains_key(FORMAT.name));
    let kept = if comes_back { Kept::of(item) } else { Kept::default() };
    let (nodes, edges, locutions, ids, speakers) = (Vec::new(), Vec::new(), Vec::new(), BTreeMap::new(), BTreeSet::new());
    let (reserved, places, made) = (kept.ids(), BTreeMap::new(), BTreeSet::new());
    let mut by_node: BTreeMap<String, Vec<&Relation>> = BTreeMap::new();
    for relation in sheet.relations.values() {
        if let Some(id) = id_of(KeptNodes::of(&relation.residue).node.get("nodeID")) {
            by_node.entry(id).or_default().push(relation);
        }
    }
    let mut maker = Maker { tables, item, sheet, ledger, time, nodes, places, reserved, edges, made, by_node, locutions, ids, speakers };
    sheet.claims.iter().for_each(|(id, claim)| maker.claim(*id, claim));
    sheet.claims.iter().for_each(|(id, claim)| maker.fillers(*id, claim));
    maker.relations();
    maker.count_spans();
    maker.finish(kept)
}

/// A node of a map from which relations come.
enum Shared {
    /// It was not written yet.
    Alone,
    /// It was written for another one.
    With(String),
    /// They do not say any more what it says.
    No,
}

struct Maker<'m> {
    tables: &'m Tables,
    item: &'m Item,
    sheet: &'m Sheet,
    ledger: &'m mut Ledger,
    time: String,
    nodes: Vec<Value>,
    /// The id of each node as it is written, by the same as text.
    places: BTreeMap<String, Value>,
    /// Ids of the map from which claims come: no new node gets one.
    reserved: BTreeSet<String>,
    edges: Vec<(String, String)>,
    made: BTreeSet<(String, String)>,
    /// Relations by the id of the node from which they come.
    by_node: BTreeMap<String, Vec<&'m Relation>>,
    locutions: Vec<(String, Value)>,
    ids: BTreeMap<Node, String>,
    // Spans whose words name a speaker.
    speakers: BTreeSet<SpanId>,
}

impl Maker<'_> {
    fn example(&self, what: impl std::fmt::Display) -> String {
        format!("{}: {what}", self.item.id)
    }

    /// A node as it was in the map from which it comes, but for what it says now; a new one where nothing was kept.
    fn node(&mut self, kind: &str, text: &str, mut kept: Map<String, Value>) -> String {
        let old = kept.get("nodeID").cloned().filter(|id| id_of(Some(id)).is_some_and(|id| !self.places.contains_key(&id)));
        let id = old.unwrap_or_else(|| self.new_id().into());
        let name = id_of(Some(&id)).unwrap_or_default();
        self.places.insert(name.clone(), id.clone());
        kept.extend([("nodeID".to_owned(), id), ("text".to_owned(), text.into()), ("type".to_owned(), kind.into())]);
        kept.entry("timestamp").or_insert_with(|| self.time.as_str().into());
        self.nodes.push(kept.into());
        name
    }

    fn new_id(&self) -> String {
        let mut ids = (self.nodes.len() + 1..).map(|number| number.to_string());
        ids.find(|id| !self.reserved.contains(id) && !self.places.contains_key(id)).unwrap_or_default()
    }

    /// The node of an inference, a conflict or a rephrasing.
    fn scheme(&mut self, kind: &Kind, text: &str, mut kept: Map<String, Value>) -> String {
        let was = kept.get("text").and_then(Value::as_str) == Some(text);
        if !was {
            kept.extend([("scheme".to_owned(), text.into()), ("schemeID".to_owned(), kind.scheme_id.into())]);
        }
        self.node(kind.node, text, kept)
    }

    fn edge(&mut self, from: &str, to: &str) {
        let edge = (from.to_owned(), to.to_owned());
        if self.made.insert(edge.clone()) {
            self.edges.push(edge);
        }
    }

    /// The map, with all that was kept of it.
    fn finish(mut self, kept: Kept) -> Value {
        let mut beside = BTreeSet::new();
        for node in kept.nodes {
            if let Some(id) = id_of(node.get("nodeID")).filter(|id| !self.places.contains_key(id)) {
                self.places.insert(id.clone(), node.get("nodeID").cloned().unwrap_or_default());
                beside.insert(id);
                self.nodes.push(node);
            }
        }
        let mut made = std::mem::take(&mut self.made);
        let mut edges = Vec::new();
        for edge in kept.edges {
            let Some((from, to)) = id_of(edge.get("fromID")).zip(id_of(edge.get("toID"))) else { continue };
            let is_there = self.places.contains_key(&from) && self.places.contains_key(&to);
            let is_beside = beside.contains(&from) || beside.contains(&to);
            if made.remove(&(from, to)) || is_there && is_beside {
                edges.push(edge);
            }
        }
        let mut used: BTreeSet<String> = edges.iter().filter_map(|edge| id_of(edge.get("edgeID"))).collect();
        for edge in self.edges.iter().filter(|edge| made.contains(*edge)) {
            let id = (edges.len() + 1..).map(|number| number.to_string()).find(|id| !used.contains(id)).unwrap_or_default();
            used.insert(id.clone());
            let end = |id: &String| self.places.get(id).cloned().unwrap_or_default();
            edges.push(json!({ "edgeID": id, "fromID": end(&edge.0), "toID": end(&edge.1), "formEdgeID": null }));
        }
        let mut locutions = kept.locutions;
        locutions.retain(|row| id_of(row.get("nodeID")).is_some_and(|id| self.places.contains_key(&id)));
        let known: BTreeSet<String> = locutions.iter().filter_map(|row| id_of(row.get("nodeID"))).collect();
        locutions.extend(self.locutions.into_iter().filter(|(id, _)| !known.contains(id)).map(|(_, row)| row));
        json!({ "nodes": self.nodes, "edges": edges, "locutions": locutions })
    }

    fn words(&self, claim: &Claim) -> String {
        claim.content.as_ref().map(|content| self.item.text.quote(content)).unwrap_or_default()
    }

    fn claim(&mut self, id: ClaimId, claim: &Claim) {
        let words = self.words(claim);
        let text = if claim.normalized.trim().is_empty() { &words } else { &claim.normalized };
        let illocution = AttributeKey::from_text(ILLOCUTION);
        let kept = KeptNodes::of_claim(claim);
        let act = claim.attributes.get(&illocution).map(ToString::to_string);
        for (key, value) in claim.attributes.iter().filter(|(key, _)| **key != illocution) {
            self.ledger.drop("attributes of claims", NO_PLACE, self.example(format!("{key} = {value}")));
        }
        if text.trim().is_empty() {
            act.into_iter().for_each(|act| self.ledger.drop("attributes of claims", NO_PLACE, self.example(act)));
            return self.ledger.drop("claims", "they have neither content nor other words", self.example(&claim.label));
        }
        match claim.normalized.trim().is_empty() {
            true => self.ledger.keep("claims", 1),
            false => self.ledger.change("claims", "the coder's words are written instead of the article's", self.example(&claim.normalized)),
        }
        let proposition = self.node("I", text, kept.node);
        self.ids.insert(Node::Claim(id), proposition.clone());
        let names = self.speakers(claim);
        if names.is_empty() && kept.locution.is_none() {
            return act.into_iter().for_each(|act| self.ledger.drop("attributes of claims", "nobody is said to say it", self.example(act)));
        }
        let speaker = names.join(", ");
        let said = if words.trim().is_empty() { text } else { &words };
        let said = if names.is_empty() { said.clone() } else { format!("{speaker}: {said}") };
        self.ledger.keep("attributes of claims", usize::from(act.is_some()));
        let locution = self.node("L", &said, kept.locution.unwrap_or_default());
        let act = self.node("YA", act.as_deref().unwrap_or(ASSERTING), kept.act.unwrap_or_default());
        self.edge(&locution, &act);
        self.edge(&act, &proposition);
        if let (false, Some(node)) = (names.is_empty(), self.places.get(&locution).cloned()) {
            self.locutions.push((locution, json!({ "nodeID": node, "personID": speaker, "start": null, "end": null })));
        }
    }

    /// Names of those who make a claim.
    fn speakers(&mut self, claim: &Claim) -> Vec<String> {
        let mut names = Vec::new();
        for (role, filler) in
            claim.roles.iter().filter(|(role, _)| SPEAKERS.contains(&role.as_str())).flat_map(|(role, all)| all.iter().map(move |one| (role, one)))
        {
            let entity = |id| self.tables.entity(id).map(|(_, entity)| entity.name.clone());
            let name = match filler {
                Filler::Value(value) => Some(value.clone()),
                Filler::Entity(id) => entity(*id),
                Filler::Span(id) => {
                    self.speakers.insert(*id);
                    let span = self.sheet.spans.get(id);
                    span.and_then(|span| span.entity).and_then(entity).or_else(|| span.map(|span| self.item.text.quote(&span.ranges)))
                }
                Filler::Claim(_) => continue,
            };
            match name.map(|name| name.split_whitespace().collect::<Vec<_>>().join(" ")).filter(|name| !name.is_empty()) {
                Some(name) => {
                    self.ledger.change(
                        "fillers of roles",
                        "who makes a claim becomes the speaker of a locution",
                        format!("{}: {role} = {name}", self.item.id),
                    );
                    names.push(name);
                }
                None => self.ledger.drop("fillers of roles", "they have no name", format!("{}: {role}", self.item.id)),
            }
        }
        names
    }

    /// Claims that fill roles are reasons; what else fills roles has no place.
    fn fillers(&mut self, id: ClaimId, claim: &Claim) {
        let conclusion = self.ids.get(&Node::Claim(id)).cloned();
        for (role, filler) in claim.roles.iter().flat_map(|(role, fillers)| fillers.iter().map(move |filler| (role, filler))) {
            let premise = if let Filler::Claim(id) = filler { self.ids.get(&Node::Claim(*id)).cloned() } else { None };
            match (premise, &conclusion) {
                (Some(premise), Some(conclusion)) => {
                    let [inference, ..] = &KINDS;
                    self.ledger.change("fillers of roles", "claims that fill roles become inferences", self.example(role));
                    let scheme = self.scheme(inference, role.as_str(), Map::new());
                    self.edge(&premise, &scheme);
                    self.edge(&scheme, conclusion);
                }
                _ if SPEAKERS.contains(&role.as_str()) && conclusion.is_some() && !matches!(filler, Filler::Claim(_)) => {}
                _ => self.ledger.drop("fillers of roles", NO_PLACE, self.example(format!("{role} = {filler:?}"))),
            }
        }
    }

    /// A conflict may be with an inference that comes later.
    fn relations(&mut self) {
        let mut waiting: Vec<(RelationId, &Relation)> = self.sheet.relations.iter().map(|(id, relation)| (*id, relation)).collect();
        loop {
            let before = waiting.len();
            waiting.retain(|(id, relation)| !self.relation(*id, relation));
            if waiting.len() == before {
                break;
            }
        }
        for (id, relation) in waiting {
            let example = self.example(format!("{} {id}", relation.label));
            self.ledger.drop("relations", "one end is a span, an entity or something without words", example);
        }
    }

    fn relation(&mut self, id: RelationId, relation: &Relation) -> bool {
        let (Some(from), Some(to)) = (self.ids.get(&relation.from).cloned(), self.ids.get(&relation.to).cloned()) else { return false };
        let found = kind_of(relation.label.as_str());
        match found {
            Some(kind) if kind.called(&self.tables.schema) == relation.label.as_str() => self.ledger.keep("relations", 1),
            Some(_) => self.ledger.change(
                "relations",
                "other names for being for or against are not written: a kind of relation has one",
                self.example(&relation.label),
            ),
            None => self.ledger.change(
                "relations",
                "types that are neither for nor against are inferences with their name as scheme",
                self.example(&relation.label),
            ),
        }
        let scheme = self.scheme_of(relation, found);
        self.edge(&from, &scheme);
        self.edge(&scheme, &to);
        self.ids.insert(Node::Relation(id), scheme);
        true
    }

    /// The node of a relation. Several that come from one node share it as long as they say together what it says.
    fn scheme_of(&mut self, relation: &Relation, found: Option<&'static Kind>) -> String {
        let [inference, ..] = &KINDS;
        let key = AttributeKey::from_text(SCHEME);
        let said = relation.attributes.get(&key).filter(|_| found.is_some()).map(ToString::to_string);
        let said = said.filter(|said| !self.tables.schema.relation_types.keys().any(|key| key.as_str() == said));
        for (name, value) in relation.attributes.iter().filter(|(name, _)| said.is_none() || **name != key) {
            self.ledger.drop("attributes of relations", NO_PLACE, self.example(format!("{name} = {value}")));
        }
        self.ledger.keep("attributes of relations", usize::from(said.is_some()));
        let mut kept = KeptNodes::of(&relation.residue).node;
        match self.shared(relation, kept.get("nodeID")) {
            Shared::With(node) => return node,
            Shared::No => drop(kept.remove("nodeID")),
            Shared::Alone => {}
        }
        let kind = found.unwrap_or(inference);
        let was =
            kept.get("text").and_then(Value::as_str).filter(|text| said.is_none() && [kind.scheme, kind.node].contains(text)).map(str::to_owned);
        let text = said.or(was).unwrap_or_else(|| found.map_or(relation.label.as_str(), |kind| kind.scheme).to_owned());
        self.scheme(kind, &text, kept)
    }

    /// Whether a relation may have the node from which it comes, alone or with others that come from there.
    fn shared(&self, relation: &Relation, old: Option<&Value>) -> Shared {
        let Some(old) = id_of(old) else { return Shared::Alone };
        let others = self.by_node.get(&old).map(Vec::as_slice).unwrap_or_default();
        let pairs: BTreeSet<(Node, Node)> = others.iter().map(|other| (other.from, other.to)).collect();
        let (from, to): (BTreeSet<Node>, BTreeSet<Node>) = pairs.iter().copied().unzip();
        let is_same = |other: &&Relation| other.label == relation.label && other.attributes == relation.attributes;
        if pairs.len() != others.len() || pairs.len() != from.len() * to.len() || !others.iter().all(is_same) {
            return Shared::No;
        }
        if self.places.contains_key(&old) { Shared::With(old) } else { Shared::Alone }
    }

    fn count_spans(&mut self) {
        for (id, span) in &self.sheet.spans {
            let example = self.example(format!("{} “{}”", span.label, self.item.text.quote(&span.ranges)));
            match self.speakers.contains(id) {
                true => self.ledger.change("spans", "only their words stay, as speakers", example),
                false => self.ledger.drop("spans", NO_PLACE, example),
            }
        }
    }
}
