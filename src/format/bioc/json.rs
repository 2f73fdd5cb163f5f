//! BioC in JSON: the same as its XML, member by member.

use std::io::BufRead;

use serde::Deserialize;
use serde_json::value::RawValue;
use serde_json::{Map, Value};

use super::JSON_FORMAT;
use super::document::{Annotation, Document, Passage, Relation};
use super::export::{can, document};
use super::import::{give_document, push_collection};
use crate::format::aspects::drop_entity_details;
use crate::format::coder_files::write_together;
use crate::format::json_members::Members;
use crate::format::json_out::write_on_one_line;
use crate::format::json_records::{elements, value};
use crate::format::json_tree::{Json, Object, on_one_line};
use crate::format::pieces::{Each, cut_member};
use crate::format::standoff::Features;
use crate::format::standoff_in::{self, Give, Input, Raw, Standoff, standoff};
use crate::format::standoff_json::{each_text, read as read_text};
use crate::format::{FormatError, Items, Ledger, ReadOptions, Receiver, Sink, Source, Tables, WriteOptions};
use crate::text::offsets::OffsetUnit;

const DOCUMENTS: &str = "documents";

static STANDOFF: Standoff =
    Standoff { on_one_line, cut: Some(cut), ..standoff!("bioc-json", "annotation", OffsetUnit::CodePoints, |_| false, parse) };

/// Reads every file of the source.
pub(super) fn read(source: &dyn Source, options: &mut ReadOptions, to: &mut dyn Receiver) -> Result<(), FormatError> {
    standoff_in::read(&STANDOFF, source, options, to)
}

fn cut(reader: &mut dyn BufRead, each: &mut Each<'_>) -> Result<Option<String>, FormatError> {
    cut_member(DOCUMENTS, reader, each)
}

#[derive(Deserialize)]
#[serde(default)]
#[derive(Default)]
struct DocumentRow<'j> {
    #[serde(borrow)]
    id: Json<'j>,
    infons: Map<String, Value>,
    #[serde(borrow)]
    passages: Vec<PassageRow<'j>>,
    #[serde(borrow)]
    annotations: Vec<&'j RawValue>,
    #[serde(borrow)]
    relations: Vec<&'j RawValue>,
}

#[derive(Deserialize)]
#[serde(default)]
#[derive(Default)]
struct PassageRow<'j> {
    offset: usize,
    infons: Map<String, Value>,
    text: Option<String>,
    #[serde(borrow)]
    sentences: Vec<PassageRow<'j>>,
    #[serde(borrow)]
    annotations: Vec<&'j RawValue>,
    #[serde(borrow)]
    relations: Vec<&'j RawValue>,
}

/// What a collection says of itself.
#[derive(Default)]
struct About {
    texts: [String; 3],
    others: Map<String, Value>,
}

impl About {
    fn of(collection: &Members<'_>) -> Self {
        let said = |name| collection.get(name).and_then(value::<Json<'_>>).map(|value| text(&value)).unwrap_or_default();
        Self { texts: ["source", "date", "key"].map(said), others: collection.get("infons").and_then(value).unwrap_or_default() }
    }
}

fn parse(input: &Input<'_>, to: &mut dyn Receiver, give: &mut Give<'_>) -> Result<(), FormatError> {
    if let Some(head) = input.head {
        let about = Members::of(head).map(|collection| About::of(&collection)).unwrap_or_default();
        return give_text(input, (None, input.content, &about), to, give);
    }
    each_text(input, to, &mut |line, text, to| {
        let Some(mut members) = read_text::<Members<'_>>(input, line, text, to) else { return Ok(()) };
        match members.remove(DOCUMENTS).filter(|documents| documents.get().starts_with('[')) {
            Some(documents) => {
                let about = About::of(&members);
                let mut documents = elements(documents).unwrap_or_default().into_iter();
                documents.try_for_each(|document| give_text(input, (line, document.get(), &about), to, give))
            }
            None if members.contains("passages") => give_text(input, (line, text, &About::default()), to, give),
            None => {
                input.bad(line, "it has neither documents nor passages", to);
                Ok(())
            }
        }
    })
}

fn give_text(
    input: &Input<'_>,
    (line, text, about): (Option<usize>, &str, &About),
    to: &mut dyn Receiver,
    give: &mut Give<'_>,
) -> Result<(), FormatError> {
    // Of members with the same name the last counts, which a tree knows.
    let again;
    let row: Result<DocumentRow<'_>, _> = match serde_json::from_str(text) {
        Ok(row) => Ok(row),
        Err(_) => {
            again = on_one_line(text);
            serde_json::from_str(&again)
        }
    };
    match row {
        Ok(row) => {
            let mut document = read_document(input, row, line);
            push_collection(&mut document.infons, about.texts.each_ref().map(String::as_str), about.others.clone().into_iter().collect());
            give_document(input, document, to, give)
        }
        Err(error) => {
            input.bad(line, format!("a document has not the members that BioC says: {error}"), to);
            Ok(())
        }
    }
}

