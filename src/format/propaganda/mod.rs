//! Tables of the SemEval tasks on news: propaganda techniques (2020, task 11) and the roles of entities (2025, task 10). Each is a row
//! a span, beside the articles as text files.
//!
//! The organisers' pages describe both: <https://propaganda.qcri.org/semeval2020-task11/> and
//! <https://propaganda.math.unipd.it/semeval2025task10/>. Way in: `read`; way out: `write`.

mod read;
mod write;

use super::{Format, Layout, Offsets, Places, Proof, Texts, extension};
use crate::text::offsets::OffsetUnit;

/// Techniques: `article TAB technique TAB begin TAB end`.
pub(super) const TECHNIQUES_FORMAT: Format = Format {
    name: "semeval2020-ptc",
    title: "SemEval-2020 task 11 (propaganda techniques)",
    extensions: &["tsv", "labels"],
    reader: Some(read::read_techniques),
    writer: Some(write::write_techniques),
    offsets: Offsets::Fixed(OffsetUnit::CodePoints),
    layout: Layout::Folder,
    recognises: |name, head| (extension(name) == "labels" || extension(name) == "tsv") && is_table(head, is_technique),
    carries: "texts as articleNNN.txt, and spans and claims with their labels as rows, end exclusive; one table a coder where there are \
              several. An import also takes rows without a technique, and tables of one article each",
    proof: Proof { reader: Some(read::read_techniques), texts: Texts::OwnFile, places: Places::Hulls },
    proven_by: "a script that cuts the articles as the organisers' scorers do",
    loses: "everything but labels and places of spans and claims; discontinuous places are written from their first to their last character",
};

/// Roles of entities: `file TAB mention TAB start TAB end TAB role TAB fine roles`.
pub(super) const ROLES_FORMAT: Format = Format {
    name: "semeval2025-roles",
    title: "SemEval-2025 task 10 (roles of entities)",
    extensions: &["tsv", "txt"],
    reader: Some(read::read_roles),
    writer: Some(write::write_roles),
    proof: Proof { reader: Some(read::read_roles), texts: Texts::OwnFileOfMarked, places: Places::Hulls },
    recognises: |name, head| (extension(name) == "tsv" || extension(name) == "txt") && is_table(head, is_role),
    carries: "texts as files, and spans and claims with their words and labels as rows, end inclusive, with one attribute of several choices as \
              fine roles; one table a coder where there are several",
    loses: "everything but labels, places and one attribute of spans and claims; discontinuous places are written from their first to their \
            last character",
    ..TECHNIQUES_FORMAT
};

/// Label of rows without a technique.
const SPAN: &str = "Propaganda";

/// A row, as text.
type Columns<'l> = Vec<&'l str>;

fn columns(line: &str) -> Columns<'_> {
    line.strip_suffix('\r').unwrap_or(line).split('\t').collect()
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

fn is_technique(columns: &Columns<'_>) -> bool {
    match columns.as_slice() {
        [article, start, end] => [article, start, end].iter().all(|cell| is_number(cell)),
        [article, technique, start, end] => [article, start, end].iter().all(|cell| is_number(cell)) && !is_number(technique),
        _ => false,
    }
}

/// Among rows that are surely techniques, one may be called by a number.
fn is_technique_row(columns: &Columns<'_>) -> bool {
    is_technique(columns)
        || matches!(columns.as_slice(), [article, technique, start, end] if !technique.is_empty() && [article, start, end].iter().all(|cell| is_number(cell)))
}

fn is_role(columns: &Columns<'_>) -> bool {
    matches!(columns.as_slice(), [file, _, start, end, _, ..] if extension(file) == "txt" && is_number(start) && is_number(end))
}

/// By its first row, or the one behind it where the first has names of columns.
fn is_table(head: &[u8], is_row: fn(&Columns<'_>) -> bool) -> bool {
    let text = String::from_utf8_lossy(head);
    text.lines().filter(|line| !line.trim().is_empty()).map(columns).take(2).any(|columns| is_row(&columns))
}

/// Words on one line and in one cell.
fn flat(text: &str) -> String {
    text.chars().map(|c| if c.is_control() || matches!(c, '\u{2028}' | '\u{2029}') { ' ' } else { c }).collect()
}
