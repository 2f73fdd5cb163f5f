//! The CoNLL family: one token a line, its tags in columns.
//!
//! CoNLL-2002 and 2003 (<https://www.clips.uantwerpen.be/conll2003/ner/>) and the columns of HIPE-2022
//! (<https://github.com/hipe-eval/HIPE-2022-data>). Way out: `write` with a shape for each row of the table. Way in, for all
//! of them: `columns` finds out what a file's columns hold, `read` takes the documents apart, `build` makes text and sheet. What has no
//! place in the model is kept as the document's lines (`open`, `kept`), and an export writes it again.

mod build;
mod columns;
mod kept;
mod open;
mod read;
mod write;

use super::proof::solid;
use super::tags::Scheme;
use super::{Format, Layout, Offsets, Places, Proof, Texts, extension};
use write::{Shape, write};

const CARRIES: &str = "sentences, tokens, and the outermost entity mentions with their labels; of an imported document its tokens and \
                       comments and, with four columns, two others (part of speech, chunk), as long as its text is the same";
const LOSES: &str = "nested, crossing and discontinuous mentions; spans that are not mentions; claims, relations, attributes, notes; \
                     entities; exact offsets and blanks";

/// What the rows have in common.
const ROW: Format = Format {
    name: "conll2003",
    title: "CoNLL-2003 (IOB2)",
    extensions: &["conll", "iob", "iob2", "bio"],
    reader: Some(read::read),
    writer: Some(|tables, items, options, sink, ledger| write(Shape::Conll2003(Scheme::Iob2), (tables, items), options, sink, ledger)),
    offsets: Offsets::None,
    layout: Layout::File,
    recognises: |name, head| ["conll", "iob", "iob2", "bio"].contains(&extension(name).as_str()) || head.starts_with(b"-DOCSTART-"),
    carries: CARRIES,
    proof: Proof { reader: Some(read::read), texts: Texts::Letters(solid), places: Places::Kept },
    proven_by: "seqeval 1.2.2, every scheme; `spacy convert` 3.8.18 (CoNLL-2003)",
    loses: LOSES,
};

/// Four columns, IOB2.
pub(super) const CONLL2003: Format = ROW;

/// Four columns, IOB1: that of the original data.
pub(super) const CONLL2003_IOB1: Format = Format {
    name: "conll2003-iob1",
    title: "CoNLL-2003 (IOB1)",
    writer: Some(|tables, items, options, sink, ledger| write(Shape::Conll2003(Scheme::Iob1), (tables, items), options, sink, ledger)),
    ..ROW
};

/// Four columns, BIOES.
pub(super) const CONLL2003_BIOES: Format = Format {
    name: "conll2003-bioes",
    title: "CoNLL-2003 (BIOES)",
    writer: Some(|tables, items, options, sink, ledger| write(Shape::Conll2003(Scheme::Bioes), (tables, items), options, sink, ledger)),
    ..ROW
};

/// Two columns, IOB2.
pub(super) const CONLL2002: Format = Format {
    name: "conll2002",
    title: "CoNLL-2002 (IOB2, two columns)",
    writer: Some(|tables, items, options, sink, ledger| write(Shape::Conll2002(Scheme::Iob2), (tables, items), options, sink, ledger)),
    ..ROW
};

/// Two columns, IOB1.
pub(super) const CONLL2002_IOB1: Format = Format {
    name: "conll2002-iob1",
    title: "CoNLL-2002 (IOB1, two columns)",
    writer: Some(|tables, items, options, sink, ledger| write(Shape::Conll2002(Scheme::Iob1), (tables, items), options, sink, ledger)),
    ..ROW
};

/// Two columns, BIOES.
pub(super) const CONLL2002_BIOES: Format = Format {
    name: "conll2002-bioes",
    title: "CoNLL-2002 (BIOES, two columns)",
    writer: Some(|tables, items, options, sink, ledger| write(Shape::Conll2002(Scheme::Bioes), (tables, items), options, sink, ledger)),
    ..ROW
};

/// The columns of HIPE-2022.
pub(super) const HIPE: Format = Format {
    name: "hipe",
    title: "HIPE-2022 columns",
    extensions: &["tsv"],
    writer: Some(|tables, items, options, sink, ledger| write(Shape::Hipe, (tables, items), options, sink, ledger)),
    recognises: |_, head| head.starts_with(b"TOKEN\t"),
    carries: "document fields; tokens and the line ends between them; entity mentions with their labels, and the topmost labels above them \
              as coarse ones; nested and crossing mentions in two further columns; Wikidata ids of the outermost; of an imported document \
              its tokens and flags, as long as its text is the same",
    proven_by: "",
    loses: "discontinuous mentions; spans that are not mentions; claims, relations, attributes, notes; details of entities; exact \
            offsets and blanks",
    ..ROW
};

/// The name under which what is kept aside is found again by all of them.
const RESIDUE: &str = "hipe";
