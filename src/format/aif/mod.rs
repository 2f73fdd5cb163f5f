//! AIF in JSON: arguments as nodes for propositions, inferences, conflicts and rephrasings, and for who has said what (AIFdb, OVA,
//! arguebuf).
//!
//! Described at <https://corpora.aifdb.org> and in “The Argument Interchange Format”. Way in: `read`; way out: `write`.

mod read;
mod write;

use super::json_records::{JsonRules, json_rules};
use super::sheet_builder::{Rules, rules};
use super::{Format, Layout, Offsets, Proof, extension};

/// The row of the table.
pub(super) const FORMAT: Format = Format {
    name: "aif",
    title: "AIF JSON (argument maps)",
    extensions: &["json"],
    reader: Some(read::read),
    writer: Some(write::write),
    offsets: Offsets::None,
    layout: Layout::Folder,
    recognises: |name, head| extension(name) == "json" && has(head, b"\"nodeID\"") && has(head, b"\"nodes\""),
    carries: "claims as propositions, in the coder's words where there are some; relations between claims, and from claims to such relations, \
              as inferences, conflicts and rephrasings; claims that fill roles as inferences; who makes a claim as speaker of a locution. An \
              import makes a document of what was said, line by line",
    proof: Proof::NONE,
    proven_by: "a script that follows every edge; arguebuf 2.7.2 with `MANICULE_READERS=all`",
    loses: "texts and places; spans, entities, attributes, notes, other roles; relations with spans or entities; claims without content and \
            words; document fields but the date",
};

static RULES: Rules = rules!("aif", "node");
static JSON_RULES: JsonRules = json_rules!("aif");

/// Kinds of relations: the type of the node, what a relation is called here, the usual scheme and its number, and other names.
struct Kind {
    node: &'static str,
    relation: &'static str,
    scheme: &'static str,
    scheme_id: &'static str,
    names: &'static [&'static str],
}

const KINDS: [Kind; 3] = [
    Kind {
        node: "RA",
        relation: "supports",
        scheme: "Default Inference",
        scheme_id: "72",
        names: &["support", "supports", "supported_by", "evidence", "premise", "reason", "because", "inference"],
    },
    Kind {
        node: "CA",
        relation: "attacks",
        scheme: "Default Conflict",
        scheme_id: "71",
        names: &["attack", "attacks", "conflict", "contradicts", "rebuts", "undercuts", "refutes", "denies", "against"],
    },
    Kind {
        node: "MA",
        relation: "rephrases",
        scheme: "Default Rephrase",
        scheme_id: "144",
        names: &["rephrase", "rephrases", "restates", "same_as"],
    },
];

fn has(head: &[u8], needle: &[u8]) -> bool {
    memchr::memmem::find(head, needle).is_some()
}
