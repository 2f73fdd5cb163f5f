//! Writing a collection in XML, document by document.

use std::fmt::Write as _;

use serde_json::Value;

use super::XML_FORMAT;
use super::collection::Collection;
use super::document::{Annotation, Document, Passage, Relation};
use super::export::{How, Kept, can, document, for_xml};
use crate::format::aspects::drop_entity_details;
use crate::format::coder_files::write_together;
use crate::format::standoff::{ASIDE, Features};
use crate::format::standoff_aside::{marked_element, unmarked_element};
use crate::format::standoff_in::Raw;
use crate::format::xml_out::{count_not_xml, push_attribute, push_content};
use crate::format::{FormatError, Items, Ledger, Sink, Tables, WriteOptions};
use crate::model::CoderKey;

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
    let collection = Collection::of_first(first.as_ref(), XML_FORMAT.name);
    let how = How { can: can(XML_FORMAT.name), mark: marked, collection: &collection, options };
    write_together(
        &mut first.map(Ok).into_iter().chain(items),
        (options, sink, ledger),
        &mut |page, item, ledger| {
            let mut document = document(tables, item, &how, ledger)?;
            let mut infons = document.infons.clone();
            document.each_list(&mut |annotations, relations| {
                infons.extend(annotations.iter().flat_map(|row| row.infons.iter().cloned()));
                infons.extend(relations.iter().flat_map(|row| row.infons.iter().cloned()));
            });
            count_not_xml(item.id.as_str(), item.text.as_str(), infons.iter(), ledger);
            for_xml(&mut document);
            let mut out = String::new();
            push_document(&mut out, &document);
            page.extend_from_slice(out.as_bytes());
            Ok(())
        },
        [&head(&collection), "", "</collection>\n"],
    )
}

fn head(collection: &Collection) -> String {
    let mut head = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<!DOCTYPE collection SYSTEM \"BioC.dtd\">\n<collection>".to_owned();
    push_element(&mut head, "source", &collection.source);
    push_element(&mut head, "date", &collection.date);
    push_element(&mut head, "key", &collection.key);
    push_infons(&mut head, &collection.infons.clone().into_iter().collect());
    head.push('\n');
    head
}

fn marked(raw: &str, coder: &CoderKey) -> Option<Kept> {
    let marked = marked_element(raw, &mark(coder.as_str()))?;
    match raw.split([' ', '>']).next()? {
        "<annotation" => Some(Kept::Annotation(marked)),
        "<relation" => Some(Kept::Relation(marked)),
        _ => None,
    }
}

/// An annotation or a relation as it stood before it was kept aside.
pub(super) fn unmarked(raw: &str) -> String {
    unmarked_element(raw, &mark("\n"))
}

fn mark(coder: &str) -> String {
    format!("<infon key=\"{ASIDE}\">{coder}</infon>")
}

fn push_document(out: &mut String, document: &Document) {
    out.push_str("<document>");
    push_element(out, "id", &document.id);
    push_infons(out, &document.infons);
    out.push('\n');
    document.passages.iter().for_each(|passage| push_passage(out, "passage", passage));
    document.relations.iter().for_each(|row| push_relation(out, row));
    out.push_str("</document>\n");
}

/// A passage, or one of its sentences.
fn push_passage(out: &mut String, name: &str, passage: &Passage) {
    let _ = write!(out, "<{name}>");
    push_infons(out, &passage.infons);
    push_element(out, "offset", &passage.offset.to_string());
    passage.text.iter().for_each(|text| push_element(out, "text", text));
    out.push('\n');
    passage.sentences.iter().for_each(|sentence| push_passage(out, "sentence", sentence));
    passage.annotations.iter().for_each(|row| push_annotation(out, row));
    passage.relations.iter().for_each(|row| push_relation(out, row));
    let _ = writeln!(out, "</{name}>");
}

/// True for what is written as it stood.
fn push_kept(out: &mut String, raw: &Raw) -> bool {
    if let Raw::Text(raw) = raw {
        out.push_str(raw);
        out.push('\n');
    }
    matches!(raw, Raw::Text(_))
}

fn push_annotation(out: &mut String, row: &Annotation) {
    if push_kept(out, &row.raw) {
        return;
    }
    out.push_str("<annotation");
    push_attribute(out, "id", &row.id);
    out.push('>');
    push_infons(out, &row.infons);
    for (offset, length) in &row.locations {
        let _ = write!(out, "<location offset=\"{offset}\" length=\"{length}\"/>");
    }
    push_element(out, "text", &row.text);
    out.push_str("</annotation>\n");
}

fn push_relation(out: &mut String, row: &Relation) {
    if push_kept(out, &row.raw) {
        return;
    }
    out.push_str("<relation");
    push_attribute(out, "id", &row.id);
    out.push('>');
    push_infons(out, &row.infons);
    for (id, role) in &row.nodes {
        out.push_str("<node");
        push_attribute(out, "refid", id);
        push_attribute(out, "role", role);
        out.push_str("/>");
    }
    out.push_str("</relation>\n");
}

fn push_infons(out: &mut String, infons: &Features) {
    for (name, value) in infons {
        let values = if let Value::Array(values) = value { values.as_slice() } else { std::slice::from_ref(value) };
        values.iter().for_each(|value| push_infon(out, name, value));
    }
}

fn push_infon(out: &mut String, name: &str, value: &Value) {
    out.push_str("<infon");
    push_attribute(out, "key", name);
    out.push('>');
    push_content(out, value.as_str().map_or_else(|| value.to_string(), str::to_owned).as_str());
    out.push_str("</infon>");
}

fn push_element(out: &mut String, name: &str, text: &str) {
    let _ = write!(out, "<{name}>");
    push_content(out, text);
    let _ = write!(out, "</{name}>");
}
