//! Findings about what git merges have noted, for whoever opens the project.

use super::notes::{RESIDUE, lines};
use crate::model::{Document, DocumentId, Finding, MarkId, Node, Residue, Severity, Sheet, SheetKey, State};
use crate::store::layout::{PROJECT, SCHEMA};
use crate::text::Text;

/// In one coder's sheet.
pub(crate) fn of_sheet(key: &SheetKey, sheet: &Sheet, text: &Text) -> Vec<Finding> {
    let quote = |mark| sheet.ranges_of(mark).filter(|ranges| text.check(ranges).is_ok()).map(|ranges| format!(" “{}”", text.quote(ranges)));
    let mark = |what: &str, mark| format!("the {what}{}", quote(mark).unwrap_or_default());
    let mut findings = found("the sheet", &sheet.info.residue);
    for (id, span) in &sheet.spans {
        let row = || mark(&format!("span {}", span.label), MarkId::Span(*id));
        findings.extend(found_at(Node::Span(*id), row, &span.extras().residue));
    }
    for (id, claim) in &sheet.claims {
        findings.extend(found_at(Node::Claim(*id), || mark(&format!("claim {id}"), MarkId::Claim(*id)), &claim.residue));
    }
    for (id, relation) in &sheet.relations {
        findings.extend(found_at(Node::Relation(*id), || format!("the relation {} {id}", relation.label), &relation.residue));
    }
    findings.into_iter().map(|finding| finding.about(&key.document).by(&key.coder)).collect()
}

/// In the tables of a project.
pub(crate) fn of_tables(state: &State) -> Vec<Finding> {
    let project = found("the project", &state.project.residue).into_iter().map(|finding| finding.in_file(PROJECT));
    let labels = state.schema.labels.iter().flat_map(|(key, label)| found(&format!("the label {key}"), &label.residue));
    let schema = found("the codebook", &state.schema.info.residue).into_iter().chain(labels).map(|finding| finding.in_file(SCHEMA));
    let entities = state.entities.iter();
    let entities = entities.flat_map(|(id, row)| found_at(Node::Entity(*id), || format!("the entity “{}”", row.name), &row.residue));
    project.chain(schema).chain(entities).chain(state.documents.iter().flat_map(|(id, document)| of_document(id, document))).collect()
}

fn of_document(id: &DocumentId, document: &Document) -> Vec<Finding> {
    // As nearly all rows.
    if document.residue.is_empty() {
        return Vec::new();
    }
    let found = found(&format!("the document “{}”", document.title), &document.residue);
    found.into_iter().map(|finding| finding.about(id)).collect()
}

fn found_at(node: Node, row: impl Fn() -> String, residue: &Residue) -> Vec<Finding> {
    // Nearly all rows have no residue; they cost no description.
    if residue.is_empty() {
        return Vec::new();
    }
    found(&row(), residue).into_iter().map(|finding| finding.at_node(node)).collect()
}

fn found(row: &str, residue: &Residue) -> Vec<Finding> {
    let finding = |note: &str| {
        let message = format!("{row} was changed by both sides of a git merge: {note} (said until `{RESIDUE}` is taken out of its residue)");
        Finding::new(Severity::Warning, "changed-by-both", message)
    };
    lines(residue).map(finding).collect()
}
