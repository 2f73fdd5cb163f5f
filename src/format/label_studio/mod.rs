//! Label Studio: tasks as JSON, and the labelling configuration as XML beside them, without which nothing can be imported there.
//!
//! Described at <https://labelstud.io/guide/export> and <https://labelstud.io/tags/>. Offsets count code points of the text
//! that is shown. A region is a row of `result`; choices, numbers and texts of a region have its id. Each annotation of a task
//! is one coder's sheet; so is each prediction of a model. Way in: `read` and `task`, with the configuration by `config`; way
//! out: `write`, with the configuration by `controls`.

mod config;
mod controls;
mod names;
mod read;
mod row;
mod task;
mod write;

use super::json_records::{JsonRules, json_rules};
use super::sheet_builder::{Rules, rules};
use super::{Format, Layout, Offsets, Places, Proof, Texts, extension};
use crate::text::offsets::OffsetUnit;

/// The row of the table.
pub(super) const FORMAT: Format = Format {
    name: "label-studio",
    title: "Label Studio JSON",
    extensions: &["json", "jsonl"],
    reader: Some(read::read),
    writer: Some(write::write),
    offsets: Offsets::Fixed(OffsetUnit::CodePoints),
    layout: Layout::Folder,
    recognises,
    carries: "texts, document fields, and every coder's annotations: spans and claims as regions, their attributes, notes and \
              normalized texts, links to entities, relations, attributes and notes of documents; roles of claims as relations \
              from the claim; the labelling configuration; the names and ids of the project that they come from",
    proof: Proof { reader: Some(read::read), texts: Texts::Exact, places: Places::Hulls },
    proven_by: "label-studio-sdk 2.1.2: its checks against the configuration, and its own CoNLL of our tasks",
    loses: "claims without content and further occurrences; roles and relations with entities, values or relations; attributes \
            and notes of relations; details of entities; discontinuous places are written from their first to their last character",
};

static RULES: Rules = rules!("label-studio", "result");
static JSON_RULES: JsonRules = json_rules!("label-studio");

/// The control whose regions are spans, and the one whose regions are claims.
const LABELS: &str = "label";
const CLAIMS: &str = "claim";
/// The tag that shows the text, in what we write.
const TEXT: &str = "text";
/// The controls of notes and of normalized texts.
const NOTE: &str = "note";
const NORMALIZED: &str = "normalized";
/// In front of the names of controls for attributes of regions.
const ATTRIBUTE: &str = "attribute.";
/// In front of the names of controls for what is said of documents.
const DOCUMENT: &str = "document.";
/// The member of an annotation that names the coder whose sheet it was.
const CODER: &str = "manicule_coder";
/// The member of a region's meta data that holds an entity's id, and the one with its name.
const ENTITY: &str = "manicule_entity";
const ENTITY_NAME: &str = "entity";

/// Tasks by the names of their members, configurations by their first tag.
fn recognises(name: &str, head: &[u8]) -> bool {
    let has = |needle: &str| memchr::memmem::find(head, needle.as_bytes()).is_some();
    match extension(name).as_str() {
        "xml" => has("<View"),
        "json" | "jsonl" => {
            let has_lists = has("\"annotations\"") || has("\"predictions\"") || has("\"completions\"");
            has_lists && (has("\"data\"") || has("\"from_name\"") && has("\"to_name\""))
        }
        _ => false,
    }
}
