//! A document, and an entity, as a row.

use std::borrow::Cow;

use super::cell::{Cell, Row};
use crate::format::place::{Place, Places};
use crate::format::{FormatError, Item, Tables};
use crate::model::{
    AttributeValue, Attributes, Claim, ClaimId, CoderKey, Entity, EntityId, Filler, LabelKind, Node, Relation, RelationId, Sheet, Span, SpanId,
};
use crate::text::Ranges;
use crate::text::offsets::OffsetUnit;

/// A row of the table of documents.
///
/// # Errors
/// When a place does not lead back to its quote.
pub(super) fn document<'i>(item: &'i Item, tables: &'i Tables) -> Result<Row<'i>, FormatError> {
    let document = &item.document;
    let date = document.date.as_ref().map_or(Cell::Null, |date| Cell::text(date.as_str()));
    let mut lists = Lists::new(item, tables);
    for region in &document.regions {
        let Place { start, end, quote } = lists.places.place(region.range)?;
        lists.regions.push(vec![Cell::text(region.kind.name()), Cell::int(start), Cell::int(end), Cell::text(quote)]);
    }
    for (coder, sheet) in &item.sheets {
        lists.add(coder, sheet.as_ref())?;
    }
    Ok(vec![
        Cell::text(item.id.as_str()),
        Cell::text(&document.title),
        Cell::text(item.text.as_str()),
        Cell::text(&document.source),
        Cell::text(&document.author),
        date,
        Cell::text(&document.url),
        Cell::text(&document.language),
        Cell::text(&document.file_name),
        Cell::Rows(lists.regions),
        Cell::Rows(lists.entities),
        Cell::Rows(lists.spans),
        Cell::Rows(lists.claims),
        Cell::Rows(lists.relations),
        Cell::Rows(lists.sheets),
    ])
}

/// A row of the table of entities.
pub(super) fn entity(id: EntityId, entity: &Entity) -> Row<'_> {
    vec![
        Cell::made(&id),
        Cell::text(&entity.name),
        entity.label.as_ref().map_or(Cell::Null, |label| Cell::text(label.as_str())),
        Cell::Texts(entity.aliases.iter().map(String::as_str).collect()),
        Cell::Texts(entity.knowledge_base_ids.iter().map(String::as_str).collect()),
        attributes(&entity.attributes),
        Cell::text(&entity.note),
        entity.made_by.as_ref().map_or(Cell::Null, |coder| Cell::text(coder.as_str())),
    ]
}

/// What a document has many of.
struct Lists<'i> {
    tables: &'i Tables,
    places: Places<'i>,
    regions: Vec<Row<'i>>,
    entities: Vec<Row<'i>>,
    spans: Vec<Row<'i>>,
    claims: Vec<Row<'i>>,
    relations: Vec<Row<'i>>,
    sheets: Vec<Row<'i>>,
}

/// A quote, and where it stands.
struct Quoted<'i> {
    text: Cow<'i, str>,
    ranges: Vec<Row<'i>>,
    start: usize,
    end: usize,
}

impl<'i> Lists<'i> {
    fn new(item: &'i Item, tables: &'i Tables) -> Self {
        Self {
            tables,
            places: Places::new(&item.id, &item.text, OffsetUnit::CodePoints),
            regions: Vec::new(),
            entities: Vec::new(),
            spans: Vec::new(),
            claims: Vec::new(),
            relations: Vec::new(),
            sheets: Vec::new(),
        }
    }

    fn add(&mut self, coder: &'i CoderKey, sheet: &'i Sheet) -> Result<(), FormatError> {
        let mut spans: Vec<_> = sheet.spans.iter().collect();
        spans.sort_by_key(|(id, span)| (span.ranges.start(), span.ranges.end(), **id));
        for (id, span) in spans {
            let row = self.span(coder, *id, span)?;
            let is_mention = self.tables.schema.kind_of(&span.label) == LabelKind::Entity;
            let list = if is_mention { &mut self.entities } else { &mut self.spans };
            list.push(row);
        }
        let mut claims: Vec<_> = sheet.claims.iter().collect();
        claims.sort_by_key(|(id, claim)| (claim.content.as_ref().map(|content| (content.start(), content.end())), **id));
        for (id, claim) in claims {
            let row = self.claim((coder, sheet), *id, claim)?;
            self.claims.push(row);
        }
        let relations: Vec<_> = sheet.relations.iter().map(|(id, relation)| self.relation(coder, *id, relation)).collect();
        self.relations.extend(relations);
        let info = &sheet.info;
        self.sheets.push(vec![Cell::text(coder.as_str()), Cell::text(info.status.name()), attributes(&info.attributes), Cell::text(&info.note)]);
        Ok(())
    }

