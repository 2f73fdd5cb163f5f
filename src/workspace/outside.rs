//! Files that somebody else changed: merged by row where rows do not meet, a question where they do.

use std::collections::{BTreeMap, BTreeSet};

use super::recover::seal_findings;
use super::restore::text_document;
use super::{Workspace, WorkspaceError};
use crate::edit::{Change, Edit, Transaction};
use crate::model::{Document, DocumentId, Finding, RowTable, Severity, Sheet, SheetKey};
use crate::progress::{CancelToken, Progress};
use crate::store::files::{decode, read_document, read_entities, read_late_sheet, read_project, unreadable};
use crate::store::journal::damaged_generations;
use crate::store::layout::{FileKind, Part, Shelf, StateDir, document_path, entity_shard, kind_of};
use crate::store::project::parse_schema;
use crate::store::states::{Changes, Note, Objects, read_states};
use crate::store::{
    Compared, Control, Disk, Folder, Kept, Loader, MAX_RON_BYTES, MAX_TEXT_BYTES, Mend, Occasion, RowCounts, Stamp, StoreError, check_seal,
    coder_dirs, render,
};
use crate::text::{TextChange, TextHash};

/// Looks for damage and outside changes in everything that was saved, on any thread: the project's files, the journals
/// and the copies in the state folder.
#[derive(Clone, Debug)]
pub struct SweepJob {
    folder: Folder,
    kept: Kept,
    state_dirs: Vec<StateDir>,
}

impl SweepJob {
    /// Reads every file that was ever saved here, and every copy of it, and reports those that differ.
    ///
    /// # Errors
    /// When it is stopped, or a file cannot be read.
    pub fn run(&self, progress: &Progress, cancel: &CancelToken) -> Result<Vec<Finding>, StoreError> {
        let files = self.kept.files()?;
        let copies: Vec<(Objects, Stamp)> = self.state_dirs.iter().flat_map(copies_in).collect();
        progress.set_total((files.len() + copies.len()) as u64);
        let mut findings = Vec::new();
        for path in files.keys() {
            findings.extend(self.check_saved(path)?);
            step(progress, cancel)?;
        }
        findings.extend(self.check_plain_files()?);
        for dir in &self.state_dirs {
            findings.extend(damaged_generations(&dir.journals())?.iter().map(|path| damaged(&path.display().to_string())));
            findings.extend(seal_findings(&check_seal(dir), |_| true));
        }
        for (objects, stamp) in copies {
            if objects.read(stamp).is_none() {
                findings.push(damaged(&format!("the copy {stamp}")));
            }
            step(progress, cancel)?;
        }
        Ok(findings)
    }

    /// Guidelines, dictionaries and the like, which may be changed by hand: compared with the last backup. What another
    /// coder has backed up since, or moved to the trash and back, is no news.
    fn check_plain_files(&self) -> Result<Vec<Finding>, StoreError> {
        let backups = self.kept.backed_up();
        let Some(newest) = backups.first() else { return Ok(Vec::new()) };
        let mut findings = Vec::new();
        for (path, stamp) in newest.iter().filter(|(path, _)| kind_of(path).is_none() && self.kept.stamp_of(path).is_none()) {
            let now = self.stamp_now(path)?;
            let is_known = match now {
                Some(now) => now == *stamp || backups.iter().any(|files| files.get(path) == Some(&now)),
                None => self.folder.exists(&on_other_shelf(path)),
            };
            if !is_known {
                findings.push(Finding { severity: Severity::Note, ..changed(path, now.is_some()) });
            }
        }
        Ok(findings)
    }

    /// A file that was saved here, maybe in another window since this job was made.
    fn check_saved(&self, path: &str) -> Result<Option<Finding>, StoreError> {
        let now = self.stamp_now(path)?;
        let is_news = matches!(self.kept.compare(path, now), Compared::Differs | Compared::Gone);
        Ok(is_news.then(|| changed(path, now.is_some())))
    }

    fn stamp_now(&self, path: &str) -> Result<Option<Stamp>, StoreError> {
        Ok(self.folder.read(path, MAX_TEXT_BYTES)?.map(|bytes| Stamp::of(&bytes)))
    }
}

