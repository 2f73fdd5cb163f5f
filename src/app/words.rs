//! All text of the window goes through here, so that it can be translated.
//!
//! English is the key. A table of another language (`assets/words/<tag>.ron`: a map from English to the other
//! language) can be put in with [`set_language`]; what it lacks stays English.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::RwLock;

static TABLE: RwLock<BTreeMap<String, String>> = RwLock::new(BTreeMap::new());

/// Takes another language for all text of the window. An empty table is English.
pub(crate) fn set_language(table: BTreeMap<String, String>) {
    if let Ok(mut current) = TABLE.write() {
        *current = table;
    }
}

/// The text in the language of the window.
pub(crate) fn tr(english: &str) -> Cow<'_, str> {
    let Ok(table) = TABLE.read() else { return Cow::Borrowed(english) };
    match table.get(english) {
        Some(other) => Cow::Owned(other.clone()),
        None => Cow::Borrowed(english),
    }
}

/// A text with `{}` in it, filled in after translation.
pub(crate) fn tr_with(english: &str, value: impl std::fmt::Display) -> String {
    tr(english).replacen("{}", &value.to_string(), 1)
}

/// One of two texts by a count, with the count for `{}`: `{} action`, `{} actions`.
pub(crate) fn tr_count(one: &str, many: &str, count: usize) -> String {
    tr_with(if count == 1 { one } else { many }, count)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_table_lacks_stays_english() {
        // The table is shared by all tests, so a text that no other test uses is taken.
        set_language(BTreeMap::from([("Test words {}".to_owned(), "Prüfwörter {}".to_owned())]));
        assert_eq!(tr_with("Test words {}", 3), "Prüfwörter 3");
        assert_eq!(tr("Undo"), "Undo");
        set_language(BTreeMap::new());
    }
}
