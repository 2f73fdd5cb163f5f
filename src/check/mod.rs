//! What cannot be right, and what the codebook requires. One rule a file, all of them in [`RULES`].
//!
//! To add one: a file with a function, and a row in the table. Rules read; they never repair.

mod blank_quotes;
mod circular_relations;
mod dangling_references;
mod duplicate_spans;
mod edges;
mod entity_merges;
mod fixes;
mod knowledge_base_ids;
mod label_kinds;
mod overlaps;
mod paragraphs;
mod ranges;
mod relation_ends;
mod required_attributes;
mod retired;
mod role_fillers;
#[cfg(test)]
mod testing;
mod unfinished_claims;
mod unknown_keys;
mod value_types;

pub use fixes::{are_fixable, fix_all};

use crate::model::{Attributes, Finding, Node, Severity, Sheet, SheetKey, State};
use crate::text::{Text, one_line};

/// Quotes are cut here in messages.
const MAX_QUOTE_CHARS: usize = 60;

/// One rule.
#[derive(Clone, Copy)]
pub struct Rule {
    /// Its stable name, as in [`Finding::rule`].
    pub name: &'static str,
    /// What is wrong, in few words.
    pub title: &'static str,
    /// Why that is wrong and what can be done.
    pub explanation: &'static str,
    /// How bad its findings are.
    pub severity: Severity,
    run: Run,
    fix: Option<fixes::Fix>,
}

