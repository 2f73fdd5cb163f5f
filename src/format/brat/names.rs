//! Names as brat takes them: ASCII letters, digits, `_` and `-`; the real ones go into `visual.conf`.

use std::collections::BTreeMap;

/// A name without what brat does not take. Accents are taken off first.
pub(super) fn storage_form(text: &str) -> String {
    use unicode_normalization::UnicodeNormalization;
    let plain = text.nfkd().filter(|c| !unicode_normalization::char::is_combining_mark(*c));
    let safe: String = plain.map(|c| if c.is_ascii_alphanumeric() || c == '_' || c == '-' { c } else { '_' }).collect();
    if safe.is_empty() { "_".to_owned() } else { safe }
}

/// Keys and their names in brat, each name given once.
#[derive(Debug, Default)]
pub(super) struct Names {
    by_key: BTreeMap<String, String>,
    by_name: BTreeMap<String, String>,
    // By plain name, the number that may be free.
    next: BTreeMap<String, usize>,
}

impl Names {
    /// Names without doubles for all keys: those that brat takes as they are, then the others, in their order. A reader takes a
    /// name that is a key for that key.
    pub(super) fn new<'k>(keys: impl IntoIterator<Item = &'k str>) -> Self {
        let mut names = Self::default();
        let (plain, others): (Vec<&str>, Vec<&str>) = keys.into_iter().partition(|key| storage_form(key) == *key);
        plain.into_iter().chain(others).for_each(|key| drop(names.of(key)));
        names
    }

    /// The name of a key; the same for the same key.
    pub(super) fn of(&mut self, key: &str) -> String {
        if let Some(name) = self.by_key.get(key) {
            return name.clone();
        }
        let base = storage_form(key);
        let mut name = base.clone();
        let next = self.next.entry(base.clone()).or_insert(2);
        while self.by_name.contains_key(&name) {
            name = format!("{base}_{next}");
            *next += 1;
        }
        self.by_name.insert(name.clone(), key.to_owned());
        self.by_key.insert(key.to_owned(), name.clone());
        name
    }

    /// The key of each name.
    pub(super) fn into_by_name(self) -> BTreeMap<String, String> {
        self.by_name
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_plain_and_different() {
        let mut names = Names::new(["PER", "État", "Etat", "東", "京"]);
        assert_eq!(["PER", "État", "Etat", "東", "京"].map(|key| names.of(key)), ["PER", "Etat_2", "Etat", "_", "__2"]);
        assert_eq!(names.into_by_name()["Etat_2"], "État");
    }
}
