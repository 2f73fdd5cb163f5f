//! The Discourse Network Analyzer: its databases (`.dna`, SQLite) in, its list of events out.
//!
//! The tables are those of DNA 3, and of DNA 2 where they differ; <https://github.com/leifeld/dna>. `database` reads tables,
//! `tables` says what they hold, `read` makes documents with claims, `events` writes the list.

mod database;
mod events;
mod read;
mod tables;

use super::sheet_builder::{Rules, rules};
use super::{Format, Layout, Offsets, Proof, extension};
use crate::text::offsets::OffsetUnit;

/// The row of the table for databases.
pub(super) const FORMAT: Format = Format {
    name: "dna",
    title: "Discourse Network Analyzer database",
    extensions: &["dna"],
    reader: Some(read::read),
    writer: None,
    offsets: Offsets::Fixed(OffsetUnit::Utf16),
    layout: Layout::File,
    recognises: |name, head| extension(name) == "dna" && head.starts_with(database::MAGIC),
    carries: "documents with their fields; statements of every type as claims whose roles are filled by entities, yes or no, numbers and \
              texts as attributes; entities with aliases, notes and attributes; a sheet for each coder. Documents, statements, entities \
              and coders that were read are compared with the counts in the file",
    proof: Proof::NONE,
    proven_by: "",
    loses: "",
};

/// The row of the table for lists of events.
pub(super) const EVENTS_FORMAT: Format = Format {
    name: "dna-events",
    title: "Discourse Network Analyzer list of events",
    extensions: &["csv"],
    reader: None,
    writer: Some(events::write),
    recognises: |_, _| false,
    carries: "a row for each claim, with the names that fill its roles and its attributes by the codebook, its place and words, coder, and \
              fields of the document; quotes and semicolons stay what they are, dates are those of ISO 8601",
    proof: Proof::NONE,
    proven_by: "pandas 3.1.1",
    loses: "spans, relations, notes, normalized texts, further occurrences, attributes and roles that are not in the codebook; texts but \
            for the words of claims; claims with gaps are written from their first to their last character",
    ..FORMAT
};

static RULES: Rules = rules!("dna", "statement");
