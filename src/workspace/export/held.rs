//! Documents that are written in another format without being part of a project: the first in memory, and what does not fit there
//! in a file of the system's folder for such, which has no name and goes with the program.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::{Arc, Mutex, PoisonError};

use serde::{Deserialize, Serialize};

use crate::format::{Batch, FormatError, Item, Receiver, Tables, Undecoded};
use crate::model::{CoderKey, DocumentId, Finding, SheetKey, system_reason};
use crate::progress::CancelToken;
use crate::store::files::{read_document, read_sheet, write_document, write_sheet};
use crate::store::{Spill, StoreError};
use crate::text::{Text, TextHash};

/// Documents stay in memory as long as they take no more bytes together, about.
const MAX_IN_MEMORY: usize = 64 << 20;

/// The documents, in an order.
#[derive(Clone, Debug)]
pub(super) struct Held {
    rows: Vec<(DocumentId, Place)>,
    /// Bytes that there is still room for in memory.
    room: usize,
    file: Option<Arc<Mutex<Spill>>>,
}

impl Default for Held {
    fn default() -> Self {
        Self::with_room(MAX_IN_MEMORY)
    }
}

#[derive(Clone, Debug)]
enum Place {
    Memory(Arc<Item>),
    File(Range<u64>),
}

/// What stands in the file in front of a document: how long its parts are.
#[derive(Serialize, Deserialize)]
struct Head {
    id: DocumentId,
    text: usize,
    document: usize,
    sheets: Vec<(CoderKey, usize, Option<TextHash>)>,
}

impl Held {
    /// With so many bytes in memory, about.
    fn with_room(room: usize) -> Self {
        Self { rows: Vec::new(), room, file: None }
    }

    /// How many there are.
    pub(super) fn len(&self) -> usize {
        self.rows.len()
    }

    /// All ids, in their order.
    pub(super) fn ids(&self) -> impl Iterator<Item = &DocumentId> {
        self.rows.iter().map(|(id, _)| id)
    }

    /// Only those for which this is true.
    pub(super) fn retain(&mut self, is_kept: impl Fn(&DocumentId) -> bool) {
        self.rows.retain(|(id, _)| is_kept(id));
    }

    /// In another order.
    pub(super) fn sort_by_key<K: Ord>(&mut self, key: impl Fn(&DocumentId) -> K) {
        self.rows.sort_by_key(|(id, _)| key(id));
    }

    /// Adds a document at the end.
    ///
    /// # Errors
    /// When it does not fit into memory, and the file cannot be written.
    pub(super) fn push(&mut self, item: Item) -> Result<(), FormatError> {
        let id = item.id.clone();
        let place = match self.room.checked_sub(item.weight()) {
            Some(room) => {
                self.room = room;
                Place::Memory(Arc::new(item))
            }
            None => self.write(&packed(&item)?)?,
        };
        self.rows.push((id, place));
        Ok(())
    }

    fn write(&mut self, bytes: &[u8]) -> Result<Place, FormatError> {
        let file = match &self.file {
            Some(file) => file.clone(),
            None => self.file.insert(Arc::new(Mutex::new(Spill::new().map_err(|cause| not_held(&cause))?))).clone(),
        };
        let place = file.lock().unwrap_or_else(PoisonError::into_inner).push(bytes);
        Ok(Place::File(place.map_err(|cause| not_held(&cause))?))
    }

    /// The document at a place in the order.
    ///
    /// # Errors
    /// When there is none, or the file cannot be read.
    pub(super) fn item(&self, index: usize) -> Result<Item, FormatError> {
        let missing = || FormatError::Load("a document is not there any more".to_owned());
        match self.rows.get(index).map(|(_, place)| place).ok_or_else(missing)? {
            Place::Memory(item) => Ok(item.as_ref().clone()),
            Place::File(place) => {
                let read = self.file.as_ref().ok_or_else(missing)?.lock().unwrap_or_else(PoisonError::into_inner).read(place);
                unpacked(&read.map_err(|cause| not_held(&cause))?)
            }
        }
    }
}

fn not_held(cause: &std::io::Error) -> FormatError {
    let why = system_reason(cause);
    FormatError::Load(format!("the documents do not fit into memory, and the file that holds them cannot be used: {why}. Make room on the disk"))
}

fn packed(item: &Item) -> Result<Vec<u8>, FormatError> {
    let Item { id, document, text, original: _, sheets } = item;
    let fields = write_document("", id, document, Some(text)).map_err(|error| broken(&error))?;
    let (mut head, mut files) = (Vec::with_capacity(sheets.len()), Vec::with_capacity(sheets.len()));
    for (coder, sheet) in sheets {
        let file = write_sheet("", &SheetKey::new(id, coder), sheet, text).map_err(|error| broken(&error))?;
        head.push((coder.clone(), file.len(), sheet.info.text_hash.clone()));
        files.push(file);
    }
    let head = serde_json::to_vec(&Head { id: id.clone(), text: text.len(), document: fields.len(), sheets: head });
    let mut bytes = head.map_err(|error| FormatError::Load(error.to_string()))?;
    bytes.push(b'\n');
    bytes.extend_from_slice(text.as_str().as_bytes());
    bytes.extend_from_slice(fields.as_bytes());
    files.iter().for_each(|file| bytes.extend_from_slice(file.as_bytes()));
    Ok(bytes)
}

