//! What an export keeps, changes and drops: counted while writing, shown before, and written beside it.

use std::collections::BTreeMap;
use std::fmt::{Display, Write as _};
use std::ops::Range;

use serde::Serialize;

use super::proof::Page;
use crate::model::cut_message;
use crate::text::offsets::OffsetUnit;

/// Examples kept a line.
const MAX_EXAMPLES: usize = 5;
/// Characters kept of an example.
const MAX_EXAMPLE_CHARS: usize = 120;

/// What happens to something on its way out.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Fate {
    /// Left out.
    Dropped,
    /// Written, but not as it was.
    Changed,
    /// Written as it is.
    Kept,
}

impl Fate {
    /// The word in reports.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Dropped => "dropped",
            Self::Changed => "changed",
            Self::Kept => "kept",
        }
    }
}

/// One line: so many of these had this fate, for this reason.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct ReportLine {
    /// What happened.
    pub fate: Fate,
    /// To what: `spans`, `claims`, `notes of spans` …
    pub what: &'static str,
    /// Why, and what to do; empty for what is kept.
    #[serde(skip_serializing_if = "str::is_empty")]
    pub why: &'static str,
    /// How many.
    pub count: usize,
    /// The first few, with their documents.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub examples: Vec<String>,
}

/// The report of one export.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct ExportReport {
    /// The format's name.
    pub format: &'static str,
    /// What its offsets count; none for formats without offsets.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub offset_unit: Option<OffsetUnit>,
    /// How many documents were written.
    pub documents: usize,
    /// Dropped first, then changed, then kept.
    pub lines: Vec<ReportLine>,
}

impl ExportReport {
    /// True when nothing is dropped or changed.
    #[must_use]
    pub fn is_lossless(&self) -> bool {
        self.lines.iter().all(|line| line.fate == Fate::Kept)
    }

    /// How many things had a fate.
    #[must_use]
    pub fn count(&self, fate: Fate) -> usize {
        self.lines.iter().filter(|line| line.fate == fate).map(|line| line.count).sum()
    }

    /// For people.
    #[must_use]
    pub fn to_markdown(&self) -> String {
        let unit = self.offset_unit.map_or("none".to_owned(), |unit| unit.to_string());
        let mut page = format!("# Export report\n\nFormat: {}. Offsets: {unit}. Documents: {}.\n\n", self.format, self.documents);
        page.push_str(if self.is_lossless() { "Everything was carried over.\n" } else { "Not everything could be carried over.\n" });
        for fate in [Fate::Dropped, Fate::Changed, Fate::Kept] {
            let lines: Vec<&ReportLine> = self.lines.iter().filter(|line| line.fate == fate).collect();
            if !lines.is_empty() {
                let _ = write!(page, "\n## {}\n\n", heading(fate));
                lines.into_iter().for_each(|line| push_line(&mut page, line));
            }
        }
        page
    }
}

fn heading(fate: Fate) -> &'static str {
    match fate {
        Fate::Dropped => "Dropped",
        Fate::Changed => "Changed",
        Fate::Kept => "Kept",
    }
}

fn push_line(page: &mut String, line: &ReportLine) {
    let why = if line.why.is_empty() { String::new() } else { format!(": {}", line.why) };
    let _ = writeln!(page, "- {} {}{why}", line.count, line.what);
    for example in &line.examples {
        let _ = writeln!(page, "  - {example}");
    }
}

/// Counts while a writer works.
#[derive(Clone, Debug, Default)]
pub struct Ledger {
    documents: usize,
    lines: BTreeMap<(Fate, &'static str, &'static str), (usize, Vec<String>)>,
    /// Document by document, in the order in which they were written.
    pages: Vec<Page>,
    /// Names of files that say nothing of the document's id, by the number of the document.
    names: BTreeMap<usize, String>,
}

impl Ledger {
    /// One document is written: what is counted next is of this one.
    pub fn add_document(&mut self) {
        self.documents += 1;
        self.pages.push(Page::default());
    }

    /// The file with the text of the document that was added last, where readers know it by this name only.
    pub(super) fn name_document(&mut self, file: String) {
        if let Some(last) = self.pages.len().checked_sub(1) {
            self.names.insert(last, file);
        }
    }

    /// The files of some documents that were named.
    pub(super) fn names(&self, documents: Range<usize>) -> impl Iterator<Item = (&str, usize)> {
        self.names.range(documents).map(|(index, name)| (name.as_str(), *index))
    }

    /// What became of a document.
    pub(super) fn page(&self, index: usize) -> Page {
        self.pages.get(index).copied().unwrap_or_default()
    }

    fn note(&mut self, fate: Fate, what: &str, count: usize) {
        if let Some(page) = self.pages.last_mut() {
            page.add(fate, what, count);
        }
    }

    /// So many were written as they are.
    pub fn keep(&mut self, what: &'static str, count: usize) {
        if count > 0 {
            self.lines.entry((Fate::Kept, what, "")).or_default().0 += count;
            self.note(Fate::Kept, what, count);
        }
    }

    /// One was written differently. The example is put into words only where it is one of the first.
    pub fn change(&mut self, what: &'static str, why: &'static str, example: impl Display) {
        self.add(Fate::Changed, what, why, &example);
    }

    /// One was left out; its example as in [`Self::change`].
    pub fn drop(&mut self, what: &'static str, why: &'static str, example: impl Display) {
        self.add(Fate::Dropped, what, why, &example);
    }

    fn add(&mut self, fate: Fate, what: &'static str, why: &'static str, example: &dyn Display) {
        self.note(fate, what, 1);
        let (count, examples) = self.lines.entry((fate, what, why)).or_default();
        *count += 1;
        if examples.len() < MAX_EXAMPLES {
            let flat: String = cut_message(&example.to_string().replace('\n', " ")).chars().take(MAX_EXAMPLE_CHARS).collect();
            examples.push(flat);
        }
    }

    /// What was counted apart; documents are counted by the writer alone.
    pub(crate) fn join(&mut self, other: Self) {
        for (line, (more, others)) in other.lines {
            let (count, examples) = self.lines.entry(line).or_default();
            *count += more;
            examples.extend(others);
            examples.truncate(MAX_EXAMPLES);
        }
    }

    /// The finished report.
    #[must_use]
    pub fn into_report(self, format: &'static str, offset_unit: Option<OffsetUnit>) -> ExportReport {
        let lines = self.lines.into_iter();
        let lines = lines.map(|((fate, what, why), (count, examples))| ReportLine { fate, what, why, count, examples });
        ExportReport { format, offset_unit, documents: self.documents, lines: lines.collect() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_report_counts_line_by_line() {
        let mut ledger = Ledger::default();
        ledger.keep("spans", 2);
        ledger.keep("spans", 3);
        (0..7).for_each(|i| ledger.drop("claims", "they have no place", format!("c{i}\nx")));
        let report = ledger.into_report("brat", Some(OffsetUnit::CodePoints));
        assert_eq!((report.count(Fate::Kept), report.count(Fate::Dropped), report.is_lossless()), (5, 7, false));
        let page = report.to_markdown();
        assert!(page.contains("- 7 claims: they have no place\n  - c0 x\n"), "{page}");
        assert_eq!(page.matches("  - c").count(), MAX_EXAMPLES);
    }
}