fn text(value: &Json<'_>) -> String {
    match value {
        Json::Text(text) => text.as_ref().to_owned(),
        Json::Null => String::new(),
        value => value.to_value().to_string(),
    }
}

fn read_document(input: &Input<'_>, row: DocumentRow<'_>, line: Option<usize>) -> Document {
    Document {
        id: text(&row.id),
        infons: row.infons.into_iter().collect(),
        passages: row.passages.into_iter().map(|row| passage(input, row)).collect(),
        annotations: row.annotations.iter().map(|row| annotation(input, row)).collect(),
        relations: row.relations.iter().map(|row| relation(input, row)).collect(),
        line,
    }
}

/// The text of a passage with sentences is empty in some files.
fn passage(input: &Input<'_>, row: PassageRow<'_>) -> Passage {
    let has_sentences = !row.sentences.is_empty();
    Passage {
        offset: row.offset,
        infons: row.infons.into_iter().collect(),
        text: row.text.filter(|text| !text.is_empty() || !has_sentences),
        sentences: row.sentences.into_iter().map(|row| passage(input, row)).collect(),
        annotations: row.annotations.iter().map(|row| annotation(input, row)).collect(),
        relations: row.relations.iter().map(|row| relation(input, row)).collect(),
    }
}

fn infons(row: &Json<'_>) -> Features {
    let infons = row.get("infons").map(Json::members).unwrap_or_default();
    infons.iter().map(|(name, value)| (name.as_ref().to_owned(), value.to_value())).collect()
}

fn list<'v, 'j>(row: &'v Json<'j>, name: &str) -> &'v [Json<'j>] {
    row.get(name).and_then(Json::as_list).unwrap_or_default()
}

fn annotation(input: &Input<'_>, raw: &RawValue) -> Annotation {
    let row: Json<'_> = value(raw).unwrap_or_default();
    let number = |location: &Json<'_>, name: &str| location.get(name).and_then(Json::as_index).unwrap_or(usize::MAX);
    Annotation {
        id: row.get("id").map(text).unwrap_or_default(),
        infons: infons(&row),
        locations: list(&row, "locations").iter().map(|at| (number(at, "offset"), number(at, "length"))).collect(),
        text: row.get("text").map(text).unwrap_or_default(),
        raw: Raw::of(input.content, raw.get()),
        line: None,
    }
}

fn relation(input: &Input<'_>, raw: &RawValue) -> Relation {
    let row: Json<'_> = value(raw).unwrap_or_default();
    let member = |node: &Json<'_>, name: &str| node.get(name).map(text).unwrap_or_default();
    Relation {
        id: row.get("id").map(text).unwrap_or_default(),
        infons: infons(&row),
        nodes: list(&row, "nodes").iter().map(|node| (member(node, "refid"), member(node, "role"))).collect(),
        raw: Raw::of(input.content, raw.get()),
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
            let value = document_value(document(tables, item, &can(JSON_FORMAT.name), options, ledger)?);
            write_on_one_line(page, &value).map_err(|cause| FormatError::writing(&options.file_name, cause))
        },
        [head, ",\n", "\n]}\n"],
    )
}

fn nothing() -> Json<'static> {
    Json::List(Vec::new())
}

fn document_value(document: Document) -> Json<'static> {
    let passages: Vec<Json<'_>> = document.passages.into_iter().map(passage_value).collect();
    let members = [
        ("annotations", nothing()),
        ("bioctype", "BioCDocument".into()),
        ("id", document.id.into()),
        ("infons", Object::of_values(document.infons).into()),
        ("passages", passages.into()),
        ("relations", nothing()),
    ];
    Object::of(members).into()
}

fn passage_value(passage: Passage) -> Json<'static> {
    let annotations: Vec<Json<'_>> = passage.annotations.into_iter().map(annotation_value).collect();
    let relations: Vec<Json<'_>> = passage.relations.into_iter().map(relation_value).collect();
    let members = [
        ("annotations", annotations.into()),
        ("bioctype", "BioCPassage".into()),
        ("infons", Object::of_values(passage.infons).into()),
        ("offset", passage.offset.into()),
        ("relations", relations.into()),
        ("sentences", nothing()),
        ("text", passage.text.map_or(Json::Null, Json::from)),
    ];
    Object::of(members).into()
}

fn annotation_value(row: Annotation) -> Json<'static> {
    let location = |(offset, length): (usize, usize)| Object::of([("length", length.into()), ("offset", offset.into())]).into();
    let locations: Vec<Json<'_>> = row.locations.into_iter().map(location).collect();
    let members =
        [("id", row.id.into()), ("infons", Object::of_values(row.infons).into()), ("locations", locations.into()), ("text", row.text.into())];
    Object::of(members).into()
}

fn relation_value(row: Relation) -> Json<'static> {
    let node = |(id, role): (String, String)| Object::of([("refid", id.into()), ("role", role.into())]).into();
    let nodes: Vec<Json<'_>> = row.nodes.into_iter().map(node).collect();
    Object::of([("id", row.id.into()), ("infons", Object::of_values(row.infons).into()), ("nodes", nodes.into())]).into()
}
