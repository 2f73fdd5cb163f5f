//! Fuzz targets: one function for each reader of the program, which takes any bytes and says when something is wrong.
//!
//! “Wrong” is more than a panic: ranges must fit their texts, messages must be short, what was read must be written and
//! read again as the same, and a round trip must lose only what its report says. All targets stand in [`TARGETS`];
//! `fuzz/` runs them with libFuzzer, and the tests here replay `fuzz/corpus/` and some mutations of it. Not in releases.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, clippy::string_slice)]
#![cfg_attr(fuzzing, allow(dead_code, unreachable_pub, missing_docs))]

mod checks;
mod files;
mod formats;
mod merges;
#[path = "../../tests/common/mod.rs"]
mod random;
mod round_trips;
mod state_folder;
#[cfg(test)]
mod tests;
mod texts;

/// One reader, or one way out of the program and back.
#[derive(Clone, Copy, Debug)]
pub struct Target {
    /// Also the name of its folder in `fuzz/corpus/` and of its program in `fuzz/`.
    pub name: &'static str,
    /// What it reads and what must hold, in words.
    pub about: &'static str,
    /// Panics when something is wrong.
    pub run: fn(&[u8]),
}

const fn target(name: &'static str, run: fn(&[u8]), about: &'static str) -> Target {
    Target { name, about, run }
}

