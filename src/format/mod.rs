//! Foreign formats: one file or folder each, all in one table. To add one: write its file, add its row to [`FORMATS`].
//!
//! A reader takes a [`Source`] of named byte streams and yields [`Item`]s to a [`Receiver`]; a writer takes items one
//! by one and a [`Sink`] of named files. Both stream. Formats know no file system and not each other.
//!
//! What they share lies beside them. Readers of annotations: `counting` finds out what offsets count, `vocabulary` finds keys for
//! names, `sheet_builder` makes a sheet and keeps what has no place; `record` makes articles of named fields and `json_records`
//! takes JSON apart, `json_tree` and `xml_tree` make trees, `pieces` cuts collections while they are read, `zip_files` opens
//! archives. Writers: `place` proves offsets, `aspects` and `marks` count losses, `tokens` cuts texts, `json_out` and `xml_out`
//! keep every character. Both ways: `standoff` with `standoff_in` and `standoff_out`.

mod aif;
mod allowance;
mod article;
mod articles;
mod aspects;
mod bioc;
mod brat;
mod claim_review;
mod coder_files;
mod coder_pattern;
mod comments;
mod conll;
mod conllu;
mod counting;
mod csv_rows;
mod dna;
mod docbin;
mod doccano;
mod error;
mod gate;
mod huggingface;
mod in_order;
mod io;
mod item;
mod json_members;
mod json_out;
mod json_records;
mod json_size;
mod json_tree;
mod jsonl;
mod kept_lines;
mod label_studio;
mod mapped_json;
mod marks;
mod network;
mod options;
mod packed_lines;
mod pieces;
mod place;
mod plain_text;
mod proof;
mod propaganda;
mod pubannotation;
mod record;
mod refi_qda;
mod report;
mod sentence_tokens;
mod sheet_builder;
mod spacy_jsonl;
mod span_cells;
mod span_rows;
mod span_table;
mod spans_csv;
mod split;
mod standoff;
mod standoff_aside;
mod standoff_early;
mod standoff_ids;
mod standoff_in;
mod standoff_json;
mod standoff_look;
mod standoff_out;
mod standoff_sheet;
mod tags;
mod tei;
mod tokens;
mod uima;
mod vocabulary;
mod web_annotation;
mod xlsx;
mod xml_out;
mod xml_tree;
mod zip_files;

pub use brat::codebook as brat_codebook;
pub use coder_pattern::{CoderPattern, read_by_pattern};
pub use error::FormatError;
pub use io::{DrySink, MAX_FILE_BYTES, MemoryFiles, Sink, Source, base_name, extension, read_all, stem};
pub use item::{Batch, Evidence, Item, Receiver, Tables, Undecoded};
pub use mapped_json::JsonMapping;
pub use options::{Columns, FIELDS, Field, KnownTexts, ReadOptions, SPAN_FIELDS, TextPlace, WriteOptions};
pub use proof::{Difference, Places, Proof, ReadBack, Texts, Written};
pub use propaganda::article_of_role;
pub use refi_qda::{qdc_codebook, write_qdc};
pub use report::{ExportReport, Fate, Ledger, ReportLine};
pub use span_rows::add_kept_columns;
pub use split::{DocumentField, Fractions, Part, SplitOptions, SplitRow, Splits};
pub use zip_files::is_beside_files;

use crate::text::offsets::OffsetUnit;

/// A file with more bad lines is something else; the rest of it is not read.
const MAX_BAD_LINES: usize = 100_000;

/// Documents on their way out, one by one.
pub type Items<'i> = dyn Iterator<Item = Result<Item, FormatError>> + 'i;
/// Reads everything in the source. Broken input is findings; an error only where nothing can be read.
pub type ReadFn = fn(&dyn Source, &mut ReadOptions, &mut dyn Receiver) -> Result<(), FormatError>;
/// Writes all documents and counts what became of everything.
pub type WriteFn = fn(&Tables, &mut Items<'_>, &WriteOptions, &mut dyn Sink, &mut Ledger) -> Result<(), FormatError>;

/// A format that can be imported, exported or both.
#[derive(Clone, Copy, Debug)]
pub struct Format {
    /// On the command line.
    pub name: &'static str,
    /// In the window.
    pub title: &'static str,
    /// Extensions without the dot; the first is given to new files.
    pub extensions: &'static [&'static str],
    /// How it is read, where it can be.
    pub reader: Option<ReadFn>,
    /// How it is written, where it can be.
    pub writer: Option<WriteFn>,
    /// What its offsets count.
    pub offsets: Offsets,
    /// One file or many.
    pub layout: Layout,
    /// True for a file that is surely in this format, by its name in small letters and its first bytes.
    pub recognises: fn(&str, &[u8]) -> bool,
    /// What it carries, in words.
    pub carries: &'static str,
    /// What is asked of an export when it is read again, before it replaces anything.
    pub proof: Proof,
    /// The programs of others that read its exports in the tests; empty where there is none.
    pub proven_by: &'static str,
    /// What an export loses, in words.
    pub loses: &'static str,
}

