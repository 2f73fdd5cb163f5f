//! What an import adds at once: rows that wait, in memory or on the disk, and are made ready on any thread.

use std::collections::{BTreeSet, VecDeque};
use std::ops::Range;
use std::path::PathBuf;
use std::sync::Arc;

use super::super::WorkspaceError;
use super::super::travel::written;
use crate::edit::{Change, Edit, Transaction};
use crate::model::{DocumentId, Sheet, SheetInfo, SheetKey};
use crate::store::{Disk, Loaded, Loader, Spill, StoreError, plain_ron};

/// A piece is full when its rows weigh so much: adding it takes about a millisecond.
const PIECE_WEIGHT: usize = 1500;
/// Where more pieces than these wait, they wait on the disk.
const IN_MEMORY: usize = 32;

/// Rows that are added at once, and whole sheets, whose rows take several times as much memory once they are changes.
#[derive(Debug, Default)]
pub(super) struct Piece {
    edits: Vec<Edit>,
    sheets: Vec<(SheetKey, Arc<Sheet>)>,
    // Sheets that are in the project and blank, and were not in memory.
    known: Vec<SheetKey>,
    weight: usize,
}

impl Piece {
    pub(super) fn put(&mut self, edit: Edit, weight: usize) {
        self.edits.push(edit);
        self.weight += weight;
    }

    pub(super) fn put_sheet(&mut self, key: SheetKey, sheet: &Arc<Sheet>) {
        self.weight += 1 + sheet.spans.len() + sheet.claims.len() + sheet.relations.len();
        self.sheets.push((key, sheet.clone()));
    }

    /// This sheet is read again before the piece is added.
    pub(super) fn needs(&mut self, key: SheetKey) {
        self.known.push(key);
    }

    pub(super) fn is_full(&self) -> bool {
        self.weight >= PIECE_WEIGHT
    }

    pub(super) fn is_empty(&self) -> bool {
        self.edits.is_empty() && self.sheets.is_empty()
    }

    pub(super) fn join(&mut self, other: Self) {
        self.edits.extend(other.edits);
        self.sheets.extend(other.sheets);
        self.known.extend(other.known);
        self.weight += other.weight;
    }

    fn into_edits(self) -> Vec<Edit> {
        let mut edits = self.edits;
        for (key, sheet) in self.sheets {
            let Sheet { info, spans, claims, relations } = Arc::unwrap_or_clone(sheet);
            if info != SheetInfo::default() {
                edits.push(Edit::Sheet(key.clone(), Change::replace((), SheetInfo::default(), info)));
            }
            edits.extend(spans.into_iter().map(|(id, span)| Edit::Span(key.clone(), Change::insert(id, span))));
            edits.extend(claims.into_iter().map(|(id, claim)| Edit::Claim(key.clone(), Change::insert(id, claim))));
            edits.extend(relations.into_iter().map(|(id, relation)| Edit::Relation(key.clone(), Change::insert(id, relation))));
        }
        edits
    }
}

#[derive(Debug)]
enum Waiting {
    Here(Piece),
    /// Its rows as text, and the sheets that it needs.
    OnDisk(Range<u64>, Vec<SheetKey>),
}

/// Pieces while files are read.
#[derive(Debug, Default)]
pub(super) struct Pieces {
    waiting: VecDeque<Waiting>,
    spill: Option<Spill>,
    // Where pieces may wait on the disk; nowhere where they are added soon.
    waits_in: Option<(PathBuf, Disk)>,
}

impl Pieces {
    pub(super) fn waiting_in(waits_in: (PathBuf, Disk)) -> Self {
        Self { waits_in: Some(waits_in), ..Self::default() }
    }

    pub(super) fn push(&mut self, piece: Piece) -> Result<(), StoreError> {
        let waiting = match &self.waits_in {
            Some((dir, disk)) if self.waiting.len() >= IN_MEMORY => {
                let spill = match &mut self.spill {
                    Some(spill) => spill,
                    none => {
                        disk.create_dir_all(dir)?;
                        none.insert(Spill::in_folder(dir).map_err(StoreError::io("write a file in", dir))?)
                    }
                };
                let mut piece = piece;
                let (known, weight) = (std::mem::take(&mut piece.known), piece.weight);
                let edits = piece.into_edits();
                match plain_ron::to_compact(&edits) {
                    Ok(rows) => Waiting::OnDisk(spill.push(rows.as_bytes()).map_err(StoreError::io("write a file in", dir))?, known),
                    // It is said when it is to be added.
                    Err(_) => Waiting::Here(Piece { edits, known, weight, ..Piece::default() }),
                }
            }
            _ => Waiting::Here(piece),
        };
        self.waiting.push_back(waiting);
        Ok(())
    }

