//! Exporting: a picture of the project ([`ExportSource`]), a dry run that says what will be lost ([`plan_export`]), and
//! the export itself ([`run_export`]). All but the first can run on any thread. `read_back` reads what was written.

mod read_back;

mod condition;
mod documents;
mod held;
mod record;

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use thiserror::Error;

pub use self::condition::Condition;
use self::documents::Documents;
use self::held::{Held, Holding};
use self::read_back::read_back;
pub use self::record::LeftBehind;
use self::record::{Chosen, Earlier, json_of};
use super::Workspace;
use super::files_out::{FileSink, InFolder};
use super::import::{ImportOptions, read_each, tables_of};
use super::leave_out::LeftOut;
use crate::format::{
    Batch, DrySink, ExportReport, Format, FormatError, Item, Items, KnownTexts, Layout, Ledger, Offsets, Part, Sink, Source as _, SplitOptions,
    Splits, Tables, TextPlace, WriteFn, WriteOptions, Written, add_kept_columns,
};
use crate::model::{CoderKey, DocumentId, EntityId, Filler, Finding, IdSource, Node, Severity, Sheet, SheetKey, system_reason};
use crate::progress::{CancelToken, Progress};
use crate::store::Disk;
use crate::text::offsets::OffsetUnit;

/// What became of everything, for people and for programs: beside every export, behind the name of its file where it has one.
pub const REPORT: &str = "export-report.md";
pub(super) const REPORT_JSON: &str = "export-report.json";

/// Why an export was not made.
#[derive(Debug, Error)]
pub enum ExportError {
    /// The format said no.
    #[error(transparent)]
    Format(#[from] FormatError),
    /// It cannot be exported so.
    #[error("{0}")]
    Refused(String),
    /// The file system said no.
    #[error("{}: could not be written: {}. Nothing was exported; choose another place", path.display(), system_reason(cause))]
    Io {
        /// Where.
        path: PathBuf,
        /// Why.
        cause: std::io::Error,
    },
}

/// What is exported.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct ExportChoice {
    /// Only the sheets of these coders.
    pub coders: Option<BTreeSet<CoderKey>>,
    /// Only these documents.
    pub documents: Option<BTreeSet<DocumentId>>,
    /// Which marks are left out.
    pub left_out: LeftOut,
}

/// How it is written.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Writing {
    /// What offsets count; none for what is usual in the format.
    pub unit: Option<OffsetUnit>,
    /// Where texts go, for formats with a choice.
    pub texts: Option<TextPlace>,
    /// What a file holds.
    pub files: FilesOf,
    /// Under which licence it may be used, for formats with a card: an id of SPDX, a link or words.
    pub license: Option<String>,
}

/// What each file of an export holds.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum FilesOf {
    /// What the format has in one file: usually all documents.
    #[default]
    Project,
    /// One document, and what there is to know for it.
    Document,
}

/// What is to be exported, as it is now. Sheets that are not in memory are read when they are needed.
#[derive(Clone, Debug)]
pub struct ExportSource {
    tables: Tables,
    documents: Documents,
    disk: Disk,
    left_out: LeftOut,
    // The documents come part by part.
    splits: Option<Splits>,
    // For the report.
    chosen: Chosen,
}