fn changed(path: &str, is_there: bool) -> Finding {
    let message = if is_there { "was changed outside Manicule, or damaged" } else { "is gone, though it was saved here" };
    Finding::new(Severity::Warning, "changed-outside", message).in_file(path)
}

fn on_other_shelf(path: &str) -> String {
    path.strip_prefix(Shelf::Trash.prefix()).map_or_else(|| format!("{}{path}", Shelf::Trash.prefix()), str::to_owned)
}

/// The copies that are there or that a state needs.
fn copies_in(dir: &StateDir) -> Vec<(Objects, Stamp)> {
    let objects = Objects::new(dir.objects(), Disk::default());
    let mut stamps: BTreeSet<Stamp> = objects.all().into_iter().collect();
    stamps.extend(read_states(&dir.states()).unwrap_or_default().records.iter().flat_map(|record| record.changes.values().copied().flatten()));
    stamps.into_iter().map(|stamp| (objects.clone(), stamp)).collect()
}

fn step(progress: &Progress, cancel: &CancelToken) -> Result<(), StoreError> {
    progress.add(1);
    if cancel.is_cancelled() { Err(StoreError::Cancelled) } else { Ok(()) }
}

fn damaged(what: &str) -> Finding {
    let message = format!("{what} in the state folder is damaged or missing; it will not be used");
    Finding::new(Severity::Warning, "state-damaged", message)
}

/// A file as it is, and as it was last saved here.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Versions {
    /// What is there; none when it is gone.
    pub now: Option<Vec<u8>>,
    /// What was last saved here; none when there is no good copy.
    pub saved: Option<Vec<u8>>,
}

/// A row that somebody else changed.
pub(super) struct TheirRow {
    // Turns what is in memory into theirs.
    pub(super) edit: Edit,
    pub(super) is_mine_too: bool,
}

impl Workspace {
    /// Compares all files with what was last saved here.
    #[must_use]
    pub fn sweep(&self) -> SweepJob {
        SweepJob { folder: self.folder.clone(), kept: self.kept.clone(), state_dirs: coder_dirs(self.project_state()) }
    }

