//! Writing a text and a collection of annotations for each document.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

use super::{ATTRIBUTE, CONTEXT, CONTEXT_CHARS, FORMAT, PREFIX, URN, VALUE, WIKIDATA};
use crate::format::aspects::drop_entity_details;
use crate::format::json_out::write_on_one_line;
use crate::format::marks::document_fields;
use crate::format::place::Places;
use crate::format::standoff::{ENTITY, ENTITY_NAME, IDENTIFIERS, KIND, Kind, NORMALIZED, NOTE, OWN, said};
use crate::format::standoff_out::{Can, Ends, Row, Unplaced, count_document, count_fields, regions, sheet_rows};
use crate::format::{FormatError, Item, Items, Ledger, Sink, Tables, WriteOptions};
use crate::model::CoderKey;
use crate::text::offsets::OffsetUnit;

const CAN: Can = Can { format: FORMAT.name, gaps: None, unplaced: Unplaced::Written, ends: Ends::MarksAndRelations };

/// Writes everything.
pub(super) fn write(
    tables: &Tables,
    items: &mut Items<'_>,
    options: &WriteOptions,
    sink: &mut dyn Sink,
    ledger: &mut Ledger,
) -> Result<(), FormatError> {
    for item in items {
        let item = item?;
        ledger.add_document();
        count_document(&item, &CAN, ledger);
        count_fields(&item, ledger);
        let page = page(tables, &item, ledger)?;
        write_file(sink, &text_name(&item), item.text.as_str().as_bytes())?;
        write_file(sink, &format!("{}.jsonld", item.id), &page)?;
        options.step()?;
    }
    drop_entity_details(ledger, tables, "entities are written with their names and knowledge base ids only");
    Ok(())
}

fn write_file(sink: &mut dyn Sink, name: &str, content: &[u8]) -> Result<(), FormatError> {
    let written = sink.create(name).and_then(|mut file| file.write_all(content));
    written.map_err(|cause| FormatError::writing(name, cause))
}

fn text_name(item: &Item) -> String {
    format!("{}.txt", item.id)
}

/// A collection with one page, an annotation a line.
fn page(tables: &Tables, item: &Item, ledger: &mut Ledger) -> Result<Vec<u8>, FormatError> {
    let annotations = annotations(tables, item, ledger)?;
    let mut collection = Map::new();
    collection.insert("@context".to_owned(), json!([CONTEXT, { PREFIX: URN }]));
    collection.insert("id".to_owned(), format!("{URN}{}", item.id).into());
    collection.insert("type".to_owned(), "AnnotationCollection".into());
    collection.insert("label".to_owned(), item.document.title.as_str().into());
    collection.insert("total".to_owned(), annotations.len().into());
    let fields = document_fields(item).filter(|(name, _)| !["id", "title"].contains(name));
    collection.extend(fields.map(|(name, value)| (format!("{OWN}{name}"), value.into())));
    let rest = item.document.residue.get(FORMAT.name).and_then(|rest| serde_json::from_str::<Map<String, Value>>(rest).ok());
    for (name, value) in rest.into_iter().flatten().filter(|(name, _)| name != "first") {
        collection.entry(name).or_insert(value);
    }
    let failed = |cause| FormatError::writing(&format!("{}.jsonld", item.id), cause);
    let mut page = Vec::new();
    write_on_one_line(&mut page, &collection).map_err(failed)?;
    page.pop_if(|last| *last == b'}');
    page.extend(format!(",\n\"first\":{{\"id\":\"{URN}{}:page\",\"type\":\"AnnotationPage\",\"startIndex\":0,\"items\":[\n", item.id).bytes());
    for (index, annotation) in annotations.iter().enumerate() {
        page.extend_from_slice(if index > 0 { b",\n" } else { b"" });
        write_on_one_line(&mut page, annotation).map_err(failed)?;
    }
    page.extend_from_slice(b"\n]}}\n");
    Ok(page)
}