/// All targets.
pub const TARGETS: [Target; 61] = [
    target("text", formats::text, "plain text: kept byte for byte, or refused with a reason"),
    target("articles-csv", formats::articles_csv, "a table of articles: rows become articles that survive an export"),
    target("articles-jsonl", formats::articles_jsonl, "articles as JSON: records become articles that survive an export"),
    target("spans-csv", formats::spans_csv, "a table of spans and a text: places fit the text, and what was read survives an export"),
    target("xlsx", formats::xlsx, "a workbook: rows become articles or spans, and damage is said"),
    target("jsonl", formats::jsonl, "Manicule JSONL: quotes stand where rows say, and an export reads back the same"),
    target("brat", formats::brat, "a text, an .ann, annotation.conf and visual.conf: quotes stand where lines say, and an export keeps its counts"),
    target("doccano", formats::doccano, "doccano's JSONL: places fit, and an export reads back the same"),
    target("label-studio", formats::label_studio, "tasks and a configuration: places fit, and an export reads back the same"),
    target("spacy-jsonl", formats::spacy_jsonl, "JSONL of spaCy and Prodigy: places fit, and an export reads back the same"),
    target("mapped-json", formats::mapped_json, "a mapping and JSON of any shape: places fit, and what was read survives an export"),
    target("w3c", formats::w3c, "a text and web annotations of it: places fit, and an export reads back"),
    target("uima-json", formats::uima_json, "a UIMA CAS as JSON: places fit, and an export reads back"),
    target("uima-xmi", formats::uima_xmi, "a type system and a UIMA CAS as XMI: places fit, and an export reads back"),
    target("webanno-tsv", formats::webanno_tsv, "WebAnno TSV: places fit, and an export reads back"),
    target("gate-xml", formats::gate_xml, "GATE's XML: places fit, and an export reads back"),
    target("tei", formats::tei, "TEI as we write it: places fit, and an export reads back"),
    target("bdocjs", formats::bdocjs, "GateNLP's JSON: places fit, and an export reads back"),
    target("pubannotation", formats::pubannotation, "PubAnnotation's JSON: places fit, and an export reads back"),
    target("bioc-xml", formats::bioc_xml, "BioC in XML: places fit, and an export reads back"),
    target("bioc-json", formats::bioc_json, "BioC in JSON: places fit, and an export reads back"),
    target("pubtator", formats::pubtator, "PubTator: places fit, and an export reads back"),
    target("semeval", formats::semeval, "an article and tables of SemEval tasks: places fit, and an export reads back"),
    target("refi-qda", formats::refi_qda, "a REFI-QDA project and a text, or an archive: places fit, and an export reads back"),
    target("aif", formats::aif, "AIF in JSON: places fit, and an export reads back"),
    target("dna", formats::dna, "a DNA database: places fit, and what was read survives exports"),
    target("conll", formats::conll, "columns of tokens and tags, HIPE's too: what is read survives an export, and comes back as columns"),
    target("conllu", formats::conllu, "CoNLL-U, Plus too: what is read survives an export, and an export gives the same texts"),
    target("brat-codebook", formats::brat_codebook, "annotation.conf and visual.conf as a codebook: written and read again the same"),
    target("recognise", formats::recognise, "a file of any name: some reader takes it"),
    target("columns", formats::columns, "which column is which: printed and read again the same"),
    target("jsonl-round-trip", round_trips::jsonl, "a random project as Manicule JSONL comes back the same, in every unit"),
    target("brat-round-trip", round_trips::brat, "a random project as brat comes back as its report says"),
    target("csv-round-trip", round_trips::csv, "a random project as CSV: every row and every quote is found again"),
    target("conll-round-trip", round_trips::conll, "a random project as CoNLL: every tag is one of a mention that the report counts"),
    target("formats-round-trip", round_trips::formats, "a random project in every format that is read: what its report keeps comes back"),
    target("sheet-round-trip", round_trips::sheet, "a random sheet as a file of the project comes back the same"),
    target("document-round-trip", round_trips::document, "random fields of a document come back the same"),
    target("entities-round-trip", round_trips::entities, "random entities come back the same"),
    target("notation-round-trip", round_trips::notation, "a random document in notation comes back the same"),
    target("project", files::project, "project.ron: written and read again the same"),
    target("schema", files::schema, "schema.ron: written and read again the same"),
    target("entities", files::entities, "entities/xx.ron: nothing of it is lost, and a second writing changes nothing"),
    target("document", files::document, "a document's fields: written and read again the same"),
    target("sheet", files::sheet, "a text and a sheet: quotes stand where rows say, no row is lost, a second writing changes nothing"),
    target("journal", state_folder::journal, "a journal: records that count check out, and are found again"),
    target("transaction", state_folder::transaction, "a transaction of the journal: applied and taken back, or refused as a whole"),
    target("intents", state_folder::intents, "what a checkpoint is about to do: written and read again the same"),
    target("checksums", state_folder::checksums, "a log of checksums: damaged lines are left out, later ones are read"),
    target("states", state_folder::states, "the list of states in two files: what one has is read"),
    target("seal", state_folder::seal, "a seal: only a whole one counts"),
    target("activity", state_folder::activity, "the log of activity: a line appended later is read"),
    target("preferences", state_folder::preferences, "preferences: written and read again the same"),
    target("remembered", state_folder::remembered, "what the window remembers, and translations of its words"),
    target("merge", merges::merge, "three versions of a file of the project: both orders give the same, and a reader takes it"),
    target("dictionary", texts::dictionary, "a dictionary: its own form is read again the same, and names are found"),
    target("notation", texts::notation, "notation: printed and read again the same"),
    target("decode", texts::decode, "bytes as text: nothing is replaced silently"),
    target("offsets", texts::offsets, "offsets of a text in every unit lead back"),
    target("quotes", texts::quotes, "a quote is found where it is and nowhere else"),
    target("search", texts::search, "needles in a text: hits are in order, on characters, and are the needles"),
];

/// Runs the target of a name on some bytes.
pub fn run(name: &str, data: &[u8]) {
    let target = TARGETS.iter().find(|target| target.name == name).unwrap_or_else(|| panic!("there is no target {name}"));
    (target.run)(data);
}

/// What stands between the parts of an input with several.
const SEPARATOR: &[u8] = b"\n=====\n";

/// The parts of an input with several; those that are missing are empty.
fn parts<const N: usize>(data: &[u8]) -> [&[u8]; N] {
    let mut rest = Some(data);
    std::array::from_fn(|part| {
        let here = rest.take().unwrap_or_default();
        // The last part has everything that is left.
        let cut = if part + 1 < N { here.windows(SEPARATOR.len()).position(|window| window == SEPARATOR) } else { None };
        cut.map_or(here, |at| {
            rest = Some(&here[at + SEPARATOR.len()..]);
            &here[..at]
        })
    })
}

/// Bytes as text, for readers that take text.
fn text_of(data: &[u8]) -> std::borrow::Cow<'_, str> {
    String::from_utf8_lossy(data)
}
