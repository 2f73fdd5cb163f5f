//! From all claims to networks: claims with what fills their roles, actors and concepts, and actors among themselves.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write as _;

use super::graph::{Data, Edge, Graph, Node as GraphNode, data};
use super::parts::{Fillers, Part, Parts, topic_of};
use super::stance::{Side, Stance, Stances};
use super::ties::{Ties, When};
use crate::format::aspects::{Aspect, BESIDE_CLAIMS, drop_aspects, drop_entity_details};
use crate::format::{FormatError, Item, Items, Ledger, Sink, Tables, WriteOptions};
use crate::model::{Claim, ClaimId, CoderKey, EntityId, Filler, LabelKey, Node, RoleKey, Sheet, SpanId};

const NO_PLACE: &str = "networks have no place for it";
const LOST: [Aspect; 1] = [Aspect::Residue];
/// In reports: claims in the networks of actors.
const TIES: &str = "claims as ties of actors to concepts";

/// Writes the four networks with an extension and a form.
pub(super) fn write(
    tables: &Tables,
    items: &mut Items<'_>,
    (options, sink, ledger): (&WriteOptions, &mut dyn Sink, &mut Ledger),
    (extension, form): (&str, fn(&Graph) -> String),
) -> Result<(), FormatError> {
    let mut gathering = Gathering::new(tables);
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
    let ties = gathering.ties(ledger);
    let (congruence, conflict) = ties.one_mode(ledger);
    let graphs = [("claims", &gathering.claims), ("actors-concepts", &ties.two_mode()), ("congruence", &congruence), ("conflict", &conflict)];
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

/// What a claim says of actors and concepts, until it is known which roles name them.
struct Statement {
    /// The claim's node.
    claim: String,
    when: When,
    stance: Stance,
    /// Roles and the nodes of what fills them.
    filled: Vec<(RoleKey, String)>,
    /// The node of what it is about where no role says it.
    topic: Option<String>,
}

struct Gathering<'g> {
    tables: &'g Tables,
    stances: Stances<'g>,
    claims: Graph,
    statements: Vec<Statement>,
    fillers: Fillers,
    // What nodes are called, and what they are.
    names: BTreeMap<String, (String, Data)>,
}