impl ExportSource {
    /// A picture of a project; cheap, for the window's thread.
    ///
    /// # Errors
    /// When a chosen coder, document or label does not exist.
    pub fn new(workspace: &Workspace, choice: &ExportChoice) -> Result<Self, ExportError> {
        let state = workspace.state();
        let mut tables = tables_of(state);
        let coders = choice.coders.iter().flatten();
        refuse_unknown("coder", coders, |coder| tables.coders.contains_key(coder))?;
        refuse_unknown("label", choice.left_out.labels.iter().flatten(), |label| tables.schema.labels.contains_key(label))?;
        let is_present = |id: &DocumentId| state.document(id).is_some_and(|document| !document.in_trash);
        refuse_unknown("document", choice.documents.iter().flatten(), is_present)?;
        tables.coders.retain(|key, _| choice.coders.as_ref().is_none_or(|chosen| chosen.contains(key)));
        let is_chosen = |id: &DocumentId| choice.documents.as_ref().is_none_or(|chosen| chosen.contains(id));
        let rows: Vec<_> = state.present_documents().filter(|(id, _)| is_chosen(id)).map(|(id, document)| (id.clone(), document.clone())).collect();
        let keys = rows.iter().flat_map(|(id, _)| tables.coders.keys().map(|coder| SheetKey::new(id, coder)));
        let loaded = keys.filter(|key| workspace.is_loaded(key));
        let sheets = loaded.map(|key| (key.clone(), Some(state.sheet(&key).clone()).filter(|sheet| !sheet.is_blank()))).collect();
        let texts = rows.iter().filter_map(|(id, _)| Some((id.clone(), state.texts.get(id)?.clone()))).collect();
        let mut source = Self {
            tables,
            documents: Documents::Project { rows: Arc::new(rows), loader: workspace.loader(), sheets: Arc::new(sheets), texts: Arc::new(texts) },
            disk: workspace.disk().clone(),
            left_out: LeftOut::default(),
            splits: None,
            chosen: Chosen::of(choice),
        };
        source = source.leaving_out(choice.left_out.clone());
        if choice.documents.as_ref().is_some_and(|chosen| chosen.len() == 1) {
            source.keep_used_entities()?;
        }
        Ok(source)
    }

    /// What files hold, to be written in another format without a project. What was noticed while reading comes with it. `cancel`
    /// is also used to stop reading when there is no room for what was read.
    ///
    /// # Errors
    /// When nothing can be read, somebody pressed stop, or the documents fit neither into memory nor into a file of the system's
    /// folder for such.
    pub fn of_files(
        paths: &[PathBuf],
        options: &ImportOptions,
        ids: IdSource,
        (progress, cancel): (&Progress, &CancelToken),
    ) -> Result<(Self, Vec<Finding>), FormatError> {
        let mut holding = Holding { held: Held::default(), batch: Batch::default(), cancel, error: None };
        let options = ImportOptions { named_by_file: true, ..options.clone() };
        let read = read_each(paths, &Tables::default(), &options, ids, (progress, cancel), &mut holding);
        let Holding { held, batch, error, .. } = holding;
        error.map_or(read, Err)?;
        Ok((Self::of_held(batch.tables, held), batch.findings))
    }

    /// What was read of files, to be written in another format without a project.
    ///
    /// # Errors
    /// When the documents fit neither into memory nor into a file of the system's folder for such.
    pub fn from_batch(batch: Batch) -> Result<Self, FormatError> {
        let mut held = Held::default();
        batch.items.into_iter().try_for_each(|item| held.push(item))?;
        Ok(Self::of_held(batch.tables, held))
    }

    fn of_held(tables: Tables, held: Held) -> Self {
        let documents = Documents::Files(Arc::new(held));
        Self { tables, documents, disk: Disk::default(), left_out: LeftOut::default(), splits: None, chosen: Chosen::default() }
    }

    /// Only the documents for which the conditions hold: of several of one field, one of them.
    ///
    /// # Errors
    /// When a document cannot be read that has to be asked.
    pub fn only_where(mut self, conditions: &[Condition]) -> Result<Self, ExportError> {
        self.chosen.only_where(conditions);
        if let (Documents::Project { rows, .. }, false) = (&mut self.documents, conditions.iter().any(Condition::needs_sheets)) {
            Arc::make_mut(rows).retain(|(_, document)| condition::hold_without_sheets(conditions, document));
            return Ok(self);
        }
        let mut kept = BTreeSet::new();
        for item in self.items(&RefCell::default(), None) {
            let item = item?;
            if condition::hold(conditions, &item) {
                kept.insert(item.id);
            }
        }
        match &mut self.documents {
            Documents::Project { rows, .. } => Arc::make_mut(rows).retain(|(id, _)| kept.contains(id)),
            Documents::Files(held) => Arc::make_mut(held).retain(|id| kept.contains(id)),
        }
        Ok(self)
    }

    /// Without some regions or labels.
    #[must_use]
    pub fn leaving_out(mut self, left_out: LeftOut) -> Self {
        self.chosen.leaving_out(&left_out);
        Self { left_out, ..self }
    }

