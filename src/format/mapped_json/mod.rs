//! Somebody's own JSON, read by a mapping: a small file that says where texts, ranges, labels, roles and ids stand in it.
//!
//! `mapping` is that file, `path` how it names places, `text` puts a document's text together, `read` goes through files and
//! `build` makes sheets.

mod build;
mod mapping;
mod path;
mod read;
mod text;

pub use self::mapping::JsonMapping;

use super::json_records::{JsonRules, json_rules};
use super::sheet_builder::{Rules, rules};
use super::{Format, Layout, Offsets, Proof};
use crate::text::offsets::OffsetUnit;

/// The row of the table.
pub(super) const FORMAT: Format = Format {
    name: "mapped-json",
    title: "JSON with a mapping",
    extensions: &["json", "jsonl"],
    reader: Some(read::read),
    writer: None,
    offsets: Offsets::Choosable(OffsetUnit::CodePoints),
    layout: Layout::File,
    // Nobody can tell what it means.
    recognises: |_, _| false,
    carries: "what a mapping (`--mapping FILE`) says: texts in one piece or in sentences, document fields and attributes, spans, claims with \
              roles, relations; the rest of each record and annotation is kept aside",
    proof: Proof::NONE,
    proven_by: "",
    loses: "",
};

static RULES: Rules = rules!("mapped-json", "annotation");
static JSON_RULES: JsonRules = json_rules!("mapped-json");
