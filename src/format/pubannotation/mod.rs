//! PubAnnotation's JSON, as TextAE and the PubAnnotation server read it: denotations of a text, relations between them, attributes.
//!
//! Described at <https://www.pubannotation.org/docs/annotation-format/>. Several coders are tracks of one document. Way in: `read`;
//! way out: `write`.

mod read;
mod write;

use serde_json::Value;

use super::{Format, Layout, Offsets, Places, Proof, Texts};
use crate::text::offsets::OffsetUnit;

/// The row of the table.
pub(super) const FORMAT: Format = Format {
    name: "pubannotation",
    title: "PubAnnotation JSON (TextAE)",
    extensions: &["json"],
    reader: Some(read::read),
    writer: Some(write::write),
    offsets: Offsets::Fixed(OffsetUnit::CodePoints),
    layout: Layout::Folder,
    recognises: |_, head| memchr::memmem::find(head, b"\"denotations\"").is_some(),
    carries: "a text with spans, claims with content, further occurrences and parts of the text as denotations, discontinuous ones with \
              several pieces; relations between spans and claims, roles as relations; attributes, notes, normalized texts and entities with \
              their knowledge base ids as attributes; document fields, attributes, notes and states of work; a track a coder where there are \
              several",
    proof: Proof { reader: Some(read::read), texts: Texts::Exact, places: Places::All },
    proven_by: "bconv 1.2.1; a script that checks what the PubAnnotation server checks",
    loses: "claims without content; relations with entities or relations; aliases, attributes and notes of entities; text corrections; findings \
            and suggestions set aside",
};

/// A member of a document that we have written, and what is said about it as a whole; of relations: what they have beside their ends.
const FEATURES: &str = "manicule:features";
/// Among what is kept of a row: attributes whose values fit nothing here, and which attributes of a relation stand among those of
/// the file. Servers take attributes of denotations only, so others are in its [`FEATURES`].
const MISFITS: &str = "manicule:misfits";
const ATTRIBUTED: &str = "manicule:attributed";
/// Among what is kept of a row: that it says not at all what it is.
const UNNAMED: &str = "manicule:unnamed";
/// What it is then.
const DENOTATION: &str = "denotation";
const RELATION: &str = "relation";
/// Begins the line of a sheet's residue with what its track has beside annotations.
const TRACK: &str = "track\t";
/// Begins such a line with an attribute: as an object it looks like a relation.
const ATTRIBUTE: &str = "attribute\t";

/// A name that stands as a text, or as a number.
fn as_text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}
