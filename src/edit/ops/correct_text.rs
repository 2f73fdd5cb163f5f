//! Correct the text of a document: every place of every coder moves with the words.

use std::collections::BTreeMap;

use super::delete_mark::{remove_relations, take_filler_out};
use super::{OpError, rows};
use crate::edit::follow_text::map_claim;
use crate::edit::{Change, Edit, Transaction};
use crate::model::{
    Claim, ClaimId, Correction, Document, DocumentId, LabelKey, MarkId, Region, Sheet, SheetInfo, SheetKey, SpanId, State, corrected_occurrences,
};
use crate::text::replace::Replacements;
use crate::text::{Ranges, Replacement, Text, TextChange};

/// What a correction would do, to be shown before it is done.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct TextCorrection {
    document: DocumentId,
    change: TextChange,
    /// The marks whose words change, coder by coder; others only move.
    pub marks: Vec<CorrectedMark>,
    /// Marks that only move, or not even that.
    pub kept: usize,
    /// Regions of which nothing would be left.
    pub emptied_regions: usize,
}

/// A mark whose words change.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct CorrectedMark {
    /// Whose.
    pub sheet: SheetKey,
    /// Which.
    pub mark: MarkId,
    /// Its label.
    pub label: LabelKey,
    /// What happens to it.
    pub fate: Fate,
    /// Its words now.
    pub before: String,
    /// Its words then; empty where none are left.
    pub after: String,
}

/// What a correction does to a mark.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Fate {
    /// Nothing is left of it.
    Emptied,
    /// A part of it goes.
    Shrinks,
    /// An edge lies inside what is replaced, and goes to the edge of it.
    Grows,
    /// Its words change, its edges stay.
    Reworded,
}

/// What becomes of marks of which nothing would be left.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Emptied {
    /// The correction is not made.
    Refuse,
    /// Spans go, with what hangs on them; claims stay without a place.
    Remove,
}

impl TextCorrection {
    /// Looks at all loaded sheets of the document: every coder's must be.
    ///
    /// # Errors
    /// When the document is not loaded, its text is not the one that was imported, or the replacements do not fit it.
    pub fn new(state: &State, document: &DocumentId, replacements: &[Replacement]) -> Result<Self, OpError> {
        let (row, text) = (state.document(document).ok_or(OpError::Gone)?, state.texts.get(document).ok_or(OpError::Gone)?);
        if row.text_hash != *text.hash() {
            return Err(OpError::TextDiffers);
        }
        let change = TextChange::new(text, replacements)?;
        let (map, after) = (Replacements::new(replacements)?, change.apply(text).ok_or(OpError::TextDiffers)?);
        let (mut marks, mut kept) = (Vec::new(), 0);
        for (key, sheet) in state.sheets_of(document) {
            for (mark, label) in labels_of(sheet) {
                let places: Vec<&Ranges> = sheet.places_of(mark).collect();
                match fate(&places, map) {
                    Some(fate) => {
                        let (before, after) = quotes(&places, (text, &after, map));
                        marks.push(CorrectedMark { sheet: key.clone(), mark, label: label.clone(), fate, before, after });
                    }
                    None => kept += 1,
                }
            }
        }
        let emptied_regions = row.regions.iter().filter(|region| map.map_range(region.range).is_none()).count();
        Ok(Self { document: document.clone(), change, marks, kept, emptied_regions })
    }

    /// From the first to the last byte of the new words; none where words only go.
    #[must_use]
    pub fn corrected_range(&self) -> Option<std::ops::Range<usize>> {
        let turned = self.change.clone().inverse().replacements();
        let (first, last) = (turned.first()?, turned.last()?);
        (first.start < last.end).then_some(first.start..last.end)
    }

    /// How many marks would be left without words.
    #[must_use]
    pub fn emptied(&self) -> usize {
        self.marks.iter().filter(|mark| mark.fate == Fate::Emptied).count()
    }
}

