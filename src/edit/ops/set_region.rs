//! Say which part a piece of the text plays: title, caption or boilerplate. A place plays one part at most.

use super::OpError;
use crate::edit::{Change, Edit, Transaction};
use crate::model::{DocumentId, Region, RegionKind, State};
use crate::text::TextRange;

/// Gives a place a part, or takes the part away where all of the place has it already.
///
/// # Errors
/// When the document is not there, or the place does not fit its text.
pub fn toggle_region(state: &State, id: &DocumentId, range: TextRange, kind: RegionKind) -> Result<Transaction, OpError> {
    let document = state.document(id).ok_or(OpError::Gone)?;
    let has_it = document.regions.iter().any(|region| region.kind == kind && region.range.contains_range(range));
    if has_it { clear_region(state, id, range) } else { set_regions(state, id, &[Region { range, kind }]) }
}

/// Gives places their parts: in one step all that was proposed.
///
/// # Errors
/// As [`toggle_region`].
pub fn set_regions(state: &State, id: &DocumentId, regions: &[Region]) -> Result<Transaction, OpError> {
    let name = match regions {
        [region] => format!("mark {}", region.kind.name()),
        _ => "mark parts of the text".to_owned(),
    };
    change(state, id, &name, regions, |all| regions.iter().for_each(|region| put(all, region)))
}

/// A place plays no part any more.
///
/// # Errors
/// As [`toggle_region`].
pub fn clear_region(state: &State, id: &DocumentId, range: TextRange) -> Result<Transaction, OpError> {
    let place = [Region { range, kind: RegionKind::Title }];
    change(state, id, "unmark part of the text", &place, |all| cut(all, range))
}

fn change(state: &State, id: &DocumentId, name: &str, places: &[Region], work: impl FnOnce(&mut Vec<Region>)) -> Result<Transaction, OpError> {
    let before = state.document(id).ok_or(OpError::Gone)?;
    if let Some(text) = state.texts.get(id) {
        places.iter().try_for_each(|region| text.range(region.range.start(), region.range.end()).map(drop))?;
    }
    let mut after = before.clone();
    work(&mut after.regions);
    after.regions.sort_unstable();
    let edits = if *before == after { Vec::new() } else { vec![Edit::Document(Change::replace(id.clone(), before.clone(), after))] };
    Ok(Transaction::new(name, edits))
}

/// Regions of the same kind that touch become one; those of another kind make room.
fn put(regions: &mut Vec<Region>, new: &Region) {
    let mut range = new.range;
    regions.retain(|old| {
        let is_joined = old.kind == new.kind && (old.range.overlaps(new.range) || old.range.adjoins(new.range));
        if is_joined {
            range = range.hull(old.range);
        }
        !is_joined
    });
    cut(regions, range);
    regions.push(Region { range, kind: new.kind });
}

fn cut(regions: &mut Vec<Region>, range: TextRange) {
    let left = regions.iter().flat_map(|old| old.range.without(range).map(|rest| Region { range: rest, kind: old.kind }));
    *regions = left.collect();
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::edit::testing::{Case, check};

    fn toggle(kind: RegionKind) -> impl Fn(&Case) -> Transaction {
        move |case| toggle_region(&case.state, &case.key.document, case.selected(), kind).unwrap()
    }

    #[test]
    fn a_place_gets_a_part_and_loses_it_by_the_same_key() {
        check("«Photo: Ann» and so on", toggle(RegionKind::Caption), "[=caption Photo: Ann] and so on");
        check("[=caption «Photo: Ann»] and so on", toggle(RegionKind::Caption), "Photo: Ann and so on");
        check("[=caption Photo: «Ann»] and", toggle(RegionKind::Caption), "[=caption Photo: ]Ann and");
    }

    #[test]
    fn a_place_plays_one_part() {
        check("[=title «Read» more] now", toggle(RegionKind::Boilerplate), "[=boilerplate Read][=title  more] now");
        check("[=title Read] «more» now", toggle(RegionKind::Title), "[=title Read] [=title more] now");
        check("[=title Read]« more» now", toggle(RegionKind::Title), "[=title Read more] now");
    }

    #[test]
    fn marks_stay_where_they_are() {
        check("«[PER Kerry] said»", toggle(RegionKind::Title), "[=title [PER Kerry] said]");
    }

    #[test]
    fn what_is_proposed_is_taken_in_one_step() {
        let case = Case::new("A\nB");
        let region = |start, end, kind| Region { range: case.text().range(start, end).unwrap(), kind };
        let both = [region(0, 1, RegionKind::Title), region(2, 3, RegionKind::Boilerplate)];
        check("A\nB", |case| set_regions(&case.state, &case.key.document, &both).unwrap(), "[=title A]\n[=boilerplate B]");
    }

    #[test]
    fn a_place_outside_the_text_is_refused() {
        let case = Case::new("so");
        let range: TextRange = (1, 9).try_into().unwrap();
        assert!(toggle_region(&case.state, &case.key.document, range, RegionKind::Title).is_err());
    }

    #[test]
    fn the_step_is_called_after_the_part() {
        let case = Case::new("«A» B");
        assert_eq!(toggle(RegionKind::Title)(&case).name, format!("mark {}", RegionKind::Title.name()));
    }
}
