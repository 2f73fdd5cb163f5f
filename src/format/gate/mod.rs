//! GATE: its XML documents and the JSON documents of GateNLP, both from one model of a document with sets of annotations.
//!
//! Described in GATE's user guide, chapter “Annotation”, and in the documentation of python-gatenlp. Way out: `export` makes the
//! model, `xml_write` or `json` writes it; way in: `xml_read` or `json` reads it, `import` says what it means.

mod document;
mod export;
mod import;
mod json;
mod markups;
mod xml_read;
mod xml_write;

use super::xml_out::xml_projection;
use super::{Format, Layout, Offsets, Places, Proof, Texts, extension};
use crate::text::offsets::OffsetUnit;

const CARRIES: &str = "every coder's spans, claims and further occurrences in a set of annotations of that coder, and parts of the text in one of \
     their own; attributes, notes, normalized texts, entities with their knowledge base ids, roles and relations as features; document fields, \
     attributes, notes and states of work as features of the document";
const LOSES: &str = "relations with entities; aliases, attributes and notes of entities; text corrections; findings and suggestions set aside. \
     Discontinuous places reach from their first to their last character, with their pieces in a feature. XML holds no control characters";

/// GATE's own XML.
pub(super) const XML_FORMAT: Format = Format {
    name: "gate-xml",
    title: "GATE XML",
    extensions: &["xml"],
    reader: Some(xml_read::read),
    writer: Some(xml_write::write),
    offsets: Offsets::Fixed(OffsetUnit::Utf16),
    layout: Layout::Folder,
    recognises: |name, head| extension(name) == "xml" && has(head, "<GateDocument"),
    carries: CARRIES,
    proof: Proof { reader: Some(xml_read::read), texts: Texts::Letters(xml_projection), places: Places::All },
    proven_by: "gatenlp 1.0.8",
    loses: LOSES,
};

/// GateNLP's JSON, counted as Python does.
pub(super) const JSON_FORMAT: Format = Format {
    name: "bdocjs",
    title: "GateNLP JSON (bdocjs)",
    extensions: &["bdocjs", "json"],
    reader: Some(json::read),
    writer: Some(json::write_python),
    offsets: Offsets::Fixed(OffsetUnit::CodePoints),
    proof: Proof { reader: Some(json::read), texts: Texts::Exact, places: Places::All },
    recognises: |name, head| extension(name) == "bdocjs" || has(head, "\"annotation_sets\"") || has(head, "\"offset_type\""),
    ..XML_FORMAT
};

/// GateNLP's JSON, counted as Java does.
pub(super) const JAVA_JSON_FORMAT: Format = Format {
    name: "bdocjs-java",
    title: "GateNLP JSON (bdocjs) for GATE in Java",
    reader: None,
    writer: Some(json::write_java),
    offsets: Offsets::Fixed(OffsetUnit::Utf16),
    ..JSON_FORMAT
};

/// The set of the parts of the text.
const REGIONS: &str = "Regions";
/// What the import of web pages leaves: tags, and nothing that anybody has said.
const MARKUPS: &str = "Original markups";
/// Among what is kept of a document: such tags.
const KEPT_SETS: &str = "manicule:sets";
/// Among what is kept: classes of features in Java.
const TYPES: &str = "manicule:types";

fn has(head: &[u8], needle: &str) -> bool {
    memchr::memmem::find(head, needle.as_bytes()).is_some()
}
