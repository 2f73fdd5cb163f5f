//! A step that was made on an earlier text, carried over to the present one.
//!
//! Somebody else may have corrected the text since: the rows of the step move with their words, as all rows have done.

use std::collections::{BTreeMap, BTreeSet};

use super::follow_text::map_claim;
use super::{ApplyError, Change, Edit, Transaction};
use crate::model::{Correction, DocumentId, SheetKey, State};
use crate::text::replace::Replacements;
use crate::text::{TextChange, TextHash};

/// On which side of a step the data are.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Side {
    /// It is to be done, or done again.
    Before,
    /// It is to be taken back.
    After,
}

/// The transaction for the present texts. None where it fits them as it is.
///
/// # Errors
/// When a text is another one, and nobody knows how it came to be.
pub fn carry(state: &State, transaction: &Transaction, side: Side) -> Result<Option<Transaction>, ApplyError> {
    let keys: BTreeSet<&SheetKey> = transaction.edits.iter().filter_map(Edit::sheet).collect();
    let documents: BTreeSet<&DocumentId> = keys.iter().map(|key| &key.document).collect();
    // A step of several parts may be on several texts: its own changes say from which to which it leads.
    let mut own_changes: BTreeMap<&DocumentId, [&TextChange; 2]> = BTreeMap::new();
    for (document, change) in transaction.text_changes() {
        own_changes.entry(document).and_modify(|[_, last]| *last = change).or_insert([change, change]);
    }
    // How the texts became what they are, where that is to be followed.
    let mut chains: BTreeMap<&DocumentId, (&[Correction], &TextHash)> = BTreeMap::new();
    for document in documents {
        let Some(row) = state.document(document) else { continue };
        // A step on a text that was never corrected says nothing of it.
        let imported = || row.corrections.first().map_or(&row.text_hash, |first| &first.old_hash);
        let made_on = transaction.texts.get(document).unwrap_or_else(imported);
        let own = own_changes.get(document);
        let expected: &TextHash = match (side, own) {
            (Side::Before, Some([first, _])) => &first.before,
            (Side::After, Some([_, last])) => &last.after,
            (_, None) => made_on,
        };
        if *expected != row.text_hash {
            let chain = Correction::chain(&row.corrections, expected, &row.text_hash).filter(|_| own.is_none());
            chains.insert(document, (chain.ok_or_else(|| ApplyError::OtherText(document.clone()))?, &row.text_hash));
        }
    }
    if chains.is_empty() {
        return Ok(None);
    }
    let mut carried = transaction.clone();
    for edit in &mut carried.edits {
        let Some(document) = edit.sheet().map(|key| key.document.clone()) else { continue };
        if let Some((chain, _)) = chains.get(&document) {
            move_row(edit, chain).ok_or(ApplyError::OtherText(document))?;
        }
    }
    carried.texts.extend(chains.iter().map(|(document, (_, text))| ((*document).clone(), (*text).clone())));
    Ok(Some(carried))
}

