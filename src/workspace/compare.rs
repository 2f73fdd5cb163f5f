//! What differs between two states of a project, in the words of people.

use super::states::Snapshot;
use crate::model::{CoderKey, DocumentId, RowTable, SheetKey};
use crate::progress::{CancelToken, Progress};
use crate::store::files::{decode, read_document, read_entities, read_sheet};
use crate::store::layout::{FileKind, GUIDELINES, Part, Shelf, document_path, kind_of};
use crate::store::{RowCounts, StoreError};
use crate::text::Text;

/// Compares two states, on any thread.
#[derive(Debug)]
pub struct CompareJob {
    from: Snapshot,
    to: Snapshot,
}

/// What a file of a project is to people.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum What {
    /// Name, settings and coders.
    Project,
    /// The codebook.
    Codebook,
    /// The codebook in prose.
    Guidelines,
    /// Some of the entities.
    Entities,
    /// Title, source and so on of a document.
    Fields,
    /// A document's text.
    Text,
    /// What a coder has said about a document.
    Sheet(CoderKey),
    /// A dictionary, or something else.
    Other,
}

/// What became of a file.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Fate {
    /// It is new in the second state.
    Added,
    /// It differs.
    Changed,
    /// It is not in the second state.
    Gone,
}

/// One file that differs.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct FileChange {
    /// Relative to the project.
    pub path: String,
    /// What it is.
    pub what: What,
    /// What became of it.
    pub fate: Fate,
    /// The document that it belongs to.
    pub document: Option<DocumentId>,
    /// The document's title, where it is known.
    pub title: String,
    /// How many rows differ; zero where rows cannot be read.
    pub rows: RowCounts,
}

impl CompareJob {
    pub(super) fn new(from: Snapshot, to: Snapshot) -> Self {
        Self { from, to }
    }

    /// The files that differ, by path.
    ///
    /// # Errors
    /// When it is stopped.
    pub fn run(&self, progress: &Progress, cancel: &CancelToken) -> Result<Vec<FileChange>, StoreError> {
        let gone = self.from.files.keys().filter(|path| !self.to.files.contains_key(*path));
        let differing = self.to.files.iter().filter(|(path, stamp)| self.from.files.get(*path) != Some(stamp)).map(|(path, _)| path);
        let mut paths: Vec<&String> = gone.chain(differing).collect();
        paths.sort_unstable();
        progress.set_total(paths.len() as u64);
        let mut changes = Vec::with_capacity(paths.len());
        for path in paths {
            if cancel.is_cancelled() {
                return Err(StoreError::Cancelled);
            }
            changes.push(self.change(path));
            progress.add(1);
        }
        Ok(changes)
    }

    fn change(&self, path: &str) -> FileChange {
        let fate = match (self.from.files.contains_key(path), self.to.files.contains_key(path)) {
            (false, _) => Fate::Added,
            (true, true) => Fate::Changed,
            (true, false) => Fate::Gone,
        };
        let (what, document) = what_of(path);
        let title = document.as_ref().and_then(|document| title(&self.to, document).or_else(|| title(&self.from, document)));
        let rows = match (&what, &document) {
            (What::Entities, _) => self.entities(path),
            (What::Sheet(coder), Some(document)) => self.sheet_rows(path, &SheetKey::new(document, coder)),
            _ => RowCounts::default(),
        };
        FileChange { path: path.to_owned(), what, fate, document, title: title.unwrap_or_default(), rows }
    }

    fn entities(&self, path: &str) -> RowCounts {
        let read = |side: &Snapshot| {
            let bytes = side.read(path).ok().flatten().unwrap_or_default();
            let content = decode(path, &bytes, &mut Vec::new()).unwrap_or_default();
            read_entities(path, content).map(|read| read.entities).unwrap_or_default()
        };
        RowCounts { entities: count_differing(&read(&self.from), &read(&self.to)), ..RowCounts::default() }
    }

    fn sheet_rows(&self, path: &str, key: &SheetKey) -> RowCounts {
        let read = |side: &Snapshot| {
            let bytes = side.read(path).ok().flatten()?;
            let content = decode(path, &bytes, &mut Vec::new()).ok()?;
            Some(read_sheet(path, content, key, &text(side, &key.document)?).ok()?.sheet)
        };
        let (from, to) = (read(&self.from).unwrap_or_default(), read(&self.to).unwrap_or_default());
        RowCounts {
            spans: count_differing(&from.spans, &to.spans),
            claims: count_differing(&from.claims, &to.claims),
            relations: count_differing(&from.relations, &to.relations),
            entities: 0,
        }
    }
}

fn count_differing<K: Ord, R: PartialEq>(from: &impl RowTable<K, R>, to: &impl RowTable<K, R>) -> usize {
    let gone = from.row_keys().filter(|key| to.row(key).is_none()).count();
    gone + to.row_keys().filter(|key| from.row(key) != to.row(key)).count()
}

fn what_of(path: &str) -> (What, Option<DocumentId>) {
    match kind_of(path) {
        Some(FileKind::Project) => (What::Project, None),
        Some(FileKind::Schema) => (What::Codebook, None),
        Some(FileKind::Entities(_)) => (What::Entities, None),
        Some(FileKind::Fields(id, _)) => (What::Fields, Some(id)),
        Some(FileKind::Sheet(key, _)) => (What::Sheet(key.coder), Some(key.document)),
        None if path == GUIDELINES => (What::Guidelines, None),
        None => match path.rsplit('/').next().and_then(|name| name.strip_suffix(".txt")).map(DocumentId::new) {
            Some(Ok(id)) => (What::Text, Some(id)),
            _ => (What::Other, None),
        },
    }
}

fn title(side: &Snapshot, id: &DocumentId) -> Option<String> {
    let (path, bytes) = part(side, id, Part::Fields)?;
    let content = decode(&path, &bytes, &mut Vec::new()).ok()?;
    Some(read_document(&path, content, id, None, &mut Vec::new()).ok()?.title)
}

fn text(side: &Snapshot, id: &DocumentId) -> Option<Text> {
    String::from_utf8(part(side, id, Part::Text)?.1).ok().map(Text::new)
}

fn part(side: &Snapshot, id: &DocumentId, part: Part) -> Option<(String, Vec<u8>)> {
    let paths = [Shelf::Live, Shelf::Trash].map(|shelf| document_path(id, part, shelf));
    paths.into_iter().find_map(|path| Some((side.read(&path).ok()??, path))).map(|(bytes, path)| (path, bytes))
}
