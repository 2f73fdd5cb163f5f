//! Names as they are compared: without case, diacritics and punctuation. What is stored keeps its own form.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Small letters without diacritics; everything else as it is, also what is nothing but diacritics, so that it is found.
pub(super) fn fold(text: &str) -> String {
    if text.is_ascii() {
        return text.to_ascii_lowercase();
    }
    let folded: String = text.nfkd().filter(|c| !is_combining_mark(*c)).flat_map(char::to_lowercase).collect();
    if folded.is_empty() { text.to_owned() } else { folded }
}

/// The words of a name, folded. Dots and apostrophes stand inside of words (`U.N.`, `O'Brien`), other punctuation between
/// them.
pub(super) fn words(name: &str) -> Vec<String> {
    let folded = fold(name);
    let bare = |word: &str| word.chars().filter(|c| c.is_alphanumeric()).collect::<String>();
    let is_between = |c: char| !c.is_alphanumeric() && !matches!(c, '.' | '\'' | '’' | 'ʼ');
    folded.split(is_between).map(bare).filter(|word| !word.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn case_diacritics_and_punctuation_do_not_count() {
        assert_eq!(fold("Zoë ÅNGSTRÖM"), "zoe angstrom");
        assert_eq!(fold("\u{742}"), "\u{742}");
        assert_eq!(words("Zoë O’Brien-Müller (U.N.)"), ["zoe", "obrien", "muller", "un"]);
        assert_eq!(words("  — "), Vec::<String>::new());
        assert_eq!(words("東京 都"), ["東京", "都"]);
    }
}