/// None where nothing is left of a place.
fn move_row(edit: &mut Edit, chain: &[Correction]) -> Option<()> {
    for correction in chain {
        let map = Replacements::new(&correction.replacements).ok()?;
        match edit {
            Edit::Span(_, Change { before, after, .. }) => {
                for span in [before, after].into_iter().flatten() {
                    span.ranges = map.map(&span.ranges)?;
                }
            }
            Edit::Claim(_, Change { before, after, .. }) => {
                for claim in [before, after].into_iter().flatten() {
                    *claim = map_claim(claim, map);
                }
            }
            _ => {}
        }
    }
    Some(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::edit::apply;
    use crate::edit::ops::{Emptied, TextCorrection, add_span, correct_text};
    use crate::edit::testing::Case;
    use crate::text::Replacement;

    /// A step on “Lavrov”, and then a correction of “Kery”.
    fn corrected(with: Replacement) -> (Case, Transaction) {
        let mut case = Case::new("Kery met «Lavrov»");
        let range = case.selected();
        let step = add_span(&case.state, &case.key, case.ids().next_id(), range.into(), &"PER".parse().unwrap()).unwrap();
        let plan = TextCorrection::new(&case.state, &case.key.document, &[with]).unwrap();
        let correction = correct_text(&case.state, &plan, Emptied::Refuse).unwrap();
        apply(&mut case.state, &correction).unwrap();
        (case, step)
    }

    #[test]
    fn a_step_on_an_earlier_text_is_done_at_its_words() {
        let (mut case, step) = corrected(Replacement { start: 0, end: 4, with: "Kerry".into() });
        let carried = carry(&case.state, &step, Side::Before).unwrap().unwrap();
        apply(&mut case.state, &carried).unwrap();
        let span = case.state.sheet(&case.key).spans.values().next().unwrap();
        assert_eq!(case.text().quote(&span.ranges), "Lavrov");
        assert_eq!(carry(&case.state, &carried, Side::After), Ok(None), "it is of this text now");
    }

    #[test]
    fn a_step_of_parts_on_several_texts_is_of_those_that_it_leads_from_and_to() {
        let mut case = Case::new("Kery «met» Lavrov");
        let (before, replacement) = (case.state.clone(), Replacement { start: 0, end: 4, with: "Kerry".into() });
        let plan = TextCorrection::new(&case.state, &case.key.document, &[replacement]).unwrap();
        let correction = correct_text(&case.state, &plan, Emptied::Refuse).unwrap();
        apply(&mut case.state, &correction).unwrap();
        let range = case.text().range(6, 9).unwrap();
        let mut label = add_span(&case.state, &case.key, case.ids().next_id(), range.into(), &"PER".parse().unwrap()).unwrap();
        label.texts.insert(case.key.document.clone(), case.text().hash().clone());
        apply(&mut case.state, &label).unwrap();
        let whole = Transaction::of_parts([&correction, &label]);
        assert_eq!((carry(&case.state, &whole, Side::After), carry(&before, &whole, Side::Before)), (Ok(None), Ok(None)));
    }

    #[test]
    fn a_step_whose_words_are_gone_is_refused() {
        let (case, step) = corrected(Replacement { start: 9, end: 15, with: String::new() });
        assert_eq!(carry(&case.state, &step, Side::Before), Err(ApplyError::OtherText(case.key.document.clone())));
    }

    #[test]
    fn a_claim_is_carried_with_all_its_places() {
        let mut case = Case::new("«Kery» met [CLAIM#c Lavrov] and [+#c~1 him]");
        let range = case.selected();
        let relabel =
            crate::edit::ops::set_label(&case.state, &case.key, case.mark("c"), &"QUESTION".parse().unwrap(), case.ids().next_id()).unwrap();
        let plan =
            TextCorrection::new(&case.state, &case.key.document, &[Replacement { start: range.start(), end: range.end(), with: "Kerry".into() }]);
        let correction = correct_text(&case.state, &plan.unwrap(), Emptied::Refuse).unwrap();
        apply(&mut case.state, &correction).unwrap();
        let carried = carry(&case.state, &relabel, Side::Before).unwrap().unwrap();
        apply(&mut case.state, &carried).unwrap();
        let claim = &case.state.sheet(&case.key).claims[&case.claim("c")];
        let quotes: Vec<String> = claim.places().map(|place| case.text().quote(place)).collect();
        assert_eq!((claim.label.as_str(), quotes), ("QUESTION", vec!["Lavrov".to_owned(), "him".to_owned()]));
    }

    #[test]
    fn a_correction_is_of_the_texts_that_it_leads_from_and_to() {
        let mut case = Case::new("Kery met [PER Lavrov]");
        let before = case.state.clone();
        let plan = TextCorrection::new(&case.state, &case.key.document, &[Replacement { start: 0, end: 4, with: "Kerry".into() }]).unwrap();
        let correction = correct_text(&case.state, &plan, Emptied::Refuse).unwrap();
        apply(&mut case.state, &correction).unwrap();
        assert_eq!((carry(&before, &correction, Side::Before), carry(&case.state, &correction, Side::After)), (Ok(None), Ok(None)));
        assert!(carry(&case.state, &correction, Side::Before).is_err());
    }
}
