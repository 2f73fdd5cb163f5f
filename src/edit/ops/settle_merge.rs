//! What both sides of a git merge had changed was looked at: the note about it goes.

use std::sync::Arc;

use super::OpError;
use crate::edit::{Change, Edit, Transaction};
use crate::model::{Finding, Node, Residue, SheetKey, State};

/// Takes a residue away from the row that a finding is about: of a sheet, of the entities, of a document; where it names
/// neither, from the project and the codebook.
///
/// # Errors
/// When the row is not there.
pub fn settle_merge(state: &State, finding: &Finding, residue: &str) -> Result<Transaction, OpError> {
    let sheet = finding.document.clone().zip(finding.coder.clone()).map(|(document, coder)| SheetKey { document, coder });
    let without = |residues: &Residue| {
        let mut residues = residues.clone();
        residues.remove(residue);
        residues
    };
    let edits = match (finding.node, &sheet, &finding.document) {
        (Some(Node::Entity(id)), ..) => {
            let before = state.entities.get(&id).ok_or(OpError::EntityGone)?.clone();
            let mut after = before.clone();
            after.residue = without(&before.residue);
            vec![Edit::Entity(Change::replace(id, before, after))]
        }
        (Some(node), Some(key), _) => vec![of_row(state, key, node, &without)?],
        (None, Some(key), _) => {
            let before = state.sheet(key).info.clone();
            let mut after = before.clone();
            after.residue = without(&before.residue);
            vec![Edit::Sheet(key.clone(), Change::replace((), before, after))]
        }
        (_, None, Some(id)) => {
            let before = state.document(id).ok_or(OpError::Gone)?.clone();
            let mut after = before.clone();
            after.residue = without(&before.residue);
            vec![Edit::Document(Change::replace(id.clone(), before, after))]
        }
        (_, None, None) => of_tables(state, residue, &without),
    };
    Ok(Transaction::new("settle a merge", edits))
}

fn of_row(state: &State, key: &SheetKey, node: Node, without: &impl Fn(&Residue) -> Residue) -> Result<Edit, OpError> {
    let sheet: &Arc<_> = state.sheet(key);
    Ok(match node {
        Node::Span(id) => {
            let before = sheet.spans.get(&id).ok_or(OpError::Gone)?.clone();
            let mut extras = before.extras().clone();
            extras.residue = without(&extras.residue);
            Edit::Span(key.clone(), Change::replace(id, before.clone(), before.with_extras(extras)))
        }
        Node::Claim(id) => {
            let before = sheet.claims.get(&id).ok_or(OpError::Gone)?.clone();
            let mut after = before.clone();
            after.residue = without(&before.residue);
            Edit::Claim(key.clone(), Change::replace(id, before, after))
        }
        Node::Relation(id) => {
            let before = sheet.relations.get(&id).ok_or(OpError::Gone)?.clone();
            let mut after = before.clone();
            after.residue = without(&before.residue);
            Edit::Relation(key.clone(), Change::replace(id, before, after))
        }
        Node::Entity(_) => return Err(OpError::EntityGone),
    })
}

fn of_tables(state: &State, residue: &str, without: &impl Fn(&Residue) -> Residue) -> Vec<Edit> {
    let mut edits = Vec::new();
    let (project, info) = (&state.project, &state.schema.info);
    if project.residue.contains_key(residue) {
        let mut after = project.clone();
        after.residue = without(&project.residue);
        edits.push(Edit::Project(Change::replace((), project.clone(), after)));
    }
    if info.residue.contains_key(residue) {
        let mut after = info.clone();
        after.residue = without(&info.residue);
        edits.push(Edit::Schema(Change::replace((), info.clone(), after)));
    }
    for (key, label) in state.schema.labels.iter().filter(|(_, label)| label.residue.contains_key(residue)) {
        let mut after = label.clone();
        after.residue = without(&label.residue);
        edits.push(Edit::Label(Change::replace(key.clone(), label.clone(), after)));
    }
    edits
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::edit::apply;
    use crate::edit::testing::{Case, check};
    use crate::model::Severity;

    #[test]
    fn the_note_goes_and_nothing_else() {
        let finding = || Finding::new(Severity::Warning, "changed-by-both", "");
        let settle = |before: &str, after: &str, what: fn(Finding, &crate::edit::testing::Case) -> Finding| {
            check(before, |case| settle_merge(&case.state, &what(finding(), case), "git-merge").unwrap(), after);
        };
        let row = "[CLAIM#c so]\n.. c: residue(\"git-merge\")=\"label\" residue(\"brat\")=\"#1\"";
        let about_claim =
            |finding: Finding, case: &crate::edit::testing::Case| finding.about(&case.key.document).by(&case.key.coder).at_node(case.node("c"));
        settle(row, "[CLAIM#c so]\n.. c: residue(\"brat\")=\"#1\"", about_claim);
        let about_sheet = |finding: Finding, case: &crate::edit::testing::Case| finding.about(&case.key.document).by(&case.key.coder);
        settle("so\n.. =sheet: residue(\"git-merge\")=\"status\"", "so", about_sheet);
    }

    #[test]
    fn notes_about_the_project_and_the_codebook_go_and_others_stay() {
        let mut case = Case::new("so");
        let notes = || Residue::from([("git-merge".to_owned(), "name".to_owned()), ("brat".to_owned(), "#1".to_owned())]);
        let (per, org) = ("PER".parse().unwrap(), "ORG".parse().unwrap());
        let left = Residue::from([("brat".to_owned(), "#1".to_owned())]);
        case.state.project.residue = notes();
        let schema = Arc::make_mut(&mut case.state.schema);
        schema.info.residue = notes();
        schema.labels.get_mut(&per).unwrap().residue = notes();
        schema.labels.get_mut(&org).unwrap().residue = left.clone();
        let settle = settle_merge(&case.state, &Finding::new(Severity::Warning, "changed-by-both", ""), "git-merge").unwrap();
        assert_eq!(settle.edits.len(), 3);
        apply(&mut case.state, &settle).unwrap();
        let schema = &case.state.schema;
        for residue in [&case.state.project.residue, &schema.info.residue, &schema.labels[&per].residue, &schema.labels[&org].residue] {
            assert_eq!(residue, &left);
        }
    }
}
