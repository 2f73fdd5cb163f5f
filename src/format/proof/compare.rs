//! Takes what a reader finds in an export, and says what is not as the writer has counted it.

use std::collections::BTreeMap;
use std::ops::Range;

use super::digest::{Digest, Rows};
use super::page::{Kind, Page};
use super::{Difference, Document, Places, Proof, ReadBack, Texts, Written};
use crate::format::{Item, Receiver, Tables, Undecoded, base_name, stem};
use crate::model::{CoderKey, DocumentId, Finding, Schema, Severity, cut_message};

/// How readers say that a file is more than they take.
const TOO_MUCH: &str = "far too many";

/// What does not come back as it was written.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Problem {
    /// The document is not there; what the reader said about its file.
    Missing(Option<String>),
    /// Its text is another one.
    Text,
    /// The report has another number of spans and claims.
    Unaccounted { expected: usize, counted: usize },
    /// Of one kind, others came back than were written.
    /// `missing` is one that did not come back, if it is not one of those that were dropped.
    Rows { kind: Kind, written: usize, found: usize, missing: Option<u64>, has_dropped: bool },
}

impl Problem {
    /// In words; `item` is the document as it was written.
    pub(super) fn describe(&self, item: Option<&Item>, proof: &Proof, schema: &Schema) -> String {
        match self {
            Self::Missing(None) => "it is not in the files".to_owned(),
            Self::Missing(Some(said)) => format!("it is not in the files; reading them says: {said}"),
            Self::Text => "its text came back as another one".to_owned(),
            Self::Unaccounted { expected, counted } => format!("it has {expected} spans and claims, and the report counts {counted}"),
            Self::Rows { kind, written, found, missing, has_dropped } => {
                let row = missing.zip(item).and_then(|(row, item)| row_of(item, row, proof, schema));
                let perhaps = if *has_dropped { "perhaps " } else { "" };
                let row = row.map(|row| format!(": {perhaps}{row} is missing or elsewhere")).unwrap_or_default();
                format!("expected {written} {}, found {found}{row}", kind.plural())
            }
        }
    }
}

fn row_of(item: &Item, wanted: u64, proof: &Proof, schema: &Schema) -> Option<String> {
    let mut found = None;
    Rows::new(item, proof, schema).each(&mut |_, row, describe| {
        if row == wanted && found.is_none() {
            found = Some(describe());
        }
    });
    found
}

/// An export while it is read again.
pub(super) struct Comparison<'c> {
    written: &'c Written<'c>,
    read_back: &'c ReadBack<'c>,
    found: Vec<Option<Digest>>,
    /// The documents of the files that are read now; the next of them, where files do not say which it is.
    documents: Range<usize>,
    /// Their files, where the writer has named them.
    names: BTreeMap<&'c str, usize>,
    coder: Option<CoderKey>,
    has_other_text: Option<usize>,
    /// There is more than our reader takes.
    is_too_much: bool,
    /// The first thing that the reader could not read.
    said: Option<String>,
}

impl<'c> Comparison<'c> {
    pub(super) fn new(written: &'c Written<'c>, read_back: &'c ReadBack<'c>) -> Self {
        let found = written.documents.iter().map(|_| None).collect();
        Self { written, read_back, found, documents: 0..0, names: BTreeMap::new(), coder: None, has_other_text: None, is_too_much: false, said: None }
    }

    /// Now these documents are read, as this coder sees them.
    pub(super) fn begin(&mut self, documents: Range<usize>, coder: Option<CoderKey>) {
        self.names = self.read_back.ledger.names(documents.clone()).collect();
        (self.documents, self.coder) = (documents, coder);
    }

    /// The document that was read: by the name that its file got, by its id, else by the name of its file, else the next one.
    fn index_of(&mut self, item: &Item) -> Option<usize> {
        let by_name = |name: &str| DocumentId::new(name).ok().and_then(|id| self.written.by_id.get(&id).copied());
        let name = &item.document.file_name;
        let by_id = self.written.by_id.get(&item.id).copied();
        if !self.names.is_empty() {
            return self.names.get(name.as_str()).copied().or(by_id);
        }
        by_id.or_else(|| by_name(name)).or_else(|| by_name(stem(base_name(name)))).or_else(|| self.next())
    }

    fn next(&mut self) -> Option<usize> {
        loop {
            let index = self.documents.next()?;
            let document = self.written.documents.get(index)?;
            let is_here = document.coders.is_empty() || self.coder.as_ref().is_none_or(|coder| document.coders.contains(coder));
            if is_here && !self.page(index).is_left_out {
                return Some(index);
            }
        }
    }

    fn page(&self, index: usize) -> Page {
        self.read_back.ledger.page(index)
    }

