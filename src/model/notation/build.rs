//! From notation to rows.

use std::collections::{BTreeMap, BTreeSet};

use super::body::{Body, Mark, Occurrence, Place, parse_body};
use super::fields::{self, Common, Special, Words};
use super::lines::{Line, Subject, parse_lines, split_lines};
use super::print::STATUSES;
use super::token::{check_name, unquote, unquote_all};
use super::value::yes_no;
use super::{Names, Notation, NotationError, Problem};
use crate::model::{
    Claim, ClaimId, Date, Document, Entity, EntityId, Filler, Id, IdSource, LabelKey, LabelKind, Node, Region, Relation, RelationId, Schema, Span,
    SpanExtras, SpanId,
};
use crate::text::{RangeError, Ranges, Text, TextRange};

/// Reads notation with other ids or with entities known from elsewhere.
pub struct Reader<'s> {
    schema: &'s Schema,
    ids: Ids,
    names: Names,
}

enum Ids {
    /// The next one.
    Counted(u64),
    Random(IdSource),
}

impl<'s> Reader<'s> {
    /// Rows get the ids 1, 2, 3, … in the order: marks in the text, other claims, relations, entities.
    #[must_use]
    pub fn new(schema: &'s Schema) -> Self {
        Self { schema, ids: Ids::Counted(1), names: Names::default() }
    }

    /// Rows get ids from this source.
    #[must_use]
    pub fn with_ids(mut self, ids: IdSource) -> Self {
        self.ids = Ids::Random(ids);
        self
    }

    /// Entities that have no line here but may be named.
    #[must_use]
    pub fn with_entities(mut self, entities: BTreeMap<String, EntityId>) -> Self {
        self.names.entities = entities;
        self
    }

    /// Reads one document.
    ///
    /// # Errors
    /// The first line that is not notation.
    pub fn read(self, source: &str) -> Result<Notation, NotationError> {
        let (body, first, lines) = split_lines(source);
        let body = parse_body(body)?;
        let lines = parse_lines(first, lines)?;
        let text = Text::new(body.text.as_str());
        let mut notation = Notation::new(text);
        notation.names = self.names;
        let mut builder = Builder { schema: self.schema, ids: self.ids, notation };
        let nodes = builder.declare(&body, &lines)?;
        builder.places(&body)?;
        builder.marks(&body, &nodes)?;
        builder.occurrences(&body)?;
        for (line, node) in lines.iter().zip(nodes.iter().skip(body.marks.len())) {
            builder.line(line, *node).map_err(|problem| problem.at(line.number))?;
        }
        Ok(builder.notation)
    }
}

struct Builder<'s> {
    schema: &'s Schema,
    ids: Ids,
    notation: Notation,
}

/// Giving ids and names, so that lines can speak of rows that come later.
impl Builder<'_> {
    /// One node for every mark, then one for every line that makes a row.
    fn declare(&mut self, body: &Body<'_>, lines: &[Line<'_>]) -> Result<Vec<Option<Node>>, NotationError> {
        let mut nodes = Vec::new();
        for mark in &body.marks {
            let is_claim = self.head(mark).map_err(|problem| problem.at(mark.line))?.is_claim;
            let id = self.id(mark.name);
            let node = if is_claim { Node::Claim(ClaimId(id)) } else { Node::Span(SpanId(id)) };
            self.declare_row(mark.name, node).map_err(|problem| problem.at(mark.line))?;
            nodes.push(Some(node));
        }
        let mut of_lines: BTreeMap<usize, Node> = BTreeMap::new();
        for wanted in [Self::declare_claim, Self::declare_relation, Self::declare_entity] {
            for line in lines {
                let node = wanted(self, line.subject).map_err(|problem| problem.at(line.number))?;
                of_lines.extend(node.map(|node| (line.number, node)));
            }
        }
        nodes.extend(lines.iter().map(|line| of_lines.get(&line.number).copied()));
        Ok(nodes)
    }

    fn declare_claim(&mut self, subject: Subject<'_>) -> Result<Option<Node>, Problem> {
        let Subject::Claim { name, .. } = subject else { return Ok(None) };
        let node = Node::Claim(ClaimId(self.id(name)));
        self.declare_row(name, node).map(|()| Some(node))
    }

    fn declare_relation(&mut self, subject: Subject<'_>) -> Result<Option<Node>, Problem> {
        let Subject::Relation { name, .. } = subject else { return Ok(None) };
        let node = Node::Relation(RelationId(self.id(name.unwrap_or_default())));
        self.declare_row(name.unwrap_or_default(), node).map(|()| Some(node))
    }

    fn declare_entity(&mut self, subject: Subject<'_>) -> Result<Option<Node>, Problem> {
        let Subject::Entity { name } = subject else { return Ok(None) };
        let id = EntityId(self.id(name));
        match self.notation.names.entities.insert(name.to_owned(), id) {
            Some(_) => Err(Problem::Twice(name.to_owned())),
            None => Ok(Some(Node::Entity(id))),
        }
    }

    fn declare_row(&mut self, name: &str, node: Node) -> Result<(), Problem> {
        if name.is_empty() {
            return Ok(());
        }
        match self.notation.names.rows.insert(check_name(name)?.to_owned(), node) {
            Some(_) => Err(Problem::Twice(name.to_owned())),
            None => Ok(()),
        }
    }

    /// The id that the name is, or the next one.
    fn id(&mut self, name: &str) -> Id {
        name.parse().unwrap_or_else(|_| match &mut self.ids {
            Ids::Random(source) => source.next_id(),
            Ids::Counted(next) => {
                let id = Id::from_bits(*next);
                *next += 1;
                id
            }
        })
    }
}