    /// Split into parts.
    ///
    /// # Errors
    /// When a document cannot be read that says where it belongs.
    pub fn split(mut self, options: &SplitOptions) -> Result<Self, ExportError> {
        let needs_sheets = [&options.stratify, &options.group].into_iter().flatten().any(|field| field.needs_sheets());
        let rows = match &self.documents {
            Documents::Project { rows, .. } if !needs_sheets => {
                rows.iter().map(|(id, document)| options.row(id, document, &std::iter::empty())).collect()
            }
            _ => self.items(&RefCell::default(), None).map(|item| Ok(options.row_of(&item?))).collect::<Result<Vec<_>, FormatError>>()?,
        };
        let splits = options.split(rows);
        match &mut self.documents {
            Documents::Project { rows, .. } => Arc::make_mut(rows).sort_by_key(|(id, _)| splits.part(id)),
            Documents::Files(held) => Arc::make_mut(held).sort_by_key(|id| splits.part(id)),
        }
        self.chosen.split(options, &splits, self.documents.ids());
        self.splits = Some(splits);
        Ok(self)
    }

    /// The parts that a format is written for one by one; none for all documents at once.
    fn parts_for(&self, format: &Format) -> Vec<Option<Part>> {
        let splits = self.splits.as_ref().filter(|_| !format.has_parts());
        splits.map_or(vec![None], |splits| splits.parts().map(Some).collect())
    }

    /// How many documents there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.documents.len()
    }

    /// True when there is no document.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Those of a part, or all. `findings` gets what there is to say about files that are read on the way.
    fn items<'s>(&'s self, findings: &'s RefCell<Vec<Finding>>, part: Option<Part>) -> impl Iterator<Item = Result<Item, FormatError>> + 's {
        let is_wanted = move |id: &DocumentId| part.is_none_or(|part| self.splits.as_ref().is_some_and(|splits| splits.part(id) == part));
        self.documents.items(&self.tables.coders, findings, is_wanted)
    }

    /// As [`Self::items`], as they go to the writer. What is left out of them is counted.
    fn outgoing<'s>(
        &'s self,
        (findings, left_out): (&'s RefCell<Vec<Finding>>, &'s RefCell<Ledger>),
        part: Option<Part>,
    ) -> impl Iterator<Item = Result<Item, FormatError>> + 's {
        self.items(findings, part).map(|item| {
            let mut item = item?;
            self.left_out.take_out(&mut item, &mut left_out.borrow_mut());
            Ok(item)
        })
    }

    /// The texts of all documents, read when they are asked for.
    fn texts(&self) -> KnownTexts {
        match self.documents.clone() {
            Documents::Files(held) => {
                let indices: BTreeMap<_, _> = held.ids().cloned().zip(0..).collect();
                KnownTexts::new(move |id| held.item(*indices.get(id)?).ok().map(|item| item.text))
            }
            Documents::Project { loader, texts, .. } => KnownTexts::new(move |id| texts.get(id).cloned().or_else(|| loader.text(id).ok())),
        }
    }

    /// A single document needs only the entities that it names.
    fn keep_used_entities(&mut self) -> Result<(), ExportError> {
        let mut used = BTreeSet::new();
        for item in self.items(&RefCell::default(), None) {
            item?.sheets.values().for_each(|sheet| used.extend(entities_of(sheet)));
        }
        let used = with_winners(&self.tables, used);
        self.tables.entities.retain(|id, _| used.contains(id));
        Ok(())
    }

    /// What a file with one document needs.
    fn tables_of(&self, item: &Item) -> Tables {
        let used = with_winners(&self.tables, item.sheets.values().flat_map(|sheet| entities_of(sheet)).collect());
        let row = |id: EntityId| self.tables.entities.get(&id).map(|entity| (id, entity.clone()));
        let Tables { project, schema, coders, entities: _ } = &self.tables;
        let entities = used.into_iter().filter_map(row).collect();
        Tables { project: project.clone(), schema: schema.clone(), coders: coders.clone(), entities }
    }
}

/// With those into which they were merged.
fn with_winners(tables: &Tables, mut used: BTreeSet<EntityId>) -> BTreeSet<EntityId> {
    let mut waiting: Vec<EntityId> = used.iter().copied().collect();
    while let Some(id) = waiting.pop() {
        let winner = tables.entities.get(&id).and_then(|entity| entity.merged_into);
        waiting.extend(winner.filter(|winner| used.insert(*winner)));
    }
    used
}