#[derive(Clone, Copy)]
enum Run {
    /// Once for every sheet.
    Sheet(fn(&mut SheetCheck<'_>)),
    /// Once for the tables of the project.
    Tables(fn(&mut TableCheck<'_>)),
}

/// All rules, in the order in which they run.
pub const RULES: &[Rule] = &[
    Rule {
        name: "range-outside-text",
        title: "Place outside the text",
        explanation: "A range lies behind the end of the text or inside a character. The text was probably changed outside Manicule. Restore the text, or delete the row.",
        severity: Severity::Error,
        run: Run::Sheet(ranges::check),
        fix: None,
    },
    Rule {
        name: "dangling-reference",
        title: "Points to nothing",
        explanation: "A role, a relation or a mention points to a row that does not exist. Fill it again, or clear it.",
        severity: Severity::Error,
        run: Run::Sheet(dangling_references::check),
        fix: Some(fixes::clear_dangling),
    },
    Rule {
        name: "circular-relation",
        title: "Relation in a circle",
        explanation: "A relation begins or ends at itself, or at relations that lead back to it. Give it another end, or delete it.",
        severity: Severity::Error,
        run: Run::Sheet(circular_relations::check),
        fix: None,
    },
    Rule {
        name: "entity-merge",
        title: "Merge of entities leads nowhere",
        explanation: "An entity was merged into one that does not exist, that is deleted, or into itself by a detour. Undo the merge, or merge it again.",
        severity: Severity::Error,
        run: Run::Tables(entity_merges::check),
        fix: None,
    },
    Rule {
        name: "unknown-key",
        title: "Not in the codebook",
        explanation: "A label, attribute, choice, role or relation type is used that the codebook does not have. Add it to the codebook, or change the row.",
        severity: Severity::Error,
        run: Run::Sheet(unknown_keys::check_sheet),
        fix: None,
    },
    Rule {
        name: "unknown-key-of-entity",
        title: "Entity with a key that is not in the codebook",
        explanation: "The type, an attribute or a choice of an entity is not in the codebook. Add it to the codebook, or change the entity.",
        severity: Severity::Error,
        run: Run::Tables(unknown_keys::check_tables),
        fix: None,
    },
    Rule {
        name: "label-kind",
        title: "Label for something else",
        explanation: "A span has a label for claims, or a claim has one for spans. Give it another label.",
        severity: Severity::Error,
        run: Run::Sheet(label_kinds::check),
        fix: None,
    },
    Rule {
        name: "value-type",
        title: "Value of the wrong type",
        explanation: "The value of an attribute is not of the type that the codebook says, such as a number where it says yes or no. Set it again.",
        severity: Severity::Error,
        run: Run::Sheet(value_types::check_sheet),
        fix: None,
    },
    Rule {
        name: "value-type-of-entity",
        title: "Entity with a value of the wrong type",
        explanation: "The value of an entity's attribute is not of the type that the codebook says. Set it again.",
        severity: Severity::Error,
        run: Run::Tables(value_types::check_tables),
        fix: None,
    },
    Rule {
        name: "knowledge-base-id",
        title: "Malformed id of an entity",
        explanation: "An id of an entity is neither a Wikidata id (Q and a number) nor a web address. Correct it in the table of entities.",
        severity: Severity::Warning,
        run: Run::Tables(knowledge_base_ids::check),
        fix: None,
    },
    Rule {
        name: "role-filler",
        title: "Filler that cannot be there",
        explanation: "A role of a claim has a filler of a kind that the codebook does not allow, too many fillers, or leads back to the claim itself. Take the filler out.",
        severity: Severity::Warning,
        run: Run::Sheet(role_fillers::check),
        fix: None,
    },
    Rule {
        name: "relation-end",
        title: "Relation between the wrong ends",
        explanation: "A relation joins what the codebook does not allow its type to join, or leads to itself. Give it another type, turn it round, or delete it.",
        severity: Severity::Warning,
        run: Run::Sheet(relation_ends::check),
        fix: None,
    },
    Rule {
        name: "unfinished-claim",
        title: "Unfinished claim",
        explanation: "A claim lacks a role or an attribute that the codebook requires, or has neither a place nor words. Fill it, or delete the claim.",
        severity: Severity::Note,
        run: Run::Sheet(unfinished_claims::check),
        fix: None,
    },
    Rule {
        name: "blank-quote",
        title: "Nothing but blanks",
        explanation: "A range covers only blanks or line ends. Move its edges, or delete it.",
        severity: Severity::Warning,
        run: Run::Sheet(blank_quotes::check),
        fix: None,
    },
    Rule {
        name: "duplicate-span",
        title: "Same span twice",
        explanation: "Two spans have the same label and the same ranges: exports and counts see two. Delete one of them.",
        severity: Severity::Warning,
        run: Run::Sheet(duplicate_spans::check),
        fix: Some(fixes::drop_duplicate),
    },
    Rule {
        name: "required-attribute",
        title: "Required attribute unset",
        explanation: "An attribute that the codebook requires is not set. Set it.",
        severity: Severity::Note,
        run: Run::Sheet(required_attributes::check),
        fix: None,
    },
    Rule {
        name: "retired-label",
        title: "Retired label",
        explanation: "A label or a type of relation is used that the codebook offers no longer. Give the row another one.",
        severity: Severity::Note,
        run: Run::Sheet(retired::check),
        fix: Some(fixes::replace_label),
    },
    Rule {
        name: "overlap",
        title: "Forbidden overlap",
        explanation: "Two marks overlap, or lie inside each other, and the codebook does not allow that for their label. Move an edge, or delete one.",
        severity: Severity::Warning,
        run: Run::Sheet(overlaps::check),
        fix: None,
    },
    Rule {
        name: "edge",
        title: "Blank or punctuation at an edge",
        explanation: "A range begins or ends with a blank, or a span ends with punctuation that does not belong to it. Two coders who differ only there do not agree. Move the edge.",
        severity: Severity::Note,
        run: Run::Sheet(edges::check),
        fix: Some(fixes::trim_edges),
    },
    Rule {
        name: "across-paragraphs",
        title: "Across paragraphs",
        explanation: "A range goes on over the end of a paragraph, mostly by a slip of the mouse. Make two ranges of it, or move an edge.",
        severity: Severity::Note,
        run: Run::Sheet(paragraphs::check),
        fix: None,
    },
];

/// The rule with this name.
#[must_use]
pub fn rule(name: &str) -> Option<&'static Rule> {
    RULES.iter().find(|rule| rule.name == name)
}

impl Rule {
    fn fix(&self) -> Option<fixes::Fix> {
        self.fix
    }
}

/// The name by which a finding of a sheet can be ignored.
#[must_use]
pub fn ignore_name(finding: &Finding) -> Option<String> {
    finding.document.as_ref().zip(finding.coder.as_ref())?;
    Some(match finding.node {
        Some(Node::Span(id)) => format!("{} span {id}", finding.rule),
        Some(Node::Claim(id)) => format!("{} claim {id}", finding.rule),
        Some(Node::Relation(id)) => format!("{} relation {id}", finding.rule),
        Some(Node::Entity(id)) => format!("{} entity {id}", finding.rule),
        None => finding.rule.to_owned(),
    })
}

/// What is wrong with one coder's sheet of one document, but for what the coder ignores. What concerns the text is
/// checked only where it is loaded.
#[must_use]
pub fn check_sheet(state: &State, key: &SheetKey) -> Vec<Finding> {
    let ignored = &state.sheet(key).info.ignored;
    let is_ignored = |finding: &Finding| !ignored.is_empty() && ignore_name(finding).is_some_and(|name| ignored.contains(&name));
    let mut findings = check_sheet_fully(state, key);
    findings.retain(|finding| !is_ignored(finding));
    findings
}

/// Like [`check_sheet`], with what the coder ignores.
#[must_use]
pub fn check_sheet_fully(state: &State, key: &SheetKey) -> Vec<Finding> {
    let sheet = state.sheet(key).as_ref();
    let mut check = SheetCheck { state, key, sheet, text: state.texts.get(&key.document), rule: None, findings: Vec::new() };
    for rule in RULES {
        if let Run::Sheet(run) = rule.run {
            check.rule = Some(rule);
            run(&mut check);
        }
    }
    check.findings
}

/// What is wrong with the tables of the project: so far, with the entities.
#[must_use]
pub fn check_tables(state: &State) -> Vec<Finding> {
    let mut check = TableCheck { state, rule: None, findings: Vec::new() };
    for rule in RULES {
        if let Run::Tables(run) = rule.run {
            check.rule = Some(rule);
            run(&mut check);
        }
    }
    check.findings
}

/// The tables and every sheet that is loaded.
#[must_use]
pub fn check_project(state: &State) -> Vec<Finding> {
    let sheets = state.sheets.keys().flat_map(|key| check_sheet(state, key));
    check_tables(state).into_iter().chain(sheets).collect()
}

/// What a rule for sheets sees, and where it reports.
struct SheetCheck<'s> {
    state: &'s State,
    key: &'s SheetKey,
    sheet: &'s Sheet,
    text: Option<&'s Text>,
    rule: Option<&'static Rule>,
    findings: Vec<Finding>,
}

impl<'s> SheetCheck<'s> {
    /// Reports something about a row; `what` goes on after the row's description: `the span PER “Kerry” {what}`.
    fn report(&mut self, node: Node, what: &str) {
        let message = format!("{} {what}", self.describe(node));
        self.findings.extend(finding(self.rule, &message).map(|f| f.about(&self.key.document).by(&self.key.coder).at_node(node)));
    }

    /// Reports something about the sheet as a whole.
    fn report_sheet(&mut self, what: &str) {
        let message = format!("the document {what}");
        self.findings.extend(finding(self.rule, &message).map(|f| f.about(&self.key.document).by(&self.key.coder)));
    }

    fn describe(&self, node: Node) -> String {
        let quote =
            |ranges| self.text.filter(|text| text.check(ranges).is_ok()).map(|text| format!(" “{}”", one_line(&text.quote(ranges), MAX_QUOTE_CHARS)));
        match node {
            Node::Span(id) => match self.sheet.spans.get(&id) {
                Some(span) => format!("the span {}{}", span.label, quote(&span.ranges).unwrap_or_default()),
                None => format!("the span {id}"),
            },
            Node::Claim(id) => match self.sheet.claims.get(&id) {
                Some(claim) => format!("the claim{}", claim.content.as_ref().and_then(quote).unwrap_or_else(|| format!(" {id}"))),
                None => format!("the claim {id}"),
            },
            Node::Relation(id) => match self.sheet.relations.get(&id) {
                Some(relation) => format!("the relation {} {id}", relation.label),
                None => format!("the relation {id}"),
            },
            Node::Entity(id) => describe_entity(self.state, id),
        }
    }

    /// The attributes of every row of the sheet.
    fn attributes(&self) -> impl Iterator<Item = (Node, &'s Attributes)> + use<'s> {
        let spans = self.sheet.spans.iter().map(|(id, span)| (Node::Span(*id), span.attributes()));
        let claims = self.sheet.claims.iter().map(|(id, claim)| (Node::Claim(*id), &claim.attributes));
        let relations = self.sheet.relations.iter().map(|(id, relation)| (Node::Relation(*id), &relation.attributes));
        spans.chain(claims).chain(relations)
    }

    fn exists(&self, node: Node) -> bool {
        match node {
            Node::Span(id) => self.sheet.spans.contains_key(&id),
            Node::Claim(id) => self.sheet.claims.contains_key(&id),
            Node::Relation(id) => self.sheet.relations.contains_key(&id),
            Node::Entity(id) => self.state.entities.contains_key(&id),
        }
    }
}

/// What a rule for the project's tables sees, and where it reports.
struct TableCheck<'s> {
    state: &'s State,
    rule: Option<&'static Rule>,
    findings: Vec<Finding>,
}

impl TableCheck<'_> {
    /// Reports something about an entity; `what` goes on after its name.
    fn report(&mut self, id: crate::model::EntityId, what: &str) {
        let message = format!("{} {what}", describe_entity(self.state, id));
        self.findings.extend(finding(self.rule, &message).map(|f| f.at_node(Node::Entity(id))));
    }
}

fn finding(rule: Option<&Rule>, message: &str) -> Option<Finding> {
    rule.map(|rule| Finding::new(rule.severity, rule.name, message))
}

fn describe_entity(state: &State, id: crate::model::EntityId) -> String {
    match state.entities.get(&id) {
        Some(entity) => format!("the entity “{}”", one_line(&entity.name, MAX_QUOTE_CHARS)),
        None => format!("the entity {id}"),
    }
}
