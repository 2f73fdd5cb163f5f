//! Places that a coder has turned down as occurrences of something, by their names in `SheetInfo::rejected`.

use std::collections::BTreeSet;

use super::LabelKey;
use crate::text::replace::Replacements;

/// The stable name of a place that was turned down. `start` counts bytes.
#[must_use]
pub fn occurrence_name(label: &LabelKey, start: usize, quote: &str) -> String {
    format!("occurrence {label} {start} {quote}")
}

/// The names after a correction of the text. A place of which nothing is left is no longer turned down.
#[must_use]
pub fn corrected_occurrences(names: &BTreeSet<String>, map: Replacements<'_>) -> BTreeSet<String> {
    let corrected = |name: &String| match parse(name) {
        Some((label, start, quote)) => {
            let (start, _, quote) = map.map_quoted(start, start + quote.len(), quote)?;
            Some(occurrence_name(&label, start, &quote))
        }
        // The name of something else.
        None => Some(name.clone()),
    };
    names.iter().filter_map(corrected).collect()
}

fn parse(name: &str) -> Option<(LabelKey, usize, &str)> {
    let (label, rest) = name.strip_prefix("occurrence ")?.split_once(' ')?;
    let (start, quote) = rest.split_once(' ')?;
    Some((LabelKey::new(label).ok()?, start.parse().ok()?, quote))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Replacement;

    #[test]
    fn names_move_with_their_places() {
        let pieces = [Replacement { start: 0, end: 4, with: "Kerry".into() }];
        let map = Replacements::new(&pieces).unwrap();
        let names = ["occurrence PER 0 Kery", "occurrence PER 9 the man", "something 3 else"].map(str::to_owned).into();
        let expected = ["occurrence PER 0 Kerry", "occurrence PER 10 the man", "something 3 else"].map(str::to_owned).into();
        assert_eq!(corrected_occurrences(&names, map), expected);
    }
}
