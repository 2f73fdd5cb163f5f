//! What could fill a slot: entities for a mention, fillers for a role, choices for an attribute, claims to merge with.
//!
//! An offer is never in the way. It is made anew whenever the data changes, so it holds nothing that could be lost.

use super::relating::{Joint, joints, node_name, relation_type_name};
use super::session::{Article, Session};
use super::words::{tr, tr_with};
use crate::edit::ops::AttributeOwner;
use crate::model::{
    AttributeDef, AttributeKey, AttributeKind, AttributeValue, ClaimId, Entity, EntityId, Filler, FillerKind, LabelKey, LabelKind, MarkId, Node,
    NodeKind, RelationKey, RoleDef, RoleKey, SheetKey, SpanId, Target, TextOrder,
};
use crate::suggest::dictionary::Entry;
use crate::suggest::entities::{mentioned_before, rank_entities, reads_as_name, search_entities};
use crate::suggest::fillers::{likely_fillers, nearest_claims};
use crate::suggest::relation_ends::{can_join, likely_ends};
use crate::text::one_line;

/// So many choices get a digit.
const MAX_NUMBERED: usize = 9;
/// So many results of a search are shown.
const MAX_FOUND: usize = 12;
/// So many entries of dictionaries are offered.
const MAX_KNOWN: usize = 4;
/// Quotes are cut here.
const MAX_QUOTE_CHARS: usize = 36;

/// What is being filled.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Purpose {
    /// Whom a mention means.
    Link(SpanId),
    /// A role of a claim.
    Fill(ClaimId, RoleKey),
    /// An attribute with choices.
    Set(AttributeOwner, AttributeKey),
    /// The claim that another one is merged into.
    Merge(ClaimId),
    /// What a relation leads to: one of this type, or any.
    Relate(Node, Option<RelationKey>),
    /// The type of a relation between two nodes.
    Join(Node, Node),
}

/// What a choice stands for.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Pick {
    /// The mention means nobody that is known.
    Unlink,
    /// An entity for a mention.
    Entity(EntityId),
    /// An entity that is made of this name.
    NewEntity(String),
    /// An entity that is made of an entry of a dictionary.
    Known(Box<Entity>),
    /// A filler for a role; taken again, it is taken out.
    Filler(Filler),
    /// A value for an attribute, or none.
    Value(Option<AttributeValue>),
    /// A claim to merge with.
    Claim(ClaimId),
    /// What a relation leads to.
    End(Node),
    /// A type of relation.
    Joint(Joint),
}

/// One choice.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Choice {
    pub(crate) pick: Pick,
    /// The key that takes it.
    pub(crate) key: Option<char>,
    pub(crate) title: String,
    /// Type or origin; may be empty.
    pub(crate) detail: String,
    /// Where it stands in the text.
    pub(crate) mark: Option<MarkId>,
    /// Taken already.
    pub(crate) is_on: bool,
}

impl Choice {
    fn new(pick: Pick, title: impl Into<String>) -> Self {
        Self { pick, key: None, title: title.into(), detail: String::new(), mark: None, is_on: false }
    }

    fn detail(mut self, detail: impl Into<String>) -> Self {
        self.detail = detail.into();
        self
    }

    fn on(mut self, is_on: bool) -> Self {
        self.is_on = is_on;
        self
    }

    fn key(mut self, key: Option<char>) -> Self {
        self.key = key;
        self
    }
}

/// The choices for one slot.
pub(crate) struct Offer {
    pub(crate) purpose: Purpose,
    /// What is filled, for people: `Claimer`.
    pub(crate) title: String,
    pub(crate) choices: Vec<Choice>,
    /// What is searched for, once somebody searches.
    pub(crate) search: Option<Search>,
    /// Who opened it.
    pub(crate) origin: Origin,
    // The revisions of sheet, entities and codebook, and the search, that the choices were made from.
    made_from: (u64, u64, u64, Option<String>),
}