fn annotations(tables: &Tables, item: &Item, ledger: &mut Ledger) -> Result<Vec<Value>, FormatError> {
    let places = Places::new(&item.id, &item.text, OffsetUnit::CodePoints);
    let (mut next, mut all) = (0, Vec::new());
    let mut writer = Writer { item, used: BTreeSet::new(), iris: BTreeMap::new(), creator: None, owner: "regions".to_owned() };
    for row in regions(item, &places, &mut next, ledger)? {
        writer.name(&row);
        all.push(writer.annotation(row));
    }
    for (coder, sheet) in &item.sheets {
        let out = sheet_rows((tables, item, sheet), &places, &CAN, &mut next, ledger)?;
        coder.as_str().clone_into(&mut writer.owner);
        writer.creator = Some(creator(tables, coder));
        out.rows.iter().for_each(|row| writer.name(row));
        all.push(writer.sheet(out.features));
        for row in out.rows {
            let roles = writer.roles(&row);
            all.push(writer.annotation(row));
            all.extend(roles);
        }
        all.extend(out.aside.iter().filter_map(|raw| serde_json::from_str::<Value>(raw).ok()).filter(Value::is_object));
    }
    Ok(all)
}

fn creator(tables: &Tables, coder: &CoderKey) -> Value {
    let name = tables.coders.get(coder).map_or(coder.as_str(), |coder| coder.name.as_str());
    json!({"id": format!("{URN}coder:{coder}"), "type": "Person", "name": name, "nickname": coder.as_str()})
}

struct Writer<'w> {
    item: &'w Item,
    // Of all annotations that were named.
    used: BTreeSet<String>,
    iris: BTreeMap<usize, String>,
    creator: Option<Value>,
    owner: String,
}

impl Writer<'_> {
    /// Its own id of an earlier import, or one made of the row's.
    fn name(&mut self, row: &Row<'_>) {
        let old = row.old_id.map(str::to_owned).filter(|id| !self.used.contains(id));
        let iri = old.unwrap_or_else(|| format!("{URN}{}:{}:{}", self.item.id, self.owner, row.key));
        self.used.insert(iri.clone());
        self.iris.insert(row.number, iri);
    }

    fn iri(&self, number: usize) -> &str {
        self.iris.get(&number).map_or("", String::as_str)
    }

    fn begin(&self, id: &str, kind: Kind, motivation: &str) -> Map<String, Value> {
        let mut annotation = Map::new();
        annotation.insert("id".to_owned(), id.into());
        annotation.insert("type".to_owned(), "Annotation".into());
        annotation.insert("motivation".to_owned(), motivation.into());
        annotation.insert(KIND.to_owned(), kind.name().into());
        annotation.extend(self.creator.clone().map(|creator| ("creator".to_owned(), creator)));
        annotation
    }

    /// What is said about the document as a whole.
    fn sheet(&self, features: Vec<(String, Value)>) -> Value {
        let mut annotation = self.begin(&format!("{URN}{}:{}", self.item.id, self.owner), Kind::Sheet, "describing");
        annotation.insert("body".to_owned(), bodies(features).into());
        annotation.insert("target".to_owned(), text_name(self.item).into());
        annotation.into()
    }

    fn annotation(&self, mut row: Row<'_>) -> Value {
        let motivation = if row.kind == Kind::Relation { "linking" } else { "classifying" };
        let mut annotation = self.begin(self.iri(row.number), row.kind, motivation);
        let mut body = vec![classifying(row.label)];
        let to = if row.kind == Kind::Relation { row.links.get(1) } else { row.links.first().filter(|_| row.kind == Kind::Occurrence) };
        body.extend(to.map(|(_, number)| linking(self.iri(*number))));
        body.extend(bodies(std::mem::take(&mut row.features)));
        if let Some(Value::Array(others)) = row.rest.remove("body") {
            body.extend(others);
        }
        let target = match (row.kind, row.links.first()) {
            (Kind::Relation, Some((_, from))) => self.iri(*from).into(),
            _ => self.target(&mut row),
        };
        if let Some(motivation) = row.rest.remove("motivation") {
            annotation.insert("motivation".to_owned(), motivation);
        }
        annotation.insert("body".to_owned(), body.into());
        annotation.insert("target".to_owned(), target);
        for (name, value) in row.rest {
            annotation.entry(name).or_insert(value);
        }
        annotation.into()
    }

    /// Several for discontinuous places; the whole text for what has none.
    fn target(&self, row: &mut Row<'_>) -> Value {
        let text = self.item.text.as_str();
        let others = row.rest.remove("selector");
        let mut targets = Vec::new();
        for (range, place) in row.ranges.iter().zip(&row.places) {
            let before: Vec<char> = text.get(..range.start()).unwrap_or_default().chars().rev().take(CONTEXT_CHARS).collect();
            let prefix: String = before.into_iter().rev().collect();
            let suffix: String = text.get(range.end()..).unwrap_or_default().chars().take(CONTEXT_CHARS).collect();
            let mut selectors = vec![
                json!({"type": "TextPositionSelector", "start": place.start, "end": place.end}),
                json!({"type": "TextQuoteSelector", "exact": place.quote, "prefix": prefix, "suffix": suffix}),
            ];
            if let (Some(Value::Array(others)), true) = (&others, targets.is_empty()) {
                selectors.extend(others.iter().cloned());
            }
            targets.push(json!({"source": text_name(self.item), "selector": selectors}));
        }
        match targets.len() {
            0 => text_name(self.item).into(),
            1 => targets.remove(0),
            _ => targets.into(),
        }
    }

    /// The roles of a claim as annotations of it.
    fn roles(&self, row: &Row<'_>) -> Vec<Value> {
        let links = row.links.iter().filter(|_| row.kind == Kind::Claim).enumerate();
        let role = |(index, (role, number)): (usize, &(&str, usize))| {
            let claim = self.iri(row.number);
            let mut annotation = self.begin(&format!("{claim}:role-{}", index + 1), Kind::Role, "linking");
            annotation.insert("body".to_owned(), json!([classifying(role), linking(self.iri(*number))]));
            annotation.insert("target".to_owned(), claim.into());
            Value::Object(annotation)
        };
        links.map(role).collect()
    }
}

