//! Reads the tables of a project: what is in memory while it is open. Texts and sheets come later, one by one.

use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::sync::Arc;

use super::files::FORMAT;
use super::files::{ReadEntities, broken_format, decode, read_document, read_entities, read_project, unreadable};
use super::layout::{PROJECT, Part, SCHEMA, Shelf, document_path};
use super::schema_file::{SchemaFileError, read_schema};
use super::{Folder, Kept, MAX_RON_BYTES, Mend, Stamp, StoreError, coders_with_sheet, has_conflict_marks, is_damage, parallel};
use crate::model::{Document, DocumentId, Finding, Schema, Severity, State, full_rows};
use crate::progress::{CancelToken, Progress};

/// The rule of files that cannot be read.
const UNREADABLE: &str = "file-unreadable";
/// So many documents are read at once by one thread.
const BATCH: usize = 64;

/// The tables as read.
#[derive(Debug)]
pub(crate) struct Tables {
    pub(crate) state: State,
    /// What the state was made from. A file that could not be read has none, so that it is never replaced.
    pub(crate) stamps: Vec<(String, Stamp)>,
    pub(crate) findings: Vec<Finding>,
    /// Rows of entity files that could not be understood, by file.
    pub(crate) put_aside: BTreeMap<String, Vec<String>>,
    /// Files that had to be read line by line, as they are.
    pub(crate) broken: Vec<(String, Vec<u8>)>,
    /// Damaged files whose good copies were read instead.
    pub(crate) mends: Vec<Mend>,
}

/// Reads the tables; damaged files as they were last saved, where there is a good copy.
pub(crate) fn read_tables(folder: &Folder, kept: &Kept, (progress, cancel): (&Progress, &CancelToken)) -> Result<Tables, StoreError> {
    let mut findings = Vec::new();
    let project = folder.read(PROJECT, MAX_RON_BYTES)?.ok_or_else(|| StoreError::NotAProject(folder.root().to_owned()))?;
    let (info, coders) = read_project(decode(PROJECT, &project, &mut findings)?)?;
    let schema = folder.read(SCHEMA, MAX_RON_BYTES)?.ok_or_else(|| unreadable(SCHEMA, "it is missing"))?;
    let parsed = parse_schema(decode(SCHEMA, &schema, &mut findings)?)?;
    let mut state = State::new(info, parsed);
    state.coders = coders;
    let stamps = vec![(PROJECT.to_owned(), Stamp::of(&project)), (SCHEMA.to_owned(), Stamp::of(&schema))];
    let mut tables = Tables { state, stamps, findings, put_aside: BTreeMap::new(), broken: Vec::new(), mends: Vec::new() };
    tables.read_all_entities(folder, kept)?;
    tables.findings.extend(tables.stamps.iter().filter_map(|(path, stamp)| kept.changed_outside(path, Some(*stamp))));
    let mut documents = tables.list_documents(folder, kept, Shelf::Live, cancel)?;
    documents.extend(tables.list_documents(folder, kept, Shelf::Trash, cancel)?);
    progress.set_total(documents.len() as u64);
    let batches: Vec<&[(DocumentId, Shelf)]> = documents.chunks(BATCH).collect();
    let read = |batch: &[(DocumentId, Shelf)]| batch.iter().map(|(id, shelf)| Fields::read(folder, kept, id, *shelf)).collect();
    let (mut taken, mut found) = (Ok(()), Vec::with_capacity(documents.len()));
    let take = |batch: Result<Vec<Fields>, StoreError>| match batch {
        Ok(batch) => {
            progress.add(batch.len() as u64);
            batch.into_iter().for_each(|fields| found.extend(tables.take_fields(fields)));
            ControlFlow::Continue(())
        }
        Err(error) => {
            taken = Err(error);
            ControlFlow::Break(())
        }
    };
    parallel::in_order(&batches, cancel, || (), |(), batch| read(batch), take);
    taken?;
    if cancel.is_cancelled() {
        return Err(StoreError::Cancelled);
    }
    tables.take_documents(found);
    Ok(tables)
}

/// Reads a codebook as a file of a project.
pub(crate) fn parse_schema(content: &str) -> Result<Schema, StoreError> {
    read_schema(content).map_err(|error| match error {
        SchemaFileError::Newer { format } => StoreError::NewerFormat { file: SCHEMA.to_owned(), found: format, known: FORMAT },
        SchemaFileError::Syntax { line, column, cause } => {
            broken_format(SCHEMA, content).err().unwrap_or_else(|| unreadable(SCHEMA, format!("line {line}, column {column}: {cause}")))
        }
        SchemaFileError::Unknown { .. } => broken_format(SCHEMA, content).err().unwrap_or_else(|| unreadable(SCHEMA, error.to_string())),
        other => unreadable(SCHEMA, other.to_string()),
    })
}

