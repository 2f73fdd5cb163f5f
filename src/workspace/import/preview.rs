//! What an import would bring, seen before it does: the files by format, the first documents, and what was found out about them.

use std::collections::BTreeMap;
use std::path::PathBuf;

use super::super::files_in::group_files;
use super::{ImportOptions, how_to_group, read_options};
use crate::format::{Evidence, Format, FormatError, Item, MAPPED_JSON, Receiver, Tables, Undecoded, read_by_pattern};
use crate::model::{CoderKey, Finding, FindingCounts, IdSource, LabelKey, Sheet};
use crate::progress::{CancelToken, Progress};
use crate::text::{Ranges, one_line};

/// So many documents are read for a preview.
const MAX_DOCUMENTS: usize = 20;
/// So many marks are shown of each.
const MAX_MARKS: usize = 6;
/// Characters of a text, and of a quote, that are shown.
const MAX_TEXT_CHARS: usize = 160;
const MAX_QUOTE_CHARS: usize = 60;

/// What is known of an import before it is made.
#[derive(Clone, Debug, Default)]
pub struct ImportPreview {
    /// The files by what they are taken for.
    pub files: Vec<FilesSeen>,
    /// The first documents.
    pub documents: Vec<DocumentSeen>,
    /// True when there are more.
    pub has_more: bool,
    /// Labels in the first documents that the codebook does not have.
    pub new_labels: Vec<LabelKey>,
    /// The names of a table's columns, or of the members of its records.
    pub columns: Vec<String>,
    /// What offsets were found to count, and how many annotations say so.
    pub evidence: Vec<Evidence>,
    /// What was noticed on the way.
    pub findings: Vec<Finding>,
    /// Files that wait for the choice of an encoding.
    pub undecoded: Vec<Undecoded>,
    /// Why something could not be read.
    pub error: Option<String>,
    counts: FindingCounts,
}

/// Files of one format.
#[derive(Clone, Debug)]
pub struct FilesSeen {
    /// What they are taken for.
    pub format: &'static Format,
    /// How many there are.
    pub count: usize,
    /// The name of the first, without its folders.
    pub first: String,
}

/// A document of a preview.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct DocumentSeen {
    /// Its title.
    pub title: String,
    /// How its text begins.
    pub begin: String,
    /// Whose annotations it has, and how many spans, claims and relations.
    pub coders: BTreeMap<CoderKey, [usize; 3]>,
    /// The first of its marks in the order of the text: the label, and the words.
    pub marks: Vec<(LabelKey, String)>,
}

impl ImportPreview {
    /// Of files that could not be looked at as somebody wanted it.
    #[must_use]
    pub fn failed(paths: &[PathBuf], why: String) -> Self {
        let first = paths.first().and_then(|path| path.file_name()).map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let files = vec![FilesSeen { format: &MAPPED_JSON, count: paths.len(), first }];
        Self { files, error: Some(why), ..Self::default() }
    }

    /// True when there is something to import.
    #[must_use]
    pub fn has_something(&self) -> bool {
        !(self.documents.is_empty() && self.undecoded.is_empty())
    }

    /// True when nobody need be asked: there are texts only, and they can be read.
    #[must_use]
    pub fn is_plain(&self) -> bool {
        self.error.is_none() && self.files.iter().all(|files| files.format.name == "text")
    }
}

/// Reads as much of the files as shows what an import would bring. `known` are the tables of the project that they would go to.
///
/// `cancel` is also used to stop reading behind the last document that is shown.
#[must_use]
pub fn preview_import(
    paths: &[PathBuf],
    known: &Tables,
    options: &ImportOptions,
    ids: IdSource,
    (progress, cancel): (&Progress, &CancelToken),
) -> ImportPreview {
    let mut seen = Seen { preview: ImportPreview::default(), known, cancel };
    let groups = match group_files(paths, how_to_group(options), &mut seen.preview.findings) {
        Ok(groups) => groups,
        Err(error) => return ImportPreview { error: Some(error.to_string()), ..seen.preview },
    };
    let mut read_options = read_options(known, options, ids, (progress, cancel));
    for group in &groups {
        let names = group.names();
        let first = names.first().map(|name| crate::format::base_name(name).to_owned()).unwrap_or_default();
        seen.preview.files.push(FilesSeen { format: group.format, count: names.len(), first });
        match read_by_pattern(group.format, &group.files, &mut read_options, &mut seen) {
            Ok(()) => {}
            Err(FormatError::Cancelled) => seen.preview.has_more = true,
            Err(error) => seen.preview.error = seen.preview.error.take().or(Some(error.to_string())),
        }
    }
    seen.preview
}

/// Takes the first documents and stops the reader behind them.
struct Seen<'s> {
    preview: ImportPreview,
    known: &'s Tables,
    cancel: &'s CancelToken,
}

impl Receiver for Seen<'_> {
    fn tables(&mut self, tables: Tables) {
        let labels = tables.schema.labels.into_keys().filter(|key| !self.known.schema.labels.contains_key(key));
        let known = &mut self.preview.new_labels;
        labels.for_each(|key| {
            if let Err(at) = known.binary_search(&key) {
                known.insert(at, key);
            }
        });
    }

    fn item(&mut self, item: Item) {
        if self.preview.documents.len() < MAX_DOCUMENTS {
            self.preview.documents.push(document_seen(&item));
        } else {
            self.preview.has_more = true;
            self.cancel.cancel();
        }
    }

    fn finding(&mut self, finding: Finding) {
        self.preview.counts.push(&mut self.preview.findings, finding);
    }

    fn undecoded(&mut self, undecoded: Undecoded) {
        self.preview.undecoded.push(undecoded);
    }

    fn columns(&mut self, names: &[String]) {
        if self.preview.columns.is_empty() {
            self.preview.columns = names.to_vec();
        }
    }

    fn evidence(&mut self, evidence: Evidence) {
        evidence.add_to(&mut self.preview.evidence);
    }
}

fn document_seen(item: &Item) -> DocumentSeen {
    let count = |sheet: &Sheet| [sheet.spans.len(), sheet.claims.len(), sheet.relations.len()];
    let mut marks: Vec<_> = item.sheets.values().flat_map(|sheet| marks_of(sheet)).collect();
    marks.sort_unstable_by_key(|(start, label, _)| (*start, *label));
    let quote = |(label, ranges): (&LabelKey, &Ranges)| (label.clone(), one_line(&item.text.quote(ranges), MAX_QUOTE_CHARS));
    DocumentSeen {
        title: one_line(&item.document.title, MAX_TEXT_CHARS),
        begin: one_line(item.text.as_str().trim(), MAX_TEXT_CHARS),
        coders: item.sheets.iter().map(|(coder, sheet)| (coder.clone(), count(sheet))).collect(),
        marks: marks.into_iter().take(MAX_MARKS).map(|(_, label, ranges)| quote((label, ranges))).collect(),
    }
}

fn marks_of(sheet: &Sheet) -> impl Iterator<Item = (usize, &LabelKey, &Ranges)> {
    let spans = sheet.spans.values().map(|span| (&span.label, &span.ranges));
    let claims = sheet.claims.values().filter_map(|claim| Some((&claim.label, claim.content.as_ref()?)));
    spans.chain(claims).map(|(label, ranges)| (ranges.start(), label, ranges))
}