fn refuse_unknown<'k, K: std::fmt::Display + 'k>(
    what: &str,
    mut chosen: impl Iterator<Item = &'k K>,
    is_known: impl Fn(&K) -> bool,
) -> Result<(), ExportError> {
    match chosen.find(|key| !is_known(key)) {
        Some(key) => Err(ExportError::Refused(format!("there is no {what} {key} in this project"))),
        None => Ok(()),
    }
}

fn entities_of(sheet: &Sheet) -> Vec<EntityId> {
    let fillers = sheet.claims.values().flat_map(|claim| claim.roles.values().flatten());
    let filled = fillers.filter_map(|filler| if let Filler::Entity(id) = filler { Some(*id) } else { None });
    let ends = sheet.relations.values().flat_map(|relation| [relation.from, relation.to]);
    let ends = ends.filter_map(|node| if let Node::Entity(id) = node { Some(id) } else { None });
    sheet.spans.values().filter_map(|span| span.entity).chain(filled).chain(ends).collect()
}

/// An export that was tried without writing.
#[derive(Clone, Debug)]
pub struct ExportPlan {
    source: ExportSource,
    format: &'static Format,
    writing: Writing,
    coders: Vec<CoderKey>,
    kept_columns: Vec<String>,
    /// What will be kept, changed and dropped.
    pub report: ExportReport,
    /// What there is to say about the project's files: rows that could not be read are not exported.
    pub findings: Vec<Finding>,
}

/// What an export has written.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ExportDone {
    /// All files, the reports last.
    pub files: Vec<PathBuf>,
    /// What was kept, changed and dropped.
    pub report: ExportReport,
    /// What an earlier export in this place had written and this one has not.
    pub before: LeftBehind,
}

/// Runs the export without writing, and reports.
///
/// # Errors
/// When the format cannot be exported or not so, or a document cannot be read.
pub fn plan_export(
    source: ExportSource,
    format: &'static Format,
    writing: Writing,
    control: (&Progress, &CancelToken),
) -> Result<ExportPlan, ExportError> {
    let refused = |why: &str| ExportError::Refused(format!("{}: {why}", format.title));
    let writing = Writing { unit: format.offsets.choose(writing.unit).map_err(|why| refused(&why))?, ..writing };
    if let Some(texts) = writing.texts.filter(|texts| !format.text_places().contains(texts)) {
        return Err(refused(&match format.text_places() {
            [] => "texts have their place in this format; there is nothing to choose".to_owned(),
            _ => format!("texts cannot go {} here", texts.name()),
        }));
    }
    if writing.license.is_some() && !format.has_card() {
        return Err(refused("this format has no card that could say a licence"));
    }
    if writing.files == FilesOf::Document && format.layout == Layout::Folder {
        return Err(refused("this format has files of its own; there is nothing to choose"));
    }
    let mut options = write_options(&writing, "dry-run", control);
    options.coders = source.tables.coders.keys().cloned().collect();
    expect_documents(&options.progress, source.len());
    let mut noticed = Noticed::default();
    let mut ledger = write(&source, (format, writing.files), &options, &mut DrySink, &mut noticed)?;
    if format.has_kept_columns() && !noticed.kept_columns.is_empty() {
        options.kept_columns = std::mem::take(&mut noticed.kept_columns).into_iter().collect();
        expect_documents(&options.progress, source.len());
        ledger = write(&source, (format, writing.files), &options, &mut DrySink, &mut noticed)?;
    }
    let report = report(ledger, format, &options);
    noticed.findings.extend(source.splits.as_ref().map(size_of_parts));
    let (coders, kept_columns) = (noticed.coders.into_iter().collect(), options.kept_columns);
    Ok(ExportPlan { source, format, writing, coders, kept_columns, report, findings: noticed.findings })
}

