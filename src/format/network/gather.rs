//! From all claims to networks: claims with what fills their roles, actors and concepts, and actors among themselves.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write as _;

use super::graph::{Data, Edge, Graph, Node as GraphNode};
use super::stance::{Part, Stance, part_of, topic_of};
use crate::format::aspects::{Aspect, BESIDE_CLAIMS, drop_aspects, drop_entity_details};
use crate::format::{FormatError, Item, Items, Ledger, Sink, Tables, WriteOptions};
use crate::model::{Claim, ClaimId, CoderKey, EntityId, Filler, Node, Sheet, SpanId};

/// Actors of one concept that are compared; the pairs of more would be millions.
const MAX_ACTORS: usize = 3000;
const NO_PLACE: &str = "networks have no place for it";
const LOST: [Aspect; 1] = [Aspect::Residue];

/// Writes the four networks with an extension and a form.
pub(super) fn write(
    tables: &Tables,
    items: &mut Items<'_>,
    (options, sink, ledger): (&WriteOptions, &mut dyn Sink, &mut Ledger),
    (extension, form): (&str, fn(&Graph) -> String),
) -> Result<(), FormatError> {
    let mut gathering = Gathering { tables, claims: Graph { is_directed: true, ..Graph::default() }, edges: BTreeMap::new(), names: BTreeMap::new() };
    drop_entity_details(ledger, tables, NO_PLACE);
    for item in items {
        let item = item?;
        ledger.add_document();
        drop_aspects(ledger, &item, &BESIDE_CLAIMS, NO_PLACE);
        drop_aspects(ledger, &item, &LOST, NO_PLACE);
        item.sheets.iter().for_each(|(coder, sheet)| gathering.sheet(&item, (coder, sheet), ledger));
        count_fields(&item, ledger);
        options.step()?;
    }
    let (congruence, conflict) = gathering.one_mode(ledger);
    let graphs = [("claims", &gathering.claims), ("actors-concepts", &gathering.two_mode()), ("congruence", &congruence), ("conflict", &conflict)];
    for (name, graph) in graphs {
        let file = format!("{name}.{extension}");
        let written = sink.create(&file).and_then(|mut out| out.write_all(form(graph).as_bytes()));
        written.map_err(|cause| FormatError::writing(&file, cause))?;
    }
    Ok(())
}

fn count_fields(item: &Item, ledger: &mut Ledger) {
    let document = &item.document;
    for (name, value) in [("author", &document.author), ("url", &document.url), ("language", &document.language)] {
        if !value.is_empty() {
            ledger.drop("document fields", NO_PLACE, format!("{}: {name} = {value}", item.id));
        }
    }
    ledger.keep("document fields", usize::from(!document.source.is_empty()) + usize::from(document.date.is_some()));
}

/// What is known of an actor and a concept.
#[derive(Default)]
struct Said {
    claims: usize,
    dates: BTreeSet<String>,
    documents: BTreeSet<String>,
}

struct Gathering<'g> {
    tables: &'g Tables,
    claims: Graph,
    // Actor, concept, stance.
    edges: BTreeMap<(String, String, Stance), Said>,
    // What nodes are called, and what they are.
    names: BTreeMap<String, (String, Data)>,
}

