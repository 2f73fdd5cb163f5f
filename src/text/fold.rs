//! Unicode's simple case folding: one character for one character, so that offsets are easy to find again.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::LazyLock;

use aho_corasick::{AhoCorasick, Input};

/// The same for all ways to write a letter: `Σ`, `σ` and `ς` give `σ`. What would need two letters stays: `ß` is not `ss`.
#[must_use]
pub(super) fn fold(c: char) -> char {
    if c.is_ascii() || c == 'ı' {
        return c.to_ascii_lowercase();
    }
    let upper = single(c, c.to_uppercase());
    single(upper, upper.to_lowercase())
}

fn single(c: char, mut mapped: impl ExactSizeIterator<Item = char>) -> char {
    if mapped.len() == 1 { mapped.next().unwrap_or(c) } else { c }
}

/// A text folded.
#[must_use]
pub(super) fn fold_all(text: &str) -> String {
    text.chars().map(fold).collect()
}

/// Folded characters and all that fold to them, where there is more than one. Made once: it takes a few milliseconds.
static FAMILIES: LazyLock<BTreeMap<char, Vec<char>>> = LazyLock::new(|| {
    let mut families: BTreeMap<char, Vec<char>> = BTreeMap::new();
    // Behind them no letter has a case.
    for c in '\0'..='\u{1ffff}' {
        if fold(c) != c {
            families.entry(fold(c)).or_default().push(c);
        }
    }
    families.iter_mut().for_each(|(c, family)| family.push(*c));
    families
});

/// All strings that fold to this one; none when they are more than `max`.
#[must_use]
pub(super) fn ways_to_write(folded: &[char], max: usize) -> Option<Vec<String>> {
    let mut ways = vec![String::new()];
    for c in folded {
        let family = FAMILIES.get(c).map_or(std::slice::from_ref(c), Vec::as_slice);
        ways = ways.iter().flat_map(|way| family.iter().map(move |c| format!("{way}{c}"))).collect();
        if ways.len() > max {
            return None;
        }
    }
    Some(ways)
}

/// A text folded character by character, and how to come back.
#[derive(Debug, Default)]
pub(super) struct FoldedText {
    content: String,
    // Where characters have another length in the folded text: from this offset of it on, the text's offset. Sorted.
    shifts: Vec<(usize, usize)>,
}

impl FoldedText {
    pub(super) fn new(text: &str) -> Self {
        let mut folded = Self { content: String::with_capacity(text.len()), shifts: Vec::new() };
        let mut rest = text;
        while let Some(c) = rest.chars().next() {
            if c.is_ascii() {
                rest = folded.push_ascii(rest);
                continue;
            }
            let other = fold(c);
            folded.content.push(other);
            rest = rest.get(c.len_utf8()..).unwrap_or_default();
            if other.len_utf8() != c.len_utf8() {
                folded.shifts.push((folded.content.len(), text.len() - rest.len()));
            }
        }
        folded
    }

    /// Takes what is ASCII at the start of a text, many characters at once; gives back what is left.
    fn push_ascii<'t>(&mut self, text: &'t str) -> &'t str {
        let end = text.bytes().position(|byte| !byte.is_ascii()).unwrap_or(text.len());
        let (run, rest) = text.split_at_checked(end).unwrap_or((text, ""));
        let start = self.content.len();
        self.content.push_str(run);
        self.content.get_mut(start..).into_iter().for_each(str::make_ascii_lowercase);
        rest
    }

    /// The first hit of folded needles at or behind an offset of the text; the range is one of the text.
    pub(super) fn find(&self, automaton: &AhoCorasick, at: usize) -> Option<Range<usize>> {
        let hit = automaton.find(Input::new(&self.content).range(self.to_folded(at)..))?;
        Some(self.to_text(hit.start())..self.to_text(hit.end()))
    }

    fn to_text(&self, offset: usize) -> usize {
        let before = self.shifts.partition_point(|(folded, _)| *folded <= offset);
        let shift = before.checked_sub(1).and_then(|last| self.shifts.get(last));
        shift.map_or(offset, |(folded, text)| text + (offset - folded))
    }

    fn to_folded(&self, offset: usize) -> usize {
        let before = self.shifts.partition_point(|(_, text)| *text <= offset);
        let shift = before.checked_sub(1).and_then(|last| self.shifts.get(last));
        shift.map_or(offset, |(folded, text)| folded + (offset - text))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_have_all_their_ways() {
        let mut ways = ways_to_write(&['k', 'ß'], 9).unwrap();
        ways.sort_unstable();
        assert_eq!(ways, ["Kß", "Kẞ", "kß", "kẞ", "\u{212a}ß", "\u{212a}ẞ"]);
        assert_eq!(ways_to_write(&['k', 'ß'], 5), None);
        assert_eq!(fold_all("ΣΑΣ σας Iı ẞ"), "σασ σασ iı ß");
    }

    #[test]
    fn no_letter_with_a_case_is_left_out() {
        assert!(('\u{20000}'..=char::MAX).all(|c| fold(c) == c));
        assert!((char::MIN..='\u{1ffff}').all(|c| fold(fold(c)) == fold(c)), "folding twice is folding once");
    }
}