/// Replaces words of a document as planned.
///
/// # Errors
/// When marks would lose all their words and that was not confirmed, or what was planned for is no longer there.
pub fn correct_text(state: &State, correction: &TextCorrection, emptied: Emptied) -> Result<Transaction, OpError> {
    if emptied == Emptied::Refuse && correction.emptied() > 0 {
        return Err(OpError::WouldEmpty(correction.emptied()));
    }
    let TextCorrection { document, change, .. } = correction;
    let (before, text) = (state.document(document).ok_or(OpError::Gone)?, state.texts.get(document).ok_or(OpError::Gone)?);
    let replacements = change.replacements();
    let map = Replacements::new(&replacements)?;
    let then = change.apply(text).ok_or(OpError::TextDiffers)?;
    let mut edits = vec![
        Edit::Text(document.clone(), change.clone()),
        Edit::Document(Change::replace(document.clone(), before.clone(), corrected_row(before, change, map, (text, &then)))),
    ];
    for (key, sheet) in state.sheets_of(document) {
        edits.extend(sheet_edits(key, sheet, map));
    }
    Ok(Transaction::new("correct text", edits))
}

/// A title that is the first line of the text stays that.
fn corrected_row(before: &Document, change: &TextChange, map: Replacements<'_>, (text, then): (&Text, &Text)) -> Document {
    let correction = Correction { old_hash: change.before.clone(), replacements: change.replacements(), new_hash: change.after.clone() };
    let moved = |region: &Region| map.map_range(region.range).map(|range| Region { range, ..region.clone() });
    let mut after = before.clone();
    after.text_hash = change.after.clone();
    after.regions = before.regions.iter().filter_map(moved).collect();
    after.corrections.push(correction);
    if before.title == Document::title_of(text.as_str()) {
        after.title = Document::title_of(then.as_str());
    }
    after
}

/// Spans and claims with a place, and their labels.
fn labels_of(sheet: &Sheet) -> impl Iterator<Item = (MarkId, &LabelKey)> {
    let spans = sheet.spans.iter().map(|(id, span)| (MarkId::Span(*id), &span.label));
    let claims = sheet.claims.iter().filter(|(_, claim)| claim.content.is_some());
    spans.chain(claims.map(|(id, claim)| (MarkId::Claim(*id), &claim.label)))
}

/// None where the words stay.
fn fate(places: &[&Ranges], map: Replacements<'_>) -> Option<Fate> {
    let ranges = || places.iter().flat_map(|place| place.iter());
    if ranges().all(|range| map.keeps(range)) {
        return None;
    }
    let (all, left) = (ranges().count(), ranges().filter(|range| map.map_range(*range).is_some()).count());
    Some(match left {
        0 => Fate::Emptied,
        left if left < all => Fate::Shrinks,
        _ if ranges().any(|range| map.divides(range)) => Fate::Grows,
        _ => Fate::Reworded,
    })
}