    /// Rows that wait on the disk.
    fn read(&mut self, place: &Range<u64>) -> Result<Vec<Edit>, std::io::Error> {
        let spill = self.spill.as_mut().ok_or(std::io::ErrorKind::NotFound)?;
        let rows = String::from_utf8(spill.read(place)?).map_err(std::io::Error::other)?;
        plain_ron::from_str(&rows).map_err(std::io::Error::other)
    }

    /// Puts in the last one.
    pub(super) fn push_last(&mut self, piece: Piece) {
        self.waiting.push_back(Waiting::Here(piece));
    }

    /// The first piece, which is always in memory. None where there is none.
    pub(super) fn first(&mut self) -> Option<&mut Piece> {
        match self.waiting.front_mut() {
            Some(Waiting::Here(piece)) => Some(piece),
            _ => None,
        }
    }
}

/// The pieces of an import, made ready one after the other on any thread.
#[derive(Debug)]
pub struct ImportPieces {
    name: Arc<str>,
    pieces: Pieces,
    loader: Loader,
    // Sheets that were read for pieces before.
    read: BTreeSet<SheetKey>,
}

/// A piece that is ready to be added: [`super::ReadyImport::add`].
#[derive(Debug)]
pub struct ReadyPiece {
    pub(super) transaction: Transaction,
    /// The transaction as the journal wants it.
    pub(super) payload: String,
    pub(super) sheets: Vec<Loaded>,
}

impl ReadyPiece {
    /// New documents in it.
    pub(super) fn documents(&self) -> Vec<DocumentId> {
        let id = |edit: &Edit| if let Edit::Document(change) = edit { Some(change.key.clone()) } else { None };
        self.transaction.edits.iter().filter_map(id).collect()
    }
}

impl ImportPieces {
    pub(super) fn new(name: String, pieces: Pieces, loader: Loader) -> Self {
        Self { name: name.into(), pieces, loader, read: BTreeSet::new() }
    }

    /// How many are left.
    #[must_use]
    pub fn len(&self) -> usize {
        self.pieces.waiting.len()
    }

    /// True when none is left.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.pieces.waiting.is_empty()
    }

    /// Those that are left, which are no longer here.
    pub(super) fn take(&mut self) -> Self {
        let (pieces, read) = (std::mem::take(&mut self.pieces), std::mem::take(&mut self.read));
        Self { name: self.name.clone(), pieces, loader: self.loader.clone(), read }
    }

    /// Goes on with those of a further part of the import, all of which are in memory.
    pub(super) fn append(&mut self, more: Self, name: String) {
        debug_assert!(more.pieces.spill.is_none(), "its places would be those of another file");
        self.pieces.waiting.extend(more.pieces.waiting);
        (self.name, self.loader) = (name.into(), more.loader);
    }

    /// Makes the next piece ready: its rows are written down, and sheets that it needs are read. None behind the last one.
    ///
    /// # Errors
    /// When a sheet cannot be read, or a row cannot be written down.
    pub fn next_piece(&mut self) -> Option<Result<ReadyPiece, WorkspaceError>> {
        let waiting = self.pieces.waiting.pop_front()?;
        let ready = self.make_ready(waiting);
        if ready.is_err() {
            self.pieces.waiting.clear();
        }
        Some(ready)
    }

    fn make_ready(&mut self, waiting: Waiting) -> Result<ReadyPiece, WorkspaceError> {
        let (edits, known) = match waiting {
            Waiting::Here(mut piece) => {
                let known = std::mem::take(&mut piece.known);
                (piece.into_edits(), known)
            }
            Waiting::OnDisk(place, known) => (self.pieces.read(&place).map_err(WorkspaceError::NotReadAgain)?, known),
        };
        let transaction = Transaction::new(&*self.name, edits);
        let payload = written(&transaction)?;
        let mut sheets = Vec::new();
        for key in known {
            if self.read.insert(key.clone()) {
                sheets.push(self.loader.load(&key)?);
            }
        }
        Ok(ReadyPiece { transaction, payload, sheets })
    }
}
