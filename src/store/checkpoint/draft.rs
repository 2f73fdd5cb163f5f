//! From rows to the contents of files, each read back before it counts.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::model::{Coder, CoderKey, Document, DocumentId, Entity, EntityId, ProjectInfo, Schema, Sheet, SheetKey};
use crate::store::files::{
    PUT_ASIDE, read_document, read_entities, read_project, read_sheet, write_document, write_entities, write_project, write_sheet,
};
use crate::store::layout::{PROJECT, Part, SCHEMA, Shelf, document_path, entities_path, sheet_path};
use crate::store::schema_file::{read_schema, write_schema};
use crate::store::{Folder, Kept, Loader, MAX_TEXT_BYTES, Overlay, StoreError};
use crate::text::{Text, TextHash};

/// A table or sheet that has changed, as it is now.
#[derive(Clone, Debug)]
pub(crate) enum Planned {
    Project {
        info: ProjectInfo,
        coders: BTreeMap<CoderKey, Coder>,
    },
    Schema(Arc<Schema>),
    Entities {
        shard: String,
        entities: BTreeMap<EntityId, Entity>,
        put_aside: Vec<String>,
    },
    Document {
        id: DocumentId,
        document: Option<Document>,
        text: Option<Text>,
    },
    /// A corrected text. What its file may hold now: the texts with these fingerprints.
    Text {
        id: DocumentId,
        text: Text,
        shelf: Shelf,
        known: Vec<TextHash>,
    },
    Sheet {
        key: SheetKey,
        sheet: Option<Arc<Sheet>>,
        text: Option<Text>,
        shelf: Shelf,
    },
}

impl Planned {
    /// Every file that it may write or remove.
    pub(crate) fn paths(&self) -> Vec<String> {
        let shelves = [Shelf::Live, Shelf::Trash];
        match self {
            Self::Project { .. } => vec![PROJECT.to_owned()],
            Self::Schema(_) => vec![SCHEMA.to_owned()],
            Self::Entities { shard, .. } => vec![entities_path(shard)],
            Self::Document { id, .. } => shelves.map(|shelf| document_path(id, Part::Fields, shelf)).into(),
            Self::Text { id, .. } => shelves.map(|shelf| document_path(id, Part::Text, shelf)).into(),
            Self::Sheet { key, .. } => shelves.map(|shelf| sheet_path(key, shelf)).into(),
        }
    }
}

/// What is to become of a file.
#[derive(Debug)]
pub(super) enum Draft {
    Put(String, Vec<u8>),
    Gone(String),
    Moved {
        from: String,
        to: String,
    },
    /// A text; none where it lies elsewhere now. The file may hold the texts with these fingerprints.
    Text {
        path: String,
        content: Option<Vec<u8>>,
        known: Vec<TextHash>,
    },
}

/// The drafts of all files concerned.
pub(super) fn drafts(folder: &Folder, planned: &[Planned]) -> Result<Vec<Draft>, StoreError> {
    let sheets: BTreeSet<&SheetKey> = planned.iter().filter_map(|p| if let Planned::Sheet { key, .. } = p { Some(key) } else { None }).collect();
    let texts: BTreeSet<&DocumentId> = planned.iter().filter_map(|p| if let Planned::Text { id, .. } = p { Some(id) } else { None }).collect();
    let mut drafts = Vec::new();
    for planned in planned {
        match planned {
            Planned::Project { info, coders } => drafts.push(draft_project(info, coders)?),
            Planned::Schema(schema) => drafts.push(draft_schema(schema)?),
            Planned::Entities { shard, entities, put_aside } => drafts.push(draft_entities(shard, entities, put_aside)?),
            Planned::Document { id, document, text } => {
                draft_document(folder, id, document.as_ref(), text.as_ref(), (&sheets, &texts), &mut drafts)?;
            }
            Planned::Text { id, text, shelf, known } => draft_text(folder, id, text, *shelf, known, &mut drafts),
            Planned::Sheet { key, sheet, text, shelf } => draft_sheet(folder, key, sheet.as_deref(), text.as_ref(), *shelf, &mut drafts)?,
        }
    }
    Ok(drafts)
}

fn draft_project(info: &ProjectInfo, coders: &BTreeMap<CoderKey, Coder>) -> Result<Draft, StoreError> {
    let content = write_project(info, coders)?;
    let back = read_project(&content)?;
    read_back(PROJECT, back.0 == *info && back.1 == *coders)?;
    Ok(Draft::Put(PROJECT.to_owned(), content.into_bytes()))
}

