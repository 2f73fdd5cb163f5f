//! An offline dictionary: names with ids of knowledge bases, to look a surface up in.
//!
//! Made for a million names: an entry is one line of text, the names are a sorted table of places in them, and a look-up
//! is a binary search. How files are read is in `suggest/dictionary/read.rs`.

mod read;

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::ops::Range;

use super::fold::fold;

/// The header of the canonical form.
const HEADER: &str = "name\tid\ttype\taliases\n";

/// One entry: a name, and perhaps an id, a type and other names.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Entry {
    // Name, id, type and aliases with tabs between them, aliases with `|` between them; no other tab and no line end.
    line: Box<str>,
}

/// Names with ids.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Dictionary {
    entries: Vec<Entry>,
    // Every name of every entry, sorted by its folded form, then by itself, then by its entry.
    table: Vec<Place>,
}

/// A name of an entry: 0 for the canonical one, then the aliases.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
struct Place {
    entry: u32,
    name: u16,
}

/// What a file says about an entry, before it is put in order.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
struct Draft {
    name: String,
    id: Option<String>,
    label: String,
    aliases: Vec<String>,
}

impl Entry {
    /// None without a name. Blanks and controls become single blanks; `|` separates aliases and stands in none.
    fn new(draft: &Draft) -> Option<Self> {
        let name = tidy(&draft.name);
        let (mut aliases, mut seen) = (Vec::new(), BTreeSet::new());
        for alias in draft.aliases.iter().flat_map(|alias| alias.split('|')).map(tidy) {
            if aliases.len() == MAX_ALIASES {
                break;
            }
            if !alias.is_empty() && alias != name && seen.insert(alias.clone()) {
                aliases.push(alias);
            }
        }
        let line = format!("{name}\t{}\t{}\t{}", draft.id.as_deref().unwrap_or_default(), tidy(&draft.label), aliases.join("|"));
        (!name.is_empty()).then(|| Self { line: line.into() })
    }

    fn field(&self, index: usize) -> &str {
        self.line.split('\t').nth(index).unwrap_or_default()
    }

    /// The canonical name.
    #[must_use]
    pub fn name(&self) -> &str {
        self.field(0)
    }

    /// A Wikidata id or a web address.
    #[must_use]
    pub fn id(&self) -> Option<&str> {
        Some(self.field(1)).filter(|id| !id.is_empty())
    }

    /// The type, as the dictionary calls it; empty for none.
    #[must_use]
    pub fn label(&self) -> &str {
        self.field(2)
    }

    /// Other names.
    pub fn aliases(&self) -> impl Iterator<Item = &str> {
        self.field(3).split('|').filter(|alias| !alias.is_empty())
    }

    /// The canonical name, then the aliases.
    fn names(&self) -> impl Iterator<Item = &str> {
        std::iter::once(self.name()).chain(self.aliases())
    }
}

/// An entry's names must fit the table.
const MAX_ALIASES: usize = 1000;

/// Single blanks instead of any blanks and controls, none at the ends.
fn tidy(text: &str) -> String {
    let mut tidy = String::with_capacity(text.len());
    for word in text.split(|c: char| c.is_whitespace() || c.is_control() || c == '\u{feff}').filter(|word| !word.is_empty()) {
        if !tidy.is_empty() {
            tidy.push(' ');
        }
        tidy.push_str(word);
    }
    tidy
}

impl Dictionary {
    fn new(mut entries: Vec<Entry>) -> Self {
        entries.truncate(u32::MAX as usize);
        entries.shrink_to_fit();
        let mut keys = Vec::with_capacity(entries.iter().map(|entry| entry.names().count()).sum());
        for (entry, place) in entries.iter().zip(0u32..) {
            keys.extend(entry.names().zip(0u16..).map(|(name, at)| (folded(name), name, Place { entry: place, name: at })));
        }
        keys.sort_unstable();
        let table = keys.into_iter().map(|(_, _, place)| place).collect();
        Self { entries, table }
    }

    /// Several dictionaries in one; what stands in two of them is in it once.
    #[must_use]
    pub fn merged(dictionaries: impl IntoIterator<Item = Self>) -> Self {
        let mut dictionaries: Vec<Self> = dictionaries.into_iter().filter(|dictionary| !dictionary.is_empty()).collect();
        if dictionaries.len() < 2 {
            return dictionaries.pop().unwrap_or_default();
        }
        let mut entries: Vec<Entry> = dictionaries.into_iter().flat_map(|dictionary| dictionary.entries).collect();
        entries.sort_unstable();
        entries.dedup();
        Self::new(entries)
    }

    /// All entries, in the order of the file.
    #[must_use]
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// How many entries there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// True without entries.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Entries with a name that is the surface, then those whose name differs in case or diacritics, then those whose
    /// name begins so; at most `limit`, each once.
    #[must_use]
    pub fn lookup(&self, surface: &str, limit: usize) -> Vec<&Entry> {
        let surface = tidy(surface);
        let folded = fold(&surface);
        if folded.is_empty() {
            return Vec::new();
        }
        let start = self.table.partition_point(|place| fold(self.name(*place)) < folded);
        let same = self.range_from(start, |name| fold(name) == folded);
        let exact_start = same.start + self.part(same.clone()).partition_point(|place| self.name(*place) < surface.as_str());
        let exact = self.range_from(exact_start, |name| name == surface);
        let ranges = [exact.clone(), same.start..exact.start, exact.end..same.end];
        let (mut found, mut seen) = (Vec::new(), BTreeSet::new());
        let places = ranges.into_iter().flat_map(|range| self.part(range));
        let longer = self.table.iter().skip(same.end).take_while(|place| fold(self.name(**place)).starts_with(&folded));
        for place in places.chain(longer) {
            if found.len() >= limit {
                break;
            }
            if seen.insert(place.entry) {
                found.push(place.entry);
            }
        }
        found.into_iter().filter_map(|entry| self.entries.get(entry as usize)).collect()
    }