/// Who opened an offer: Escape closes one that was asked for, and lets go of the mark of one that came by itself.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Origin {
    /// It came with a new mark.
    Labelling,
    /// Somebody asked for it.
    Asked,
}

/// A search for other choices.
#[derive(Clone, Default, Debug)]
pub(crate) struct Search {
    pub(crate) typed: String,
    /// The row that Enter takes.
    pub(crate) row: usize,
    /// The field has not had the keyboard yet.
    pub(crate) is_new: bool,
}

impl Offer {
    /// None where there is nothing to fill: the row is gone, or the codebook has no such slot.
    pub(crate) fn new(session: &Session, purpose: Purpose, origin: Origin, search: Option<Search>) -> Option<Self> {
        let Article { key, view } = session.article.as_ref()?;
        let typed = search.as_ref().map(|search| search.typed.trim()).unwrap_or_default();
        let maker = Maker { session, key, order: &view.marks().all, typed };
        let (title, mut choices) = maker.make(&purpose)?;
        if search.is_none() {
            number(&mut choices);
        }
        Some(Self { made_from: revisions(session, key, search.as_ref()), purpose, title, choices, search, origin })
    }

    /// True while the data are those that the choices were made from.
    pub(crate) fn is_fresh(&self, session: &Session) -> bool {
        session.current().is_some_and(|key| revisions(session, key, self.search.as_ref()) == self.made_from)
    }

    /// The mark whose slot is filled.
    pub(crate) fn subject(&self) -> Option<MarkId> {
        match &self.purpose {
            Purpose::Link(span) => Some(MarkId::Span(*span)),
            Purpose::Fill(claim, _) | Purpose::Merge(claim) => Some(MarkId::Claim(*claim)),
            Purpose::Set(AttributeOwner::Mark(mark), _) => Some(*mark),
            Purpose::Relate(node, _) | Purpose::Join(node, _) => node.mark(),
            Purpose::Set(..) => None,
        }
    }

    /// The choice that Enter takes: the best that is not taken yet, or the row that a search has come to.
    pub(crate) fn best(&self) -> Option<usize> {
        match &self.search {
            Some(search) => Some(search.row).filter(|row| *row < self.choices.len()),
            None => {
                let is_open = |choice: &Choice| !choice.is_on && !matches!(choice.pick, Pick::Unlink | Pick::Value(None));
                let is_plain = |choice: &Choice| matches!(choice.pick, Pick::Filler(Filler::Value(_)));
                let best = self.choices.iter().position(|choice| is_open(choice) && !is_plain(choice));
                best.or_else(|| self.choices.iter().position(is_open))
            }
        }
    }

    /// The choice that makes a new entity.
    pub(crate) fn new_entity(&self) -> Option<usize> {
        self.choices.iter().position(|choice| matches!(choice.pick, Pick::NewEntity(_)))
    }

    /// True when other choices than the shown ones can be searched for.
    pub(crate) fn is_searchable(&self) -> bool {
        matches!(self.purpose, Purpose::Link(_) | Purpose::Fill(..) | Purpose::Relate(..))
    }

    /// Marks that can be taken by a digit, with the digit.
    pub(crate) fn badges(&self) -> Vec<(MarkId, char)> {
        self.choices.iter().filter_map(|choice| choice.mark.zip(choice.key)).collect()
    }
}

fn revisions(session: &Session, key: &SheetKey, search: Option<&Search>) -> (u64, u64, u64, Option<String>) {
    let state = session.workspace.state();
    (state.sheet_revision(key), state.entities_revision, state.schema_revision, search.map(|search| search.typed.clone()))
}

/// Gives the digits to the choices that have no key of their own.
fn number(choices: &mut [Choice]) {
    let taken: Vec<char> = choices.iter().filter_map(|choice| choice.key).collect();
    let free = ('1'..='9').filter(|digit| !taken.contains(digit));
    let open = choices.iter_mut().filter(|choice| choice.key.is_none() && !matches!(choice.pick, Pick::NewEntity(_) | Pick::Unlink));
    for (choice, digit) in open.zip(free) {
        choice.key = Some(digit);
    }
}

