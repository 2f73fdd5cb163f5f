//! BioC in JSON: the same as its XML, member by member.

use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::JSON_FORMAT;
use super::document::{Annotation, Document, Passage, Relation};
use super::export::{can, document};
use super::import::{give_all, push_collection};
use crate::format::aspects::drop_entity_details;
use crate::format::coder_files::write_together;
use crate::format::json_out::write_on_one_line;
use crate::format::standoff::Features;
use crate::format::standoff_in::{self, Give, Input, Standoff, each_object, standoff};
use crate::format::{FormatError, Items, Ledger, ReadOptions, Receiver, Sink, Source, Tables, WriteOptions};
use crate::text::offsets::OffsetUnit;

static STANDOFF: Standoff = standoff!("bioc-json", "annotation", OffsetUnit::CodePoints, |_| false, parse);

/// Reads every file of the source.
pub(super) fn read(source: &dyn Source, options: &mut ReadOptions, to: &mut dyn Receiver) -> Result<(), FormatError> {
    standoff_in::read(&STANDOFF, source, options, to)
}

#[derive(Deserialize)]
#[serde(default)]
#[derive(Default)]
struct DocumentRow {
    id: Value,
    infons: Map<String, Value>,
    passages: Vec<PassageRow>,
    annotations: Vec<Value>,
    relations: Vec<Value>,
}

#[derive(Deserialize)]
#[serde(default)]
#[derive(Default)]
struct PassageRow {
    offset: usize,
    infons: Map<String, Value>,
    text: Option<String>,
    sentences: Vec<PassageRow>,
    annotations: Vec<Value>,
    relations: Vec<Value>,
}

fn parse(input: &Input<'_>, to: &mut dyn Receiver, give: &mut Give<'_>) -> Result<(), FormatError> {
    each_object(input, to, &mut |line, mut object, to| {
        let rows = match object.remove("documents") {
            Some(Value::Array(rows)) => rows,
            _ if object.contains_key("passages") => vec![Value::Object(std::mem::take(&mut object))],
            _ => {
                input.bad(line, "it has neither documents nor passages", to);
                return Ok(());
            }
        };
        let about = ["source", "date", "key"].map(|name| object.get(name).map(text).unwrap_or_default());
        let others = object.get("infons").and_then(Value::as_object).cloned().unwrap_or_default();
        let mut documents = Vec::with_capacity(rows.len());
        for row in rows {
            match serde_json::from_value::<DocumentRow>(row) {
                Ok(row) => {
                    let mut document = read_document(row, line);
                    push_collection(&mut document.infons, about.each_ref().map(String::as_str), others.clone().into_iter().collect());
                    documents.push(document);
                }
                Err(error) => input.bad(line, format!("a document has not the members that BioC says: {error}"), to),
            }
        }
        give_all(input, documents, to, give)
    })
}

fn text(value: &Value) -> String {
    value.as_str().map_or_else(|| if value.is_null() { String::new() } else { value.to_string() }, str::to_owned)
}

fn read_document(row: DocumentRow, line: Option<usize>) -> Document {
    Document {
        id: text(&row.id),
        infons: row.infons.into_iter().collect(),
        passages: row.passages.into_iter().map(passage).collect(),
        annotations: row.annotations.iter().map(annotation).collect(),
        relations: row.relations.iter().map(relation).collect(),
        line,
    }
}

/// The text of a passage with sentences is empty in some files.
fn passage(row: PassageRow) -> Passage {
    let has_sentences = !row.sentences.is_empty();
    Passage {
        offset: row.offset,
        infons: row.infons.into_iter().collect(),
        text: row.text.filter(|text| !text.is_empty() || !has_sentences),
        sentences: row.sentences.into_iter().map(passage).collect(),
        annotations: row.annotations.iter().map(annotation).collect(),
        relations: row.relations.iter().map(relation).collect(),
    }
}

fn infons(row: &Value) -> Features {
    row.get("infons").and_then(Value::as_object).cloned().unwrap_or_default().into_iter().collect()
}

fn list<'v>(row: &'v Value, name: &str) -> &'v [Value] {
    row.get(name).and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default()
}

fn annotation(row: &Value) -> Annotation {
    let number = |location: &Value, name: &str| location.get(name).and_then(Value::as_u64).and_then(|number| usize::try_from(number).ok());
    let locations = list(row, "locations").iter().map(|at| (number(at, "offset").unwrap_or(usize::MAX), number(at, "length").unwrap_or(usize::MAX)));
    Annotation {
        id: row.get("id").map(text).unwrap_or_default(),
        infons: infons(row),
        locations: locations.collect(),
        text: row.get("text").map(text).unwrap_or_default(),
        raw: row.to_string(),
        line: None,
    }
}

fn relation(row: &Value) -> Relation {
    let member = |node: &Value, name: &str| node.get(name).map(text).unwrap_or_default();
    Relation {
        id: row.get("id").map(text).unwrap_or_default(),
        infons: infons(row),
        nodes: list(row, "nodes").iter().map(|node| (member(node, "refid"), member(node, "role"))).collect(),
        raw: row.to_string(),
        line: None,
    }
}

/// Writes everything.
pub(super) fn write(
    tables: &Tables,
    items: &mut Items<'_>,
    options: &WriteOptions,
    sink: &mut dyn Sink,
    ledger: &mut Ledger,
) -> Result<(), FormatError> {
    drop_entity_details(ledger, tables, "entities are written with their names and knowledge base ids only");
    let head =
        "{\"bioctype\":\"BioCCollection\",\"source\":\"Manicule\",\"date\":\"\",\"key\":\"\",\"version\":\"1.0\",\"infons\":{},\"documents\":[\n";
    write_together(
        items,
        (options, sink, ledger),
        &mut |page, item, ledger| {
            let value = document_value(&document(tables, item, &can(JSON_FORMAT.name), options, ledger)?);
            write_on_one_line(page, &value).map_err(|cause| FormatError::writing(&options.file_name, cause))
        },
        [head, ",\n", "\n]}\n"],
    )
}

fn object(infons: &Features) -> Map<String, Value> {
    infons.iter().cloned().collect()
}

fn document_value(document: &Document) -> Value {
    let passages: Vec<Value> = document.passages.iter().map(passage_value).collect();
    json!({"bioctype": "BioCDocument", "id": document.id, "infons": object(&document.infons), "passages": passages, "annotations": [], "relations": []})
}

fn passage_value(passage: &Passage) -> Value {
    let annotation = |row: &Annotation| {
        let locations: Vec<Value> = row.locations.iter().map(|(offset, length)| json!({"offset": offset, "length": length})).collect();
        json!({"id": row.id, "infons": object(&row.infons), "text": row.text, "locations": locations})
    };
    let relation = |row: &Relation| {
        let nodes: Vec<Value> = row.nodes.iter().map(|(id, role)| json!({"refid": id, "role": role})).collect();
        json!({"id": row.id, "infons": object(&row.infons), "nodes": nodes})
    };
    let annotations: Vec<Value> = passage.annotations.iter().map(annotation).collect();
    let relations: Vec<Value> = passage.relations.iter().map(relation).collect();
    json!({
        "bioctype": "BioCPassage", "offset": passage.offset, "infons": object(&passage.infons), "text": passage.text, "sentences": [],
        "annotations": annotations, "relations": relations,
    })
}
