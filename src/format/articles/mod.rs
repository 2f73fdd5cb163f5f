//! Tables of articles: one row or record an article, with named columns for its text and fields.

mod csv;
mod jsonl;

use super::{Format, Layout, Offsets, Proof, extension};

/// The row of the table for CSV.
pub(super) const CSV_FORMAT: Format = Format {
    name: "articles-csv",
    title: "Articles as CSV",
    extensions: &["csv", "tsv"],
    reader: Some(csv::read),
    writer: None,
    offsets: Offsets::None,
    layout: Layout::File,
    recognises: |name, _| ["csv", "tsv"].contains(&extension(name).as_str()),
    carries: "one article a row: text, title, source, author, date, url, language, id or file name; other columns are kept aside",
    proof: Proof::NONE,
    proven_by: "",
    loses: "",
};

/// The row of the table for JSONL.
pub(super) const JSONL_FORMAT: Format = Format {
    name: "articles-jsonl",
    title: "Articles as JSONL",
    extensions: &["jsonl", "ndjson", "json"],
    reader: Some(jsonl::read),
    writer: None,
    offsets: Offsets::None,
    layout: Layout::File,
    recognises: |name, _| ["jsonl", "ndjson", "json"].contains(&extension(name).as_str()),
    carries: "one article a record: text, title, source, author, date, url, language, id or file name; other keys are kept aside",
    proof: Proof::NONE,
    proven_by: "",
    loses: "",
};