    /// Takes files as they are now for good: they are no longer reported as changed outside.
    ///
    /// # Errors
    /// When they cannot be read, or the state folder cannot be written.
    pub fn accept_outside<'p>(&mut self, paths: impl IntoIterator<Item = &'p str>) -> Result<(), StoreError> {
        let mut accepted = Vec::new();
        for path in paths {
            accepted.push((path.to_owned(), self.states.keep_file(self.folder.read(path, MAX_TEXT_BYTES)?)?));
        }
        self.log_saved(&accepted)?;
        let changes = accepted.into_iter().collect();
        self.states.note(Note { changes, ..self.note(Occasion::Found, RowCounts::default()) })?;
        Ok(())
    }

    /// Settles [`Self::conflicts`]: the next checkpoint replaces what somebody else wrote. Theirs is kept in the state
    /// folder under `aside`, and in a state.
    ///
    /// # Errors
    /// When theirs cannot be read or kept.
    pub fn keep_mine(&mut self) -> Result<(), StoreError> {
        self.note_conflicts(Occasion::BeforeKeepMine)?;
        for path in self.conflicts.clone() {
            match self.folder.read(&path, MAX_RON_BYTES)? {
                Some(bytes) => {
                    let stamp = Stamp::of(&bytes);
                    self.places.disk().replace(&self.state_dir.aside(&format!("theirs-{stamp}"), &path), &bytes)?;
                    self.stamps.set(&path, Some(stamp));
                }
                None => self.stamps.set(&path, None),
            }
        }
        self.settled();
        Ok(())
    }

    /// Settles [`Self::conflicts`]: rows that both changed become what somebody else wrote, and what only I changed stays.
    /// Undo brings mine back.
    ///
    /// # Errors
    /// When theirs cannot be understood. Nothing is changed then.
    pub fn take_theirs(&mut self) -> Result<(), WorkspaceError> {
        self.note_mine()?;
        self.take_in_texts(self.conflicts.clone().iter().map(String::as_str))?;
        let (mut edits, mut stamps) = (Vec::new(), Vec::new());
        for path in self.conflicts.clone() {
            let Some(bytes) = self.folder.read(&path, MAX_RON_BYTES)? else { continue };
            edits.extend(self.their_rows(&path, &bytes)?.into_iter().map(|row| row.edit));
            stamps.push((path, Stamp::of(&bytes)));
        }
        self.apply(Transaction::new("take changes from outside", edits))?;
        stamps.iter().for_each(|(path, stamp): &(String, Stamp)| self.stamps.set(path, Some(*stamp)));
        self.settled();
        Ok(())
    }

    /// Brings a file back as it was last saved here. A table or sheet that can be read changes by a transaction, which
    /// undo takes back; a file that cannot be read is replaced, and kept aside.
    ///
    /// # Errors
    /// When there is no good copy.
    pub fn restore(&mut self, path: &str) -> Result<(), WorkspaceError> {
        self.refuse_read_only()?;
        let good = self.kept.last_saved(path).ok_or_else(|| unreadable(path, "has no good copy in the state folder"))?;
        let is_readable = match kind_of(path) {
            Some(FileKind::Sheet(key, _)) => self.load(&key).is_ok(),
            kind => kind.is_some(),
        };
        if !is_readable {
            return Ok(self.replace_file(path, good)?);
        }
        let edits = self.difference(path, &good)?;
        self.apply(Transaction::new("restore from backup", edits))
    }

    /// Replaces a file that is no table. What is there is kept aside.
    pub(super) fn replace_file(&mut self, path: &str, good: Vec<u8>) -> Result<(), StoreError> {
        let broken = self.folder.read(path, MAX_TEXT_BYTES)?;
        Mend { path: path.to_owned(), broken, good, is_saved_here: true }.apply(&self.folder, &self.state_dir, self.places.disk())
    }

    /// Both versions of a file: as it is, and as it was last saved here.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn versions(&self, path: &str) -> Result<Versions, StoreError> {
        Ok(Versions { now: self.folder.read(path, MAX_TEXT_BYTES)?, saved: self.kept.last_saved(path) })
    }

    /// Theirs becomes a state, before it is overwritten.
    fn note_conflicts(&self, occasion: Occasion) -> Result<(), StoreError> {
        let mut changes = Changes::new();
        for path in &self.conflicts {
            changes.insert(path.clone(), self.states.keep_file(self.folder.read(path, MAX_RON_BYTES)?)?);
        }
        self.states.note(Note { changes, ..self.note(occasion, RowCounts::default()) })?;
        Ok(())
    }

    /// What is in memory and not in the files becomes a state, before it is given up.
    fn note_mine(&self) -> Result<(), StoreError> {
        let mut changes = Changes::new();
        for (path, content) in render(&self.folder, &self.plan_unsaved())? {
            changes.insert(path, self.states.keep_file(content)?);
        }
        self.states.note(Note { changes, ..self.note(Occasion::BeforeTakeTheirs, RowCounts::default()) })?;
        Ok(())
    }

    fn settled(&mut self) {
        self.conflicts.clear();
        self.failure = None;
    }

    /// Takes over the rows that others changed in files that this program wants to replace, unless both changed a row of
    /// the file. True when no such file is left.
    pub(super) fn merge_outside(&mut self) -> Result<bool, WorkspaceError> {
        self.take_in_texts(self.conflicts.clone().iter().map(String::as_str))?;
        let (mut edits, mut stamps, mut open) = (Vec::new(), Vec::new(), Vec::new());
        for path in std::mem::take(&mut self.conflicts) {
            if self.is_text_in_memory(&path)? {
                continue;
            }
            let rows = match self.folder.read(&path, MAX_RON_BYTES) {
                Ok(Some(bytes)) => self.their_rows(&path, &bytes).map(|rows| Some((rows, Stamp::of(&bytes)))),
                Ok(None) => Ok(None),
                Err(error) => Err(error),
            };
            match rows {
                Ok(Some((rows, stamp))) if !rows.iter().any(|row| row.is_mine_too) => {
                    edits.extend(rows.into_iter().map(|row| row.edit));
                    stamps.push((path, stamp));
                }
                // What cannot be read is a question too.
                _ => open.push(path),
            }
        }
        self.conflicts = open;
        self.apply_theirs(edits, &stamps)?;
        let is_settled = self.conflicts.is_empty();
        if is_settled {
            self.settled();
        }
        Ok(is_settled)
    }

    /// What others changed in a file, row by row. What only this program changed is not among it.
    pub(super) fn their_rows(&self, path: &str, bytes: &[u8]) -> Result<Vec<TheirRow>, StoreError> {
        let unsaved = || self.unsaved.iter().flat_map(|transaction| &transaction.edits);
        let row = |edit: Edit| match unsaved().find(|mine| is_same_row(mine, &edit)) {
            // They have what we had.
            Some(mine) if is_back(mine, &edit) => None,
            mine => Some(TheirRow { is_mine_too: mine.is_some(), edit }),
        };
        Ok(self.difference(path, bytes)?.into_iter().filter_map(row).collect())
    }

    /// The edits that turn what is in memory into what a file says.
    pub(super) fn difference(&self, path: &str, bytes: &[u8]) -> Result<Vec<Edit>, StoreError> {
        let findings = &mut Vec::new();
        let content = decode(path, bytes, findings)?;
        let state = &self.state;
        let mut edits = Vec::new();
        match kind_of(path).ok_or_else(|| unreadable(path, "is not a file of a project"))? {
            FileKind::Project => {
                let (info, coders) = read_project(content)?;
                edits.extend(single(&state.project, &info).map(Edit::Project));
                edits.extend(rows(&state.coders, &coders).map(Edit::Coder));
            }
            FileKind::Schema => {
                let schema = parse_schema(content)?;
                edits.extend(single(&state.schema.info, &schema.info).map(Edit::Schema));
                edits.extend(rows(&state.schema.labels, &schema.labels).map(Edit::Label));
                edits.extend(rows(&state.schema.attributes, &schema.attributes).map(Edit::Attribute));
                edits.extend(rows(&state.schema.roles, &schema.roles).map(Edit::Role));
                edits.extend(rows(&state.schema.relation_types, &schema.relation_types).map(Edit::RelationType));
            }
            FileKind::Entities(shard) => {
                let theirs = read_entities(path, content)?;
                let mine: BTreeMap<_, _> =
                    state.entities.iter().filter(|(id, _)| entity_shard(**id) == shard).map(|(id, entity)| (*id, entity.clone())).collect();
                edits.extend(rows(&mine, &theirs.entities).map(Edit::Entity));
            }
            FileKind::Fields(id, shelf) => {
                let mut theirs = read_document(path, content, &id, None, findings)?;
                theirs.in_trash = shelf == Shelf::Trash;
                let mine: BTreeMap<DocumentId, Document> = state.document(&id).cloned().map(|document| (id.clone(), document)).into_iter().collect();
                edits.extend(self.their_text(&id, &theirs.text_hash).map(|change| Edit::Text(id.clone(), change)));
                edits.extend(rows(&mine, &BTreeMap::from([(id, theirs)])).map(Edit::Document));
            }
            FileKind::Sheet(key, _) => edits = self.sheet_difference(path, content, &key)?,
        }
        Ok(edits)
    }

    /// The change to the text that a document's file names, where another one is in memory and theirs is in the folder.
    fn their_text(&self, id: &DocumentId, hash: &TextHash) -> Option<TextChange> {
        let mine = self.state.texts.get(id).filter(|mine| mine.hash() != hash)?;
        let theirs = Loader::new(self.folder.clone(), self.kept.clone()).text(id).ok().filter(|theirs| theirs.hash() == hash)?;
        TextChange::between(mine, &theirs).ok()
    }

    /// Takes in the corrections that others have made to the texts of these files: before rows on the new text are
    /// compared with rows on the old one.
    pub(super) fn take_in_texts<'p>(&mut self, paths: impl IntoIterator<Item = &'p str>) -> Result<(), WorkspaceError> {
        let document = |path: &str| match kind_of(path)? {
            FileKind::Fields(id, _) => Some(id),
            FileKind::Sheet(key, _) => Some(key.document),
            _ => None,
        };
        let documents: BTreeSet<DocumentId> = paths.into_iter().filter_map(document).collect();
        for id in documents {
            let Some(mine) = self.state.document(&id) else { continue };
            let path = document_path(&id, Part::Fields, Shelf::of(mine.in_trash));
            let Some(bytes) = self.folder.read(&path, MAX_RON_BYTES)?.filter(|_| self.state.texts.contains_key(&id)) else { continue };
            if self.stamps.get(&path) == Some(Stamp::of(&bytes)) {
                continue;
            }
            let rows = self.their_rows(&path, &bytes)?;
            let is_text = rows.iter().any(|row| matches!(row.edit, Edit::Text(..)));
            if is_text && !rows.iter().any(|row| row.is_mine_too) {
                self.apply_theirs(rows.into_iter().map(|row| row.edit).collect(), &[(path, Stamp::of(&bytes))])?;
            }
        }
        Ok(())
    }

    /// True for the file of a text that holds what is in memory.
    fn is_text_in_memory(&self, path: &str) -> Result<bool, StoreError> {
        let Some(text) = text_document(path).and_then(|id| self.state.texts.get(&id)) else { return Ok(false) };
        Ok(self.folder.read(path, MAX_TEXT_BYTES)?.is_some_and(|bytes| Stamp::of(&bytes).is_of(text.hash())))
    }

    fn sheet_difference(&self, path: &str, content: &str, key: &SheetKey) -> Result<Vec<Edit>, StoreError> {
        let text = self.state.texts.get(&key.document).cloned().map_or_else(|| self.loader().text(&key.document), Ok)?;
        let corrections = || self.state.document(&key.document).map(|document| document.corrections.clone()).unwrap_or_default();
        let theirs = read_late_sheet(path, content, key, &text, &corrections, &Control::default())?.sheet;
        Ok(self.edits_to_sheet(key, &theirs))
    }

    /// The edits that turn a sheet in memory into another one.
    pub(super) fn edits_to_sheet(&self, key: &SheetKey, theirs: &Sheet) -> Vec<Edit> {
        let mine = self.state.sheet(key);
        let mut edits: Vec<Edit> = single(&mine.info, &theirs.info).map(|change| Edit::Sheet(key.clone(), change)).into_iter().collect();
        edits.extend(rows(&mine.spans, &theirs.spans).map(|change| Edit::Span(key.clone(), change)));
        edits.extend(rows(&mine.claims, &theirs.claims).map(|change| Edit::Claim(key.clone(), change)));
        edits.extend(rows(&mine.relations, &theirs.relations).map(|change| Edit::Relation(key.clone(), change)));
        edits
    }
}

