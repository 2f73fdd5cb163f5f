//! BioC in JSON: the same as its XML, member by member.

use std::collections::BTreeSet;
use std::io::BufRead;

use serde::Deserialize;
use serde_json::value::RawValue;
use serde_json::{Map, Value};

use super::collection::Collection;
use super::document::{Annotation, Document, Passage, Relation};
use super::export::{How, Kept, can, document};
use super::import::{give_document, push_collection};
use super::{ANNOTATOR, JSON_FORMAT, TYPE};
use crate::format::aspects::drop_entity_details;
use crate::format::coder_files::write_together;
use crate::format::json_members::Members;
use crate::format::json_out::write_on_one_line;
use crate::format::json_records::{elements, value};
use crate::format::json_tree::{Json, Object, on_one_line};
use crate::format::pieces::{Each, cut_member};
use crate::format::standoff::Features;
use crate::format::standoff_aside::{marked_object, unmarked_object};
use crate::format::standoff_in::{self, Give, Input, Raw, Standoff, standoff};
use crate::format::standoff_json::{each_text, read as read_text};
use crate::format::{FormatError, Items, Ledger, ReadOptions, Receiver, Sink, Source, Tables, WriteOptions};
use crate::model::CoderKey;
use crate::text::offsets::OffsetUnit;

const DOCUMENTS: &str = "documents";
const INFONS: &str = "infons";
/// In front of the name of a second infon of one key, which an object cannot have.
const SECOND: &str = "manicule:second:";

static STANDOFF: Standoff = Standoff {
    on_one_line,
    unmarked,
    has_types: false,
    cut: Some(cut),
    ..standoff!("bioc-json", "annotation", OffsetUnit::CodePoints, |_, _| false, parse)
};

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
fn about(collection: &Members<'_>) -> Collection {
    let said = |name| collection.get(name).and_then(value::<Json<'_>>).map(|value| text(&value)).unwrap_or_default();
    let [source, date, key] = ["source", "date", "key"].map(said);
    Collection::new([&source, &date, &key], collection.get(INFONS).and_then(value).unwrap_or_default())
}

fn parse(input: &Input<'_>, to: &mut dyn Receiver, give: &mut Give<'_>) -> Result<(), FormatError> {
    if let Some(head) = input.head {
        let about = Members::of(head).map(|collection| about(&collection)).unwrap_or_default();
        return give_text(input, (None, input.content, &about), to, give);
    }
    each_text(input, to, &mut |line, text, to| {
        let Some(mut members) = read_text::<Members<'_>>(input, line, text, to) else { return Ok(()) };
        match members.remove(DOCUMENTS).filter(|documents| documents.get().starts_with('[')) {
            Some(documents) => {
                let about = about(&members);
                let mut documents = elements(documents).unwrap_or_default().into_iter();
                documents.try_for_each(|document| give_text(input, (line, document.get(), &about), to, give))
            }
            None if members.contains("passages") => give_text(input, (line, text, &Collection::default()), to, give),
            None => {
                input.bad(line, "it has neither documents nor passages", to);
                Ok(())
            }
        }
    })
}

fn give_text(
    input: &Input<'_>,
    (line, text, about): (Option<usize>, &str, &Collection),
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
            push_collection(&mut document.infons, about.clone());
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
    let infons = row.get(INFONS).map(Json::members).unwrap_or_default();
    let name = |name: &str| name.strip_prefix(SECOND).unwrap_or(name).to_owned();
    let (second, first): (Vec<_>, Vec<_>) = infons.iter().partition(|(name, _)| name.starts_with(SECOND));
    first.into_iter().chain(second).map(|(key, value)| (name(key.as_ref()), value.to_value())).collect()
}

/// The infons as an object. An attribute that is called as what we say of each annotation gets a longer name.
fn object(infons: Features) -> Object<'static> {
    let (mut all, mut met) = (Object::default(), BTreeSet::new());
    for (name, value) in infons {
        let is_second = [TYPE, ANNOTATOR].contains(&name.as_str()) && !met.insert(name.clone());
        let name = if is_second { format!("{SECOND}{name}") } else { name };
        all.set(name, value);
    }
    all
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
    let first = items.next().transpose()?;
    let collection = Collection::of_first(first.as_ref(), JSON_FORMAT.name);
    let how = How { can: can(JSON_FORMAT.name), mark: marked, collection: &collection, options };
    write_together(
        &mut first.map(Ok).into_iter().chain(items),
        (options, sink, ledger),
        &mut |page, item, ledger| {
            let value = document_value(document(tables, item, &how, ledger)?);
            write_on_one_line(page, &value).map_err(|cause| FormatError::writing(&options.file_name, cause))
        },
        [&head(&collection), ",\n", "\n]}\n"],
    )
}

