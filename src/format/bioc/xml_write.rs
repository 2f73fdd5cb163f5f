//! Writing a collection in XML, document by document.

use std::fmt::Write as _;

use super::XML_FORMAT;
use super::document::{Annotation, Document, Passage, Relation};
use super::export::{can, document, for_xml};
use crate::format::aspects::drop_entity_details;
use crate::format::coder_files::write_together;
use crate::format::standoff::Features;
use crate::format::xml_out::{count_not_xml, push_attribute, push_content};
use crate::format::{FormatError, Items, Ledger, Sink, Tables, WriteOptions};

/// Writes everything.
pub(super) fn write(
    tables: &Tables,
    items: &mut Items<'_>,
    options: &WriteOptions,
    sink: &mut dyn Sink,
    ledger: &mut Ledger,
) -> Result<(), FormatError> {
    drop_entity_details(ledger, tables, "entities are written with their names and knowledge base ids only");
    write_together(
        items,
        (options, sink, ledger),
        &mut |page, item, ledger| {
            let mut document = document(tables, item, &can(XML_FORMAT.name), options, ledger)?;
            let rows = document.passages.iter().flat_map(|passage| &passage.annotations).flat_map(|row| &row.infons);
            let links = document.passages.iter().flat_map(|passage| &passage.relations).flat_map(|row| &row.infons);
            count_not_xml(item.id.as_str(), item.text.as_str(), document.infons.iter().chain(rows).chain(links), ledger);
            for_xml(&mut document);
            let mut out = String::new();
            push_document(&mut out, &document);
            page.extend_from_slice(out.as_bytes());
            Ok(())
        },
        [HEAD, "", "</collection>\n"],
    )
}

const HEAD: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<!DOCTYPE collection SYSTEM \"BioC.dtd\">\n<collection><source>Manicule</source><date></date><key></key>\n";

fn push_document(out: &mut String, document: &Document) {
    out.push_str("<document>");
    push_element(out, "id", &document.id);
    push_infons(out, &document.infons);
    out.push('\n');
    document.passages.iter().for_each(|passage| push_passage(out, passage));
    out.push_str("</document>\n");
}

fn push_passage(out: &mut String, passage: &Passage) {
    out.push_str("<passage>");
    push_infons(out, &passage.infons);
    push_element(out, "offset", &passage.offset.to_string());
    push_element(out, "text", passage.text.as_deref().unwrap_or_default());
    out.push('\n');
    passage.annotations.iter().for_each(|row| push_annotation(out, row));
    passage.relations.iter().for_each(|row| push_relation(out, row));
    out.push_str("</passage>\n");
}

fn push_annotation(out: &mut String, row: &Annotation) {
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
        out.push_str("<infon");
        push_attribute(out, "key", name);
        out.push('>');
        push_content(out, value.as_str().map_or_else(|| value.to_string(), str::to_owned).as_str());
        out.push_str("</infon>");
    }
}

fn push_element(out: &mut String, name: &str, text: &str) {
    let _ = write!(out, "<{name}>");
    push_content(out, text);
    let _ = write!(out, "</{name}>");
}
