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
