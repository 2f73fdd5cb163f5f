//! Writing one record for each document and coder.

use std::collections::BTreeMap;
use std::io::Write;

use serde::Serialize;
use serde_json::{Map, Value, json};

use super::tokens::{Fate, MAKER, OURS, given};
use super::{ACCEPT, FORMAT};
use crate::format::aspects::{Aspect, drop_aspects, drop_entity_details, drop_foreign_residue};
use crate::format::json_out::write_on_one_line;
use crate::format::json_records::{KEPT_ASIDE, leftovers};
use crate::format::marks::{Mark, document_fields, flat_marks, mark_of};
use crate::format::place::{Place, Places};
use crate::format::tokens::{Token, span_of, tokens};
use crate::format::vocabulary::{OWN_BASE, label_name, written_name};
use crate::format::{FormatError, Item, Items, Ledger, Sink, Tables, WriteOptions};
use crate::model::{AttributeValue, Attributes, ChoiceKey, CoderKey, EntityId, MarkId, Sheet, Status};
use crate::text::offsets::OffsetUnit;

const NO_PLACE: &str = "the records have no place for it";
const LOST: [Aspect; 7] = [
    Aspect::Regions,
    Aspect::Corrections,
    Aspect::DocumentNotes,
    Aspect::SetAside,
    Aspect::Occurrences,
    Aspect::RelationAttributes,
    Aspect::RelationNotes,
];

/// Writes everything.
pub(super) fn write(
    tables: &Tables,
    items: &mut Items<'_>,
    options: &WriteOptions,
    sink: &mut dyn Sink,
    ledger: &mut Ledger,
) -> Result<(), FormatError> {
    let name = options.file_name.as_str();
    let io = |cause| FormatError::writing(name, cause);
    let mut out = std::io::BufWriter::new(sink.create(name).map_err(io)?);
    for item in items {
        let item = item?;
        ledger.add_document();
        drop_aspects(ledger, &item, &LOST, NO_PLACE);
        drop_foreign_residue(ledger, &item, FORMAT.name);
        let places = Places::new(&item.id, &item.text, OffsetUnit::CodePoints);
        let sheets = item.sheets.iter().map(|(coder, sheet)| Some((coder, sheet.as_ref())));
        let nobody = item.sheets.is_empty().then_some(None);
        for sheet in sheets.chain(nobody) {
            let record = Writer { tables, item: &item, places: &places, ledger }.record(sheet)?;
            write_on_one_line(&mut out, &record).and_then(|()| out.write_all(b"\n")).map_err(io)?;
        }
        options.step()?;
    }
    drop_entity_details(ledger, tables, NO_PLACE);
    out.flush().map_err(io)
}

/// A record by the names of its members.
type Record<'r> = BTreeMap<String, Member<'r>>;

/// What stands under a name.
#[derive(Serialize)]
#[serde(untagged)]
enum Member<'r> {
    Text(&'r str),
    Json(Value),
    /// There are so many of them that trees of JSON would take most of the time of an export.
    Tokens(Vec<TokenRow<'r>>),
}

/// A token. Its names stand in their order, as those of all objects here.
#[derive(Serialize)]
struct TokenRow<'r> {
    end: usize,
    id: usize,
    start: usize,
    text: &'r str,
    ws: bool,
}

fn token_rows<'r>(tokens: &[Token], places: &Places<'r>) -> Result<Vec<TokenRow<'r>>, FormatError> {
    let mut walk = places.walk();
    let row = |(id, token): (usize, &Token)| {
        let Place { start, end, quote } = walk.place(token.start, token.end)?;
        Ok(TokenRow { end, id, start, text: quote, ws: token.has_space })
    };
    tokens.iter().enumerate().map(row).collect()
}

/// One record on its way out.
struct Writer<'w> {
    tables: &'w Tables,
    item: &'w Item,
    places: &'w Places<'w>,
    ledger: &'w mut Ledger,
}

