//! UIMA: JSON CAS, CAS XMI with its type system, and WebAnno TSV, all three from one model of a CAS.
//!
//! The formats are described at <https://github.com/apache/uima-uimaj-io-jsoncas/blob/main/SPECIFICATION.adoc>, in the
//! UIMA references, chapter “XMI CAS serialization”, and in INCEpTION's user guide, appendix “WebAnno TSV”.
//!
//! Way out: `export` makes a CAS of a sheet with the types of `layers`, and `json_write`, `xmi_write` or `tsv_page`
//! writes it. Way in: one of the readers makes a CAS of a file, `layout` says what its types mean, `build` makes the sheet.
//! What other programs have written is `kept` as it stood; `again` puts the rows of now into it on the way out, so that
//! layers, words and ids go back under their own names.

mod again;
mod build;
mod cas;
mod export;
mod json_read;
mod json_write;
mod kept;
mod layers;
mod layout;
mod names;
mod read;
mod tsv_annotations;
mod tsv_page;
mod tsv_read;
mod tsv_rows;
mod tsv_write;
mod write;
mod xmi_read;
mod xmi_write;

use super::proof::solid;
use super::{Format, FormatError, Layout, Offsets, Places, Proof, ReadOptions, Receiver, Source, Texts, extension};
use crate::text::offsets::OffsetUnit;

const CARRIES: &str = "spans, discontinuous ones as fragments; claims with their roles, further occurrences and normalized texts; relations between \
     spans and claims; attributes, notes, entities with their knowledge base ids; document fields, regions, states of work; what an import had no place \
     for. A file of another program goes back in its own types, with its words, syntax, lists and ids; what these have no feature for \
     stands in features that begin with `manicule_`";

/// JSON CAS.
pub(super) const JSON_FORMAT: Format = Format {
    name: "uima-json",
    title: "UIMA JSON CAS (INCEpTION)",
    extensions: &["json"],
    reader: Some(read_json),
    writer: Some(write::write_json),
    offsets: Offsets::Fixed(OffsetUnit::Utf16),
    layout: Layout::Folder,
    recognises: |name, head| extension(name) == "json" && (has(head, b"\"%FEATURE_STRUCTURES\"") || has(head, b"\"%TYPES\"")),
    carries: CARRIES,
    proof: Proof { reader: Some(read_json), texts: Texts::Exact, places: Places::All },
    proven_by: "dkpro-cassis 0.12.0",
    loses: "relations with entities, relations or claims without content; aliases, attributes and notes of entities; text corrections; \
            findings and suggestions set aside",
};

/// CAS XMI.
pub(super) const XMI_FORMAT: Format = Format {
    name: "uima-xmi",
    title: "UIMA CAS XMI",
    extensions: &["xmi", "xml"],
    reader: Some(read_xmi),
    writer: Some(write::write_xmi),
    offsets: Offsets::Fixed(OffsetUnit::Utf16),
    layout: Layout::Folder,
    recognises: |name, head| match extension(name).as_str() {
        "xmi" => true,
        "xml" => has(head, b"http://www.omg.org/XMI") || has(head, b"<typeSystemDescription"),
        _ => false,
    },
    carries: CARRIES,
    proof: Proof { reader: Some(read_xmi), texts: Texts::Letters(xmi_write::as_xml), places: Places::All },
    proven_by: "dkpro-cassis 0.12.0; Apache UIMA 2.10.2",
    loses: "control characters, which XML cannot hold; relations with entities, relations or claims without content; aliases, attributes and \
            notes of entities; text corrections; findings and suggestions set aside",
};

/// WebAnno TSV.
pub(super) const TSV_FORMAT: Format = Format {
    name: "webanno-tsv",
    title: "WebAnno TSV 3.3",
    extensions: &["tsv"],
    reader: Some(read_tsv),
    writer: Some(tsv_write::write),
    offsets: Offsets::Fixed(OffsetUnit::Utf16),
    layout: Layout::Folder,
    recognises: |_, head| head.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(head).starts_with(b"#FORMAT=WebAnno TSV 3"),
    carries: "sentences and tokens; spans, also nested and crossing ones and parts of words; claims with content, their roles filled by spans and \
              claims; relations between spans and claims; attributes, notes, names of entities, normalized texts. A file of another \
              program goes back in its own layers and columns, with its words, chains and syntax",
    proof: Proof { reader: Some(read_tsv), texts: Texts::Letters(solid), places: Places::Kept },
    proven_by: "an independent script; the readers of others need more than a package",
    loses: "what stands between sentences; gaps of discontinuous spans and claims; claims without content and further occurrences; roles filled by \
            entities or values; relations with claims, entities or relations; document fields, regions, states of work",
};

fn has(head: &[u8], needle: &[u8]) -> bool {
    memchr::memmem::find(head, needle).is_some()
}

fn read_json(source: &dyn Source, options: &mut ReadOptions, to: &mut dyn Receiver) -> Result<(), FormatError> {
    read::read(&read::JSON, source, options, to)
}

fn read_xmi(source: &dyn Source, options: &mut ReadOptions, to: &mut dyn Receiver) -> Result<(), FormatError> {
    read::read(&read::XMI, source, options, to)
}

fn read_tsv(source: &dyn Source, options: &mut ReadOptions, to: &mut dyn Receiver) -> Result<(), FormatError> {
    read::read(&read::TSV, source, options, to)
}
