//! doccano's JSONL: one document a line, as the annotation tool imports and exports it.
//!
//! Three shapes: `"label": [[start, end, "name"]]` for spans, `"entities"` and `"relations"` with ids, and `"label": ["name"]`
//! for classes of documents. Described at <https://doccano.github.io/doccano/tutorial/>. The user interface counts UTF-16
//! units. Way in: `read`; way out: `write`.

mod read;
mod write;

use super::json_records::{JsonRules, json_rules};
use super::sheet_builder::{Rules, rules};
use super::{Format, Layout, Offsets, Places, Proof, Texts};
use crate::text::offsets::OffsetUnit;

/// The row of the table for spans.
pub(super) const FORMAT: Format = Format {
    name: "doccano",
    title: "doccano JSONL (spans)",
    extensions: &["jsonl", "json"],
    reader: Some(read::read),
    writer: Some(write::write_spans),
    offsets: Offsets::Choosable(OffsetUnit::Utf16),
    layout: Layout::File,
    recognises: |_, head| recognises(head),
    carries: "texts, document fields, and spans and claims with their labels, notes on documents as comments; one file a coder. An import takes the other two \
              forms, too. Letters beyond ASCII are \
              written as escapes, because doccano guesses encodings",
    proof: Proof { reader: Some(read::read), texts: Texts::Exact, places: Places::Hulls },
    proven_by: "a script that cuts texts as doccano does, in both units; doccano 1.8.4 itself with `MANICULE_READERS=all`",
    loses: "roles, relations, attributes, notes of annotations, entities; discontinuous places are written from their first to their last \
            character. A doccano project takes overlapping spans only where its settings allow them",
};

/// The row of the table for spans with relations.
pub(super) const RELATIONS_FORMAT: Format = Format {
    name: "doccano-relations",
    title: "doccano JSONL (spans and relations)",
    reader: None,
    writer: Some(write::write_relations),
    carries: "as doccano, and relations between spans and claims; roles of claims as relations from the claim",
    proven_by: "a script that cuts texts as doccano does, in both units; doccano 1.8.4 itself with `MANICULE_READERS=all`",
    loses: "attributes, notes of annotations, entities; roles and relations with entities, values or relations; discontinuous places are written \
            from their first to their last character",
    ..FORMAT
};

/// The row of the table for classes of documents.
pub(super) const CLASSES_FORMAT: Format = Format {
    name: "doccano-classes",
    title: "doccano JSONL (classes of documents)",
    reader: None,
    writer: Some(write::write_classes),
    offsets: Offsets::None,
    carries: "texts, document fields, each coder's choices for the document as classes, and notes on it as comments",
    proven_by: "doccano 1.8.4 itself with `MANICULE_READERS=all`",
    loses: "spans, claims, relations, notes of these, entities; attributes of documents that are no choice and not yes or no",
    ..FORMAT
};

static RULES: Rules = rules!("doccano", "annotation");
static JSON_RULES: JsonRules = json_rules!("doccano");

/// The attribute that holds classes without a name.
const CLASSES: &str = "label";

/// By the shape of its first record. What else there is may be anything.
fn recognises(head: &[u8]) -> bool {
    let compact: Vec<u8> = head.iter().copied().filter(|byte| !byte.is_ascii_whitespace()).collect();
    let has = |needle: &str| memchr::memmem::find(&compact, needle.as_bytes()).is_some();
    let is_list = |name: &str| has(&format!("\"{name}\":[[")) || has(&format!("\"{name}\":[{{\"id\":"));
    has("\"start_offset\":") && has("\"entities\":") || has("\"text\":") && ["label", "labels", "entities"].iter().any(|name| is_list(name))
}
