//! spaCy's DocBin (`.spacy`): tokenized documents as spaCy trains on them, written without spaCy.
//!
//! The form is that of <https://spacy.io/api/docbin>: MessagePack, packed with zlib; strings as hashes beside a list of them.
//! Mentions that do not overlap are `doc.ents`; all spans and claims are the group `doc.spans["sc"]`. Tokens are our own, and
//! each mark begins and ends with one. Way out: `write`, with bytes by `pack`.

mod pack;
mod symbols;
mod write;

use super::{Format, Layout, Offsets, Proof};

/// The row of the table.
pub(super) const FORMAT: Format = Format {
    name: "docbin",
    title: "spaCy DocBin (.spacy)",
    extensions: &["spacy"],
    reader: None,
    writer: Some(write::write),
    offsets: Offsets::None,
    layout: Layout::File,
    recognises: |_, _| false,
    carries: "texts, tokens and sentences; all spans and claims as the span group `sc`; mentions that do not overlap, the outermost first, as \
              `doc.ents`; knowledge base ids; choices and yes or no of documents as categories; document fields as user data; one \
              file a coder",
    proof: Proof::NONE,
    proven_by: "spaCy 3.8.18: texts, entities, span groups, `debug data` and `train`",
    loses: "claims without content and further occurrences; roles, relations, attributes of spans and claims, notes; details of \
            entities; discontinuous places are written from their first to their last character",
};