/// Writes to `out`: a folder for formats of many files, a file for the others (a folder, too, will do).
///
/// Everything is written under temporary names, read back byte by byte and, where there is a reader, as an import reads it,
/// and renamed at the end. Files that an earlier export in this place and format has written, and this one has not, go then, unless
/// somebody has changed them.
///
/// # Errors
/// When it cannot be written, or is not read as it was written. What was there before is still there then.
pub fn run_export(plan: &ExportPlan, out: &Path, control: (&Progress, &CancelToken)) -> Result<ExportDone, ExportError> {
    let (root, file_name) = target(plan, out)?;
    let io = |cause| ExportError::Io { path: root.clone(), cause };
    let mut sink = FileSink::new(&root, plan.source.disk.clone()).map_err(io)?;
    let mut options = write_options(&plan.writing, &file_name, control);
    options.coders.clone_from(&plan.coders);
    options.kept_columns.clone_from(&plan.kept_columns);
    // Each is written and read again.
    let passes = if plan.format.proof.reader.is_some() { 2 } else { 1 };
    expect_documents(&options.progress, passes * plan.source.len());
    let mut noticed = Noticed { written: Some(Written::new(plan.format, &plan.source.tables)), ..Noticed::default() };
    let ledger = write(&plan.source, (plan.format, plan.writing.files), &options, &mut sink, &mut noticed)?;
    sink.check().map_err(io)?;
    if let Some(written) = &noticed.written {
        read_back(plan, written, (&options, &ledger), &sink)?;
    }
    let report = report(ledger, plan.format, &options);
    let prefix = if file_name.is_empty() { String::new() } else { format!("{file_name}.") };
    let [for_people, for_programs] = [REPORT, REPORT_JSON].map(|name| format!("{prefix}{name}"));
    let earlier = Earlier::of(&root, &for_programs, plan.format.name);
    let json = json_of(&report, &plan.source.chosen, &sink.names());
    for (name, content) in [(for_people, report.to_markdown()), (for_programs, json)] {
        let mut file = sink.create(&name).map_err(io)?;
        file.write_all(content.as_bytes()).map_err(io)?;
    }
    let files = sink.finish().map_err(io)?;
    let before = earlier.remove_but(&files, &root, &plan.source.disk);
    Ok(ExportDone { files, report, before })
}

fn expect_documents(progress: &Progress, count: usize) {
    progress.set_total(progress.done() + count as u64);
}

fn write_options(writing: &Writing, file_name: &str, control: (&Progress, &CancelToken)) -> WriteOptions {
    let mut options = WriteOptions::new(file_name);
    options.unit = writing.unit.unwrap_or_default();
    options.texts = writing.texts.unwrap_or_default();
    options.license = writing.license.clone().unwrap_or_default();
    (options.progress, options.cancel) = (control.0.clone(), control.1.clone());
    options
}

/// What was noticed while the documents went by.
#[derive(Default)]
struct Noticed<'t> {
    /// Coders who have sheets.
    coders: BTreeSet<CoderKey>,
    findings: Vec<Finding>,
    /// Columns that imports of tables have kept aside.
    kept_columns: BTreeSet<String>,
    /// What goes to the writer, where it is to be read back.
    written: Option<Written<'t>>,
}

fn report(ledger: Ledger, format: &Format, options: &WriteOptions) -> ExportReport {
    let unit = if format.offsets == Offsets::None { None } else { Some(options.unit) };
    ledger.into_report(format.name, unit)
}