fn data(values: &[(&str, &str)]) -> Data {
    values.iter().filter(|(_, value)| !value.is_empty()).map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

impl Gathering<'_> {
    fn sheet(&mut self, item: &Item, (coder, sheet): (&CoderKey, &Sheet), ledger: &mut Ledger) {
        let mut used: BTreeSet<SpanId> = BTreeSet::new();
        for (id, claim) in &sheet.claims {
            self.claim(item, (coder, sheet), (*id, claim), &mut used, ledger);
        }
        for (id, relation) in &sheet.relations {
            let ends = [relation.from, relation.to].map(|end| self.end(item, (coder, sheet), end));
            match ends {
                [Some(from), Some(to)] => {
                    ledger.keep("relations", 1);
                    self.claims.edges.push(Edge { from, to, label: relation.label.to_string(), weight: 1.0, data: data(&[("kind", "relation")]) });
                    used.extend([relation.from, relation.to].into_iter().filter_map(|end| if let Node::Span(id) = end { Some(id) } else { None }));
                }
                _ => ledger.drop("relations", "one end is a relation or does not exist", format!("{}: {} {id}", item.id, relation.label)),
            }
        }
        for (id, span) in &sheet.spans {
            match used.contains(id) {
                true => ledger.keep("spans", 1),
                false => {
                    ledger.drop("spans", "they fill no role of a claim", format!("{}: {} “{}”", item.id, span.label, item.text.quote(&span.ranges)))
                }
            }
        }
        let links = sheet.spans.iter().filter(|(_, span)| span.entity.is_some());
        for (id, span) in links {
            match used.contains(id) {
                true => ledger.keep("links from mentions to entities", 1),
                false => ledger.drop("links from mentions to entities", "the mention fills no role", format!("{}: {}", item.id, span.label)),
            }
        }
    }

    fn claim(
        &mut self,
        item: &Item,
        (coder, sheet): (&CoderKey, &Sheet),
        (id, claim): (ClaimId, &Claim),
        used: &mut BTreeSet<SpanId>,
        ledger: &mut Ledger,
    ) {
        ledger.keep("claims", 1);
        let words = claim.content.as_ref().map(|content| item.text.quote(content)).unwrap_or_default();
        let stance = Stance::of(&claim.attributes);
        let key = claim_key(item, coder, id);
        let label = if claim.normalized.is_empty() { &words } else { &claim.normalized };
        let mut node = GraphNode { label: label.clone(), data: claim_data(item, coder, (claim, &words, stance)) };
        for (name, value) in &claim.attributes {
            ledger.keep("attributes of claims", 1);
            node.data.insert(format!("attribute_{name}"), value.to_string());
        }
        ledger.keep("normalised texts of claims", usize::from(!claim.normalized.is_empty()));
        if !claim.note.is_empty() {
            ledger.drop("notes of claims", NO_PLACE, format!("{}: {}", item.id, claim.note));
        }
        self.claims.nodes.insert(key.clone(), node);
        let (mut actors, mut concepts) = (BTreeSet::new(), BTreeSet::new());
        for (role, filler) in claim.roles.iter().flat_map(|(role, fillers)| fillers.iter().map(move |filler| (role, filler))) {
            let Some(target) = self.filler(item, (coder, sheet), filler) else {
                ledger.drop("fillers of roles", "it is empty or does not exist", format!("{}: {role} = {filler:?}", item.id));
                continue;
            };
            ledger.keep("fillers of roles", 1);
            used.extend(if let Filler::Span(id) = filler { Some(*id) } else { None });
            self.claims.edges.push(Edge {
                from: key.clone(),
                to: target.clone(),
                label: role.to_string(),
                weight: stance.weight(),
                data: data(&[("kind", "role")]),
            });
            match part_of(role) {
                Some(Part::Actor) => actors.extend([target]),
                Some(Part::Concept) => concepts.extend([target]),
                None => {}
            }
        }
        if let Some(topic) = topic_of(claim).filter(|_| concepts.is_empty()) {
            let own = format!("topic:{topic}");
            self.names.insert(own.clone(), (topic, data(&[("kind", "topic")])));
            concepts.insert(own);
        }
        self.count(item, stance, (&actors, &concepts));
    }

    fn count(&mut self, item: &Item, stance: Stance, (actors, concepts): (&BTreeSet<String>, &BTreeSet<String>)) {
        for (actor, concept) in actors.iter().flat_map(|actor| concepts.iter().map(move |concept| (actor, concept))) {
            let said = self.edges.entry((actor.clone(), concept.clone(), stance)).or_default();
            said.claims += 1;
            said.dates.extend(item.document.date.as_ref().map(ToString::to_string));
            said.documents.insert(item.id.to_string());
        }
    }

    /// The node of what fills a role, which is made where it is new.
    fn filler(&mut self, item: &Item, (coder, sheet): (&CoderKey, &Sheet), filler: &Filler) -> Option<String> {
        match filler {
            Filler::Value(value) if value.trim().is_empty() => None,
            Filler::Value(value) => Some(self.named(value, "value")),
            Filler::Entity(id) => self.entity(*id),
            Filler::Span(id) => self.mention(item, sheet, *id),
            Filler::Claim(id) => {
                let claim = sheet.claims.get(id)?;
                let key = claim_key(item, coder, *id);
                let words = claim.content.as_ref().map(|content| item.text.quote(content)).unwrap_or_default();
                let label = if claim.normalized.is_empty() { words } else { claim.normalized.clone() };
                self.names.entry(key.clone()).or_insert_with(|| (label, data(&[("kind", "claim")])));
                Some(key)
            }
        }
    }

    fn mention(&mut self, item: &Item, sheet: &Sheet, id: SpanId) -> Option<String> {
        let span = sheet.spans.get(&id)?;
        let entity = span.entity.and_then(|entity| self.entity(entity));
        entity.or_else(|| Some(self.named(&item.text.quote(&span.ranges), span.label.as_str())))
    }

    fn entity(&mut self, id: EntityId) -> Option<String> {
        let (id, entity) = self.tables.entity(id)?;
        let references: Vec<&str> = entity.knowledge_base_ids.iter().map(String::as_str).collect();
        let label = entity.label.as_ref().map_or("", |label| label.as_str());
        Some(self.node(
            format!("entity:{id}"),
            &entity.name,
            &[("kind", "entity"), ("label_key", label), ("knowledge_base_ids", &references.join("|"))],
        ))
    }

    fn named(&mut self, name: &str, kind: &str) -> String {
        self.node(format!("name:{name}"), name, &[("kind", "name"), ("label_key", kind)])
    }

    fn node(&mut self, key: String, name: &str, values: &[(&str, &str)]) -> String {
        let values = self.names.entry(key.clone()).or_insert_with(|| (name.to_owned(), data(values)));
        let node = || GraphNode { label: values.0.clone(), data: values.1.clone() };
        self.claims.nodes.entry(key.clone()).or_insert_with(node);
        key
    }

    fn end(&mut self, item: &Item, (coder, sheet): (&CoderKey, &Sheet), end: Node) -> Option<String> {
        match end {
            Node::Span(id) => self.mention(item, sheet, id),
            Node::Claim(id) => sheet.claims.get(&id).map(|_| claim_key(item, coder, id)),
            Node::Entity(id) => self.entity(id),
            Node::Relation(_) => None,
        }
    }

    fn graph_node(&self, key: &str, mode: &str) -> GraphNode {
        let (label, mut data) = self.names.get(key).cloned().unwrap_or_default();
        data.insert("mode".to_owned(), mode.to_owned());
        GraphNode { label, data }
    }

    /// Actors and concepts: an edge for each side that an actor takes.
    fn two_mode(&self) -> Graph {
        let mut graph = Graph { is_directed: true, ..Graph::default() };
        for ((actor, concept, stance), said) in &self.edges {
            graph.nodes.entry(actor.clone()).or_insert_with(|| self.graph_node(actor, "actor"));
            graph.nodes.entry(concept.clone()).or_insert_with(|| self.graph_node(concept, "concept"));
            let (first, last) = (said.dates.first().map_or("", String::as_str), said.dates.last().map_or("", String::as_str));
            let counts = [said.claims.to_string(), said.documents.len().to_string()];
            let [claims, documents] = counts.each_ref().map(String::as_str);
            let values = data(&[("stance", stance.word()), ("claims", claims), ("documents", documents), ("first_date", first), ("last_date", last)]);
            let weight = stance.weight() * said.claims as f64;
            graph.edges.push(Edge { from: actor.clone(), to: concept.clone(), label: stance.word().to_owned(), weight, data: values });
        }
        graph
    }

    /// Actors among themselves: by how many concepts they are on the same side, and on the two sides.
    fn one_mode(&self, ledger: &mut Ledger) -> (Graph, Graph) {
        let mut by_concept: BTreeMap<&str, BTreeSet<(&str, Stance)>> = BTreeMap::new();
        for (actor, concept, stance) in self.edges.keys() {
            by_concept.entry(concept).or_default().insert((actor, *stance));
        }
        let mut same: BTreeMap<(&str, &str), usize> = BTreeMap::new();
        let mut opposed: BTreeMap<(&str, &str), usize> = BTreeMap::new();
        for (concept, actors) in by_concept {
            if actors.len() > MAX_ACTORS {
                ledger.drop("concepts of congruence and conflict", "far too many actors name them", concept);
                continue;
            }
            let (mut agree, mut differ) = (BTreeSet::new(), BTreeSet::new());
            for (one, one_side) in &actors {
                for (other, other_side) in actors.range((*one, Stance::Unset)..).filter(|(other, _)| other != one) {
                    match (*one_side, *other_side) {
                        (a, b) if a == b => agree.extend([(*one, *other)]),
                        (Stance::For, Stance::Against) | (Stance::Against, Stance::For) => differ.extend([(*one, *other)]),
                        _ => {}
                    }
                }
            }
            agree.into_iter().for_each(|pair| *same.entry(pair).or_default() += 1);
            differ.into_iter().for_each(|pair| *opposed.entry(pair).or_default() += 1);
        }
        (self.among_actors(&same), self.among_actors(&opposed))
    }

    fn among_actors(&self, pairs: &BTreeMap<(&str, &str), usize>) -> Graph {
        let actors: BTreeSet<&str> = self.edges.keys().map(|(actor, ..)| actor.as_str()).collect();
        let nodes = actors.into_iter().map(|actor| (actor.to_owned(), self.graph_node(actor, "actor"))).collect();
        let edge = |((from, to), count): (&(&str, &str), &usize)| {
            let (from, to) = ((*from).to_owned(), (*to).to_owned());
            Edge { from, to, label: String::new(), weight: *count as f64, data: Data::new() }
        };
        Graph { is_directed: false, nodes, edges: pairs.iter().map(edge).collect() }
    }
}

fn claim_key(item: &Item, coder: &CoderKey, id: ClaimId) -> String {
    format!("claim:{}:{coder}:{id}", item.id)
}

fn claim_data(item: &Item, coder: &CoderKey, (claim, words, stance): (&Claim, &str, Stance)) -> Data {
    let document = &item.document;
    let date = document.date.as_ref().map_or("", |date| date.as_str());
    data(&[
        ("kind", "claim"),
        ("label_key", claim.label.as_str()),
        ("words", words),
        ("normalized", &claim.normalized),
        ("stance", stance.word()),
        ("coder", coder.as_str()),
        ("document", item.id.as_str()),
        ("document_title", &document.title),
        ("document_source", &document.source),
        ("date", date),
    ])
}
