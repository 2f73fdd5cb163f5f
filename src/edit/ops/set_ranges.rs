//! Change the place of a mark: move an edge, add or take away a range. Id, attributes and links survive.

use super::{OpError, rows};
use crate::edit::Transaction;
use crate::model::{MarkId, SheetKey, State};
use crate::text::{Ranges, Text, TextRange};

/// One end of one range of a mark.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Edge {
    /// Which range, counted from 0 in text order.
    pub range: usize,
    /// Which end of it.
    pub side: Side,
}

/// The two ends of a range.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Side {
    /// The first character.
    Start,
    /// Behind the last character.
    End,
}

/// Moves one edge to a byte offset. It stops at nothing: beyond its neighbours it is refused.
///
/// # Errors
/// When the range would be empty, touch another range of the mark, or not fit the text.
pub fn move_edge(state: &State, key: &SheetKey, mark: MarkId, edge: Edge, to: usize) -> Result<Transaction, OpError> {
    let ranges = rows::ranges_of(state, key, mark)?;
    let old = *ranges.as_slice().get(edge.range).ok_or(OpError::Gone)?;
    let (start, end) = match edge.side {
        Side::Start => (to, old.end()),
        Side::End => (old.start(), to),
    };
    if start >= end {
        return Err(OpError::WouldBeEmpty);
    }
    let moved = text_of(state, key)?.range(start, end)?;
    let mut all: Vec<TextRange> = ranges.iter().enumerate().filter(|(i, _)| *i != edge.range).map(|(_, range)| range).collect();
    if all.iter().any(|other| other.adjoins(moved)) {
        return Err(OpError::EdgeBlocked);
    }
    all.push(moved);
    let all = Ranges::new(all).ok_or(OpError::WouldBeEmpty)?;
    Ok(Transaction::new("move edge", vec![rows::place_mark(state, key, mark, all)?]))
}

/// Adds a range to a mark; what touches is joined. A claim without a place gets its first range.
///
/// # Errors
/// When the mark is not there or has the range already.
pub fn add_range(state: &State, key: &SheetKey, mark: MarkId, range: TextRange) -> Result<Transaction, OpError> {
    let all = match (state.sheet(key).ranges_of(mark), mark) {
        (Some(ranges), _) if ranges.iter().any(|old| old.contains_range(range)) => return Err(OpError::AlreadyThere(mark)),
        (Some(ranges), _) => ranges.with(range),
        (None, MarkId::Claim(id)) => rows::claim(state, key, id).map(|_| range.into())?,
        (None, MarkId::Span(_)) => return Err(OpError::Gone),
    };
    Ok(Transaction::new("add range", vec![rows::place_mark(state, key, mark, all)?]))
}

/// Takes the bytes of `cut` away from a mark.
///
/// # Errors
/// [`OpError::WouldBeEmpty`] when nothing would be left.
pub fn remove_range(state: &State, key: &SheetKey, mark: MarkId, cut: TextRange) -> Result<Transaction, OpError> {
    let left = rows::ranges_of(state, key, mark)?.without(cut).ok_or(OpError::WouldBeEmpty)?;
    Ok(Transaction::new("remove range", vec![rows::place_mark(state, key, mark, left)?]))
}

fn text_of<'s>(state: &'s State, key: &SheetKey) -> Result<&'s Text, OpError> {
    state.texts.get(&key.document).ok_or(OpError::Gone)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::edit::testing::{Case, check};

    fn edge(case: &Case, range: usize, side: Side) -> Result<Transaction, OpError> {
        move_edge(&case.state, &case.key, case.mark("k"), Edge { range, side }, case.caret.unwrap())
    }

    #[test]
    fn edges_move_and_everything_else_stays() {
        check("John‸ [PER#k;level=name Kerry] said", |case| edge(case, 0, Side::Start).unwrap(), "John[PER#k;level=name  Kerry] said");
        check("[PER#k John Kerry] sa‸id", |case| edge(case, 0, Side::End).unwrap(), "[PER#k John Kerry sa]id");
    }

    #[test]
    fn edges_stop_at_each_other_and_at_neighbours() {
        assert_eq!(edge(&Case::new("‸[PER#k Kerry] said"), 0, Side::End), Err(OpError::WouldBeEmpty));
        assert_eq!(edge(&Case::new("[CLAIM#k We are] not [+#k l‸ooking]"), 0, Side::End), Err(OpError::EdgeBlocked));
    }

    #[test]
    fn ranges_are_added_and_taken_away() {
        let add = |case: &Case| add_range(&case.state, &case.key, case.mark("k"), case.selected()).unwrap();
        check("[CLAIM#k We are not], said Toner, «looking»", add, "[CLAIM#k We are not], said Toner, [+#k looking]");
        check("[CLAIM#k We are «not], said» Toner", add, "[CLAIM#k We are not, said] Toner");
        check("so it goes «there»\n.. CLAIM#k:", add, "so it goes [CLAIM#k there]");
        let cut = |case: &Case| remove_range(&case.state, &case.key, case.mark("k"), case.selected());
        check("[CLAIM#k We «are» not]", |case| cut(case).unwrap(), "[CLAIM#k We ]are[+#k  not]");
        assert_eq!(cut(&Case::new("[PER#k «Kerry»]")), Err(OpError::WouldBeEmpty));
    }

    #[test]
    fn what_a_mark_has_is_not_added_to_it() {
        let add = |source: &str| {
            let case = Case::new(source);
            (add_range(&case.state, &case.key, case.mark("k"), case.selected()), case.mark("k"))
        };
        let (refused, mark) = add("[PER#k John «Kerry»] said");
        assert_eq!(refused, Err(OpError::AlreadyThere(mark)));
    }
}