fn write(
    source: &ExportSource,
    (format, files): (&'static Format, FilesOf),
    options: &WriteOptions,
    sink: &mut dyn Sink,
    noticed: &mut Noticed<'_>,
) -> Result<Ledger, ExportError> {
    let writer = format.writer.ok_or_else(|| ExportError::Refused(format!("{} can only be imported", format.title)))?;
    let writer = Writer { write: writer, files, extension: format.extensions.first().copied().unwrap_or_default() };
    let mut ledger = Ledger::default();
    let findings = RefCell::default();
    let left_out = RefCell::default();
    for part in source.parts_for(format) {
        let (folder, file_name) = place_of_part(part, (format, files), options);
        if files == FilesOf::Project {
            noticed.written.iter_mut().for_each(|written| written.begin_part(folder, &file_name));
        }
        let (coders, kept_columns, written) = (&mut noticed.coders, &mut noticed.kept_columns, &mut noticed.written);
        let mut items = source.outgoing((&findings, &left_out), part).inspect(|item| {
            if let Ok(item) = item {
                coders.extend(item.sheets.keys().cloned());
                add_kept_columns(item, kept_columns);
                if let Some(written) = written {
                    if files == FilesOf::Document {
                        written.begin_part(folder, &writer.file_of(item));
                    }
                    written.add(item);
                }
            }
        });
        let Some(part) = part else {
            let options = WriteOptions { splits: source.splits.clone(), ..options.clone() };
            writer.write(source, &mut items, &options, sink, &mut ledger)?;
            continue;
        };
        let options = WriteOptions { file_name, ..options.clone() };
        let mut in_folder = InFolder { name: part.name(), sink: &mut *sink };
        let sink: &mut dyn Sink = if folder.is_empty() { &mut *in_folder.sink } else { &mut in_folder };
        writer.write(source, &mut items, &options, sink, &mut ledger)?;
    }
    ledger.join(left_out.into_inner());
    noticed.findings = findings.into_inner();
    Ok(ledger)
}

/// The folder of a part, and the file for formats of one.
fn place_of_part(part: Option<Part>, (format, files): (&Format, FilesOf), options: &WriteOptions) -> (&'static str, String) {
    let file_name = part.map_or_else(|| options.file_name.clone(), |part| name_of_part(&options.file_name, part));
    let has_folder = format.layout == Layout::Folder || files == FilesOf::Document;
    let folder = part.filter(|_| has_folder).map_or("", Part::name);
    (folder, file_name)
}

/// A format's writer, and what it writes a file of.
struct Writer {
    write: WriteFn,
    files: FilesOf,
    extension: &'static str,
}

impl Writer {
    /// The file of one document.
    fn file_of(&self, item: &Item) -> String {
        format!("{}.{}", item.id, self.extension)
    }

    fn write(
        &self,
        source: &ExportSource,
        items: &mut Items<'_>,
        options: &WriteOptions,
        sink: &mut dyn Sink,
        ledger: &mut Ledger,
    ) -> Result<(), FormatError> {
        if self.files == FilesOf::Project {
            return (self.write)(&source.tables, items, options, sink, ledger);
        }
        for item in items {
            let item = item?;
            let tables = source.tables_of(&item);
            let options = WriteOptions { file_name: self.file_of(&item), ..options.clone() };
            (self.write)(&tables, &mut std::iter::once(Ok(item)), &options, sink, ledger)?;
        }
        Ok(())
    }
}

/// `out.train.csv` of `out.csv`.
fn name_of_part(file_name: &str, part: Part) -> String {
    let stem = crate::format::stem(file_name);
    format!("{stem}.{}{}", part.name(), file_name.get(stem.len()..).unwrap_or_default())
}

fn size_of_parts(splits: &Splits) -> Finding {
    let parts: Vec<String> = splits.parts().map(|part| format!("{} in {}", splits.count(part), part.name())).collect();
    Finding::new(Severity::Note, "split", format!("documents are split: {}", parts.join(", ")))
}

/// The folder, and for one-file formats the file's name in it.
fn target(plan: &ExportPlan, out: &Path) -> Result<(PathBuf, String), ExportError> {
    let project = plan.source.tables.project.as_ref().map_or("export", |project| project.name.as_str());
    let with_extension = |name: &str| format!("{name}.{}", plan.format.extensions.first().copied().unwrap_or_default());
    let default = with_extension(CoderKey::from_name(project).as_str());
    let is_folder = out.is_dir() || out.as_os_str().to_string_lossy().ends_with('/');
    let layout = if plan.writing.files == FilesOf::Document { Layout::Folder } else { plan.format.layout };
    match (layout, out.file_name().map(|name| name.to_string_lossy().into_owned())) {
        (Layout::Folder, _) if out.is_file() => {
            Err(ExportError::Refused(format!("{} is a file; {} is written into a folder", out.display(), plan.format.title)))
        }
        (Layout::Folder, _) => Ok((out.to_owned(), String::new())),
        (Layout::File, Some(name)) if !is_folder => {
            let parent = out.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
            let name = if crate::format::extension(&name).is_empty() { with_extension(&name) } else { name };
            Ok((parent.to_owned(), name))
        }
        (Layout::File, _) => Ok((out.to_owned(), default)),
    }
}