/// A mark's head, taken apart.
struct Head<'s> {
    label: LabelKey,
    is_claim: bool,
    entity: Option<&'s str>,
    attributes: Vec<&'s str>,
}

/// The text.
impl Builder<'_> {
    fn head<'m>(&self, mark: &Mark<'m>) -> Result<Head<'m>, Problem> {
        let mut pieces = mark.head.split(';');
        let first = pieces.next().unwrap_or_default();
        let (label, entity) = match first.split_once('=') {
            Some((before, entity)) => (before, Some(entity)),
            None => (first, None),
        };
        let label = label.split('#').next().unwrap_or_default();
        let (label, kind) = match label.strip_suffix(')').and_then(|label| label.split_once('(')) {
            Some((label, kind)) => (label, Some(kind)),
            None => (label, None),
        };
        let label = LabelKey::new(label)?;
        let is_claim = match kind {
            None => self.schema.kind_of(&label) == LabelKind::Claim,
            Some("claim") => true,
            Some("span") => false,
            Some(_) => return Err(Problem::BadHead(mark.head.to_owned())),
        };
        let head = Head { label, is_claim, entity, attributes: pieces.collect() };
        let is_odd = is_claim && (head.entity.is_some() || !head.attributes.is_empty());
        if is_odd { Err(Problem::BadHead(mark.head.to_owned())) } else { Ok(head) }
    }

    fn places(&mut self, body: &Body<'_>) -> Result<(), NotationError> {
        let text = self.notation.text.clone();
        let range = |place: Place| text.range(place.start, place.end).map_err(|error| Problem::Range(error).at(place.line));
        for (kind, place) in &body.regions {
            self.notation.document.regions.push(Region { range: range(*place)?, kind: *kind });
        }
        self.notation.document.regions.sort_unstable();
        self.notation.selection = body.selection.map(range).transpose()?;
        self.notation.caret = body.caret;
        Ok(())
    }

    fn marks(&mut self, body: &Body<'_>, nodes: &[Option<Node>]) -> Result<(), NotationError> {
        for (mark, node) in body.marks.iter().zip(nodes.iter().flatten()) {
            self.mark(mark, *node).map_err(|problem| problem.at(mark.line))?;
        }
        Ok(())
    }

    fn mark(&mut self, mark: &Mark<'_>, node: Node) -> Result<(), Problem> {
        let head = self.head(mark)?;
        let text = &self.notation.text;
        let ranges = mark.places.iter().map(|place| text.range(place.start, place.end)).collect::<Result<Vec<_>, RangeError>>()?;
        let ranges = Ranges::new(ranges).ok_or_else(|| Problem::BadHead(mark.head.to_owned()))?;
        match node {
            Node::Claim(id) => drop(self.notation.sheet.claims.insert(id, Claim::new(head.label, Some(ranges)))),
            Node::Span(id) => {
                let mut span = Span::new(ranges, head.label);
                span.entity = head.entity.map(|entity| self.entity(entity)).transpose()?;
                let mut common = Common::default();
                self.take_all(&mut common, &head.attributes, &fields::SPAN)?;
                self.notation.sheet.spans.insert(id, span.with_extras(extras(common)));
            }
            Node::Entity(_) | Node::Relation(_) => debug_assert!(false, "a mark is a span or a claim"),
        }
        Ok(())
    }

    fn occurrences(&mut self, body: &Body<'_>) -> Result<(), NotationError> {
        let mut places: BTreeMap<(ClaimId, usize), Vec<TextRange>> = BTreeMap::new();
        for Occurrence { name, number, place } in &body.occurrences {
            let id = self.claim_named(name).map_err(|problem| problem.at(place.line))?;
            let range = self.notation.text.range(place.start, place.end).map_err(|error| Problem::Range(error).at(place.line))?;
            places.entry((id, *number)).or_default().push(range);
        }
        for ((id, _), ranges) in places {
            let (Some(claim), Some(place)) = (self.notation.sheet.claims.get_mut(&id), Ranges::new(ranges)) else { continue };
            let occurrences = claim.occurrences.iter().cloned().chain([place]).collect();
            let content = claim.content.take();
            claim.set_places(content, occurrences);
        }
        Ok(())
    }

    fn claim_named(&self, name: &str) -> Result<ClaimId, Problem> {
        match self.node(name)? {
            Node::Claim(id) if self.notation.sheet.claims.contains_key(&id) => Ok(id),
            _ => Err(Problem::NoSuchName(name.to_owned())),
        }
    }

    /// An entity's name without its `@`, or `%id`.
    fn entity(&self, name: &str) -> Result<EntityId, Problem> {
        match name.strip_prefix('%') {
            Some(id) => Ok(EntityId(id.parse()?)),
            None => self.notation.names.entities.get(name).copied().ok_or_else(|| Problem::NoSuchName(format!("@{name}"))),
        }
    }

    fn node(&self, token: &str) -> Result<Node, Problem> {
        if let Some(name) = token.strip_prefix('@') {
            return self.entity(name).map(Node::Entity);
        }
        match token.split_once('%') {
            Some(("span", id)) => Ok(Node::Span(SpanId(id.parse()?))),
            Some(("claim", id)) => Ok(Node::Claim(ClaimId(id.parse()?))),
            Some(("relation", id)) => Ok(Node::Relation(RelationId(id.parse()?))),
            Some(("entity", id)) => Ok(Node::Entity(EntityId(id.parse()?))),
            _ => self.notation.names.rows.get(token).copied().ok_or_else(|| Problem::NoSuchName(token.to_owned())),
        }
    }

    fn filler(&self, token: &str) -> Result<Filler, Problem> {
        if token.starts_with('"') {
            return unquote(token).map(Filler::Value);
        }
        match self.node(token)? {
            Node::Span(id) => Ok(Filler::Span(id)),
            Node::Claim(id) => Ok(Filler::Claim(id)),
            Node::Entity(id) => Ok(Filler::Entity(id)),
            Node::Relation(_) => Err(Problem::BadItem(token.to_owned())),
        }
    }
}

