//! JSONL of spaCy's world: a text, `spans` with offsets in code points, `tokens`, `relations`, and the answers of the annotation
//! tool Prodigy. Described at <https://prodi.gy/docs/api-interfaces>.
//!
//! Records of the same text by different annotators are sheets of one document. Way in: `read` and `record`; way out: `write`. `tokens` keeps those of other programs.

mod read;
mod record;
mod tokens;
mod write;

use super::json_records::{JsonRules, json_rules};
use super::sheet_builder::{Rules, rules};
use super::{Format, Layout, Offsets, Places, Proof, Texts};
use crate::text::offsets::OffsetUnit;

/// The row of the table.
pub(super) const FORMAT: Format = Format {
    name: "spacy-jsonl",
    title: "spaCy and Prodigy JSONL",
    extensions: &["jsonl", "json"],
    reader: Some(read::read),
    writer: Some(write::write),
    offsets: Offsets::Fixed(OffsetUnit::CodePoints),
    layout: Layout::File,
    recognises: |_, head| recognises(head),
    carries: "texts, document fields, tokens, and those of an import where they still fit; the answer to one class of a document without spans; \
              chosen options; every coder's spans and claims with attributes, notes and knowledge base ids; relations between them, roles of claims as relations from the claim; whether a document is done",
    proof: Proof { reader: Some(read::read), texts: Texts::Exact, places: Places::Hulls },
    proven_by: "spaCy 3.8.18",
    loses: "claims without content and further occurrences; normalized texts; roles and relations with entities, values or \
            relations; other attributes of documents; attributes of relations; notes of both; details of entities; discontinuous places are written from \
            their first to their last character",
};

/// The member, and the attribute of the document, that holds chosen options.
const ACCEPT: &str = "accept";

static RULES: Rules = rules!("spacy-jsonl", "annotation");
static JSON_RULES: JsonRules = json_rules!("spacy-jsonl");

/// By names that only these records have.
fn recognises(head: &[u8]) -> bool {
    let compact: Vec<u8> = head.iter().copied().filter(|byte| !byte.is_ascii_whitespace()).collect();
    let has = |needle: &str| memchr::memmem::find(&compact, needle.as_bytes()).is_some();
    has("\"text\":") && (has("\"spans\":[") || has("\"_input_hash\":") || has("\"_task_hash\":") || has("\"tokens\":[{"))
}