struct Maker<'s> {
    session: &'s Session,
    key: &'s SheetKey,
    order: &'s TextOrder,
    // Trimmed; empty for none.
    typed: &'s str,
}

impl Maker<'_> {
    fn make(&self, purpose: &Purpose) -> Option<(String, Vec<Choice>)> {
        match purpose {
            Purpose::Link(span) => self.entities(*span),
            Purpose::Fill(claim, role) => self.fillers(*claim, role),
            Purpose::Set(owner, key) => self.values(*owner, key),
            Purpose::Merge(claim) => self.claims(*claim),
            Purpose::Relate(from, label) => self.ends(*from, label.as_ref()),
            Purpose::Join(from, to) => self.joints(*from, *to),
        }
    }

    fn entities(&self, id: SpanId) -> Option<(String, Vec<Choice>)> {
        let state = self.session.workspace.state();
        let span = self.session.sheet_of(self.key).spans.get(&id)?;
        let surface = name_in_text(&self.session.text_of(self.key)?.quote(&span.ranges));
        let current = span.entity.and_then(|entity| state.entity(entity)).map(|(id, _)| id);
        let found: Vec<EntityId> = match self.typed {
            "" => rank_entities(state, &self.session.names, &surface, Some(&span.label), MAX_NUMBERED).into_iter().map(|found| found.id).collect(),
            typed => search_entities(state, typed, MAX_NUMBERED),
        };
        let is_plain = self.typed.is_empty();
        let name = if is_plain { surface.clone() } else { self.typed.to_owned() };
        let new = Choice::new(Pick::NewEntity(name.clone()), tr_with("New: {}", one_line(&name, MAX_QUOTE_CHARS)));
        let sheet = self.session.sheet_of(self.key);
        let before = if is_plain { mentioned_before(state, sheet, (self.order, span.ranges.start()), &span.label, MAX_NUMBERED) } else { Vec::new() };
        let has_type = |id: &EntityId| state.entities.get(id).is_some_and(|entity| entity.label.as_ref() == Some(&span.label));
        // A pronoun or a description means somebody of its type who was named before, if there is anybody.
        let points_back = is_plain && !reads_as_name(&surface) && before.iter().any(has_type);
        let fits: Vec<EntityId> = current.into_iter().chain(found).collect();
        let mut choices = self.known_entities(&fits, current);
        let earlier: Vec<EntityId> = before.into_iter().filter(|id| !fits.contains(id)).take(MAX_NUMBERED.saturating_sub(choices.len())).collect();
        let earlier = self.known_entities(&earlier, current);
        let others = self.of_dictionary(&name).into_iter().chain([new]);
        if points_back {
            choices.extend(earlier.into_iter().chain(others));
        } else {
            choices.extend(others.chain(earlier));
        }
        if current.is_some() && is_plain {
            choices.push(Choice::new(Pick::Unlink, tr("Nobody known")).key(Some('0')));
        }
        Some((tr("Entity").into_owned(), choices))
    }

    /// True unless coders are to see only the entities that they made themselves, and this is somebody else's.
    fn is_shared(&self, id: EntityId) -> bool {
        let workspace = &self.session.workspace;
        let is_own = |entity: &Entity| entity.made_by.as_ref().is_none_or(|coder| coder == workspace.coder());
        !workspace.state().project.settings.own_entities_only || workspace.state().entities.get(&id).is_some_and(is_own)
    }

    /// Entities of the project, each once.
    fn known_entities(&self, ids: &[EntityId], current: Option<EntityId>) -> Vec<Choice> {
        let mut seen = std::collections::BTreeSet::new();
        let choices = ids
            .iter()
            .filter(|id| seen.insert(**id) && (current == Some(**id) || self.is_shared(**id)))
            .filter_map(|id| self.entity(*id, Pick::Entity(*id)).map(|choice| choice.on(current == Some(*id))));
        choices.collect()
    }

    /// Entries of the dictionaries whose id no entity of the project has.
    fn of_dictionary(&self, name: &str) -> Vec<Choice> {
        let state = self.session.workspace.state();
        let is_new = |entry: &&Entry| entry.id().is_none_or(|id| !state.living_entities().any(|(_, entity)| entity.knowledge_base_ids.contains(id)));
        let entries = self.session.dictionary.lookup(name, MAX_KNOWN).into_iter().filter(is_new);
        let choices = entries.map(|entry| {
            let label = LabelKey::new(entry.label()).ok().filter(|label| state.schema.kind_of(label) == LabelKind::Entity);
            let entity = Entity {
                aliases: entry.aliases().map(str::to_owned).collect(),
                knowledge_base_ids: entry.id().map(str::to_owned).into_iter().collect(),
                ..Entity::new(entry.name(), label)
            };
            Choice::new(Pick::Known(Box::new(entity)), one_line(entry.name(), MAX_QUOTE_CHARS)).detail(entry.id().unwrap_or_default())
        });
        choices.collect()
    }

    fn entity(&self, id: EntityId, pick: Pick) -> Option<Choice> {
        let state = self.session.workspace.state();
        let (_, entity) = state.entity(id)?;
        let label = entity.label.as_ref().and_then(|label| state.schema.labels.get(label)).map(|label| label.tag().to_owned());
        Some(Choice::new(pick, one_line(&entity.name, MAX_QUOTE_CHARS)).detail(label.unwrap_or_default()))
    }

    fn fillers(&self, claim: ClaimId, role: &RoleKey) -> Option<(String, Vec<Choice>)> {
        let state = self.session.workspace.state();
        let row = self.session.sheet_of(self.key).claims.get(&claim)?;
        let def = state.schema.roles.get(role)?;
        let mut choices = self.plain_values(row.fillers(role), def);
        if self.typed.is_empty() {
            choices.extend(row.fillers(role).iter().map(|filler| self.filler(filler).on(true)));
            choices.extend(likely_fillers(state, self.key, self.order, (claim, role), MAX_NUMBERED).iter().map(|filler| self.filler(filler)));
        } else {
            choices.extend(self.searched_fillers(claim, role, def));
        }
        if def.accepts.contains(&FillerKind::Entity) && !self.typed.is_empty() {
            choices.push(Choice::new(Pick::NewEntity(self.typed.to_owned()), tr_with("New: {}", one_line(self.typed, MAX_QUOTE_CHARS))));
        }
        Some((def.name.clone(), choices))
    }

    /// What needs no place and no entity, such as the author: the first has the key 0.
    fn plain_values(&self, fillers: &[Filler], def: &RoleDef) -> Vec<Choice> {
        let typed = self.typed.to_lowercase();
        let is_offered = |value: &&String| {
            def.accepts.contains(&FillerKind::Value) && value.to_lowercase().contains(&typed) && !fillers.contains(&Filler::Value((*value).clone()))
        };
        let mut choices: Vec<Choice> =
            def.values.iter().filter(is_offered).map(|value| Choice::new(Pick::Filler(Filler::Value(value.clone())), value)).collect();
        if let (Some(first), true) = (choices.first_mut(), typed.is_empty()) {
            first.key = Some('0');
        }
        choices
    }

    /// Mentions and claims of this document whose words fit, then entities of the project.
    fn searched_fillers(&self, claim: ClaimId, role: &RoleKey, def: &RoleDef) -> Vec<Choice> {
        let state = self.session.workspace.state();
        let typed = self.typed.to_lowercase();
        let near = likely_fillers(state, self.key, self.order, (claim, role), usize::MAX);
        let near = near.iter().map(|filler| self.filler(filler)).filter(|choice| choice.title.to_lowercase().contains(&typed));
        let mut found: Vec<Choice> = near.take(MAX_FOUND / 2).collect();
        if def.accepts.contains(&FillerKind::Entity) {
            let entities = search_entities(state, self.typed, MAX_FOUND);
            found.extend(entities.into_iter().filter(|id| self.is_shared(*id)).filter_map(|id| self.entity(id, Pick::Filler(Filler::Entity(id)))));
        }
        found.truncate(MAX_FOUND);
        found
    }

    fn filler(&self, filler: &Filler) -> Choice {
        let pick = Pick::Filler(filler.clone());
        let (title, mark) = match filler {
            Filler::Span(id) => (self.quote(MarkId::Span(*id)), Some(MarkId::Span(*id))),
            Filler::Claim(id) => (self.quote(MarkId::Claim(*id)), Some(MarkId::Claim(*id))),
            Filler::Entity(id) => return self.entity(*id, pick.clone()).unwrap_or_else(|| Choice::new(pick, tr("(gone)"))),
            Filler::Value(value) => (value.clone(), None),
        };
        let detail = mark.and_then(|mark| super::lists::label_of(self.session, self.key, mark));
        let schema = &self.session.workspace.state().schema;
        let detail = detail.map(|label| schema.labels.get(label).map_or_else(|| label.to_string(), |def| def.tag().to_owned()));
        Choice { mark, ..Choice::new(pick, title).detail(detail.unwrap_or_default()) }
    }

    /// What a relation can lead to: marks near where it starts, then relations; by a search also entities.
    fn ends(&self, from: Node, label: Option<&RelationKey>) -> Option<(String, Vec<Choice>)> {
        let state = self.session.workspace.state();
        let limit = if self.typed.is_empty() { MAX_NUMBERED } else { usize::MAX };
        let typed = self.typed.to_lowercase();
        let ends = likely_ends(state, self.key, self.order, (from, label), limit);
        let ends = ends.into_iter().map(|end| self.end(end)).filter(|choice| choice.title.to_lowercase().contains(&typed));
        let mut choices: Vec<Choice> = ends.take(MAX_FOUND).collect();
        if !self.typed.is_empty() && can_join(&state.schema, label, from.kind(), NodeKind::Entity) {
            let entities = search_entities(state, self.typed, MAX_FOUND).into_iter().filter(|id| self.is_shared(*id));
            choices.extend(entities.filter_map(|id| self.entity(id, Pick::End(Node::Entity(id)))));
        }
        let name = label.map_or_else(|| tr("Relation").into_owned(), |label| relation_type_name(&state.schema, label));
        Some((tr_with("{} to", name), choices))
    }

    fn end(&self, end: Node) -> Choice {
        let Some(mark) = end.mark() else {
            return Choice::new(Pick::End(end), node_name(self.session, self.key, end));
        };
        let schema = &self.session.workspace.state().schema;
        let label = super::lists::label_of(self.session, self.key, mark);
        let detail = label.map(|label| schema.labels.get(label).map_or_else(|| label.to_string(), |def| def.tag().to_owned()));
        Choice { mark: Some(mark), ..Choice::new(Pick::End(end), self.quote(mark)).detail(detail.unwrap_or_default()) }
    }

    fn joints(&self, from: Node, to: Node) -> Option<(String, Vec<Choice>)> {
        let schema = &self.session.workspace.state().schema;
        let choices = joints(schema, from, to).into_iter().map(|joint| {
            let def = schema.relation_types.get(&joint.label);
            let arrow = if def.is_some_and(|def| def.symmetric) {
                "–"
            } else if joint.is_reversed {
                "←"
            } else {
                "→"
            };
            let key = def.and_then(|def| def.shortcut).filter(|_| !joint.is_reversed);
            Choice::new(Pick::Joint(joint.clone()), format!("{arrow} {}", relation_type_name(schema, &joint.label))).key(key)
        });
        Some((tr("Relation").into_owned(), choices.collect()))
    }

    fn quote(&self, mark: MarkId) -> String {
        one_line(&super::lists::quote_of(self.session, self.key, mark), MAX_QUOTE_CHARS)
    }

    fn values(&self, owner: AttributeOwner, key: &AttributeKey) -> Option<(String, Vec<Choice>)> {
        let state = self.session.workspace.state();
        let def = state.schema.attributes.get(key)?;
        let value = value_of(self.session, owner, key);
        let mut choices: Vec<Choice> = def.choices.iter().map(|choice| choice_of(def, &choice.key, value).key(choice.shortcut)).collect();
        for (choice, def) in choices.iter_mut().zip(&def.choices) {
            choice.title.clone_from(&def.name);
        }
        choices.push(Choice::new(Pick::Value(None), tr("unset")).key(Some('0')).on(value.is_none()));
        Some((def.name.clone(), choices))
    }

    fn claims(&self, claim: ClaimId) -> Option<(String, Vec<Choice>)> {
        let sheet = self.session.sheet_of(self.key);
        sheet.claims.get(&claim)?;
        let choices = nearest_claims(sheet, claim, MAX_NUMBERED).into_iter().map(|id| {
            let mark = Some(MarkId::Claim(id));
            Choice { mark, ..Choice::new(Pick::Claim(id), self.quote(MarkId::Claim(id))) }
        });
        Some((tr("Merge with").into_owned(), choices.collect()))
    }
}