fn extras(Common { attributes, note, residue }: Common) -> SpanExtras {
    SpanExtras { attributes, note, residue }
}

/// The lines.
impl Builder<'_> {
    fn line(&mut self, line: &Line<'_>, node: Option<Node>) -> Result<(), Problem> {
        match (line.subject, node) {
            (Subject::Document, _) => self.document(&line.items),
            (Subject::Sheet, _) => self.sheet(&line.items),
            (Subject::Entity { .. }, Some(Node::Entity(id))) => self.entity_line(id, &line.items),
            (Subject::Claim { label, .. }, Some(Node::Claim(id))) => {
                self.notation.sheet.claims.insert(id, Claim::new(LabelKey::new(label)?, None));
                self.claim(id, &line.items)
            }
            (Subject::Relation { from, key, to, .. }, Some(Node::Relation(id))) => {
                let relation = Relation::new(key.parse()?, self.node(from)?, self.node(to)?);
                self.notation.sheet.relations.insert(id, relation);
                self.relation(id, &line.items)
            }
            (Subject::Row { name }, _) => match self.node(name)? {
                Node::Span(id) => self.span(id, &line.items),
                Node::Claim(id) => self.claim(id, &line.items),
                Node::Relation(_) | Node::Entity(_) => Err(Problem::BadLine(name.to_owned())),
            },
            _ => Ok(()),
        }
    }

    /// Takes items that many rows have; any other is wrong.
    fn take_all(&self, common: &mut Common, items: &[&str], words: &Words) -> Result<(), Problem> {
        for item in items {
            if common.take(self.schema, item, words)?.is_some() {
                return Err(Problem::BadItem((*item).to_owned()));
            }
        }
        Ok(())
    }

    fn span(&mut self, id: SpanId, items: &[&str]) -> Result<(), Problem> {
        let Some(span) = self.notation.sheet.spans.get(&id).cloned() else { return Ok(()) };
        let SpanExtras { attributes, note, residue } = span.extras().clone();
        let mut common = Common { attributes, note, residue };
        self.take_all(&mut common, items, &fields::SPAN)?;
        self.notation.sheet.spans.insert(id, span.with_extras(extras(common)));
        Ok(())
    }

    fn claim(&mut self, id: ClaimId, items: &[&str]) -> Result<(), Problem> {
        let Some(mut claim) = self.notation.sheet.claims.get(&id).cloned() else { return Ok(()) };
        let mut common = Common { attributes: claim.attributes, note: claim.note, residue: claim.residue };
        for item in items {
            match common.take(self.schema, item, &fields::CLAIM)? {
                None => {}
                Some(Special::Word(_, value)) => claim.normalized = unquote(value)?,
                Some(Special::Role(role, value)) => {
                    let fillers = super::token::split(value, ',').into_iter().map(|token| self.filler(token)).collect::<Result<_, _>>()?;
                    if claim.roles.insert(role, fillers).is_some() {
                        return Err(Problem::Twice((*item).to_owned()));
                    }
                }
            }
        }
        (claim.attributes, claim.note, claim.residue) = (common.attributes, common.note, common.residue);
        self.notation.sheet.claims.insert(id, claim);
        Ok(())
    }

    fn relation(&mut self, id: RelationId, items: &[&str]) -> Result<(), Problem> {
        let mut common = Common::default();
        self.take_all(&mut common, items, &fields::RELATION)?;
        if let Some(relation) = self.notation.sheet.relations.get_mut(&id) {
            (relation.attributes, relation.note, relation.residue) = (common.attributes, common.note, common.residue);
        }
        Ok(())
    }

    fn entity_line(&mut self, id: EntityId, items: &[&str]) -> Result<(), Problem> {
        let bad = || Problem::BadLine(items.join(" "));
        let (label, name, items) = match items {
            [name, items @ ..] if name.starts_with('"') => (None, name, items),
            [label, name, items @ ..] => (Some(label.parse()?), name, items),
            _ => return Err(bad()),
        };
        let mut entity = Entity::new(unquote(name)?, label);
        let mut common = Common::default();
        for item in items {
            if let Some(Special::Word(word, value)) = common.take(self.schema, item, &fields::ENTITY)? {
                self.entity_word(&mut entity, word, value)?;
            }
        }
        (entity.attributes, entity.note, entity.residue) = (common.attributes, common.note, common.residue);
        self.notation.entities.insert(id, entity);
        Ok(())
    }

    fn entity_word(&self, entity: &mut Entity, word: &str, value: &str) -> Result<(), Problem> {
        match word {
            "aka" => entity.aliases = unquote_set(value)?,
            "kb" => entity.knowledge_base_ids = unquote_set(value)?,
            "made_by" => entity.made_by = Some(value.parse()?),
            "merged_into" => {
                let Node::Entity(winner) = self.node(value)? else { return Err(Problem::BadItem(value.to_owned())) };
                entity.merged_into = Some(winner);
            }
            _ => entity.deleted = yes_no(value).ok_or_else(|| Problem::BadItem(value.to_owned()))?,
        }
        Ok(())
    }

    fn sheet(&mut self, items: &[&str]) -> Result<(), Problem> {
        let mut common = Common::default();
        for item in items {
            let special = common.take(self.schema, item, &fields::SHEET)?;
            let info = &mut self.notation.sheet.info;
            match special {
                Some(Special::Word("ignored", value)) => info.ignored = unquote_set(value)?,
                Some(Special::Word("rejected", value)) => info.rejected = unquote_set(value)?,
                Some(Special::Word(_, value)) => {
                    let status = STATUSES.iter().find(|(_, word)| *word == value);
                    info.status = status.ok_or_else(|| Problem::BadItem((*item).to_owned()))?.0;
                }
                _ => {}
            }
        }
        let info = &mut self.notation.sheet.info;
        (info.attributes, info.note, info.residue) = (common.attributes, common.note, common.residue);
        Ok(())
    }

    fn document(&mut self, items: &[&str]) -> Result<(), Problem> {
        for item in items {
            let mut common = Common::default();
            let Some(Special::Word(word, value)) = common.take(self.schema, item, &fields::DOCUMENT)? else {
                return Err(Problem::BadItem((*item).to_owned()));
            };
            document_word(&mut self.notation.document, word, value)?;
        }
        Ok(())
    }
}

fn document_word(document: &mut Document, word: &str, value: &str) -> Result<(), Problem> {
    match word {
        "title" => document.title = unquote(value)?,
        "source" => document.source = unquote(value)?,
        "author" => document.author = unquote(value)?,
        "url" => document.url = unquote(value)?,
        "language" => document.language = unquote(value)?,
        _ => {
            let date: Result<Date, _> = value.parse();
            document.date = Some(date.map_err(|_| Problem::BadValue { value: value.to_owned(), expected: "a date".to_owned() })?);
        }
    }
    Ok(())
}

fn unquote_set(value: &str) -> Result<BTreeSet<String>, Problem> {
    Ok(unquote_all(value)?.into_iter().collect())
}
