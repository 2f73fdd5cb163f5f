//! Rows that have a place in a text that changes move with it.
//!
//! An operation moves all rows that it knows of. Whoever came later – another coder's sheet from git, a row that was
//! added since the step that is undone now – is moved here, so that no place is ever left behind by its text.

use std::collections::BTreeSet;

use super::{ApplyError, Change, Edit, Transaction};
use crate::model::{Claim, ClaimId, DocumentId, MarkId, SheetKey, Span, SpanId, State};
use crate::text::Ranges;
use crate::text::replace::Replacements;

/// The transaction with an edit for every row of the loaded sheets that has a place in a text that it changes and that it
/// does not name, also where its numbers stay but the way back could not be worked out. None where there is nothing to add.
///
/// # Errors
/// When nothing would be left of a span.
pub fn follow_text(state: &State, transaction: &Transaction) -> Result<Option<Transaction>, ApplyError> {
    let mut further = Vec::new();
    for (document, change) in transaction.text_changes() {
        let named = named_rows(transaction, document);
        let replacements = change.replacements();
        let Ok(map) = Replacements::new(&replacements) else { continue };
        for (key, sheet) in state.sheets_of(document) {
            for (mark, _) in sheet.marks().filter(|(mark, _)| !named.contains(&(key, *mark))) {
                let edit = match mark {
                    MarkId::Span(id) => sheet.spans.get(&id).map(|span| moved_span(key, id, span, map)).transpose()?.flatten(),
                    MarkId::Claim(id) => sheet.claims.get(&id).and_then(|claim| moved_claim(key, id, claim, map)),
                };
                further.extend(edit);
            }
        }
    }
    if further.is_empty() {
        return Ok(None);
    }
    let edits = transaction.edits.iter().cloned().chain(further).collect();
    Ok(Some(Transaction { edits, ..transaction.clone() }))
}

fn named_rows<'t>(transaction: &'t Transaction, document: &DocumentId) -> BTreeSet<(&'t SheetKey, MarkId)> {
    let row = |edit: &'t Edit| match edit {
        Edit::Span(key, change) => Some((key, MarkId::Span(change.key))),
        Edit::Claim(key, change) => Some((key, MarkId::Claim(change.key))),
        _ => None,
    };
    transaction.edits.iter().filter_map(row).filter(|(key, _)| key.document == *document).collect()
}

fn moved_span(key: &SheetKey, id: SpanId, span: &Span, map: Replacements<'_>) -> Result<Option<Edit>, ApplyError> {
    let ranges = map.map(&span.ranges).ok_or_else(|| ApplyError::WouldBeEmpty { row: format!("span {id:?} of {}", key.coder) })?;
    if ranges == span.ranges && !map.divides_any([&span.ranges]) {
        return Ok(None);
    }
    let mut after = span.clone();
    after.ranges = ranges;
    Ok(Some(Edit::Span(key.clone(), Change::replace(id, span.clone(), after))))
}

fn moved_claim(key: &SheetKey, id: ClaimId, claim: &Claim, map: Replacements<'_>) -> Option<Edit> {
    let after = map_claim(claim, map);
    (after != *claim || map.divides_any(claim.places())).then(|| Edit::Claim(key.clone(), Change::replace(id, claim.clone(), after)))
}

/// The claim at its places in the new text. One of which no place is left stays without a place.
pub(super) fn map_claim(claim: &Claim, map: Replacements<'_>) -> Claim {
    let places: (Option<Ranges>, Vec<Ranges>) =
        (claim.content.as_ref().and_then(|place| map.map(place)), claim.occurrences.iter().filter_map(|place| map.map(place)).collect());
    let mut after = claim.clone();
    after.set_places(places.0, places.1);
    after
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::edit::apply;
    use crate::edit::ops::{Emptied, TextCorrection, correct_text};
    use crate::edit::testing::Case;
    use crate::text::replace::word_replacements;

    /// The selected words are replaced by a step that names no row; what is added to it names these.
    #[track_caller]
    fn added(source: &str, with: &str, expected: &[&str]) -> Case {
        let mut case = Case::new(source);
        let range = case.selected();
        let replacements = word_replacements(case.text().slice(range), with, range.start());
        let plan = TextCorrection::new(&case.state, &case.key.document, &replacements).unwrap();
        let mut step = correct_text(&case.state, &plan, Emptied::Refuse).unwrap();
        step.edits.retain(|edit| edit.sheet().is_none());
        let followed = follow_text(&case.state, &step).unwrap().unwrap();
        let named = named_rows(&followed, &case.key.document);
        let mut expected: Vec<MarkId> = expected.iter().map(|name| case.mark(name)).collect();
        expected.sort_unstable();
        assert_eq!(named.into_iter().map(|(_, mark)| mark).collect::<Vec<_>>(), expected);
        assert_eq!(follow_text(&case.state, &followed), Ok(None), "all are named now");
        apply(&mut case.state, &followed).unwrap();
        case
    }

    #[test]
    fn spans_and_claims_behind_the_new_words_move() {
        let case = added("[PER#b By] [CLAIM#d us]: «Kery» met [PER#l Lavrov], [CLAIM#c he said]", "Kerry", &["l", "c"]);
        let quotes: Vec<String> =
            ["b", "d", "l", "c"].iter().map(|name| case.text().quote(case.state.sheet(&case.key).ranges_of(case.mark(name)).unwrap())).collect();
        assert_eq!(quotes, ["By", "us", "Lavrov", "he said"]);
    }

    #[test]
    fn divided_places_are_named_also_where_their_numbers_stay() {
        added("A [CLAIM#c thir[PER#k d« o]ne, sh]»ort", "xy", &["k", "c"]);
    }

    #[test]
    fn a_span_that_would_lose_its_words_stops_the_step() {
        let case = Case::new("a «[PER#k b]» c");
        let replacements = word_replacements("b", "", case.selected().start());
        let plan = TextCorrection::new(&case.state, &case.key.document, &replacements).unwrap();
        let mut step = correct_text(&case.state, &plan, Emptied::Remove).unwrap();
        step.edits.retain(|edit| edit.sheet().is_none());
        assert!(matches!(follow_text(&case.state, &step), Err(ApplyError::WouldBeEmpty { .. })));
    }
}