fn broken(error: &StoreError) -> FormatError {
    FormatError::Load(error.to_string())
}

fn unpacked(bytes: &[u8]) -> Result<Item, FormatError> {
    let bad = || FormatError::Load("a document that did not fit into memory does not come back from its file".to_owned());
    let (head, rest) = std::str::from_utf8(bytes).ok().and_then(|content| content.split_once('\n')).ok_or_else(bad)?;
    let Head { id, text: text_len, document: document_len, sheets: lengths } = serde_json::from_str(head).map_err(|_| bad())?;
    let (content, rest) = rest.split_at_checked(text_len).ok_or_else(bad)?;
    let (fields, mut rest) = rest.split_at_checked(document_len).ok_or_else(bad)?;
    // What there was to say was said when the files were read.
    let (text, mut findings, mut sheets) = (Text::new(content), Vec::new(), BTreeMap::new());
    let document = read_document("", fields, &id, Some(&text), &mut findings).map_err(|error| broken(&error))?;
    for (coder, len, text_hash) in lengths {
        let (file, behind) = rest.split_at_checked(len).ok_or_else(bad)?;
        rest = behind;
        let mut read = read_sheet("", file, &SheetKey::new(&id, &coder), &text).map_err(|error| broken(&error))?;
        read.sheet.info.text_hash = text_hash;
        sheets.insert(coder, Arc::new(read.sheet));
    }
    Ok(Item { id, document, text, original: None, sheets })
}

/// Takes what files hold.
#[derive(Debug)]
pub(super) struct Holding<'c> {
    pub(super) held: Held,
    /// All but the documents.
    pub(super) batch: Batch,
    /// Stops the reader after the first trouble.
    pub(super) cancel: &'c CancelToken,
    pub(super) error: Option<FormatError>,
}

impl Receiver for Holding<'_> {
    fn tables(&mut self, tables: Tables) {
        self.batch.tables(tables);
    }

    fn item(&mut self, item: Item) {
        if self.error.is_none()
            && let Err(error) = self.held.push(item)
        {
            self.error = Some(error);
            self.cancel.cancel();
        }
    }

    fn finding(&mut self, finding: Finding) {
        self.batch.finding(finding);
    }

    fn undecoded(&mut self, undecoded: Undecoded) {
        self.batch.undecoded(undecoded);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::edit::testing::Case;

    fn item(source: &str, id: &str) -> Item {
        let case = Case::new(source);
        let mut sheet = case.state.sheet(&case.key).as_ref().clone();
        sheet.info.text_hash = Some(case.text().hash().clone());
        sheet.info.residue.insert("brat".to_owned(), "#1\tnote\n".to_owned());
        let sheets = BTreeMap::from([(case.key.coder.clone(), Arc::new(sheet)), (CoderKey::from_name("zoe"), Arc::default())]);
        Item {
            id: DocumentId::new(&format!("{id}-000000000001")).unwrap(),
            document: case.document().clone(),
            text: case.text().clone(),
            original: None,
            sheets,
        }
    }

    #[test]
    fn what_does_not_fit_into_memory_comes_back_from_the_file() {
        let items = [
            item("[=title [PER#k Zoë 🎉 Kerry]]\r\nsaid [CLAIM#c taxes rise] and [CLAIM#d it is cheap].\n.. c: claimer=k\n.. c -supports-> d", "b"),
            item("", "c"),
            item("A [ORG Post].", "a"),
        ];
        for room in [0, items[0].weight(), MAX_IN_MEMORY] {
            let mut held = Held::with_room(room);
            items.iter().for_each(|item| held.push(item.clone()).unwrap());
            assert_eq!(held.file.is_some(), room < MAX_IN_MEMORY);
            let back: Vec<Item> = (0..held.len()).map(|index| held.item(index).unwrap()).collect();
            assert_eq!(back, items);
            held.sort_by_key(Clone::clone);
            held.retain(|id| !id.as_str().starts_with('b'));
            assert_eq!(held.ids().collect::<Vec<_>>(), [&items[2].id, &items[1].id]);
            assert_eq!(held.item(0).unwrap(), items[2]);
            assert!(held.item(2).is_err());
        }
    }

    #[test]
    fn a_file_that_was_cut_is_an_error() {
        let bytes = packed(&item("A [ORG Post].", "a")).unwrap();
        assert!((0..bytes.len()).all(|len| unpacked(&bytes[..len]).is_err()));
        assert!(unpacked(&bytes).is_ok());
    }
}
