//! Where brackets open and close, so that plain `]` is enough nearly everywhere.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use crate::model::{ClaimId, Document, Node, Sheet, SpanId};
use crate::text::{Ranges, TextRange};

/// Whose bracket it is. The order is that of brackets which open and close at the same places, outermost first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) enum Owner {
    /// The region with this number.
    Region(usize),
    Claim(ClaimId),
    Span(SpanId),
}

impl Owner {
    /// None for regions: they are no rows.
    pub(super) fn node(self) -> Option<Node> {
        match self {
            Self::Region(_) => None,
            Self::Claim(id) => Some(Node::Claim(id)),
            Self::Span(id) => Some(Node::Span(id)),
        }
    }
}

/// One pair of brackets.
#[derive(Clone, Copy)]
pub(super) struct Pair {
    pub(super) owner: Owner,
    pub(super) range: TextRange,
    /// 0 for the place of a span and the content of a claim, then the numbers of a claim's occurrences.
    pub(super) occurrence: usize,
    /// True for the first range of its owner; the others open with `[+#name `, occurrences with `[+#name~1 `.
    pub(super) is_first: bool,
    /// True when `]` alone would close another one.
    pub(super) is_crossing: bool,
}

/// All pairs in the order in which they open, and the numbers of pairs in the order in which they close.
pub(super) struct Layout {
    pub(super) pairs: Vec<Pair>,
    pub(super) closes: Vec<usize>,
}

pub(super) fn layout(document: &Document, sheet: &Sheet) -> Layout {
    let mut pairs = pairs(document, sheet);
    pairs.sort_by_key(|pair| (pair.range.start(), Reverse(pair.range.end()), pair.owner, pair.occurrence));
    let closes = close_order(&mut pairs);
    Layout { pairs, closes }
}

fn pairs(document: &Document, sheet: &Sheet) -> Vec<Pair> {
    let pair = |owner, occurrence, range, is_first| Pair { owner, range, occurrence, is_first, is_crossing: false };
    let of = move |owner, occurrence, ranges: &Ranges| {
        let pairs = ranges.iter().enumerate().map(move |(i, range)| pair(owner, occurrence, range, occurrence == 0 && i == 0));
        pairs.collect::<Vec<_>>()
    };
    let regions = document.regions.iter().enumerate().map(|(i, region)| pair(Owner::Region(i), 0, region.range, true));
    let claims = sheet.claims.iter().flat_map(|(id, claim)| {
        let content = claim.content.iter().map(|content| (0, content));
        content.chain((1..).zip(&claim.occurrences)).map(|(occurrence, place)| of(Owner::Claim(*id), occurrence, place))
    });
    let spans = sheet.spans.iter().map(|(id, span)| of(Owner::Span(*id), 0, &span.ranges));
    regions.chain(claims.chain(spans).flatten()).collect()
}

fn close_order(pairs: &mut [Pair]) -> Vec<usize> {
    let mut starts: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for (number, pair) in pairs.iter().enumerate() {
        starts.entry(pair.range.start()).or_default().push(number);
    }
    let places: BTreeSet<usize> = pairs.iter().flat_map(|pair| [pair.range.start(), pair.range.end()]).collect();
    let (mut open, mut closes): (Vec<usize>, Vec<usize>) = Default::default();
    for place in places {
        let ends_here = |pairs: &[Pair], number: usize| pairs.get(number).is_some_and(|pair| pair.range.end() == place);
        while let Some(at) = open.iter().rposition(|number| ends_here(pairs, *number)) {
            let is_innermost = at + 1 == open.len();
            let number = open.remove(at);
            pairs.get_mut(number).into_iter().for_each(|pair| pair.is_crossing = !is_innermost);
            closes.push(number);
        }
        open.extend(starts.remove(&place).unwrap_or_default());
    }
    closes
}
