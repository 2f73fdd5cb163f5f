//! CoNLL-U and CoNLL-U Plus: words in ten columns or in those that the file names, with the blanks between them.
//!
//! The formats are described at <https://universaldependencies.org/format.html> and
//! <https://universaldependencies.org/ext-format.html>, mentions and entities in `Entity=` at
//! <https://ufal.mff.cuni.cz/corefud>. Way out: `write`, with `mentions` for the brackets of spans. Way in: `read` takes the
//! documents apart, `build` makes text and sheet. What has no place in the model is kept as the document's lines (`open`, `kept`), and an
//! export writes these again (`again`). `brackets` reads and writes what stands in `Entity=`, `spaces` the blanks.

mod again;
mod assembly;
mod brackets;
mod build;
mod kept;
mod mentions;
mod open;
mod read;
mod spaces;
mod write;

use super::proof::solid;
use super::{Format, Layout, Offsets, Places, Proof, Texts, extension};

/// The row of CoNLL-U.
pub(super) const FORMAT: Format = Format {
    name: "conllu",
    title: "CoNLL-U",
    extensions: &["conllu"],
    reader: Some(read::read),
    writer: Some(|tables, items, options, sink, ledger| write::write(false, (tables, items), options, sink, ledger)),
    offsets: Offsets::None,
    layout: Layout::File,
    recognises: |name, head| {
        extension(name) == "conllu" || [b"# newdoc".as_slice(), b"# sent_id", b"# global."].iter().any(|start| head.starts_with(start))
    },
    carries: "texts with their blanks; document fields; spans, also nested, crossing and discontinuous ones: mentions and their entities in \
              `Entity=`, other spans in `Span=`; names and Wikidata ids of entities that are mentioned; of an imported document its tokens, \
              columns, comments and ids, as long as its text is the same",
    proof: Proof { reader: Some(read::read), texts: Texts::Exact, places: Places::Kept },
    proven_by: "udtools 0.2.9 (`udvalidate --level 1`), conllu 6.0.0, udapi",
    loses: "claims, relations, attributes, notes, regions, states of work; further details of entities; the ends of spans are moved to \
            those of words",
};

/// The row of CoNLL-U Plus.
pub(super) const PLUS_FORMAT: Format = Format {
    name: "conllu-plus",
    title: "CoNLL-U Plus (spans in columns)",
    extensions: &["conllup"],
    writer: Some(|tables, items, options, sink, ledger| write::write(true, (tables, items), options, sink, ledger)),
    recognises: |name, _| extension(name) == "conllup",
    carries: "texts with their blanks; document fields; spans as IOB2 in columns, nested and crossing ones in two more; of imported \
              documents their tokens, comments and ids, and the columns of the first one",
    proof: Proof { reader: Some(read::read), texts: Texts::Letters(solid), places: Places::Kept },
    proven_by: "conllu 6.0.0",
    loses: "discontinuous spans; entities, claims, relations, attributes, notes, regions, states of work; spans are widened to words",
    ..FORMAT
};

/// The name under which what is kept aside is found again.
const RESIDUE: &str = "conllu";
/// The first column of spans in Plus; further ones have a number.
const SPANS: &str = "MANICULE:SPANS";
/// The comment that says, of lines that are kept aside, in which columns tags of spans were found.
const SPANS_LINE: &str = "manicule.spans";