fn head(Collection { source, date, key, infons }: &Collection) -> String {
    let [source, date, key] = [source, date, key].map(|text| Value::from(text.as_str()));
    let infons = Value::Object(infons.clone());
    format!(
        "{{\"bioctype\":\"BioCCollection\",\"source\":{source},\"date\":{date},\"key\":{key},\"version\":\"1.0\",\"infons\":{infons},\"{DOCUMENTS}\":[\n"
    )
}

fn marked(raw: &str, coder: &CoderKey) -> Option<Kept> {
    let object: Map<String, Value> = serde_json::from_str(raw).ok()?;
    let (is_annotation, is_relation) = (object.contains_key("locations"), object.contains_key("nodes"));
    let marked = Value::Object(marked_object(object, Some(INFONS), coder.as_str())).to_string();
    match (is_annotation, is_relation) {
        (true, _) => Some(Kept::Annotation(marked)),
        (false, true) => Some(Kept::Relation(marked)),
        (false, false) => None,
    }
}

/// An annotation or a relation as it stood before it was kept aside.
fn unmarked(raw: &str) -> String {
    unmarked_object(raw, Some(INFONS))
}

fn nothing() -> Json<'static> {
    Json::List(Vec::new())
}

fn document_value(document: Document) -> Json<'static> {
    let relations: Vec<Json<'_>> = document.relations.into_iter().map(relation_value).collect();
    let passages: Vec<Json<'_>> = document.passages.into_iter().map(passage_value).collect();
    let members = [
        ("annotations", nothing()),
        ("bioctype", "BioCDocument".into()),
        ("id", document.id.into()),
        (INFONS, Object::of_values(document.infons).into()),
        ("passages", passages.into()),
        ("relations", relations.into()),
    ];
    Object::of(members).into()
}

/// A passage, or one of its sentences.
fn passage_value(passage: Passage) -> Json<'static> {
    piece_value(passage, "BioCPassage")
}

fn piece_value(passage: Passage, kind: &'static str) -> Json<'static> {
    let sentences: Vec<Json<'_>> = passage.sentences.into_iter().map(|sentence| piece_value(sentence, "BioCSentence")).collect();
    let annotations: Vec<Json<'_>> = passage.annotations.into_iter().map(annotation_value).collect();
    let relations: Vec<Json<'_>> = passage.relations.into_iter().map(relation_value).collect();
    let mut members = Object::of([
        ("annotations", annotations.into()),
        ("bioctype", kind.into()),
        (INFONS, Object::of_values(passage.infons).into()),
        ("offset", passage.offset.into()),
        ("relations", relations.into()),
        ("text", passage.text.map_or(Json::Null, Json::from)),
    ]);
    if kind == "BioCPassage" {
        members.set("sentences", sentences);
    }
    members.into()
}

fn annotation_value(row: Annotation) -> Json<'static> {
    if let Some(kept) = row.raw.kept() {
        return kept;
    }
    let location = |(offset, length): (usize, usize)| Object::of([("length", length.into()), ("offset", offset.into())]).into();
    let locations: Vec<Json<'_>> = row.locations.into_iter().map(location).collect();
    let members = [("id", row.id.into()), (INFONS, object(row.infons).into()), ("locations", locations.into()), ("text", row.text.into())];
    Object::of(members).into()
}

fn relation_value(row: Relation) -> Json<'static> {
    if let Some(kept) = row.raw.kept() {
        return kept;
    }
    let node = |(id, role): (String, String)| Object::of([("refid", id.into()), ("role", role.into())]).into();
    let nodes: Vec<Json<'_>> = row.nodes.into_iter().map(node).collect();
    Object::of([("id", row.id.into()), (INFONS, object(row.infons).into()), ("nodes", nodes.into())]).into()
}
