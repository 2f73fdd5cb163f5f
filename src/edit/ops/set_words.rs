//! Change the coder's own words: a note, or the normalised text of a claim.

use super::{OpError, rows};
use crate::edit::{Change, Edit, Transaction};
use crate::model::{ClaimId, MarkId, RelationId, SheetKey, State};

/// Which words.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Words {
    /// The note on a span or claim.
    Note(MarkId),
    /// The normalised text of a claim.
    Normalized(ClaimId),
    /// The note on a relation.
    RelationNote(RelationId),
    /// The note on the document, for this coder.
    DocumentNote,
}

/// Replaces the words; empty takes them away.
///
/// # Errors
/// When the row is not there.
pub fn set_words(state: &State, key: &SheetKey, words: Words, text: &str) -> Result<Transaction, OpError> {
    let (name, edit) = match words {
        Words::Note(MarkId::Span(id)) => {
            let edit = rows::change_span(state, key, id, |span| {
                let mut extras = span.extras().clone();
                text.clone_into(&mut extras.note);
                span.with_extras(extras)
            });
            ("edit note", edit?)
        }
        Words::Note(MarkId::Claim(id)) => ("edit note", rows::change_claim(state, key, id, |claim| text.clone_into(&mut claim.note))?),
        Words::Normalized(id) => ("edit normalised text", rows::change_claim(state, key, id, |claim| text.clone_into(&mut claim.normalized))?),
        Words::RelationNote(id) => {
            let before = state.sheet(key).relations.get(&id).ok_or(OpError::Gone)?.clone();
            let mut after = before.clone();
            text.clone_into(&mut after.note);
            ("edit note", Edit::Relation(key.clone(), Change::replace(id, before, after)))
        }
        Words::DocumentNote => {
            let before = state.sheet(key).info.clone();
            let mut after = before.clone();
            text.clone_into(&mut after.note);
            ("edit note", Edit::Sheet(key.clone(), Change::replace((), before, after)))
        }
    };
    Ok(Transaction::new(name, vec![edit]))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::edit::testing::check;

    #[test]
    fn words_are_set_and_taken_away() {
        check(
            "[CLAIM#k so]",
            |case| set_words(&case.state, &case.key, Words::Normalized(case.claim("k")), "It is so.").unwrap(),
            "[CLAIM#k so]\n.. k: normalized=\"It is so.\"",
        );
        check("[CLAIM#k so]\n.. k: note=\"hm\"", |case| set_words(&case.state, &case.key, Words::Note(case.mark("k")), "").unwrap(), "[CLAIM#k so]");
        let relation = "[CLAIM#a one] [CLAIM#b two]\n.. r: a -attacks-> b";
        let set = |case: &crate::edit::testing::Case| set_words(&case.state, &case.key, Words::RelationNote(case.relation("r")), "hm").unwrap();
        check(relation, set, &format!("{relation} note=\"hm\""));
        check("so", |case| set_words(&case.state, &case.key, Words::DocumentNote, "odd").unwrap(), "so\n.. =sheet: note=\"odd\"");
    }
}
