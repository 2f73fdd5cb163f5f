//! Our own lossless format: one JSON record a line. `docs/jsonl.md` describes every field.
//!
//! The first record holds the codebook, the coders, the entities and the project's name; each further record is a
//! document with every coder's sheet. Export and import again give the same data.

mod plain;
mod read;
mod rows;
mod value;
mod write;

use super::{Format, Layout, Offsets, Places, Proof, Texts};
use crate::text::offsets::OffsetUnit;

/// What the first record says.
const FORMAT_NAME: &str = "manicule-jsonl";
/// The version that is written, and the newest that is read.
const VERSION: u64 = 1;

/// The row of the table.
pub(super) const FORMAT: Format = Format {
    name: "jsonl",
    title: "Manicule JSONL",
    extensions: &["jsonl"],
    reader: Some(read::read),
    writer: Some(write::write),
    offsets: Offsets::Choosable(OffsetUnit::CodePoints),
    layout: Layout::File,
    recognises: |_, head| recognises(head),
    carries: "everything: codebook, coders, entities, texts, spans, claims, relations, attributes, notes, states of work",
    proof: Proof { reader: Some(read::read), texts: Texts::Exact, places: Places::All },
    proven_by: "Python, Node and jsonschema 4.26.0: every quote in every unit",
    loses: "nothing",
};

/// Also in UTF-16, where every second byte is zero: the reader says that it must be UTF-8.
fn recognises(head: &[u8]) -> bool {
    let first = head.split(|b| *b == b'\n').next().unwrap_or_default();
    let first: Vec<u8> = first.iter().copied().filter(|b| !b.is_ascii_whitespace() && *b != 0).take(200).collect();
    let needle = format!("\"format\":\"{FORMAT_NAME}\"");
    first.windows(needle.len()).any(|window| window == needle.as_bytes())
}
