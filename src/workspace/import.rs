//! Importing: reading on any thread ([`read_import`]), then one transaction ([`apply_import`]).

use std::collections::{BTreeMap, BTreeSet};
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::files_in::group_files;
use super::fit_schema::fit_schema;
use super::{NewDocument, Workspace, WorkspaceError};
use crate::edit::{Change, Edit};
use crate::format::{Batch, Columns, Format, FormatError, Item, ReadOptions, Receiver as _, Tables, Undecoded};
use crate::model::{CoderKey, DocumentId, Entity, EntityId, Finding, IdSource, Label, LabelKey, Schema, Severity, Sheet, SheetInfo, SheetKey, State};
use crate::progress::{CancelToken, Progress};
use crate::store::open_file;

/// What somebody has said about an import.
#[derive(Clone, Debug)]
pub struct ImportOptions {
    /// Whose annotations they are, where the format does not say.
    pub coder: CoderKey,
    /// The format; guessed file by file where none is chosen.
    pub format: Option<&'static Format>,
    /// The encoding of files that are not UTF-8, by its WHATWG name.
    pub encoding: Option<String>,
    /// Which columns of a table of articles mean what.
    pub columns: Columns,
}

impl ImportOptions {
    /// Annotations of `coder`, everything else guessed.
    #[must_use]
    pub fn new(coder: CoderKey) -> Self {
        Self { coder, format: None, encoding: None, columns: Columns::default() }
    }
}

/// What an import will bring. Shown before [`apply_import`]; can cross threads.
#[derive(Clone, Debug, Default)]
pub struct ImportPlan {
    /// Everything that was read; its tables hold what the project does not have, and perhaps what it has.
    pub batch: Batch,
}

impl ImportPlan {
    /// Labels that the project does not have.
    pub fn new_labels<'p>(&'p self, state: &'p State) -> impl Iterator<Item = (&'p LabelKey, &'p Label)> {
        self.batch.tables.schema.labels.iter().filter(|(key, _)| !state.schema.labels.contains_key(*key))
    }

    /// What was noticed while reading.
    #[must_use]
    pub fn findings(&self) -> &[Finding] {
        &self.batch.findings
    }

    /// Files that wait for the choice of an encoding.
    #[must_use]
    pub fn undecoded(&self) -> &[Undecoded] {
        &self.batch.undecoded
    }
}

/// What an import has brought.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct ImportReport {
    /// New documents, and those that got a further sheet.
    pub documents: Vec<DocumentId>,
    /// Labels that the codebook got.
    pub new_labels: Vec<LabelKey>,
    /// What was noticed while reading and adding.
    pub findings: Vec<Finding>,
    /// Files that wait for the choice of an encoding.
    pub undecoded: Vec<Undecoded>,
}

/// The tables of a project, for readers and writers.
#[must_use]
pub fn tables_of(state: &State) -> Tables {
    Tables {
        project: Some(state.project.clone()),
        schema: state.schema.as_ref().clone(),
        coders: state.coders.clone(),
        entities: state.entities.clone().into_iter().collect(),
    }
}

/// Reads files and folders. `known` are the tables of the project that they go to.
///
/// # Errors
/// When nothing can be read, or somebody pressed stop. Partial trouble is findings of the plan.
pub fn read_import(
    paths: &[PathBuf],
    known: &Tables,
    options: &ImportOptions,
    ids: IdSource,
    control: (&Progress, &CancelToken),
) -> Result<ImportPlan, FormatError> {
    let mut batch = Batch::default();
    let mut read_options = ReadOptions::new(options.coder.clone(), ids);
    read_options.known = known.clone();
    read_options.encoding.clone_from(&options.encoding);
    read_options.columns = options.columns.clone();
    (read_options.progress, read_options.cancel) = (control.0.clone(), control.1.clone());
    let mut findings = Vec::new();
    let groups = group_files(paths, options.format, &mut findings)?;
    findings.into_iter().for_each(|finding| batch.finding(finding));
    let only_one = groups.len() == 1;
    for group in groups {
        let Some(reader) = group.format.reader else {
            let why = "it can only be exported".to_owned();
            return Err(FormatError::NotThisFormat { file: group.format.name.to_owned(), format: group.format.title, why });
        };
        match reader(&group.files, &mut read_options, &mut batch) {
            Err(error) if only_one || matches!(error, FormatError::Cancelled) => return Err(error),
            Err(error) => batch.finding(error.to_finding()),
            Ok(()) => {}
        }
    }
    Ok(ImportPlan { batch })
}

