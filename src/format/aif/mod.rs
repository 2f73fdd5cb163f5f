//! AIF in JSON: arguments as nodes for propositions, inferences, conflicts and rephrasings, and for who has said what (AIFdb, OVA,
//! arguebuf).
//!
//! Described at <https://corpora.aifdb.org> and in “The Argument Interchange Format”. Way in: `read`; way out: `write`.

mod kept;
mod read;
mod write;

use super::json_records::{JsonRules, json_rules};
use super::sheet_builder::{Rules, rules};
use super::{Format, Layout, Offsets, Places, Proof, Texts, extension};
use crate::model::{RelationKey, Schema};

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
              as inferences, conflicts and rephrasings; claims that fill roles as inferences; who makes a claim as speaker of a locution; the \
              attributes illocution of such claims and scheme of relations; what a map had beside. An import makes a document of what was \
              said, line by line",
    proof: Proof { reader: Some(read::read), texts: Texts::Absent, places: Places::Words(meaning) },
    proven_by: "a script that follows every edge; arguebuf 2.7.2 with `MANICULE_READERS=all`",
    loses: "texts and places; spans, entities, other attributes, notes, other roles; relations with spans or entities; claims without content and \
            words; labels of claims; document fields but the date",
};

/// The attribute of claims with the kind of the act in which they were made, and its usual value.
const ILLOCUTION: &str = "illocution";
const ASSERTING: &str = "Asserting";
/// The attribute of relations with a scheme that is not the usual one.
const SCHEME: &str = "scheme";

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

impl Kind {
    /// What such a relation is called in a codebook: by our name, else by the first of those that mean the same.
    fn called<'s>(&'s self, schema: &'s Schema) -> &'s str {
        let mut keys = schema.relation_types.keys().map(RelationKey::as_str);
        let own = keys.clone().find(|key| *key == self.relation);
        own.or_else(|| keys.find(|key| kind_of(key).is_some_and(|kind| kind.node == self.node))).unwrap_or(self.relation)
    }
}

/// The kind that a relation's name means; an inference for a name that is neither for nor against.
fn kind_of(name: &str) -> Option<&'static Kind> {
    let name = name.to_lowercase();
    KINDS.iter().find(|kind| kind.names.contains(&name.as_str()))
}

/// The type of the node that stands for a relation or role of a name.
fn meaning(name: &str) -> &'static str {
    let [inference, ..] = &KINDS;
    kind_of(name).unwrap_or(inference).node
}

fn has(head: &[u8], needle: &[u8]) -> bool {
    memchr::memmem::find(head, needle).is_some()
}