/// The words of the places that change, before and after; a claim may have others.
fn quotes(places: &[&Ranges], (text, after, map): (&Text, &Text, Replacements<'_>)) -> (String, String) {
    let changed: Vec<&Ranges> = places.iter().copied().filter(|place| !place.iter().all(|range| map.keeps(range))).collect();
    let join = |quotes: Vec<String>| quotes.join(" … ");
    let before = changed.iter().map(|place| text.quote(place)).collect();
    let then = changed.iter().filter_map(|place| map.map(place)).map(|place| after.quote(&place)).collect();
    (join(before), join(then))
}

/// What moves, and what goes. Spans that lose all their words take their relations and roles with them.
fn sheet_edits(key: &SheetKey, sheet: &Sheet, map: Replacements<'_>) -> Vec<Edit> {
    let gone: Vec<SpanId> = sheet.spans.iter().filter(|(_, span)| map.map(&span.ranges).is_none()).map(|(id, _)| *id).collect();
    let mut claims: BTreeMap<ClaimId, Claim> = sheet.claims.iter().map(|(id, claim)| (*id, map_claim(claim, map))).collect();
    let mut edits = Vec::new();
    for id in &gone {
        let (node, filler) = rows::node_and_filler(MarkId::Span(*id));
        let removed = remove_relations(sheet, key, node);
        edits.extend(removed.into_iter().filter(|edit| !edits.contains(edit)).collect::<Vec<_>>());
        for claim in claims.values_mut() {
            take_filler_out(claim, &filler);
        }
    }
    for (id, span) in &sheet.spans {
        let change = match map.map(&span.ranges) {
            // A divided place is named also where its numbers stay: the way back cannot be worked out from them.
            Some(ranges) if ranges == span.ranges && !map.divides_any([&span.ranges]) => continue,
            Some(ranges) => {
                let mut after = span.clone();
                after.ranges = ranges;
                Change::replace(*id, span.clone(), after)
            }
            None => Change::remove(*id, span.clone()),
        };
        edits.push(Edit::Span(key.clone(), change));
    }
    let changed = claims.into_iter().filter_map(|(id, after)| {
        let before = sheet.claims.get(&id).filter(|before| **before != after || map.divides_any(before.places()))?;
        Some(Edit::Claim(key.clone(), Change::replace(id, before.clone(), after)))
    });
    edits.extend(changed);
    let rejected = corrected_occurrences(&sheet.info.rejected, map);
    if rejected != sheet.info.rejected {
        let after = SheetInfo { rejected, ..sheet.info.clone() };
        edits.push(Edit::Sheet(key.clone(), Change::replace((), sheet.info.clone(), after)));
    }
    edits
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::edit::apply;
    use crate::edit::testing::{Case, check};
    use crate::model::CoderKey;
    use crate::text::replace::word_replacements;

    fn replacements(case: &Case, with: &str) -> Vec<Replacement> {
        let range = case.selected();
        word_replacements(case.text().slice(range), with, range.start())
    }

    fn plan(case: &Case, with: &str) -> TextCorrection {
        TextCorrection::new(&case.state, &case.key.document, &replacements(case, with)).unwrap()
    }

    /// The selected words are replaced.
    #[track_caller]
    fn correct(before: &str, with: &str, after: &str) {
        check(before, |case| correct_text(&case.state, &plan(case, with), Emptied::Remove).unwrap(), after);
    }

    #[track_caller]
    fn fates(before: &str, with: &str, expected: &[(Fate, &str, &str)]) {
        let case = Case::new(before);
        let plan = plan(&case, with);
        let shown: Vec<_> = plan.marks.iter().map(|mark| (mark.fate, mark.before.as_str(), mark.after.as_str())).collect();
        assert_eq!(shown, expected);
    }

    #[test]
    fn places_move_with_their_words() {
        correct("[PER#k «Kery»] met [PER#l Lavrov]", "Kerry", "[PER#k Kerry] met [PER#l Lavrov]");
        correct("«He sayd» [CLAIM#c taxes [GPE#o rise]]", "He said", "He said [CLAIM#c taxes [GPE#o rise]]");
        correct("[CLAIM#c a «b» c], [+#c d]. [+#c~1 so]", "bbb", "[CLAIM#c a bbb c], [+#c d]. [+#c~1 so]");
        correct("[=caption A «pictur»] [PER#k x]", "picture", "[=caption A picture] [PER#k x]");
    }

    /// The numbers of a place may stay by chance, and yet its edge was moved to that of the new words.
    #[test]
    fn a_divided_place_is_named_also_where_its_numbers_stay() {
        let source = "A [CLAIM#c thir[PER#k d« o]ne, sh]»ort";
        let case = Case::new(source);
        let transaction = correct_text(&case.state, &plan(&case, "xy"), Emptied::Refuse).unwrap();
        let named = |mark: MarkId| {
            transaction.edits.iter().any(|edit| match (edit, mark) {
                (Edit::Span(_, change), MarkId::Span(id)) => change.key == id,
                (Edit::Claim(_, change), MarkId::Claim(id)) => change.key == id,
                _ => false,
            })
        };
        assert!(named(case.mark("k")) && named(case.mark("c")));
        check(source, |case| correct_text(&case.state, &plan(case, "xy"), Emptied::Refuse).unwrap(), "A [CLAIM#c thir[PER#k dxy]]ort");
    }

    #[test]
    fn a_mark_inside_a_replaced_word_grows_to_it() {
        correct("«vice[PER#k presydent]»", "vicepresident", "[PER#k vicepresident]");
    }

    #[test]
    fn what_loses_its_words_goes_with_what_hangs_on_it() {
        correct(
            "«[PER#k Kerry] and» [PER#l Lavrov] [CLAIM#c met]\n.. c: claimer=k,l\n.. r: k -works_for-> l",
            "",
            " [PER#l Lavrov] [CLAIM#c met]\n.. c: claimer=l",
        );
        correct("a «[CLAIM#c b]» c\n.. c: claimer=\"author\"", "", "a  c\n.. CLAIM#c: claimer=\"author\"");
    }

    #[test]
    fn what_would_become_of_each_mark_is_said_before() {
        fates("[PER#k «Kery»] met [PER#l Lavrov]", "Kerry", &[(Fate::Reworded, "Kery", "Kerry")]);
        fates("«vice[PER#k presydent]»", "vicepresident", &[(Fate::Grows, "presydent", "vicepresident")]);
        fates("a «[PER#k b]» c", "", &[(Fate::Emptied, "b", "")]);
        fates("a «[PER#k b]» c [+#k d]", "", &[(Fate::Shrinks, "b … d", "d")]);
    }

    #[test]
    fn emptying_a_mark_must_be_confirmed() {
        let case = Case::new("a «[PER#k b]» c");
        let plan = plan(&case, "");
        assert_eq!((plan.emptied(), plan.kept), (1, 0));
        assert_eq!(correct_text(&case.state, &plan, Emptied::Refuse), Err(OpError::WouldEmpty(1)));
    }

    #[test]
    fn every_coder_s_places_move_and_one_that_comes_late_too() {
        let mut case = Case::new("«Kery» met [PER#l Lavrov]");
        let (first, document) = (case.text().clone(), case.key.document.clone());
        let bea = SheetKey::new(&document, &CoderKey::from_name("bea"));
        let sheet = case.state.sheet(&case.key).as_ref().clone();
        case.state.insert_loaded(&bea, first.clone(), sheet.clone());
        let transaction = correct_text(&case.state, &plan(&case, "Kerry"), Emptied::Refuse).unwrap();
        apply(&mut case.state, &transaction).unwrap();
        let quote = |case: &Case, key: &SheetKey| case.text().quote(&case.state.sheet(key).spans[&case.span("l")].ranges);
        assert_eq!(case.text().as_str(), "Kerry met Lavrov");
        assert_eq!((quote(&case, &case.key), quote(&case, &bea)), ("Lavrov".into(), "Lavrov".into()));
        assert_eq!(case.document().corrections.len(), 1);
        // Cleo's sheet came after the correction; the step is taken back all the same.
        let cleo = SheetKey::new(&document, &CoderKey::from_name("cleo"));
        let late = case.state.sheet(&bea).as_ref().clone();
        case.state.insert_loaded(&cleo, case.text().clone(), late);
        let inverse = crate::edit::follow_text(&case.state, &transaction.inverse()).unwrap().unwrap();
        apply(&mut case.state, &inverse).unwrap();
        assert_eq!((case.text(), quote(&case, &cleo)), (&first, "Lavrov".to_owned()));
        assert_eq!(case.state.sheet(&bea).as_ref(), &sheet);
        assert!(case.document().corrections.is_empty());
    }

    #[test]
    fn a_row_that_is_left_behind_refuses_the_change() {
        let mut case = Case::new("«Kery and» [PER#l Lavrov]");
        let plan = plan(&case, "");
        let mut transaction = correct_text(&case.state, &plan, Emptied::Refuse).unwrap();
        transaction.edits.retain(|edit| !matches!(edit, Edit::Span(..)));
        let before = case.state.clone();
        let error = apply(&mut case.state, &transaction).unwrap_err();
        assert!(matches!(error, crate::edit::ApplyError::BadRange { .. }), "{error}");
        assert!(case.state == before && case.state.texts == before.texts);
    }

    #[test]
    fn a_text_that_was_changed_outside_is_not_corrected() {
        let mut case = Case::new("«Kery» met");
        let replacements = replacements(&case, "Kerry");
        case.state.texts.insert(case.key.document.clone(), Text::new("Kery met him"));
        assert_eq!(TextCorrection::new(&case.state, &case.key.document, &replacements), Err(OpError::TextDiffers));
    }

    #[test]
    fn places_that_were_turned_down_move_with_their_words() {
        correct(
            "«Kery» met him\n.. =sheet: rejected=\"occurrence PER 9 him\" note=\"n\"",
            "Kerry",
            "Kerry met him\n.. =sheet: rejected=\"occurrence PER 10 him\" note=\"n\"",
        );
    }

    #[test]
    fn only_what_changes_is_named() {
        let case = Case::new("[PER#k Kerry] met [CLAIM#c him] «sayd» he\n.. =sheet: rejected=\"occurrence PER 0 K\"");
        let transaction = correct_text(&case.state, &plan(&case, "said"), Emptied::Refuse).unwrap();
        assert!(transaction.edits.iter().all(|edit| edit.sheet().is_none()), "{transaction:#?}");
    }

    #[test]
    fn the_place_of_the_new_words_is_known() {
        let range = |source: &str, with: &str| plan(&Case::new(source), with).corrected_range();
        assert_eq!(range("He «sayd» so", "said"), Some(3..7));
        assert_eq!(range("«He sayd so it iz»", "He said so it is"), Some(3..16));
        assert_eq!(range("He« sayd» so", ""), None);
    }
}