/// The files of `paths` that wait for an encoding, to be read again with one.
#[must_use]
pub fn undecoded_paths<'u>(paths: &[PathBuf], undecoded: impl IntoIterator<Item = &'u Undecoded>) -> Vec<PathBuf> {
    let place = |waiting: &Undecoded| {
        let candidates = paths.iter().flat_map(|path| [path.clone(), path.join(&waiting.file)]).chain([PathBuf::from(&waiting.file)]);
        candidates.into_iter().find(|path| path.is_file() && path.ends_with(&waiting.file))
    };
    undecoded.into_iter().filter_map(place).collect()
}

/// The first bytes of a file, for a preview.
///
/// # Errors
/// When it cannot be read.
pub fn head_of(path: &Path, len: u64) -> std::io::Result<Vec<u8>> {
    let mut head = Vec::new();
    open_file(path)?.take(len).read_to_end(&mut head)?;
    Ok(head)
}

/// Adds everything of a plan to a project, as one step.
///
/// # Errors
/// When the project is read-only or a file cannot be written. Nothing is added then.
pub fn apply_import(workspace: &mut Workspace, plan: ImportPlan) -> Result<ImportReport, WorkspaceError> {
    let Batch { tables, items, findings, undecoded, counts: _ } = plan.batch;
    let mut adding = Adding {
        report: ImportReport { findings, undecoded, ..ImportReport::default() },
        edits: Vec::new(),
        new: Vec::new(),
        new_ids: BTreeSet::new(),
    };
    adding.add_tables(workspace.state(), tables);
    let mut names = Vec::new();
    for item in items {
        names.push(item.document.title.clone());
        adding.add_item(workspace, item)?;
    }
    let name = match names.as_slice() {
        [title] => format!("import “{}”", title.chars().take(60).collect::<String>()),
        _ => format!("import {} documents", names.len()),
    };
    let Adding { report, edits, new, new_ids: _ } = adding;
    if !new.is_empty() || !edits.is_empty() {
        workspace.add_documents(&name, new, edits)?;
    }
    Ok(report)
}

/// An import on its way into a project.
struct Adding {
    report: ImportReport,
    edits: Vec<Edit>,
    new: Vec<NewDocument>,
    // Those of `new`.
    new_ids: BTreeSet<DocumentId>,
}

impl Adding {
    fn note(&mut self, severity: Severity, rule: &'static str, message: String) {
        self.report.findings.push(Finding::new(severity, rule, message));
    }

    fn add_tables(&mut self, state: &State, tables: Tables) {
        self.add_schema(&state.schema, tables.schema);
        for (key, coder) in tables.coders {
            if !state.coders.contains_key(&key) {
                self.edits.push(Edit::Coder(Change::insert(key, coder)));
            }
        }
        for (id, entity) in tables.entities {
            self.add_entity(state, id, entity);
        }
    }

    fn add_entity(&mut self, state: &State, id: EntityId, entity: Entity) {
        match state.entities.get(&id) {
            None => self.edits.push(Edit::Entity(Change::insert(id, entity))),
            Some(known) if *known == entity => {}
            Some(known) => {
                let message = format!("the entity “{}” ({id}) is in the project with other values; those of the project stay", known.name);
                self.note(Severity::Note, "entity-differs", message);
            }
        }
    }

