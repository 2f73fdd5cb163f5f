//! Finding a string in a text.

use regex::RegexBuilder;

use super::{Text, TextRange};

/// Whether `a` finds `A`.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Case {
    /// `a` finds `A`.
    #[default]
    Ignored,
    /// `a` finds only `a`.
    Matters,
}

/// At most this many hits are returned; more are of no use to a reader.
pub const MAX_HITS: usize = 100_000;

/// All places of `needle`, in text order, without overlaps. Empty for an empty needle.
#[must_use]
pub fn find_all(text: &Text, needle: &str, case: Case) -> Vec<TextRange> {
    if needle.is_empty() {
        return Vec::new();
    }
    let pattern = RegexBuilder::new(&regex::escape(needle)).case_insensitive(case == Case::Ignored).size_limit(1 << 26).build();
    let Ok(pattern) = pattern else {
        return Vec::new();
    };
    pattern.find_iter(text.as_str()).take(MAX_HITS).filter_map(|hit| text.range(hit.start(), hit.end()).ok()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn case_can_matter() {
        let text = Text::new("Ähre ähre (ÄHRE)");
        assert_eq!(find_all(&text, "ähre", Case::Ignored).len(), 3);
        assert_eq!(find_all(&text, "ähre", Case::Matters).len(), 1);
        assert_eq!(find_all(&text, "(", Case::Ignored).len(), 1);
        assert_eq!(find_all(&text, "", Case::Ignored).len(), 0);
    }
}