    /// From a place of the table on, as far as something is true; what it is true for stands together.
    fn range_from(&self, start: usize, is_in: impl Fn(&str) -> bool) -> Range<usize> {
        let rest = self.part(start..self.table.len());
        start..start + rest.partition_point(|place| is_in(self.name(*place)))
    }

    fn part(&self, range: Range<usize>) -> &[Place] {
        self.table.get(range).unwrap_or_default()
    }

    fn name(&self, place: Place) -> &str {
        self.entries.get(place.entry as usize).and_then(|entry| entry.names().nth(usize::from(place.name))).unwrap_or_default()
    }

    /// The one form in which dictionaries are kept: a table with tabs and a header. Reading it gives the same dictionary.
    #[must_use]
    pub fn to_tsv(&self) -> String {
        let size: usize = self.entries.iter().map(|entry| entry.line.len() + 1).sum();
        let mut tsv = String::with_capacity(HEADER.len() + size);
        tsv.push_str(HEADER);
        for entry in &self.entries {
            if entry.line.contains('"') {
                push_quoted(&mut tsv, entry)
            } else {
                tsv.push_str(&entry.line)
            }
            tsv.push('\n');
        }
        tsv
    }
}

/// Most names in a dictionary of small letters are folded already.
fn folded(name: &str) -> Cow<'_, str> {
    let folded = fold(name);
    if folded == name { Cow::Borrowed(name) } else { Cow::Owned(folded) }
}

/// Fields that begin with a quote would be taken for quoted ones.
fn push_quoted(tsv: &mut String, entry: &Entry) {
    for (index, field) in entry.line.split('\t').enumerate() {
        if index > 0 {
            tsv.push('\t');
        }
        match field.starts_with('"') {
            true => tsv.push_str(&format!("\"{}\"", field.replace('"', "\"\""))),
            false => tsv.push_str(field),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn names(dictionary: &Dictionary, surface: &str) -> Vec<String> {
        dictionary.lookup(surface, 9).into_iter().map(|entry| entry.name().to_owned()).collect()
    }

    #[test]
    fn the_exact_name_comes_first_then_other_case_then_longer_names() {
        let dictionary = Dictionary::parse("d.tsv", "kerry\nKERRY\nKerry\nKerry, Ireland\nLavrov\nJohn Kerry\tQ22316\tPER\tKerry|J. Kerry\nKérry").0;
        assert_eq!(names(&dictionary, "Kerry"), ["Kerry", "John Kerry", "KERRY", "Kérry", "kerry", "Kerry, Ireland"]);
        assert_eq!(names(&dictionary, " lav"), ["Lavrov"]);
        assert_eq!(names(&dictionary, "z"), Vec::<String>::new());
        assert_eq!(names(&dictionary, " "), Vec::<String>::new());
        assert_eq!(dictionary.lookup("kerry", 2).len(), 2);
    }

    #[test]
    fn what_two_dictionaries_have_is_there_once() {
        let parse = |content: &str| Dictionary::parse("d.tsv", content).0;
        let merged = Dictionary::merged([parse("Kerry\tQ1\nBonn"), parse("Kerry\tQ1\nKerry\tQ2")]);
        assert_eq!(merged.lookup("Kerry", 9).into_iter().filter_map(Entry::id).collect::<Vec<_>>(), ["Q1", "Q2"]);
        assert_eq!(merged.len(), 3);
    }

    fn draft() -> impl Strategy<Value = Draft> {
        let text = || prop_oneof![any::<String>(), "[\"a,;\t |Zé\n]{0,9}", Just("name".to_owned())];
        let id = proptest::option::of(prop_oneof!["Q[1-9][0-9]{0,5}", "https://example\\.org/[a-z\",;|]{0,5}"]);
        (text(), id, text(), proptest::collection::vec(text(), 0..4)).prop_map(|(name, id, label, aliases)| {
            let id = id.and_then(|id| crate::model::parse_knowledge_base_id(&id).ok());
            Draft { name, id, label, aliases }
        })
    }

    proptest! {
        #[test]
        fn a_dictionary_comes_back_as_it_was_written(drafts in proptest::collection::vec(draft(), 0..8)) {
            let dictionary = Dictionary::new(drafts.iter().filter_map(Entry::new).collect());
            let (again, findings) = Dictionary::parse("d.tsv", &dictionary.to_tsv());
            prop_assert_eq!(&again, &dictionary);
            prop_assert_eq!(findings, vec![]);
        }

        #[test]
        fn random_dictionaries_do_not_panic(content in any::<String>(), wild in "[\"a,;\t|{}:\\[\\]\n]{0,40}", surface in any::<String>()) {
            for name in ["d.tsv", "d.csv", "d.jsonl", "d"] {
                for content in [&content, &wild] {
                    let (dictionary, _) = Dictionary::parse(name, content);
                    prop_assert_eq!(&Dictionary::parse("d.tsv", &dictionary.to_tsv()).0, &dictionary);
                    let _ = dictionary.lookup(&surface, 3);
                }
            }
        }
    }
}