/// What taking a choice of an attribute sets: of several choices each is put in or taken out.
fn choice_of(def: &AttributeDef, key: &crate::model::ChoiceKey, value: Option<&AttributeValue>) -> Choice {
    match (def.kind, value) {
        (AttributeKind::Choices, value) => {
            let mut chosen = if let Some(AttributeValue::Choices(chosen)) = value { chosen.clone() } else { Default::default() };
            let is_on = chosen.contains(key);
            if is_on {
                chosen.remove(key)
            } else {
                chosen.insert(key.clone())
            };
            Choice::new(Pick::Value((!chosen.is_empty()).then_some(AttributeValue::Choices(chosen))), "").on(is_on)
        }
        (_, value) => {
            let candidate = AttributeValue::Choice(key.clone());
            let is_on = value == Some(&candidate);
            Choice::new(Pick::Value(Some(candidate)), "").on(is_on)
        }
    }
}

/// The value that is set.
pub(crate) fn value_of<'s>(session: &'s Session, owner: AttributeOwner, key: &AttributeKey) -> Option<&'s AttributeValue> {
    let sheet = session.current_sheet()?;
    match owner {
        AttributeOwner::Mark(MarkId::Span(id)) => sheet.spans.get(&id)?.attributes().get(key),
        AttributeOwner::Mark(MarkId::Claim(id)) => sheet.claims.get(&id)?.attributes.get(key),
        AttributeOwner::Relation(id) => sheet.relations.get(&id)?.attributes.get(key),
        AttributeOwner::Document => sheet.info.attributes.get(key),
        AttributeOwner::Entity(id) => session.workspace.state().entities.get(&id)?.attributes.get(key),
    }
}

/// Whose attribute a key sets: that of the selected mark where it has it, else that of the claim under work, else the
/// document's.
pub(crate) fn owner_of(session: &Session, attribute: &AttributeKey) -> Option<AttributeOwner> {
    let key = session.current()?;
    let schema = &session.workspace.state().schema;
    let has = |mark: &MarkId| {
        let target = if matches!(mark, MarkId::Span(_)) { Target::Span } else { Target::Claim };
        let label = super::lists::label_of(session, key, *mark);
        schema.attributes_of(target, label).iter().any(|(known, _)| *known == attribute)
    };
    let at_work = session.claim_at_work.map(MarkId::Claim);
    let mark = session.selected.into_iter().chain(at_work).find(has);
    let of_document =
        || schema.attributes_of(Target::Document, None).iter().any(|(known, _)| *known == attribute).then_some(AttributeOwner::Document);
    mark.map(AttributeOwner::Mark).or_else(of_document)
}

/// The name of a new entity: the words of a mention on one line.
pub(crate) fn name_in_text(quote: &str) -> String {
    quote.split_whitespace().collect::<Vec<_>>().join(" ")
}
