//! Finding the place of a quote again when its offsets no longer fit.

use super::{Text, TextRange};

/// Where a quote is.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Anchor {
    /// Where it was said to be.
    Exact(TextRange),
    /// The only place in the text.
    Unique(TextRange),
    /// Several places, the nearest first; somebody must choose.
    Candidates(Vec<TextRange>),
    /// Nowhere.
    Lost,
}

/// Looks for `quote` at `start`, then everywhere.
#[must_use]
pub fn find_quote(text: &Text, quote: &str, start: usize) -> Anchor {
    let exact = text.range(start, start.saturating_add(quote.len())).ok();
    if let Some(range) = exact.filter(|range| text.slice(*range) == quote) {
        return Anchor::Exact(range);
    }
    if quote.is_empty() {
        return Anchor::Lost;
    }
    let places = text.as_str().match_indices(quote).filter_map(|(i, _)| text.range(i, i + quote.len()).ok());
    let mut places: Vec<TextRange> = places.take(1000).collect();
    places.sort_by_key(|range| range.start().abs_diff(start));
    match places.as_slice() {
        [] => Anchor::Lost,
        [one] => Anchor::Unique(*one),
        _ => Anchor::Candidates(places),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_candidate_comes_first() {
        let text = Text::new("Kerry met Kerry and Lavrov");
        let at = |start, end| text.range(start, end).unwrap();
        assert_eq!(find_quote(&text, "Kerry", 10), Anchor::Exact(at(10, 15)));
        assert_eq!(find_quote(&text, "Lavrov", 3), Anchor::Unique(at(20, 26)));
        assert_eq!(find_quote(&text, "Kerry", 9), Anchor::Candidates(vec![at(10, 15), at(0, 5)]));
        assert_eq!(find_quote(&text, "Assad", 0), Anchor::Lost);
        assert_eq!(find_quote(&text, "Kerry", usize::MAX), Anchor::Candidates(vec![at(10, 15), at(0, 5)]));
    }
}