impl Tables {
    fn read_all_entities(&mut self, folder: &Folder, kept: &Kept) -> Result<(), StoreError> {
        for name in folder.list("entities")? {
            let path = format!("entities/{name}");
            let Some(bytes) = self.read_file(folder, &path)?.filter(|_| path.ends_with(".ron")) else { continue };
            let read = parse_entities(&path, &bytes);
            let is_damaged = match &read {
                Ok((read, _)) => (read.is_salvaged || !read.put_aside.is_empty()) && !has_conflict_marks(&bytes),
                Err(error) => is_damage(error),
            };
            let mend = if is_damaged { Mend::find(kept, &path, Some(&bytes)) } else { None };
            let good = mend.and_then(|mend| Some((parse_entities(&path, &mend.good).ok()?, mend)));
            match (good, read) {
                (Some(((good, _), mend)), _) => {
                    self.take_entities(&path, good, &bytes);
                    self.mended(mend);
                }
                (None, Ok((read, mut notes))) => {
                    self.findings.append(&mut notes);
                    if read.is_salvaged {
                        self.broken.push((path.clone(), bytes.clone()));
                    }
                    self.take_entities(&path, read, &bytes);
                }
                (None, Err(error)) => self.findings.push(error.to_finding(UNREADABLE)),
            }
        }
        Ok(())
    }

    /// A file of one part of the project. One that cannot be read keeps only its own part out.
    fn read_file(&mut self, folder: &Folder, path: &str) -> Result<Option<Vec<u8>>, StoreError> {
        match folder.read(path, MAX_RON_BYTES) {
            Err(error @ (StoreError::NotAFile { .. } | StoreError::TooLarge { .. })) => {
                self.findings.push(error.to_finding(UNREADABLE));
                Ok(None)
            }
            read => read,
        }
    }

    fn take_entities(&mut self, path: &str, read: ReadEntities, bytes: &[u8]) {
        for (id, entity) in read.entities {
            if self.state.entities.insert(id, entity).is_some() {
                let message = format!("the entity {id} is in another file too; the last one counts");
                self.findings.push(Finding::new(Severity::Error, "entity-twice", message).in_file(path));
            }
        }
        self.findings.extend(read.findings);
        self.stamps.push((path.to_owned(), Stamp::of(bytes)));
        if !read.put_aside.is_empty() {
            self.put_aside.insert(path.to_owned(), read.put_aside);
        }
    }

    fn mended(&mut self, mend: Mend) {
        self.findings.push(mend.finding());
        self.mends.push(mend);
    }

    fn list_documents(&mut self, folder: &Folder, kept: &Kept, shelf: Shelf, cancel: &CancelToken) -> Result<Vec<(DocumentId, Shelf)>, StoreError> {
        let root = format!("{}documents", shelf.prefix());
        let mut documents = Vec::new();
        let mut listed = Ok(());
        let take = |shard: Result<Listed, StoreError>| match shard {
            Ok(shard) => {
                documents.extend(shard.documents.into_iter().map(|id| (id, shelf)));
                self.findings.extend(shard.findings);
                ControlFlow::Continue(())
            }
            Err(error) => {
                listed = Err(error);
                ControlFlow::Break(())
            }
        };
        parallel::in_order(&folder.list(&root)?, cancel, || (), |(), shard| list_shard(folder, kept, shelf, (&root, shard)), take);
        listed.map(|()| documents)
    }

    fn take_fields(&mut self, fields: Fields) -> Option<Found> {
        let Fields { id, shelf, path, document, stamp, findings, mend } = fields;
        self.findings.extend(findings);
        self.mends.extend(mend);
        let document = Document { in_trash: shelf == Shelf::Trash, ..document? };
        Some(Found { id, path, document: Arc::new(document), stamp })
    }

    /// All documents at once, in the order of their ids: one by one, each would have to find its place.
    fn take_documents(&mut self, mut found: Vec<Found>) {
        found.sort_unstable_by(|a, b| (&a.id, a.document.in_trash).cmp(&(&b.id, b.document.in_trash)));
        found.dedup_by(|later, earlier| {
            let is_twice = later.id == earlier.id;
            if is_twice {
                let message = "is in the trash and in the project too; the one in the trash was left alone";
                self.findings.push(Finding::new(Severity::Warning, "document-twice", message).in_file(&later.path).about(&later.id));
            }
            is_twice
        });
        let stamps = &mut self.stamps;
        let rows = found.into_iter().map(|Found { id, path, document, stamp }| {
            stamps.extend(stamp.map(|stamp| (path, stamp)));
            (id, document)
        });
        self.state.documents = full_rows(rows);
    }
}

/// A document as read, and the file of its fields.
struct Found {
    id: DocumentId,
    path: String,
    document: Arc<Document>,
    stamp: Option<Stamp>,
}

