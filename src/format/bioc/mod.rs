//! BioC in XML and JSON, and PubTator: the formats of biomedical text mining.
//!
//! Described at <https://bioc.sourceforge.net/> and by its DTD. What offsets count differs between programs: the DTD says bytes, the
//! usual library of Python counts code points. An export says it in an infon; an import tries all on the words that are given. Way
//! in: `xml_read` or `json` make the model of `document`, `import` says what it means; way out: `export`, then `xml_write` or `json`.

mod collection;
mod document;
mod export;
mod import;
mod json;
mod layout;
mod pubtator;
mod pubtator_read;
mod xml_read;
mod xml_write;

use super::xml_out::xml_projection;
use super::{Format, Layout, Offsets, Places, Proof, Texts, extension};
use crate::text::offsets::OffsetUnit;

/// BioC in XML.
pub(super) const XML_FORMAT: Format = Format {
    name: "bioc-xml",
    title: "BioC XML",
    extensions: &["xml"],
    reader: Some(xml_read::read),
    writer: Some(xml_write::write),
    offsets: Offsets::Choosable(OffsetUnit::CodePoints),
    layout: Layout::File,
    recognises: |name, head| extension(name) == "xml" && has(head, "<collection>") && has(head, "<document>"),
    carries: "every coder's spans, claims, further occurrences and parts of the text as annotations, discontinuous ones with several \
              locations; claims without content, roles and relations as relations; attributes, notes, normalized texts and entities with \
              their knowledge base ids as infons; document fields, attributes, notes and states of work. What offsets count is said in an \
              infon and can be chosen: code points, or bytes as the DTD says",
    proof: Proof { reader: Some(xml_read::read), texts: Texts::Letters(xml_projection), places: Places::All },
    proven_by: "bioc 2.1, with its check of every annotation's text; bconv 1.2.1, which takes no discontinuous ones",
    loses: "relations with entities; aliases, attributes and notes of entities; text corrections; findings and suggestions set aside; control \
            characters in XML",
};

/// BioC in JSON.
pub(super) const JSON_FORMAT: Format = Format {
    name: "bioc-json",
    title: "BioC JSON",
    extensions: &["json"],
    reader: Some(json::read),
    writer: Some(json::write),
    proof: Proof { reader: Some(json::read), texts: Texts::Exact, places: Places::All },
    recognises: |_, head| has(head, "\"BioCCollection\"") || has(head, "\"passages\""),
    ..XML_FORMAT
};

/// PubTator.
pub(super) const PUBTATOR_FORMAT: Format = Format {
    name: "pubtator",
    title: "PubTator",
    extensions: &["pubtator"],
    reader: Some(pubtator_read::read),
    writer: Some(pubtator::write),
    offsets: Offsets::Fixed(OffsetUnit::CodePoints),
    layout: Layout::File,
    recognises: |name, head| extension(name) == "pubtator" || is_pubtator(head),
    carries: "a title and a text, and spans and claims with their labels and the first knowledge base id of their entities; one file a coder",
    proof: Proof { reader: Some(pubtator_read::read), texts: Texts::Letters(pubtator::letter), places: Places::Hulls },
    proven_by: "bioc 2.1; bconv 1.2.1",
    loses: "line ends, tabs and what some readers take for line ends: each becomes a space; everything but labels and entities of spans and \
            claims; discontinuous places are written from their first to their last character",
};

/// An infon with the unit of all offsets.
const UNIT: &str = "manicule:offset-unit";
/// Who has made an annotation.
const ANNOTATOR: &str = "annotator";
/// Our id of a document that has another one in the file.
const OWN_ID: &str = "manicule:id";
/// Among what is kept of a document: its id in the file, its passages, and what its collection says of itself.
const OLD_ID: &str = "bioc:id";
const LAYOUT: &str = "bioc:passages";
const COLLECTION: &str = "bioc:collection";
/// Among what is kept of a relation: the roles of its two nodes.
const ROLES: &str = "bioc:roles";
/// Among what is kept of an annotation or a relation: the values of infons of which there are several with one key.
const LISTS: &str = "bioc:lists";
/// What an annotation, a relation or a passage is.
const TYPE: &str = "type";

fn has(head: &[u8], needle: &str) -> bool {
    memchr::memmem::find(head, needle.as_bytes()).is_some()
}

fn is_pubtator(head: &[u8]) -> bool {
    let line = head.split(|byte| *byte == b'\n').next().unwrap_or_default();
    let id = line.split(|byte| *byte == b'|').next().unwrap_or_default();
    !id.is_empty() && id.iter().all(u8::is_ascii_alphanumeric) && line.get(id.len()..).is_some_and(|rest| rest.starts_with(b"|t|"))
}
