//! A file for each document and coder.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write as _;

use serde_json::{Value, json};

use super::{FORMAT, KINDS, Kind, kind_of};
use crate::format::aspects::{Aspect, BESIDE_CLAIMS, drop_aspects, drop_entity_details, drop_foreign_residue};
use crate::format::json_out::write_on_one_line;
use crate::format::{FormatError, Item, Items, Ledger, Sink, Tables, WriteOptions};
use crate::model::{Claim, ClaimId, Filler, Node, Relation, RelationId, Sheet, SpanId};

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
    drop_aspects(ledger, item, &BESIDE_CLAIMS, NO_PLACE);
    drop_aspects(ledger, item, &LOST, NO_PLACE);
    drop_foreign_residue(ledger, item, FORMAT.name);
    if item.document.residue.contains_key(FORMAT.name) {
        ledger.drop("leftovers of earlier imports", "nodes that join locutions are not written back", item.id.to_string());
    }
    ledger.drop("words outside claims", "only the words of claims are written", item.id.to_string());
    let document = &item.document;
    for (name, value) in [("source", &document.source), ("author", &document.author), ("url", &document.url), ("language", &document.language)] {
        if !value.is_empty() {
            ledger.drop("document fields", NO_PLACE, format!("{}: {name} = {value}", item.id));
        }
    }
    for claim in item.sheets.values().flat_map(|sheet| sheet.claims.values()) {
        ledger.drop("labels of claims", "they come back as Claim", format!("{}: {}", item.id, claim.label));
        claim.attributes.iter().for_each(|(key, value)| ledger.drop("attributes of claims", NO_PLACE, format!("{}: {key} = {value}", item.id)));
        if !claim.note.is_empty() {
            ledger.drop("notes of claims", NO_PLACE, format!("{}: {}", item.id, claim.note));
        }
    }
}

fn graph(tables: &Tables, item: &Item, sheet: &Sheet, ledger: &mut Ledger) -> Value {
    let day = item.document.date.as_ref().map_or(NO_DATE, |date| date.as_str());
    let time = format!("{} 00:00:00", if day.len() == NO_DATE.len() { day } else { NO_DATE });
    let (nodes, edges, locutions, ids, speakers) = (Vec::new(), Vec::new(), Vec::new(), BTreeMap::new(), BTreeSet::new());
    let mut maker = Maker { tables, item, sheet, ledger, time, nodes, edges, locutions, ids, speakers };
    sheet.claims.iter().for_each(|(id, claim)| maker.claim(*id, claim));
    sheet.claims.iter().for_each(|(id, claim)| maker.fillers(*id, claim));
    maker.relations();
    maker.count_spans();
    json!({ "nodes": maker.nodes, "edges": maker.edges, "locutions": maker.locutions })
}

struct Maker<'m> {
    tables: &'m Tables,
    item: &'m Item,
    sheet: &'m Sheet,
    ledger: &'m mut Ledger,
    time: String,
    nodes: Vec<Value>,
    edges: Vec<Value>,
    locutions: Vec<Value>,
    ids: BTreeMap<Node, String>,
    // Spans whose words name a speaker.
    speakers: BTreeSet<SpanId>,
}

impl Maker<'_> {
    fn example(&self, what: impl std::fmt::Display) -> String {
        format!("{}: {what}", self.item.id)
    }

    fn node(&mut self, kind: &str, text: &str, scheme: Option<&Kind>) -> String {
        let id = (self.nodes.len() + 1).to_string();
        let mut node = json!({ "nodeID": id, "text": text, "type": kind, "timestamp": self.time });
        if let (Some(kind), Some(node)) = (scheme, node.as_object_mut()) {
            node.insert("scheme".to_owned(), text.into());
            node.insert("schemeID".to_owned(), kind.scheme_id.into());
        }
        self.nodes.push(node);
        id
    }

    fn edge(&mut self, from: &str, to: &str) {
        let id = (self.edges.len() + 1).to_string();
        self.edges.push(json!({ "edgeID": id, "fromID": from, "toID": to, "formEdgeID": null }));
    }

    fn words(&self, claim: &Claim) -> String {
        claim.content.as_ref().map(|content| self.item.text.quote(content)).unwrap_or_default()
    }

    fn claim(&mut self, id: ClaimId, claim: &Claim) {
        let words = self.words(claim);
        let text = if claim.normalized.trim().is_empty() { &words } else { &claim.normalized };
        if text.trim().is_empty() {
            return self.ledger.drop("claims", "they have neither content nor other words", self.example(&claim.label));
        }
        match claim.normalized.trim().is_empty() {
            true => self.ledger.keep("claims", 1),
            false => self.ledger.change("claims", "the coder's words are written instead of the article's", self.example(&claim.normalized)),
        }
        let proposition = self.node("I", text, None);
        self.ids.insert(Node::Claim(id), proposition.clone());
        let names = self.speakers(claim);
        if !names.is_empty() {
            let speaker = names.join(", ");
            let said = if words.trim().is_empty() { text } else { &words };
            let (locution, act) = (self.node("L", &format!("{speaker}: {said}"), None), self.node("YA", "Asserting", None));
            self.edge(&locution, &act);
            self.edge(&act, &proposition);
            self.locutions.push(json!({ "nodeID": locution, "personID": speaker, "start": null, "end": null }));
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
                    let scheme = self.node(inference.node, role.as_str(), Some(inference));
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
        let [inference, ..] = &KINDS;
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
        let scheme =
            self.node(found.unwrap_or(inference).node, found.map_or(relation.label.as_str(), |kind| kind.scheme), Some(found.unwrap_or(inference)));
        self.edge(&from, &scheme);
        self.edge(&scheme, &to);
        self.ids.insert(Node::Relation(id), scheme);
        true
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
