//! Writing a text and a collection of annotations for each document.

use std::collections::{BTreeMap, BTreeSet};
use std::io;

use serde_json::{Map, Value};

use super::{ATTRIBUTE, CONTEXT, CONTEXT_CHARS, FORMAT, PREFIX, URN, VALUE, WIKIDATA};
use crate::format::aspects::drop_entity_details;
use crate::format::json_out::write_on_one_line;
use crate::format::json_tree::{Json, Object};
use crate::format::marks::document_fields;
use crate::format::place::Places;
use crate::format::standoff::{ENTITY, ENTITY_NAME, IDENTIFIERS, KIND, Kind, NORMALIZED, NOTE, OWN, said};
use crate::format::standoff_out::{Can, Ends, Row, Unplaced, count_document, count_fields, kept_beside, regions, sheet_rows};
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
    let context = vec![CONTEXT.into(), Object::of([(PREFIX, URN.into())]).into()];
    let mut collection = Object::of([
        ("@context", context.into()),
        ("id", format!("{URN}{}", item.id).into()),
        ("type", "AnnotationCollection".into()),
        ("label", item.document.title.as_str().into()),
        ("total", annotations.count.into()),
    ]);
    let fields = document_fields(item).filter(|(name, _)| !["id", "title"].contains(name));
    collection.extend(fields.map(|(name, value)| (format!("{OWN}{name}"), value.into())));
    for (name, value) in kept_beside(item, FORMAT.name).into_iter().filter(|(name, _)| name != "first") {
        collection.set_missing(name, value);
    }
    let mut page = Vec::with_capacity(annotations.lines.len() + 1024);
    write_on_one_line(&mut page, &Json::from(collection)).map_err(|cause| failed(item, cause))?;
    page.pop_if(|last| *last == b'}');
    page.extend(format!(",\n\"first\":{{\"id\":\"{URN}{}:page\",\"type\":\"AnnotationPage\",\"startIndex\":0,\"items\":[\n", item.id).bytes());
    page.extend_from_slice(&annotations.lines);
    page.extend_from_slice(b"\n]}}\n");
    Ok(page)
}

fn failed(item: &Item, cause: io::Error) -> FormatError {
    FormatError::writing(&format!("{}.jsonld", item.id), cause)
}

/// One a line, commas between.
struct Annotations<'w> {
    item: &'w Item,
    lines: Vec<u8>,
    count: usize,
}

impl Annotations<'_> {
    fn push(&mut self, annotation: &Json<'_>) -> Result<(), FormatError> {
        self.lines.extend_from_slice(if self.count > 0 { b",\n" } else { b"" });
        self.count += 1;
        write_on_one_line(&mut self.lines, annotation).map_err(|cause| failed(self.item, cause))
    }
}

fn annotations<'w>(tables: &'w Tables, item: &'w Item, ledger: &mut Ledger) -> Result<Annotations<'w>, FormatError> {
    let places = Places::new(&item.id, &item.text, OffsetUnit::CodePoints);
    let (mut next, mut all) = (0, Annotations { item, lines: Vec::new(), count: 0 });
    let text_name = text_name(item);
    let mut writer = Writer { item, text_name: &text_name, used: BTreeSet::new(), iris: BTreeMap::new(), creator: None, owner: "regions".to_owned() };
    for row in regions(item, &places, &mut next, ledger)? {
        writer.name(&row);
        all.push(&writer.annotation(row))?;
    }
    for (coder, sheet) in &item.sheets {
        let out = sheet_rows((tables, item, sheet), &places, &CAN, &mut next, ledger)?;
        coder.as_str().clone_into(&mut writer.owner);
        writer.creator = Some(creator((tables, coder), out.called));
        out.rows.iter().for_each(|row| writer.name(row));
        all.push(&writer.sheet(out.features))?;
        for row in out.rows {
            let (key, kind, links) = (row.number, row.kind, row.links.clone());
            all.push(&writer.annotation(row))?;
            if kind == Kind::Claim {
                writer.roles(key, &links).try_for_each(|role| all.push(&role))?;
            }
        }
        for raw in out.aside {
            if let Ok(aside @ Json::Object(_)) = serde_json::from_str(raw) {
                all.push(&aside)?;
            }
        }
    }
    Ok(all)
}

fn creator<'w>((tables, coder): (&'w Tables, &'w CoderKey), called: Option<&'w str>) -> Json<'w> {
    let name = called.unwrap_or_else(|| tables.coders.get(coder).map_or(coder.as_str(), |coder| coder.name.as_str()));
    let id = format!("{URN}coder:{coder}").into();
    Object::of([("id", id), ("name", name.into()), ("nickname", coder.as_str().into()), ("type", "Person".into())]).into()
}

struct Writer<'w> {
    item: &'w Item,
    text_name: &'w str,
    // Of all annotations that were named.
    used: BTreeSet<String>,
    iris: BTreeMap<usize, String>,
    creator: Option<Json<'w>>,
    owner: String,
}

impl<'w> Writer<'w> {
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