impl<'g> Gathering<'g> {
    fn new(tables: &'g Tables) -> Self {
        Self {
            tables,
            stances: Stances::of(&tables.schema),
            claims: Graph { is_directed: true, ..Graph::default() },
            statements: Vec::new(),
            fillers: Fillers::new(),
            names: BTreeMap::new(),
        }
    }

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
        let stance = self.stances.of_claim(&claim.attributes);
        let key = claim_key(item, coder, id);
        let label = if claim.normalized.is_empty() { &words } else { &claim.normalized };
        let mut node = GraphNode { label: label.clone(), data: claim_data(item, coder, (claim, &words, stance.side)) };
        for (name, value) in &claim.attributes {
            ledger.keep("attributes of claims", 1);
            node.data.insert(format!("attribute_{name}"), value.to_string());
        }
        ledger.keep("normalised texts of claims", usize::from(!claim.normalized.is_empty()));
        if !claim.note.is_empty() {
            ledger.drop("notes of claims", NO_PLACE, format!("{}: {}", item.id, claim.note));
        }
        self.claims.nodes.insert(key.clone(), node);
        let mut filled = Vec::new();
        for (role, filler) in claim.roles.iter().flat_map(|(role, fillers)| fillers.iter().map(move |filler| (role, filler))) {
            let Some(target) = self.filler(item, (coder, sheet), filler) else {
                ledger.drop("fillers of roles", "it is empty or does not exist", format!("{}: {role} = {filler:?}", item.id));
                continue;
            };
            ledger.keep("fillers of roles", 1);
            used.extend(if let Filler::Span(id) = filler { Some(*id) } else { None });
            let label = self.label_of(sheet, filler);
            self.fillers.entry(role.clone()).or_default().insert(label);
            let edge = Edge { from: key.clone(), to: target.clone(), label: role.to_string(), weight: 1.0, data: data(&[("kind", "role")]) };
            self.claims.edges.push(edge);
            filled.push((role.clone(), target));
        }
        let topic = topic_of(claim).map(|topic| {
            let own = format!("topic:{topic}");
            self.names.entry(own.clone()).or_insert_with(|| (topic, data(&[("kind", "topic")])));
            own
        });
        self.statements.push(Statement { claim: key, when: When::of(item), stance, filled, topic });
    }

    /// The ties that all claims make, and what is missing for more of them.
    fn ties(&self, ledger: &mut Ledger) -> Ties<'_> {
        let parts = &Parts::of(&self.tables.schema, &self.fillers);
        let mut ties = Ties::new(&self.names);
        self.say_what_is_unknown(parts, ledger);
        if !parts.has(Part::Actor) {
            return ties;
        }
        for statement in &self.statements {
            let of_part = |part| statement.filled.iter().filter(move |(role, _)| parts.get(role) == Some(part)).map(|(_, node)| node.as_str());
            let (actors, mut concepts): (BTreeSet<&str>, BTreeSet<&str>) = (of_part(Part::Actor).collect(), of_part(Part::Concept).collect());
            if concepts.is_empty() {
                concepts.extend(statement.topic.as_deref());
            }
            let example = || {
                let label = self.claims.nodes.get(&statement.claim).map_or("", |node| &node.label);
                format!("{}: {label}", statement.when.document)
            };
            match (actors.is_empty(), concepts.is_empty(), statement.stance) {
                (true, ..) => ledger.drop(TIES, "nothing fills a role that says who claims it", example()),
                (_, true, _) => ledger.drop(TIES, "no role, attribute `topic` or normalized text says what they are about", example()),
                (.., Stance { side: Side::Unset, .. }) => {
                    ledger.change(TIES, "nobody has said who is for or against it: such ties weigh 0 and are no agreement or conflict", example());
                }
                (.., Stance { is_known: false, .. }) => {
                    ledger.change(TIES, "their stance is a value that is not known as for, against or neutral: such ties weigh 0", example());
                }
                _ => ledger.keep(TIES, 1),
            }
            ties.add(&statement.when, statement.stance, (&actors, &concepts));
        }
        ties
    }

    fn say_what_is_unknown(&self, parts: &Parts, ledger: &mut Ledger) {
        if self.statements.is_empty() {
            return;
        }
        let roles: Vec<&str> = self.fillers.keys().map(RoleKey::as_str).collect();
        if !parts.has(Part::Actor) {
            let why = "they have no edges: no role is known to say who claims something. One is that is called claimer, speaker, actor, person or \
                       organization, that offers “author”, or that is the only one filled by persons and organizations alone";
            ledger.drop("networks of actors", why, format!("roles that are filled: {}", roles.join(", ")));
        } else if self.statements.iter().all(|statement| statement.stance.side == Side::Unset) {
            let why = "all ties weigh 0, and nobody agrees or disagrees: no claim has an attribute that is known to say who is for or against \
                       something. One is that is called stance, agreement or position, or that is the only one with choices for both sides";
            let attributes: Vec<&str> = self.tables.schema.attributes.keys().map(|key| key.as_str()).collect();
            ledger.change("networks of actors", why, format!("attributes: {}", attributes.join(", ")));
        }
    }

    /// The label of what fills a role: of the entity, else of the mention.
    fn label_of(&self, sheet: &Sheet, filler: &Filler) -> Option<LabelKey> {
        let of_entity = |id: EntityId| self.tables.entity(id).and_then(|(_, entity)| entity.label.clone());
        match filler {
            Filler::Entity(id) => of_entity(*id),
            Filler::Span(id) => sheet.spans.get(id).map(|span| span.entity.and_then(of_entity).unwrap_or_else(|| span.label.clone())),
            Filler::Claim(id) => sheet.claims.get(id).map(|claim| claim.label.clone()),
            Filler::Value(_) => None,
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
}

fn claim_key(item: &Item, coder: &CoderKey, id: ClaimId) -> String {
    format!("claim:{}:{coder}:{id}", item.id)
}

fn claim_data(item: &Item, coder: &CoderKey, (claim, words, side): (&Claim, &str, Side)) -> Data {
    let document = &item.document;
    let date = document.date.as_ref().map_or("", |date| date.as_str());
    data(&[
        ("kind", "claim"),
        ("label_key", claim.label.as_str()),
        ("words", words),
        ("normalized", &claim.normalized),
        ("stance", side.word()),
        ("coder", coder.as_str()),
        ("document", item.id.as_str()),
        ("document_title", &document.title),
        ("document_source", &document.source),
        ("date", date),
    ])
}
