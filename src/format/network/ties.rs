//! Ties of actors to concepts, and from them those of actors among themselves, as in discourse network analysis: two agree on a
//! concept for which, or against which, both are, and disagree on one where they are on two sides.

use std::collections::{BTreeMap, BTreeSet};

use super::graph::{Data, Edge, Graph, Node, data};
use super::stance::{Side, Stance};
use crate::format::{Item, Ledger};

/// Actors of one concept that are compared; the pairs of more would be millions.
const MAX_ACTORS: usize = 3000;

/// What is known of an actor, a concept and a side.
#[derive(Default)]
struct Said {
    claims: usize,
    strength: f64,
    dates: BTreeSet<String>,
    documents: BTreeSet<String>,
}

/// Where and when something was said.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct When {
    pub(super) document: String,
    pub(super) date: Option<String>,
}

impl When {
    pub(super) fn of(item: &Item) -> Self {
        Self { document: item.id.to_string(), date: item.document.date.as_ref().map(ToString::to_string) }
    }
}

/// Who is on which side of what.
pub(super) struct Ties<'t> {
    // What nodes are called, and what they are.
    names: &'t BTreeMap<String, (String, Data)>,
    // Actor, concept, side.
    edges: BTreeMap<(String, String, Side), Said>,
}

impl<'t> Ties<'t> {
    pub(super) fn new(names: &'t BTreeMap<String, (String, Data)>) -> Self {
        Self { names, edges: BTreeMap::new() }
    }

    /// A claim in which each actor takes a side on each concept.
    pub(super) fn add(&mut self, when: &When, stance: Stance, (actors, concepts): (&BTreeSet<&str>, &BTreeSet<&str>)) {
        for (actor, concept) in actors.iter().flat_map(|actor| concepts.iter().map(move |concept| (actor, concept))) {
            let said = self.edges.entry(((*actor).to_owned(), (*concept).to_owned(), stance.side)).or_default();
            said.claims += 1;
            said.strength += stance.strength;
            said.dates.extend(when.date.clone());
            said.documents.insert(when.document.clone());
        }
    }

    fn node(&self, key: &str, mode: &str) -> Node {
        let (label, mut data) = self.names.get(key).cloned().unwrap_or_default();
        data.insert("mode".to_owned(), mode.to_owned());
        Node { label, data }
    }

    /// Actors and concepts: an edge for each side that an actor takes. Who is both is two nodes: no edge joins two of a kind.
    pub(super) fn two_mode(&self) -> Graph {
        let mut graph = Graph { is_directed: true, ..Graph::default() };
        for ((actor, concept, side), said) in &self.edges {
            let (from, to) = (format!("actor:{actor}"), format!("concept:{concept}"));
            graph.nodes.entry(from.clone()).or_insert_with(|| self.node(actor, "actor"));
            graph.nodes.entry(to.clone()).or_insert_with(|| self.node(concept, "concept"));
            let (first, last) = (said.dates.first().map_or("", String::as_str), said.dates.last().map_or("", String::as_str));
            let counts = [said.claims.to_string(), said.documents.len().to_string()];
            let [claims, documents] = counts.each_ref().map(String::as_str);
            let values = data(&[("stance", side.word()), ("claims", claims), ("documents", documents), ("first_date", first), ("last_date", last)]);
            graph.edges.push(Edge { from, to, label: side.word().to_owned(), weight: side.sign() * said.strength, data: values });
        }
        graph
    }

    /// Actors among themselves: by how many concepts they are on the same side, and on the two sides.
    pub(super) fn one_mode(&self, ledger: &mut Ledger) -> (Graph, Graph) {
        let mut by_concept: BTreeMap<&str, BTreeSet<(&str, Side)>> = BTreeMap::new();
        for (actor, concept, side) in self.edges.keys().filter(|(.., side)| matches!(side, Side::For | Side::Against)) {
            by_concept.entry(concept).or_default().insert((actor, *side));
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
                for (other, other_side) in actors.range((*one, Side::Unset)..) {
                    let pairs = if one_side == other_side { &mut agree } else { &mut differ };
                    pairs.insert((*one, *other));
                }
            }
            agree.into_iter().for_each(|pair| *same.entry(pair).or_default() += 1);
            differ.into_iter().for_each(|pair| *opposed.entry(pair).or_default() += 1);
        }
        (self.among_actors(&same), self.among_actors(&opposed))
    }

    fn among_actors(&self, pairs: &BTreeMap<(&str, &str), usize>) -> Graph {
        let actors: BTreeSet<&str> = self.edges.keys().map(|(actor, ..)| actor.as_str()).collect();
        let nodes = actors.into_iter().map(|actor| (actor.to_owned(), self.node(actor, "actor"))).collect();
        let edge = |((from, to), count): (&(&str, &str), &usize)| {
            let (from, to) = ((*from).to_owned(), (*to).to_owned());
            Edge { from, to, label: String::new(), weight: *count as f64, data: Data::new() }
        };
        Graph { is_directed: false, nodes, edges: pairs.iter().map(edge).collect() }
    }
}