fn classifying(label: &str) -> Value {
    json!({"type": "TextualBody", "purpose": "classifying", "value": label})
}

fn linking(iri: &str) -> Value {
    json!({"type": "SpecificResource", "purpose": "linking", "source": iri})
}

/// Everything that an annotation says beside its label.
fn bodies(features: Vec<(String, Value)>) -> Vec<Value> {
    let (mut bodies, mut entity) = (Vec::new(), Map::new());
    for (name, value) in features {
        let text = said(&value).unwrap_or_default();
        match name.as_str() {
            NOTE => bodies.push(json!({"type": "TextualBody", "purpose": "commenting", "value": text})),
            NORMALIZED => bodies.push(json!({"type": "TextualBody", "purpose": "describing", "value": text})),
            ENTITY | ENTITY_NAME | IDENTIFIERS => drop(entity.insert(name, value)),
            _ => {
                let mut body = json!({"type": "TextualBody", "purpose": "describing", ATTRIBUTE: name, "value": text});
                if let (false, Some(body)) = (value.is_string(), body.as_object_mut()) {
                    body.insert(VALUE.to_owned(), value);
                }
                bodies.push(body);
            }
        }
    }
    bodies.extend(identifying(entity));
    bodies
}

/// Our entity, and what Wikidata has for it.
fn identifying(mut entity: Map<String, Value>) -> Vec<Value> {
    let Some(id) = entity.get(ENTITY).and_then(Value::as_str).map(str::to_owned) else { return Vec::new() };
    let entries: Vec<String> = entity.get(IDENTIFIERS).and_then(Value::as_array).into_iter().flatten().filter_map(said).collect();
    let is_wikidata =
        |entry: &&String| entry.strip_prefix('Q').is_some_and(|digits| !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit()));
    let resource = |source: String| json!({"type": "SpecificResource", "purpose": "identifying", "source": source});
    let wikidata: Vec<Value> = entries.iter().filter(is_wikidata).map(|entry| resource(format!("{WIKIDATA}{entry}"))).collect();
    entity.insert("type".to_owned(), "SpecificResource".into());
    entity.insert("purpose".to_owned(), "identifying".into());
    entity.insert("source".to_owned(), format!("{URN}entity:{id}").into());
    std::iter::once(Value::Object(entity)).chain(wikidata).collect()
}