impl Format {
    /// Extensions of files that are read together with its own: texts, configurations.
    #[must_use]
    pub fn companions(&self) -> &'static [&'static str] {
        match self.name {
            "w3c" | "semeval2020-ptc" | "semeval2025-roles" => &["txt"],
            "brat" => &["txt", "conf"],
            "csv" | "xlsx" => &["txt"],
            "label-studio" => &["xml"],
            "refi-qda" => &["txt"],
            _ => &[],
        }
    }

    /// Where texts can be written, as somebody chooses. None where they have one place.
    #[must_use]
    pub fn text_places(&self) -> &'static [TextPlace] {
        match self.name {
            "csv" | "csv-spreadsheet" => &[TextPlace::Nowhere, TextPlace::Inside, TextPlace::Beside],
            "xlsx" => &[TextPlace::Nowhere, TextPlace::Inside],
            _ => &[],
        }
    }

    /// True for a table that gets the other columns of tables that were imported.
    #[must_use]
    pub fn has_kept_columns(&self) -> bool {
        [spans_csv::FORMAT.name, spans_csv::SPREADSHEET_FORMAT.name, xlsx::FORMAT.name].contains(&self.name)
    }

    /// True where a card or metadata beside the data say what it is, and under which licence.
    #[must_use]
    pub fn has_card(&self) -> bool {
        self.has_parts()
    }

    /// True where one data set has a place for the parts of a split; other formats are written once for each part.
    #[must_use]
    pub fn has_parts(&self) -> bool {
        [huggingface::FORMAT.name, huggingface::JSONL_FORMAT.name, huggingface::CROISSANT_FORMAT.name].contains(&self.name)
    }
}

/// What a format's offsets count.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Offsets {
    /// It has none.
    None,
    /// Always this.
    Fixed(OffsetUnit),
    /// What the user says; this unless said otherwise.
    Choosable(OffsetUnit),
}

impl Offsets {
    /// The unit of an export: the wanted one where there is a choice.
    ///
    /// # Errors
    /// When another unit is wanted than the format allows.
    pub fn choose(self, wanted: Option<OffsetUnit>) -> Result<Option<OffsetUnit>, String> {
        match (self, wanted) {
            (Self::None, None) => Ok(None),
            (Self::None, Some(_)) => Err("this format has no offsets".to_owned()),
            (Self::Fixed(unit), Some(wanted)) if wanted != unit => Err(format!("offsets of this format are always {unit}")),
            (Self::Fixed(unit), _) => Ok(Some(unit)),
            (Self::Choosable(unit), wanted) => Ok(Some(wanted.unwrap_or(unit))),
        }
    }
}

/// What an export consists of.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Layout {
    /// One file.
    File,
    /// A folder of files.
    Folder,
}

/// All formats, the most faithful first. Where several recognise a file, the first has it.
pub const FORMATS: [Format; 48] = [
    jsonl::FORMAT,
    brat::FORMAT,
    doccano::FORMAT,
    doccano::RELATIONS_FORMAT,
    doccano::CLASSES_FORMAT,
    label_studio::FORMAT,
    spacy_jsonl::FORMAT,
    docbin::FORMAT,
    uima::JSON_FORMAT,
    uima::XMI_FORMAT,
    uima::TSV_FORMAT,
    web_annotation::FORMAT,
    gate::XML_FORMAT,
    gate::JSON_FORMAT,
    gate::JAVA_JSON_FORMAT,
    tei::FORMAT,
    pubannotation::FORMAT,
    bioc::XML_FORMAT,
    bioc::JSON_FORMAT,
    bioc::PUBTATOR_FORMAT,
    propaganda::TECHNIQUES_FORMAT,
    propaganda::ROLES_FORMAT,
    conllu::FORMAT,
    conllu::PLUS_FORMAT,
    conll::CONLL2003,
    conll::CONLL2003_IOB1,
    conll::CONLL2003_BIOES,
    conll::CONLL2002,
    conll::CONLL2002_IOB1,
    conll::CONLL2002_BIOES,
    conll::HIPE,
    spans_csv::FORMAT,
    spans_csv::SPREADSHEET_FORMAT,
    xlsx::FORMAT,
    huggingface::FORMAT,
    huggingface::JSONL_FORMAT,
    huggingface::CROISSANT_FORMAT,
    aif::FORMAT,
    claim_review::FORMAT,
    refi_qda::FORMAT,
    dna::FORMAT,
    dna::EVENTS_FORMAT,
    network::GRAPHML_FORMAT,
    network::GEXF_FORMAT,
    mapped_json::FORMAT,
    articles::CSV_FORMAT,
    articles::JSONL_FORMAT,
    plain_text::FORMAT,
];

/// brat, whose files belong together.
pub const BRAT: Format = brat::FORMAT;

/// Anything may be plain text.
pub const PLAIN_TEXT: Format = plain_text::FORMAT;

/// JSON that somebody says how to read.
pub const MAPPED_JSON: Format = mapped_json::FORMAT;

/// Tables of spans, whose texts may lie beside them.
pub const SPAN_TABLES: [Format; 2] = [spans_csv::FORMAT, xlsx::FORMAT];

/// Web annotations, which have their texts beside them.
pub const WEB_ANNOTATION: Format = web_annotation::FORMAT;

/// Projects of REFI-QDA, which may be unpacked: a project and its texts in a folder.
pub const REFI_QDA: Format = refi_qda::FORMAT;

/// Tables of propaganda techniques, which have their articles beside them.
pub const TECHNIQUES: Format = propaganda::TECHNIQUES_FORMAT;

/// Roles of entities, whose tables name their articles, too.
pub const ROLES: Format = propaganda::ROLES_FORMAT;

/// A format by its name.
#[must_use]
pub fn find(name: &str) -> Option<&'static Format> {
    FORMATS.iter().find(|format| format.name == name)
}

/// The format that surely reads a file, by its name and first bytes. Anything may be plain text: that comes last.
#[must_use]
pub fn recognise(name: &str, head: &[u8]) -> &'static Format {
    let name = name.to_lowercase();
    let found = FORMATS.iter().find(|format| format.reader.is_some() && (format.recognises)(&name, head));
    found.unwrap_or(&plain_text::FORMAT)
}