impl<'w> Writer<'w> {
    fn record(&mut self, sheet: Option<(&'w CoderKey, &'w Sheet)>) -> Result<Record<'w>, FormatError> {
        let (item, places) = (self.item, self.places);
        let empty = Sheet::default();
        let content = sheet.map_or(&empty, |(_, sheet)| sheet);
        let marks = flat_marks(item, content, places, self.ledger)?;
        let mut record = Record::new();
        record.insert("text".to_owned(), Member::Text(item.text.as_str()));
        record.extend(document_fields(item).map(|(name, value)| (name.to_owned(), Member::Text(value))));
        let rest = item.document.residue.get(FORMAT.name).and_then(|json| serde_json::from_str::<Map<String, Value>>(json).ok());
        let mut rest = rest.unwrap_or_default();
        let tokens = match given(&mut rest, &item.text, places, marks.iter().map(|mark| mark.range)) {
            Fate::Kept(given) => {
                record.insert("tokens".to_owned(), Member::Json(given.json));
                given.tokens
            }
            fate => {
                if matches!(fate, Fate::Changed) {
                    let why = "they are made anew: the text is another one now, or an annotation begins or ends inside of one";
                    self.ledger.change("tokens of an earlier import", why, item.id.to_string());
                }
                let tokens = tokens(item.text.as_str(), marks.iter().map(|mark| mark.range));
                record.insert("tokens".to_owned(), Member::Tokens(token_rows(&tokens, places)?));
                record.insert(MAKER.to_owned(), Member::Text(OURS));
                tokens
            }
        };
        for (name, value) in rest {
            record.entry(name).or_insert(Member::Json(value));
        }
        let spans: Vec<Value> = marks.iter().map(|mark| self.span(content, mark, &tokens)).collect();
        let relations = self.relations(content, &marks, &tokens);
        let view = if !relations.is_empty() {
            "relations"
        } else if marks.windows(2).any(|pair| matches!(pair, [a, b] if b.range.start() < a.range.end())) {
            "spans_manual"
        } else {
            "ner_manual"
        };
        record.insert("spans".to_owned(), Member::Json(spans.into()));
        record.insert("relations".to_owned(), Member::Json(relations.into()));
        record.insert("_view_id".to_owned(), Member::Text(view));
        if let Some((coder, sheet)) = sheet {
            for name in ["_annotator_id", "_session_id"] {
                record.insert(name.to_owned(), Member::Text(coder.as_str()));
            }
            let is_classified = self.classes(sheet, marks.is_empty(), &mut record);
            self.status(sheet.info.status, is_classified, &mut record);
            self.leftovers(sheet, &mut record);
        }
        Ok(record)
    }

    /// A class with “accept” or “reject”, as records of text classification have it, and options that were chosen. True where the
    /// answer is about a class.
    fn classes(&mut self, sheet: &Sheet, is_without_marks: bool, record: &mut Record<'w>) -> bool {
        let (what, attributes) = ("attributes of documents", &sheet.info.attributes);
        let mut is_classified = false;
        for (key, value) in attributes {
            match value {
                AttributeValue::Choices(choices) if key.as_str() == ACCEPT => {
                    record.insert(ACCEPT.to_owned(), Member::Json(choices.iter().map(ChoiceKey::as_str).collect()));
                    self.ledger.keep(what, 1);
                }
                AttributeValue::Bool(answer) if is_without_marks && attributes.len() == 1 => {
                    let name = self.tables.attribute(key).map_or(key.as_str(), |def| written_name(key.as_str(), &def.name));
                    record.insert("label".to_owned(), Member::Json(name.into()));
                    record.insert("answer".to_owned(), Member::Text(if *answer { "accept" } else { "reject" }));
                    self.ledger.keep(what, 1);
                    is_classified = true;
                }
                _ => self.ledger.drop(what, "a record is about one class, and then without spans", format!("{}: {key} = {value}", self.item.id)),
            }
        }
        is_classified
    }

    /// Done is accepted; other states have no word.
    fn status(&mut self, status: Status, is_classified: bool, record: &mut Record<'_>) {
        match status {
            // Its answer says whether the class is right, and that somebody has looked.
            Status::Done if is_classified => {}
            Status::Done => drop(record.insert("answer".to_owned(), Member::Text("accept"))),
            Status::New => return,
            Status::InProgress | Status::DoneAnyway | Status::Doubtful => {
                return self.ledger.drop("states of work", "only “done” has a word", format!("{}: {status:?}", self.item.id));
            }
        }
        self.ledger.keep("states of work", 1);
    }

    /// What was kept aside of records like this.
    fn leftovers(&mut self, sheet: &Sheet, record: &mut Record<'_>) {
        let mut rows = leftovers(sheet, FORMAT.name);
        // What was said of the record as a whole, where it says nothing else now.
        let answer = |row: &Value| row.as_object().filter(|row| row.len() == 1).and_then(|row| row.get("answer").cloned());
        if !record.contains_key("answer")
            && let Some((at, answer)) = rows.iter().enumerate().find_map(|(at, row)| Some((at, answer(row)?)))
        {
            rows.remove(at);
            record.insert("answer".to_owned(), Member::Json(answer));
        }
        if !rows.is_empty() {
            record.insert(KEPT_ASIDE.to_owned(), Member::Json(rows.into()));
        }
    }

    fn span(&mut self, sheet: &Sheet, mark: &Mark<'_>, tokens: &[Token]) -> Value {
        let mut row = Map::new();
        row.insert("start".to_owned(), mark.place.start.into());
        row.insert("end".to_owned(), mark.place.end.into());
        row.insert("text".to_owned(), mark.place.quote.into());
        if let Some((first, last)) = span_of(tokens, mark.range) {
            row.insert("token_start".to_owned(), first.into());
            row.insert("token_end".to_owned(), last.into());
        }
        row.insert("label".to_owned(), label_name(&self.tables.schema, mark.label).into());
        match mark.id {
            MarkId::Span(id) => {
                let Some(span) = sheet.spans.get(&id) else { return row.into() };
                self.link(span.entity, &mut row);
                self.details((span.attributes(), span.note()), ["attributes of spans", "notes of spans"], &mut row);
                add_rest(span.extras().residue.get(FORMAT.name), &mut row);
            }
            MarkId::Claim(id) => {
                let Some(claim) = sheet.claims.get(&id) else { return row.into() };
                self.details((&claim.attributes, &claim.note), ["attributes of claims", "notes of claims"], &mut row);
                if !claim.normalized.is_empty() {
                    self.ledger.drop("normalised texts of claims", NO_PLACE, format!("{}: {}", self.item.id, claim.normalized));
                }
                add_rest(claim.residue.get(FORMAT.name), &mut row);
            }
        }
        row.into()
    }

    /// The first entry in a knowledge base, else our own id.
    fn link(&mut self, entity: Option<EntityId>, row: &mut Map<String, Value>) {
        let Some(id) = entity else { return };
        match self.tables.entity(id) {
            Some((id, entity)) => {
                self.ledger.keep("links from mentions to entities", 1);
                let entry = entity.knowledge_base_ids.first().cloned().unwrap_or_else(|| format!("{OWN_BASE}:{id}"));
                row.insert("kb_id".to_owned(), entry.into());
            }
            None => self.ledger.drop("links from mentions to entities", "the entity does not exist", format!("{}: {id}", self.item.id)),
        }
    }

    fn details(&mut self, (attributes, note): (&Attributes, &str), [what, notes]: [&'static str; 2], row: &mut Map<String, Value>) {
        let mut values = Map::new();
        for (key, value) in attributes {
            if self.tables.attribute(key).is_some_and(|def| !def.kind.takes(value)) {
                self.ledger.drop(what, "the value is not of the attribute's kind", format!("{}: {key} = {value}", self.item.id));
            } else {
                self.ledger.keep(what, 1);
                values.insert(key.to_string(), json_of(value));
            }
        }
        if !values.is_empty() {
            row.insert("attributes".to_owned(), Value::Object(values));
        }
        if !note.is_empty() {
            self.ledger.keep(notes, 1);
            row.insert("note".to_owned(), note.into());
        }
    }

    /// Relations, and roles as relations from the claim to what fills it.
    fn relations(&mut self, sheet: &Sheet, marks: &[Mark<'_>], tokens: &[Token]) -> Vec<Value> {
        let by_id: BTreeMap<MarkId, &Mark<'_>> = marks.iter().map(|mark| (mark.id, mark)).collect();
        let find = |mark: Option<MarkId>| mark.and_then(|mark| by_id.get(&mark).copied());
        let mut rows = Vec::new();
        for (key, relation) in &sheet.relations {
            match (find(relation.from.mark()), find(relation.to.mark())) {
                (Some(from), Some(to)) => {
                    self.ledger.keep("relations", 1);
                    rows.push(relation_row(self.tables, (from, to), relation.label.as_str(), tokens));
                }
                _ => {
                    let example = format!("{}: {} {key}", self.item.id, relation.label);
                    self.ledger.drop("relations", "one end is an entity, a relation or something without a place", example);
                }
            }
        }
        for (key, claim) in &sheet.claims {
            for (role, filler) in claim.roles.iter().flat_map(|(role, fillers)| fillers.iter().map(move |filler| (role, filler))) {
                match (find(Some(MarkId::Claim(*key))), find(mark_of(filler))) {
                    (Some(from), Some(to)) => {
                        self.ledger.change("fillers of roles", "they become relations from the claim", format!("{}: {role}", self.item.id));
                        rows.push(relation_row(self.tables, (from, to), role.as_str(), tokens));
                    }
                    _ => {
                        let example = format!("{}: {role} = {filler:?}", self.item.id);
                        self.ledger.drop("fillers of roles", "the claim or what fills it has no place in the text", example);
                    }
                }
            }
        }
        rows
    }
}

/// Prodigy names the ends of a relation by their last tokens.
fn relation_row(tables: &Tables, (from, to): (&Mark<'_>, &Mark<'_>), label: &str, tokens: &[Token]) -> Value {
    let end = |mark: &Mark<'_>| {
        let (first, last) = span_of(tokens, mark.range).unwrap_or_default();
        let name = label_name(&tables.schema, mark.label);
        (last, json!({"start": mark.place.start, "end": mark.place.end, "token_start": first, "token_end": last, "label": name}))
    };
    let ((head, head_span), (child, child_span)) = (end(from), end(to));
    json!({"head": head, "child": child, "head_span": head_span, "child_span": child_span, "label": label})
}

fn add_rest(residue: Option<&String>, row: &mut Map<String, Value>) {
    let rest = residue.and_then(|json| serde_json::from_str::<Map<String, Value>>(json).ok());
    for (name, value) in rest.into_iter().flatten() {
        row.entry(name).or_insert(value);
    }
}

fn json_of(value: &AttributeValue) -> Value {
    match value {
        AttributeValue::Bool(value) => (*value).into(),
        AttributeValue::Int(value) => (*value).into(),
        AttributeValue::Number(value) => value.value().into(),
        AttributeValue::Choices(choices) => choices.iter().map(ChoiceKey::as_str).collect(),
        AttributeValue::Choice(_) | AttributeValue::Text(_) | AttributeValue::Date(_) => value.to_string().into(),
    }
}
