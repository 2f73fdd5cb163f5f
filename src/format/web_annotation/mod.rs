//! The Web Annotation Data Model of the W3C as JSON-LD: every annotation finds its words by position and by quote.
//!
//! Described at <https://www.w3.org/TR/annotation-model/>. A document is a text file and a collection of annotations that have it as
//! their source; relations and roles are annotations of annotations. Way in: `read` and `annotation`; way out: `write`.

mod annotation;
mod read;
mod write;

use super::{Format, Layout, Offsets, Places, Proof, Texts};
use crate::text::offsets::OffsetUnit;

/// The row of the table.
pub(super) const FORMAT: Format = Format {
    name: "w3c",
    title: "W3C Web Annotation (JSON-LD)",
    extensions: &["jsonld", "json"],
    reader: Some(read::read),
    writer: Some(write::write),
    offsets: Offsets::Fixed(OffsetUnit::CodePoints),
    layout: Layout::Folder,
    recognises: |_, head| recognises(head),
    carries: "every coder's spans, claims, further occurrences and parts of the text, each by position and by quote with 32 characters around \
              it, discontinuous ones with several targets; roles and relations as annotations of annotations; attributes, notes, normalized \
              texts, entities with their knowledge base ids; document fields, attributes, notes and states of work. A text is a file beside \
              its annotations. An import also takes single annotations, lists, pages and what Hypothesis gives, and finds a quote again \
              where one place is certain",
    proof: Proof { reader: Some(read::read), texts: Texts::OwnFile, places: Places::All },
    proven_by: "PyLD 3.3.0, rdflib 7.6.0, jsonschema 4.26.0 with what the W3C says an annotation must be",
    loses: "relations with entities; aliases, attributes and notes of entities; text corrections; findings and suggestions set aside",
};

/// What every annotation says it is.
const CONTEXT: &str = "http://www.w3.org/ns/anno.jsonld";
/// The prefix of names that only we know, and of our ids.
const PREFIX: &str = "manicule";
const URN: &str = "urn:manicule:";
/// The member of an attribute's body that names it, and the one with a value that is no text.
const ATTRIBUTE: &str = "manicule:attribute";
const VALUE: &str = "manicule:value";
/// Wikidata's entities.
const WIKIDATA: &str = "http://www.wikidata.org/entity/";
/// Characters of a quote's context on each side.
const CONTEXT_CHARS: usize = 32;

fn recognises(head: &[u8]) -> bool {
    let has = |needle: &str| memchr::memmem::find(head, needle.as_bytes()).is_some();
    has(CONTEXT) || has("https://www.w3.org/ns/anno.jsonld") || has("\"TextQuoteSelector\"") || has("\"TextPositionSelector\"")
}