fn single<R: Clone + PartialEq>(mine: &R, theirs: &R) -> Option<Change<(), R>> {
    (mine != theirs).then(|| Change::replace((), mine.clone(), theirs.clone()))
}

fn rows<K: Ord + Clone, R: Clone + PartialEq>(mine: &impl RowTable<K, R>, theirs: &impl RowTable<K, R>) -> impl Iterator<Item = Change<K, R>> {
    let keys: BTreeSet<&K> = mine.row_keys().chain(theirs.row_keys()).collect();
    let changes = keys.into_iter().map(|key| Change { key: key.clone(), before: mine.row(key).cloned(), after: theirs.row(key).cloned() });
    changes.filter(|change| change.before != change.after).collect::<Vec<_>>().into_iter()
}

macro_rules! compare_rows {
    ($a:expr, $b:expr, $compare:expr; $($single:ident)*; $($of_sheet:ident)*) => {
        match ($a, $b) {
            $((Edit::$single(a), Edit::$single(b)) => a.key == b.key && $compare(&a.before, &b.after),)*
            $((Edit::$of_sheet(sheet, a), Edit::$of_sheet(other, b)) => sheet == other && a.key == b.key && $compare(&a.before, &b.after),)*
            _ => false,
        }
    };
}

fn is_same_row(a: &Edit, b: &Edit) -> bool {
    fn always<R>(_: &R, _: &R) -> bool {
        true
    }
    if let (Edit::Text(a, _), Edit::Text(b, _)) = (a, b) {
        return a == b;
    }
    compare_rows!(a, b, always; Project Coder Schema Label Attribute Role RelationType Entity Document; Sheet Span Claim Relation)
}

/// True when `theirs` would bring back what stood there before `mine`.
fn is_back(mine: &Edit, theirs: &Edit) -> bool {
    fn same<R: PartialEq>(a: &R, b: &R) -> bool {
        a == b
    }
    if let (Edit::Text(a, mine), Edit::Text(b, theirs)) = (mine, theirs) {
        return a == b && mine.before == theirs.after;
    }
    compare_rows!(mine, theirs, same; Project Coder Schema Label Attribute Role RelationType Entity Document; Sheet Span Claim Relation)
}