/// One document's file as read, on any thread.
struct Fields {
    id: DocumentId,
    shelf: Shelf,
    path: String,
    // None where neither the file nor a good copy can be read.
    document: Option<Document>,
    // None where there is no file.
    stamp: Option<Stamp>,
    findings: Vec<Finding>,
    mend: Option<Mend>,
}

impl Fields {
    fn read(folder: &Folder, kept: &Kept, id: &DocumentId, shelf: Shelf) -> Result<Self, StoreError> {
        let path = document_path(id, Part::Fields, shelf);
        let mut fields = Self { id: id.clone(), shelf, path, document: None, stamp: None, findings: Vec::new(), mend: None };
        let bytes = match folder.read(&fields.path, MAX_RON_BYTES) {
            // One that cannot be read keeps only itself out.
            Err(error @ (StoreError::NotAFile { .. } | StoreError::TooLarge { .. })) => {
                fields.findings.push(error.to_finding(UNREADABLE));
                return Ok(fields);
            }
            read => read?,
        };
        fields.stamp = bytes.as_deref().map(Stamp::of);
        fields.findings.extend(fields.stamp.and_then(|stamp| kept.changed_outside(&fields.path, Some(stamp))));
        fields.parse(kept, bytes.as_deref());
        Ok(fields)
    }

    fn parse(&mut self, kept: &Kept, bytes: Option<&[u8]>) {
        let read = match bytes {
            Some(bytes) => parse_fields(&self.path, bytes, &self.id, &mut self.findings),
            None => Err(unreadable(&self.path, "it is gone")),
        };
        let mend = if read.as_ref().is_err_and(is_damage) { Mend::find(kept, &self.path, bytes) } else { None };
        let good = mend.and_then(|mend| Some((parse_fields(&self.path, &mend.good, &self.id, &mut Vec::new()).ok()?, mend)));
        match (good, read) {
            (Some((document, mend)), _) => {
                self.findings.push(mend.finding());
                self.mend = Some(mend);
                self.document = Some(document);
            }
            (None, Ok(document)) => self.document = Some(document),
            (None, Err(error)) => self.findings.push(error.to_finding(UNREADABLE).about(&self.id)),
        }
    }
}

/// The documents of one folder.
#[derive(Default)]
struct Listed {
    documents: Vec<DocumentId>,
    findings: Vec<Finding>,
}

fn list_shard(folder: &Folder, kept: &Kept, shelf: Shelf, (root, shard): (&str, &str)) -> Result<Listed, StoreError> {
    let names = folder.list(&format!("{root}/{shard}"))?;
    let has_fields = |id: &str| names.binary_search(&format!("{id}.ron")).is_ok();
    // A text whose fields are gone, though they were saved, is a document all the same.
    let is_orphan = |id: &&str| kept.last_saved(&format!("{root}/{shard}/{id}.ron")).is_some();
    let mut listed = Listed::default();
    for name in &names {
        if name.strip_suffix(".txt").is_some_and(has_fields) {
            continue;
        }
        let stem = name.strip_suffix(".ron").or_else(|| name.strip_suffix(".txt").filter(is_orphan));
        let Some(stem) = stem else {
            listed.findings.extend(text_alone(folder, shelf, &format!("{root}/{shard}/{name}"))?);
            continue;
        };
        match DocumentId::new(stem).ok().filter(|id| id.shard() == shard) {
            Some(id) => listed.documents.push(id),
            None => {
                let finding = Finding::new(Severity::Warning, "stray-file", "its name and folder are not a document's; it was left alone");
                listed.findings.push(finding.in_file(format!("{root}/{shard}/{name}")));
            }
        }
    }
    Ok(listed)
}

/// A text with annotations but without fields, of which nobody knows what it is. Without annotations it is what an import that was interrupted has
/// left, and hurts nobody.
fn text_alone(folder: &Folder, shelf: Shelf, path: &str) -> Result<Option<Finding>, StoreError> {
    let id = path.rsplit('/').next().and_then(|name| DocumentId::new(name.strip_suffix(".txt")?).ok());
    let Some(id) = id else { return Ok(None) };
    if coders_with_sheet(folder, &id, shelf)?.is_empty() {
        return Ok(None);
    }
    let message =
        format!("its file {id}.ron is missing, so the article is not shown. Nothing was changed; put that file back, or take the text away");
    Ok(Some(Finding::new(Severity::Warning, "text-alone", message).in_file(path).about(&id)))
}

type Entities = (ReadEntities, Vec<Finding>);

fn parse_entities(path: &str, bytes: &[u8]) -> Result<Entities, StoreError> {
    let mut notes = Vec::new();
    let content = decode(path, bytes, &mut notes)?;
    Ok((read_entities(path, content)?, notes))
}

fn parse_fields(path: &str, bytes: &[u8], id: &DocumentId, findings: &mut Vec<Finding>) -> Result<Document, StoreError> {
    decode(path, bytes, findings).and_then(|content| read_document(path, content, id, None, findings))
}
