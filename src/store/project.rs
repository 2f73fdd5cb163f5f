//! Reads the tables of a project: what is in memory while it is open. Texts and sheets come later, one by one.

use std::collections::BTreeMap;

use super::files::FORMAT;
use super::files::{decode, read_document, read_entities, read_project, unreadable};
use super::layout::{PROJECT, Part, SCHEMA, Shelf, document_path};
use super::schema_file::{SchemaFileError, read_schema};
use super::{Folder, MAX_RON_BYTES, Stamp, Stamps, StoreError};
use crate::model::{DocumentId, Finding, Schema, Severity, State};
use crate::progress::{CancelToken, Progress};

/// The tables as read.
#[derive(Debug)]
pub(crate) struct Tables {
    pub(crate) state: State,
    /// What the state was made from. A file that could not be read has none, so that it is never replaced.
    pub(crate) stamps: Stamps,
    pub(crate) findings: Vec<Finding>,
    /// Rows of entity files that could not be understood, by file.
    pub(crate) put_aside: BTreeMap<String, Vec<String>>,
    /// Files that had to be read line by line, as they are.
    pub(crate) broken: Vec<(String, Vec<u8>)>,
}

/// Reads the tables.
pub(crate) fn read_tables(folder: &Folder, progress: &Progress, cancel: &CancelToken) -> Result<Tables, StoreError> {
    let mut findings = Vec::new();
    let project = folder.read(PROJECT, MAX_RON_BYTES)?.ok_or_else(|| StoreError::NotAProject(folder.root().to_owned()))?;
    let (info, coders) = read_project(decode(PROJECT, &project, &mut findings)?)?;
    let schema = folder.read(SCHEMA, MAX_RON_BYTES)?.ok_or_else(|| unreadable(SCHEMA, "is missing"))?;
    let parsed = parse_schema(decode(SCHEMA, &schema, &mut findings)?)?;
    let mut state = State::new(info, parsed);
    state.coders = coders;
    let stamps = Stamps::from([(PROJECT.to_owned(), Stamp::of(&project)), (SCHEMA.to_owned(), Stamp::of(&schema))]);
    let mut tables = Tables { state, stamps, findings, put_aside: BTreeMap::new(), broken: Vec::new() };
    tables.read_all_entities(folder)?;
    let mut documents = tables.list_documents(folder, Shelf::Live)?;
    documents.extend(tables.list_documents(folder, Shelf::Trash)?);
    progress.set_total(documents.len() as u64);
    for (id, shelf) in documents {
        if cancel.is_cancelled() {
            return Err(StoreError::Cancelled);
        }
        tables.read_document(folder, &id, shelf)?;
        progress.add(1);
    }
    Ok(tables)
}

/// Reads a codebook as a file of a project.
pub(crate) fn parse_schema(content: &str) -> Result<Schema, StoreError> {
    read_schema(content).map_err(|error| match error {
        SchemaFileError::Newer { format } => StoreError::NewerFormat { file: SCHEMA.to_owned(), found: format, known: FORMAT },
        other => unreadable(SCHEMA, other.to_string()),
    })
}

impl Tables {
    fn read_all_entities(&mut self, folder: &Folder) -> Result<(), StoreError> {
        for name in folder.list("entities")? {
            let path = format!("entities/{name}");
            let Some(bytes) = folder.read(&path, MAX_RON_BYTES)?.filter(|_| path.ends_with(".ron")) else { continue };
            match decode(&path, &bytes, &mut self.findings).and_then(|content| read_entities(&path, content)) {
                Ok(read) => {
                    for (id, entity) in read.entities {
                        if self.state.entities.insert(id, entity).is_some() {
                            let message = format!("the entity {id} is in another file too; the last one counts");
                            self.findings.push(Finding::new(Severity::Error, "entity-twice", message).in_file(&path));
                        }
                    }
                    self.findings.extend(read.findings);
                    self.stamps.insert(path.clone(), Stamp::of(&bytes));
                    if read.is_salvaged {
                        self.broken.push((path.clone(), bytes));
                    }
                    if !read.put_aside.is_empty() {
                        self.put_aside.insert(path, read.put_aside);
                    }
                }
                Err(error) => self.findings.push(unread(&path, &error)),
            }
        }
        Ok(())
    }

    fn list_documents(&mut self, folder: &Folder, shelf: Shelf) -> Result<Vec<(DocumentId, Shelf)>, StoreError> {
        let root = format!("{}documents", shelf.prefix());
        let mut documents = Vec::new();
        for shard in folder.list(&root)? {
            for name in folder.list(&format!("{root}/{shard}"))? {
                let Some(stem) = name.strip_suffix(".ron") else { continue };
                match DocumentId::new(stem).ok().filter(|id| id.shard() == shard) {
                    Some(id) => documents.push((id, shelf)),
                    None => {
                        let finding = Finding::new(Severity::Warning, "stray-file", "its name and folder are not a document's; it was left alone");
                        self.findings.push(finding.in_file(format!("{root}/{shard}/{name}")));
                    }
                }
            }
        }
        Ok(documents)
    }

    fn read_document(&mut self, folder: &Folder, id: &DocumentId, shelf: Shelf) -> Result<(), StoreError> {
        let path = document_path(id, Part::Fields, shelf);
        let Some(bytes) = folder.read(&path, MAX_RON_BYTES)? else { return Ok(()) };
        let read = decode(&path, &bytes, &mut self.findings).and_then(|content| read_document(&path, content, id, None, &mut self.findings));
        match read {
            Err(error) => self.findings.push(unread(&path, &error).about(id)),
            Ok(_) if self.state.documents.contains_key(id) => {
                let message = "is in the trash and in the project too; the one in the trash was left alone";
                self.findings.push(Finding::new(Severity::Warning, "document-twice", message).in_file(&path).about(id));
            }
            Ok(mut document) => {
                document.in_trash = shelf == Shelf::Trash;
                self.state.documents.insert(id.clone(), document);
                self.stamps.insert(path, Stamp::of(&bytes));
            }
        }
        Ok(())
    }
}

fn unread(path: &str, error: &StoreError) -> Finding {
    // The message of these errors begins with the file, which the finding shows anyway.
    let message = error.to_string();
    let message = message.strip_prefix(path).map_or(message.as_str(), |rest| rest.trim_start_matches(": "));
    Finding::new(Severity::Error, "file-unreadable", message).in_file(path)
}