    fn add_schema(&mut self, known: &Schema, mut schema: Schema) {
        for why in fit_schema(known, &mut schema) {
            self.note(Severity::Warning, "codebook-mended", why);
        }
        let keys: Vec<LabelKey> = schema.labels.keys().filter(|key| !known.labels.contains_key(*key)).cloned().collect();
        self.report.new_labels.extend(keys);
        self.add_rows("label", &known.labels, schema.labels, Edit::Label);
        self.add_rows("attribute", &known.attributes, schema.attributes, Edit::Attribute);
        self.add_rows("role", &known.roles, schema.roles, Edit::Role);
        self.add_rows("relation type", &known.relation_types, schema.relation_types, Edit::RelationType);
    }

    fn add_rows<K, R>(&mut self, what: &str, known: &BTreeMap<K, R>, rows: BTreeMap<K, R>, edit: fn(Change<K, R>) -> Edit)
    where
        K: Ord + std::fmt::Display,
        R: PartialEq,
    {
        for (key, row) in rows {
            match known.get(&key) {
                None => self.edits.push(edit(Change::insert(key, row))),
                Some(same) if *same == row => {}
                Some(_) => self.note(
                    Severity::Note,
                    "codebook-differs",
                    format!("the {what} {key} is in the codebook with other details; those of the codebook stay"),
                ),
            }
        }
    }

    fn add_item(&mut self, workspace: &mut Workspace, item: Item) -> Result<(), WorkspaceError> {
        match workspace.state().documents.get(&item.id) {
            None if !self.new_ids.contains(&item.id) => self.add_document(item),
            Some(known) if known.text_hash == *item.text.hash() && !known.in_trash => self.add_sheets(workspace, &item)?,
            _ => {
                let id = workspace.new_document_id(&item.document.title);
                let message = format!("there is a document {} already, with another text; this one got the id {id}", item.id);
                self.note(Severity::Warning, "document-id-taken", message);
                self.add_document(Item { id, ..item });
            }
        }
        Ok(())
    }

    fn add_document(&mut self, item: Item) {
        let Item { id, document, text, original, sheets } = item;
        for (coder, sheet) in &sheets {
            self.add_rows_of(&SheetKey::new(&id, coder), sheet);
        }
        self.report.documents.push(id.clone());
        let original = original.map(|bytes| bytes.to_vec());
        self.new_ids.insert(id.clone());
        self.new.push(NewDocument { id, document, text, original });
    }

    /// The document is here already: sheets of coders who have none are added.
    fn add_sheets(&mut self, workspace: &mut Workspace, item: &Item) -> Result<(), WorkspaceError> {
        for (coder, sheet) in &item.sheets {
            let key = SheetKey::new(&item.id, coder);
            let findings = workspace.load(&key)?;
            self.report.findings.extend(findings);
            let known = workspace.state().sheet(&key);
            if known.is_blank() {
                self.add_rows_of(&key, sheet);
                if self.report.documents.last() != Some(&item.id) {
                    self.report.documents.push(item.id.clone());
                }
            } else if known != sheet {
                let message = format!("{coder} has annotated {} here already; the sheet of the import was left out", item.id);
                self.note(Severity::Warning, "sheet-taken", message);
            }
        }
        Ok(())
    }

    fn add_rows_of(&mut self, key: &SheetKey, sheet: &Arc<Sheet>) {
        let sheet = sheet.as_ref().clone();
        if sheet.info != SheetInfo::default() {
            self.edits.push(Edit::Sheet(key.clone(), Change::replace((), SheetInfo::default(), sheet.info)));
        }
        self.edits.extend(sheet.spans.into_iter().map(|(id, span)| Edit::Span(key.clone(), Change::insert(id, span))));
        self.edits.extend(sheet.claims.into_iter().map(|(id, claim)| Edit::Claim(key.clone(), Change::insert(id, claim))));
        self.edits.extend(sheet.relations.into_iter().map(|(id, relation)| Edit::Relation(key.clone(), Change::insert(id, relation))));
    }
}