fn draft_schema(schema: &Schema) -> Result<Draft, StoreError> {
    let content = write_schema(schema);
    let back = read_schema(&content).map_err(|error| StoreError::ReadBack { file: SCHEMA.into(), cause: error.to_string() })?;
    read_back(SCHEMA, back == *schema)?;
    Ok(Draft::Put(SCHEMA.to_owned(), content.into_bytes()))
}

fn draft_entities(shard: &str, entities: &BTreeMap<EntityId, Entity>, put_aside: &[String]) -> Result<Draft, StoreError> {
    let path = entities_path(shard);
    let Some(content) = write_entities(&path, entities.iter().map(|(id, entity)| (*id, entity)), put_aside)? else { return Ok(Draft::Gone(path)) };
    let back = read_entities(&path, &content)?;
    read_back(&path, entities.iter().all(|(id, entity)| back.entities.get(id) == Some(entity)))?;
    Ok(Draft::Put(path, content.into_bytes()))
}

fn draft_document(
    folder: &Folder,
    id: &DocumentId,
    document: Option<&Document>,
    text: Option<&Text>,
    (planned_sheets, planned_texts): (&BTreeSet<&SheetKey>, &BTreeSet<&DocumentId>),
    drafts: &mut Vec<Draft>,
) -> Result<(), StoreError> {
    // A document that is no more, because its import was undone: its text waits in the trash for a redo.
    let shelf = document.map_or(Shelf::Trash, |document| Shelf::of(document.in_trash));
    let fields = document_path(id, Part::Fields, shelf);
    let other_fields = document_path(id, Part::Fields, shelf.other());
    let is_moving = folder.exists(&other_fields);
    match document {
        Some(document) => drafts.push(Draft::Put(fields.clone(), render_document(folder, &fields, id, document, text)?)),
        None if folder.exists(&fields) => drafts.push(Draft::Gone(fields)),
        None => {}
    }
    if is_moving {
        drafts.push(Draft::Gone(other_fields));
        for coder in coders_with_sheet(folder, id, shelf.other())? {
            let key = SheetKey::new(id, &coder);
            if !planned_sheets.contains(&key) {
                drafts.push(Draft::Moved { from: sheet_path(&key, shelf.other()), to: sheet_path(&key, shelf) });
            }
        }
    }
    for part in [Part::Text, Part::Original].into_iter().filter(|part| *part == Part::Original || !planned_texts.contains(id)) {
        let (from, to) = (document_path(id, part, shelf.other()), document_path(id, part, shelf));
        if folder.exists(&from) && !folder.exists(&to) {
            drafts.push(Draft::Moved { from, to });
        }
    }
    Ok(())
}

fn draft_text(folder: &Folder, id: &DocumentId, text: &Text, shelf: Shelf, known: &[TextHash], drafts: &mut Vec<Draft>) {
    let (path, other) = (document_path(id, Part::Text, shelf), document_path(id, Part::Text, shelf.other()));
    drafts.push(Draft::Text { path, content: Some(text.as_str().as_bytes().to_vec()), known: known.to_vec() });
    if folder.exists(&other) {
        drafts.push(Draft::Text { path: other, content: None, known: known.to_vec() });
    }
}

fn render_document(folder: &Folder, path: &str, id: &DocumentId, document: &Document, text: Option<&Text>) -> Result<Vec<u8>, StoreError> {
    let read = if text.is_none() && !document.regions.is_empty() { Loader::new(folder.clone(), Kept::default()).text(id).ok() } else { None };
    let content = write_document(path, id, document, text.or(read.as_ref()))?;
    let mut back = read_document(path, &content, id, None, &mut Vec::new())?;
    back.in_trash = document.in_trash;
    let mut sorted = document.clone();
    sorted.regions.sort_unstable();
    read_back(path, back == sorted)?;
    Ok(content.into_bytes())
}

fn draft_sheet(
    folder: &Folder,
    key: &SheetKey,
    sheet: Option<&Sheet>,
    text: Option<&Text>,
    shelf: Shelf,
    drafts: &mut Vec<Draft>,
) -> Result<(), StoreError> {
    let (path, other) = (sheet_path(key, shelf), sheet_path(key, shelf.other()));
    match (sheet, text) {
        (Some(sheet), Some(text)) => {
            let content = write_sheet(&path, key, sheet, text)?;
            let back = read_sheet(&path, &content, key, text)?;
            read_back(&path, holds(&back.sheet, sheet) && !back.is_salvaged)?;
            drafts.push(Draft::Put(path, content.into_bytes()));
        }
        (Some(_), None) => return Err(StoreError::TextMissing(key.document.clone(), document_path(&key.document, Part::Text, shelf))),
        (None, _) if folder.exists(&path) => drafts.push(Draft::Gone(path)),
        (None, _) => {}
    }
    if folder.exists(&other) {
        drafts.push(Draft::Gone(other));
    }
    Ok(())
}

