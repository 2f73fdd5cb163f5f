//! Memos: what people write about texts, places, codings and codes. Each goes to what it is about; what has no place is said.

use std::collections::{BTreeMap, BTreeSet};

use super::codebook::{Codes, Means};
use super::plain_guid;
use super::read::{Sources, texts_of};
use crate::format::vocabulary::Vocabulary;
use crate::format::xml_tree::Element;
use crate::format::{FormatError, ReadOptions, Receiver, Tables};
use crate::model::{Finding, Severity};

const RULE: &str = "refi-qda-memo";

/// A memo.
struct Memo<'p> {
    element: &'p Element<'p>,
    text: String,
}

/// The memos of a project, by GUID.
#[derive(Default)]
pub(super) struct Memos<'p>(BTreeMap<String, Memo<'p>>);

impl<'p> Memos<'p> {
    /// Their texts stand in the project or, as those of articles, in files beside it.
    pub(super) fn read(
        root: &'p Element<'p>,
        sources: &Sources<'_>,
        (shown, options): (&str, &ReadOptions),
        to: &mut dyn Receiver,
    ) -> Result<Self, FormatError> {
        let mut memos = BTreeMap::new();
        for element in root.all("Notes").flat_map(|notes| notes.all("Note")) {
            let has_text = element.child("PlainTextContent").is_some() || element.get("plainTextPath").is_some_and(|path| !path.is_empty());
            let read = if has_text { sources.text(element, shown, options, to)? } else { None };
            let content = read.map(|file| file.decoded.text).unwrap_or_default();
            let parts = [content.as_str(), element.text_of("Description")].map(str::trim);
            let mut text = parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("\n");
            if text.is_empty() {
                text.push_str(element.get("name").unwrap_or_default());
            }
            memos.insert(plain_guid(element.get("guid").unwrap_or_default()), Memo { element, text });
        }
        Ok(Self(memos))
    }

    /// The texts of those that something refers to, and who wrote them.
    pub(super) fn of<'m>(&'m self, element: &'m Element<'_>) -> impl Iterator<Item = (&'m str, Option<&'p str>)> {
        let memos = guids(element).filter_map(|guid| self.0.get(&guid));
        memos.filter(|memo| !memo.text.is_empty()).map(|memo| (memo.text.as_str(), memo.element.get("creatingUser")))
    }

    /// Memos of codes become a part of their descriptions.
    pub(super) fn describe(&self, codes: &mut Codes) {
        for code in &mut codes.codes {
            for memo in code.memos.iter().filter_map(|guid| self.0.get(guid)).filter(|memo| !memo.text.is_empty()) {
                let between = if code.description.is_empty() { "" } else { "\n\n" };
                code.description.push_str(between);
                code.description.push_str(&memo.text);
            }
        }
    }

    /// Says which memos, descriptions and places in memos find no place.
    pub(super) fn say_what_is_left_out(
        &self,
        root: &Element<'_>,
        (codes, known, vocabulary): (&Codes, &Tables, &mut Vocabulary<'_>),
        shown: &str,
        to: &mut dyn Receiver,
    ) {
        let mut say = |message: String| to.finding(Finding::new(Severity::Warning, RULE, message).in_file(shown));
        let described = root.text_of("Description").trim();
        if !described.is_empty() {
            say(format!("the description of the project has no place here; it was left out: “{described}”"));
        }
        let mut placed: BTreeSet<String> = texts_of(root).flat_map(of_text).collect();
        for code in codes.codes.iter().filter(|code| !code.memos.is_empty()) {
            placed.extend(code.memos.iter().cloned());
            let key = vocabulary.label(&code.name);
            let is_kept =
                matches!(code.means, Means::Label(_)) && known.schema.labels.get(&key).is_none_or(|label| label.description == code.description);
            if !is_kept {
                say(format!("the codebook has “{}” already, so the memo on this code was left out: “{}”", code.name, code.description));
            }
        }
        let unplaced = self.0.iter().filter(|(guid, memo)| !placed.contains(*guid) && !memo.text.is_empty());
        for (_, memo) in unplaced {
            let name = memo.element.get("name").unwrap_or_default();
            say(format!("the memo “{name}” is about no text, place or code that is read; it was left out: “{}”", memo.text));
        }
        let places = self.0.values().map(|memo| memo.element.all("PlainTextSelection").count()).sum::<usize>();
        if places > 0 {
            say(format!("{places} coded places in memos have no place here; they were left out"));
        }
    }
}

fn guids<'e>(element: &'e Element<'_>) -> impl Iterator<Item = String> + 'e {
    element.all("NoteRef").filter_map(|note| note.get("targetGUID")).map(plain_guid)
}

/// Memos that a code refers to.
pub(super) fn of_code(code: &Element<'_>) -> Vec<String> {
    guids(code).collect()
}

/// Memos that a text, its places and their codings refer to.
fn of_text(source: &Element<'_>) -> Vec<String> {
    let coded = || std::iter::once(source).chain(source.all("PlainTextSelection"));
    coded().flat_map(|element| guids(element).chain(element.all("Coding").flat_map(guids))).collect()
}