    /// The first difference.
    pub(super) fn finish(self) -> Option<Difference> {
        if self.is_too_much {
            return None;
        }
        let difference = |index: usize, problem: Problem| {
            let document = self.written.documents.get(index)?.id.clone();
            Some(Difference { index, document, problem })
        };
        if let Some(index) = self.has_other_text {
            return difference(index, Problem::Text);
        }
        let mut problems = self.written.documents.iter().enumerate();
        problems.find_map(|(index, document)| difference(index, self.problem(index, document)?))
    }

    fn problem(&self, index: usize, document: &Document) -> Option<Problem> {
        let page = self.page(index);
        if page.is_left_out || !document.is_comparable {
            return None;
        }
        let (expected, counted) = (document.digest.marks, page.kept(Kind::Mark) + page.changed(Kind::Mark) + page.dropped_marks);
        if expected != counted {
            return Some(Problem::Unaccounted { expected, counted });
        }
        let nothing = Digest::default();
        let found = match self.found.get(index).and_then(Option::as_ref) {
            Some(found) => found,
            None if matches!(self.written.format.proof.texts, Texts::Absent | Texts::OwnFileOfMarked) => &nothing,
            None => return Some(Problem::Missing(self.said.clone())),
        };
        Kind::ROWS.into_iter().find_map(|kind| self.rows(kind, page, document, found)).or_else(|| {
            let (kept, linked) = (page.kept(Kind::Linked), found.linked);
            (linked < kept).then_some(Problem::Rows { kind: Kind::Linked, written: kept, found: linked, missing: None, has_dropped: false })
        })
    }

    /// Compares the rows of one kind.
    fn rows(&self, kind: Kind, page: Page, document: &Document, found: &Digest) -> Option<Problem> {
        let (expected, found) = (document.digest.rows(kind), found.rows(kind));
        let (kept, changed, places) = (page.kept(kind), page.changed(kind), self.written.format.proof.places);
        // Of words the digest itself knows what comes back: a report counts things that become others.
        let written = if matches!(places, Places::Words(_)) { expected.len() } else { kept + changed };
        let is_kept_only = matches!(places, Places::Kept);
        // A place that is changed may come back in several pieces, and leftovers as anything.
        let may_be_more = !matches!(places, Places::Words(_)) && (document.has_leftovers || is_kept_only && changed > 0);
        let is_as_many = found.len() == written || may_be_more && found.len() > written;
        let as_they_are = match places {
            Places::Words(_) => written,
            Places::Kept => kept,
            _ if kind == Kind::Link => kept,
            _ => written,
        };
        let (same, missing) = in_both(expected, found);
        let has_dropped = expected.len() > written;
        (!is_as_many || same < as_they_are).then_some(Problem::Rows { kind, written, found: found.len(), missing, has_dropped })
    }
}

/// How many numbers two sorted lists have in common, and the first of `expected` that is not in `found`.
fn in_both(expected: &[u64], found: &[u64]) -> (usize, Option<u64>) {
    let (mut found, mut same, mut missing) = (found.iter().peekable(), 0, None);
    for row in expected {
        while found.next_if(|other| *other < row).is_some() {}
        match found.next_if_eq(&row) {
            Some(_) => same += 1,
            None => missing = missing.or(Some(*row)),
        }
    }
    (same, missing)
}

impl Receiver for Comparison<'_> {
    fn tables(&mut self, _: Tables) {}

    fn item(&mut self, item: Item) {
        let Some(index) = self.index_of(&item) else { return };
        let Some(document) = self.written.documents.get(index) else { return };
        let digest = Digest::of(&item, &self.written.format.proof, &self.written.tables.schema);
        if digest.text != document.digest.text && document.is_comparable {
            self.has_other_text.get_or_insert(index);
        }
        match self.found.get_mut(index) {
            Some(Some(found)) => found.join(digest),
            Some(found) => {
                *found = Some(digest);
                self.read_back.options.progress.add(1);
            }
            None => {}
        }
    }

    fn finding(&mut self, finding: Finding) {
        self.is_too_much |= finding.rule.contains("too-many") || finding.message.contains(TOO_MUCH);
        if finding.severity == Severity::Error && self.said.is_none() {
            self.said = Some(cut_message(&finding.message));
        }
    }

    fn undecoded(&mut self, _: Undecoded) {}
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_are_compared_number_by_number() {
        assert_eq!(in_both(&[1, 2, 2, 5], &[1, 2, 4, 5, 5]), (3, Some(2)));
        assert_eq!(in_both(&[], &[1]), (0, None));
        assert_eq!(in_both(&[3], &[]), (0, Some(3)));
    }
}
