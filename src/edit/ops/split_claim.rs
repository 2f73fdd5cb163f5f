//! Make two claims of one: what stands before a place, and what stands behind it.

use super::{NewId, OpError, rows};
use crate::edit::{Change, Edit, Transaction};
use crate::model::{ClaimId, SheetKey, State};
use crate::text::snap::trim;
use crate::text::{Ranges, Text, TextRange};

/// Cuts the content at a byte offset. Both parts keep roles, attributes and note; the normalized text stays with the
/// first, because it says what the whole said. Blanks and punctuation at the cut belong to neither.
///
/// # Errors
/// When the claim has no place, or one of the parts would be empty.
pub fn split_claim(state: &State, key: &SheetKey, claim: ClaimId, at: usize, id: NewId) -> Result<Transaction, OpError> {
    let before = rows::claim(state, key, claim)?;
    let content = before.content.as_ref().ok_or(OpError::NowhereToSplit)?;
    let text = state.texts.get(&key.document).ok_or(OpError::Gone)?;
    let part = |keep: fn(TextRange, usize) -> (usize, usize)| {
        let ranges = content.iter().filter_map(|range| {
            let (start, end) = keep(range, at);
            text.range(start, end).ok()
        });
        trimmed(text, ranges)
    };
    let first = part(|range, at| (range.start(), range.end().min(at))).ok_or(OpError::NowhereToSplit)?;
    let second = part(|range, at| (range.start().max(at), range.end())).ok_or(OpError::NowhereToSplit)?;
    let mut new = before.clone();
    (new.content, new.normalized) = (Some(second), String::new());
    new.occurrences.clear();
    let shrunk = rows::change_claim(state, key, claim, |claim| claim.content = Some(first))?;
    Ok(Transaction::new("split claim", vec![shrunk, Edit::Claim(key.clone(), Change::insert(ClaimId(id), new))]))
}

fn trimmed(text: &Text, ranges: impl Iterator<Item = TextRange>) -> Option<Ranges> {
    let says_something = |range: &TextRange| text.slice(*range).chars().any(char::is_alphanumeric);
    Ranges::new(ranges.filter(says_something).map(|range| trim(text, range)).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::edit::testing::{Case, check};

    fn split(case: &Case) -> Result<Transaction, OpError> {
        split_claim(&case.state, &case.key, case.claim("c"), case.caret.unwrap(), case.ids().next_id())
    }

    #[test]
    fn the_text_is_cut_and_the_rest_is_kept_by_both() {
        check(
            "[CLAIM#c Taxes rise, ‸and wages fall]\n.. c: claimer=\"author\" normalized=\"Both\"",
            |case| split(case).unwrap(),
            "[CLAIM#c Taxes rise], [CLAIM#d and wages fall]\n.. c: claimer=\"author\" normalized=\"Both\"\n.. d: claimer=\"author\"",
        );
    }

    #[test]
    fn a_broken_claim_is_split_in_its_gap() {
        check(
            "[CLAIM#c It is safe], ‸said Stone. [+#c It will last]",
            |case| split(case).unwrap(),
            "[CLAIM#c It is safe], said Stone. [CLAIM It will last]",
        );
    }

    #[test]
    fn there_must_be_something_on_both_sides() {
        assert_eq!(split(&Case::new("‸[CLAIM#c so]")), Err(OpError::NowhereToSplit));
        assert_eq!(split(&Case::new("[CLAIM#c so]‸.")), Err(OpError::NowhereToSplit));
        assert_eq!(split(&Case::new("‸so\n.. CLAIM#c:")), Err(OpError::NowhereToSplit));
    }
}