    fn span(&self, coder: &'i CoderKey, id: SpanId, span: &'i Span) -> Result<Row<'i>, FormatError> {
        let Quoted { text, ranges, start, end } = self.quoted(&span.ranges)?;
        let (entity, name) = match span.entity.map(|id| self.entity(id)) {
            Some((id, name)) => (Cell::made(&id), Cell::text(name)),
            None => (Cell::Null, Cell::Null),
        };
        Ok(vec![
            Cell::made(&id),
            Cell::text(coder.as_str()),
            Cell::text(span.label.as_str()),
            Cell::int(start),
            Cell::int(end),
            Cell::Text(text),
            Cell::Rows(ranges),
            entity,
            name,
            attributes(span.attributes()),
            Cell::text(span.note()),
        ])
    }

    fn claim(&self, (coder, sheet): (&'i CoderKey, &'i Sheet), id: ClaimId, claim: &'i Claim) -> Result<Row<'i>, FormatError> {
        let content = claim.content.as_ref().map(|content| self.quoted(content)).transpose()?;
        let (start, end, text, ranges) = match content {
            Some(Quoted { text, ranges, start, end }) => (Cell::int(start), Cell::int(end), Cell::Text(text), ranges),
            None => (Cell::Null, Cell::Null, Cell::Null, Vec::new()),
        };
        let occurrences: Result<Vec<Row<'_>>, FormatError> =
            claim.occurrences.iter().map(|place| Ok(vec![Cell::Rows(self.quoted(place)?.ranges)])).collect();
        let roles = claim.roles.iter().map(|(role, fillers)| {
            let fillers = fillers.iter().map(|filler| self.filler(sheet, filler)).collect();
            vec![Cell::text(role.as_str()), Cell::Rows(fillers)]
        });
        Ok(vec![
            Cell::made(&id),
            Cell::text(coder.as_str()),
            Cell::text(claim.label.as_str()),
            start,
            end,
            text,
            Cell::Rows(ranges),
            Cell::Rows(occurrences?),
            Cell::text(&claim.normalized),
            Cell::Rows(roles.collect()),
            attributes(&claim.attributes),
            Cell::text(&claim.note),
        ])
    }

    /// What fills a role, with its words.
    fn filler(&self, sheet: &'i Sheet, filler: &'i Filler) -> Row<'i> {
        let words = |ranges: Option<&Ranges>| ranges.and_then(|ranges| self.quoted(ranges).ok()).map_or(Cow::Borrowed(""), |quoted| quoted.text);
        let (kind, id, text) = match filler {
            Filler::Span(id) => ("span", Cell::made(id), words(sheet.spans.get(id).map(|span| &span.ranges))),
            Filler::Claim(id) => ("claim", Cell::made(id), words(sheet.claims.get(id).and_then(|claim| claim.content.as_ref()))),
            Filler::Entity(id) => {
                let (id, name) = self.entity(*id);
                ("entity", Cell::made(&id), Cow::Borrowed(name))
            }
            Filler::Value(value) => ("value", Cell::Null, Cow::Borrowed(value.as_str())),
        };
        vec![Cell::text(kind), id, Cell::Text(text)]
    }

    fn relation(&self, coder: &'i CoderKey, id: RelationId, relation: &'i Relation) -> Row<'i> {
        let mut row = vec![Cell::made(&id), Cell::text(coder.as_str()), Cell::text(relation.label.as_str())];
        for node in [relation.from, relation.to] {
            let (kind, id) = match node {
                Node::Span(id) => ("span", Cell::made(&id)),
                Node::Claim(id) => ("claim", Cell::made(&id)),
                Node::Entity(id) => ("entity", Cell::made(&self.entity(id).0)),
                Node::Relation(id) => ("relation", Cell::made(&id)),
            };
            row.extend([Cell::text(kind), id]);
        }
        row.extend([attributes(&relation.attributes), Cell::text(&relation.note)]);
        row
    }

    /// Whom an id means after merges, by name.
    fn entity(&self, id: EntityId) -> (EntityId, &'i str) {
        self.tables.entity(id).map_or((id, ""), |(id, entity)| (id, entity.name.as_str()))
    }

    fn quoted(&self, ranges: &Ranges) -> Result<Quoted<'i>, FormatError> {
        let places = self.places.places(ranges.iter())?;
        let text = match places.as_slice() {
            [only] => Cow::Borrowed(only.quote),
            several => Cow::Owned(several.iter().map(|place| place.quote).collect::<Vec<_>>().join(" … ")),
        };
        let (start, end) = (places.first().map_or(0, |place| place.start), places.last().map_or(0, |place| place.end));
        let ranges = places.into_iter().map(|place| vec![Cell::int(place.start), Cell::int(place.end), Cell::text(place.quote)]);
        Ok(Quoted { text, ranges: ranges.collect(), start, end })
    }
}

/// A row for each value.
fn attributes(attributes: &Attributes) -> Cell<'_> {
    let mut rows = Vec::new();
    for (key, value) in attributes {
        let mut push = |kind, value| rows.push(vec![Cell::text(key.as_str()), Cell::text(kind), value]);
        match value {
            AttributeValue::Bool(_) => push("yes_no", Cell::made(value)),
            AttributeValue::Int(_) => push("integer", Cell::made(value)),
            AttributeValue::Number(_) => push("number", Cell::made(value)),
            AttributeValue::Choice(choice) => push("choice", Cell::text(choice.as_str())),
            AttributeValue::Choices(choices) => choices.iter().for_each(|choice| push("choices", Cell::text(choice.as_str()))),
            AttributeValue::Text(text) => push("text", Cell::text(text)),
            AttributeValue::Date(date) => push("date", Cell::text(date.as_str())),
        }
    }
    Cell::Rows(rows)
}