    fn begin<'a>(&'a self, id: impl Into<Json<'a>>, kind: Kind, motivation: &'static str) -> Object<'a> {
        let members = [("id", id.into()), (KIND, kind.name().into()), ("motivation", motivation.into()), ("type", "Annotation".into())];
        let mut annotation = Object::of(members);
        annotation.extend(self.creator.clone().map(|creator| ("creator", creator)));
        annotation
    }

    /// What is said about the document as a whole.
    fn sheet(&self, features: Vec<(String, Value)>) -> Json<'_> {
        let mut annotation = self.begin(format!("{URN}{}:{}", self.item.id, self.owner), Kind::Sheet, "describing");
        annotation.set("body", bodies(features));
        annotation.set("target", self.text_name);
        annotation.into()
    }

    fn annotation<'a>(&'a self, mut row: Row<'a>) -> Json<'a> {
        let motivation = if row.kind == Kind::Relation { "linking" } else { "classifying" };
        let mut annotation = self.begin(self.iri(row.number), row.kind, motivation);
        let mut body = vec![classifying(row.label)];
        let to = if row.kind == Kind::Relation { row.links.get(1) } else { row.links.first().filter(|_| row.kind == Kind::Occurrence) };
        body.extend(to.map(|(_, number)| linking(self.iri(*number))));
        body.extend(bodies(std::mem::take(&mut row.features)));
        if let Some(Value::Array(others)) = row.rest.remove("body") {
            body.extend(others.into_iter().map(Json::from));
        }
        let target = match (row.kind, row.links.first()) {
            (Kind::Relation, Some((_, from))) => self.iri(*from).into(),
            _ => self.target(&mut row),
        };
        if let Some(motivation) = row.rest.remove("motivation") {
            annotation.set("motivation", motivation);
        }
        annotation.set("body", body);
        annotation.set("target", target);
        for (name, value) in row.rest {
            annotation.set_missing(name, value);
        }
        annotation.into()
    }

    /// Several for discontinuous places; the whole text for what has none.
    fn target<'a>(&'a self, row: &mut Row<'a>) -> Json<'a> {
        let text = self.item.text.as_str();
        let mut others = row.rest.remove("selector");
        let mut targets = Vec::new();
        for (range, place) in row.ranges.iter().zip(&row.places) {
            let (before, behind) = (text.get(..range.start()).unwrap_or_default(), text.get(range.end()..).unwrap_or_default());
            let prefix = before.char_indices().rev().take(CONTEXT_CHARS).last().and_then(|(at, _)| before.get(at..)).unwrap_or_default();
            let suffix = behind.char_indices().nth(CONTEXT_CHARS).map_or(Some(behind), |(end, _)| behind.get(..end)).unwrap_or_default();
            let position = [("end", place.end.into()), ("start", place.start.into()), ("type", "TextPositionSelector".into())];
            let quote = [("exact", place.quote.into()), ("prefix", prefix.into()), ("suffix", suffix.into()), ("type", "TextQuoteSelector".into())];
            let mut selectors: Vec<Json<'_>> = vec![Object::of(position).into(), Object::of(quote).into()];
            if let Some(Value::Array(others)) = others.take() {
                selectors.extend(others.into_iter().map(Json::from));
            }
            targets.push(Json::from(Object::of([("selector", selectors.into()), ("source", self.text_name.into())])));
        }
        match targets.len() {
            0 => self.text_name.into(),
            1 => targets.pop().unwrap_or_default(),
            _ => targets.into(),
        }
    }

    /// The roles of a claim as annotations of it.
    fn roles<'a>(&'a self, claim: usize, links: &'a [(&'a str, usize)]) -> impl Iterator<Item = Json<'a>> {
        let claim = self.iri(claim);
        links.iter().zip(1..).map(move |((role, number), nth)| {
            let mut annotation = self.begin(format!("{claim}:role-{nth}"), Kind::Role, "linking");
            annotation.set("body", vec![classifying(role), linking(self.iri(*number))]);
            annotation.set("target", claim);
            annotation.into()
        })
    }
}

fn classifying(label: &str) -> Json<'_> {
    Object::of([("purpose", "classifying".into()), ("type", "TextualBody".into()), ("value", label.into())]).into()
}

fn linking(iri: &str) -> Json<'_> {
    Object::of([("purpose", "linking".into()), ("source", iri.into()), ("type", "SpecificResource".into())]).into()
}

fn textual(purpose: &'static str, text: String) -> Object<'static> {
    Object::of([("purpose", purpose.into()), ("type", "TextualBody".into()), ("value", text.into())])
}

/// Everything that an annotation says beside its label.
fn bodies(features: Vec<(String, Value)>) -> Vec<Json<'static>> {
    let (mut bodies, mut entity): (Vec<Json<'_>>, _) = (Vec::new(), Map::new());
    for (name, value) in features {
        let text = said(&value).unwrap_or_default();
        match name.as_str() {
            NOTE => bodies.push(textual("commenting", text).into()),
            NORMALIZED => bodies.push(textual("describing", text).into()),
            ENTITY | ENTITY_NAME | IDENTIFIERS => drop(entity.insert(name, value)),
            _ => {
                let mut body = textual("describing", text);
                body.set(ATTRIBUTE, name);
                if !value.is_string() {
                    body.set(VALUE, value);
                }
                bodies.push(body.into());
            }
        }
    }
    bodies.extend(identifying(entity));
    bodies
}

/// Our entity, and what Wikidata has for it.
fn identifying(entity: Map<String, Value>) -> Vec<Json<'static>> {
    let Some(id) = entity.get(ENTITY).and_then(Value::as_str).map(str::to_owned) else { return Vec::new() };
    let entries: Vec<String> = entity.get(IDENTIFIERS).and_then(Value::as_array).into_iter().flatten().filter_map(said).collect();
    let is_wikidata =
        |entry: &&String| entry.strip_prefix('Q').is_some_and(|digits| !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit()));
    let resource = |source: String| [("purpose", "identifying".into()), ("source", source.into()), ("type", "SpecificResource".into())];
    let mut own = Object::of_values(entity);
    own.extend(resource(format!("{URN}entity:{id}")));
    let wikidata = entries.iter().filter(is_wikidata).map(|entry| Object::of(resource(format!("{WIKIDATA}{entry}"))));
    std::iter::once(own).chain(wikidata).map(Json::from).collect()
}