/// True when everything of `sheet` was read back. Rows that had been put aside may have found their place by now.
fn holds(back: &Sheet, sheet: &Sheet) -> bool {
    let (mut a, mut b) = (back.info.clone(), sheet.info.clone());
    for info in [&mut a, &mut b] {
        info.residue.remove(PUT_ASIDE);
        info.text_hash = None;
    }
    a == b
        && sheet.spans.iter().all(|(id, row)| back.spans.get(id) == Some(row))
        && sheet.claims.iter().all(|(id, row)| back.claims.get(id) == Some(row))
        && sheet.relations.iter().all(|(id, row)| back.relations.get(id) == Some(row))
}

fn read_back(file: &str, is_same: bool) -> Result<(), StoreError> {
    if is_same { Ok(()) } else { Err(StoreError::ReadBack { file: file.to_owned(), cause: "the content differs".into() }) }
}

/// Coders who have a sheet of a document in a shelf.
pub(crate) fn coders_with_sheet(folder: &Folder, id: &DocumentId, shelf: Shelf) -> Result<Vec<CoderKey>, StoreError> {
    let coders = folder.list(&format!("{}annotations", shelf.prefix()))?;
    let keys = coders.iter().filter_map(|name| CoderKey::new(name).ok());
    Ok(keys.filter(|coder| folder.has(&sheet_path(&SheetKey::new(id, coder), shelf))).collect())
}

/// What a checkpoint would write, without writing it. Moved files come with their contents.
pub(crate) fn render(folder: &Folder, planned: &[Planned]) -> Result<Overlay, StoreError> {
    let mut overlay = Overlay::new();
    for draft in drafts(folder, planned)? {
        match draft {
            Draft::Put(path, content) => drop(overlay.insert(path, Some(content))),
            Draft::Gone(path) => drop(overlay.insert(path, None)),
            Draft::Moved { from, to } => {
                overlay.insert(to, folder.read(&from, MAX_TEXT_BYTES)?);
                overlay.insert(from, None);
            }
            Draft::Text { path, content, .. } => drop(overlay.insert(path, content)),
        }
    }
    Ok(overlay)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::edit::testing::Case;

    const DATA: &str = "[PER#k Kerry] said [CLAIM#c so]\n.. r: c -attacks-> c\n.. =sheet: note=\"n\"";

    #[test]
    fn whatever_is_not_read_back_as_it_was_is_noticed() {
        let case = Case::new(DATA);
        let sheet = case.state.sheet(&case.key);
        assert!(holds(sheet, sheet));
        let lost: [fn(&mut Sheet); 4] =
            [|sheet| sheet.spans.clear(), |sheet| sheet.claims.clear(), |sheet| sheet.relations.clear(), |sheet| sheet.info.note.clear()];
        for lose in lost {
            let mut back = sheet.as_ref().clone();
            lose(&mut back);
            assert!(!holds(&back, sheet));
            assert!(read_back("a.ron", holds(&back, sheet)).is_err());
            assert_eq!(holds(sheet, &back), back.info == sheet.info, "a row that was found again is fine");
        }
    }

    #[test]
    fn a_sheet_without_its_text_is_not_written() {
        let case = Case::new(DATA);
        let dir = tempfile::tempdir().unwrap();
        let (folder, sheet) = (Folder::new(dir.path()), case.state.sheet(&case.key));
        let mut drafts = Vec::new();
        assert!(matches!(draft_sheet(&folder, &case.key, Some(sheet), None, Shelf::Live, &mut drafts), Err(StoreError::TextMissing(..))));
        draft_sheet(&folder, &case.key, None, None, Shelf::Live, &mut drafts).unwrap();
        assert!(drafts.is_empty(), "what is not there need not go");
        draft_sheet(&folder, &case.key, Some(sheet), Some(case.text()), Shelf::Live, &mut drafts).unwrap();
        let path = sheet_path(&case.key, Shelf::Live);
        assert!(matches!(drafts.as_slice(), [Draft::Put(put, _)] if *put == path));
        std::fs::create_dir_all(folder.full(&path).parent().unwrap()).unwrap();
        std::fs::write(folder.full(&path), "()").unwrap();
        draft_sheet(&folder, &case.key, None, None, Shelf::Live, &mut drafts).unwrap();
        draft_sheet(&folder, &case.key, None, None, Shelf::Trash, &mut drafts).unwrap();
        assert!(matches!(drafts.as_slice(), [_, Draft::Gone(here), Draft::Gone(there)] if *here == path && *there == path));
    }
}
