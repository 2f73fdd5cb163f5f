//! Importing: all at once while files are read ([`import_files`]), or for the window: reading and writing of texts on any
//! thread ([`read_ready`]), then transactions ([`ReadyImport`]).

mod pieces;
mod preview;
mod reading;
mod ready;
mod streamed;

use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

pub use self::pieces::{ImportPieces, ReadyPiece};
pub use self::preview::{DocumentSeen, FilesSeen, ImportPreview, preview_import};
pub use self::reading::read_ready;
pub use self::ready::{ImportBase, ReadyImport};
pub use self::streamed::{ImportError, import_files};
use super::files_in::{Names, group_files};
use crate::format::{
    self, Batch, CoderPattern, Columns, Format, FormatError, JsonMapping, KnownTexts, ReadOptions, Receiver, Tables, Undecoded, read_by_pattern,
};
use crate::model::{CoderKey, DocumentId, Finding, IdSource, Label, LabelKey, State, system_reason};
use crate::progress::{CancelToken, Progress};
use crate::store::open_file;
use crate::text::offsets::OffsetUnit;

/// An import that brings more labels than this that the codebook does not have is asked about: perhaps a column of something else
/// was taken for them.
pub const MANY_NEW_LABELS: usize = 50;
/// No mapping is longer.
const MAX_MAPPING_BYTES: u64 = 1 << 20;

/// What somebody has said about an import.
#[derive(Clone, Debug)]
pub struct ImportOptions {
    /// Whose annotations they are, where the format does not say.
    pub coder: CoderKey,
    /// Where the names of files say whose annotations they hold.
    pub coder_pattern: Option<CoderPattern>,
    /// The format; guessed file by file where none is chosen.
    pub format: Option<&'static Format>,
    /// The encoding of files that are not UTF-8, by its WHATWG name.
    pub encoding: Option<String>,
    /// Which columns of a table of articles mean what.
    pub columns: Columns,
    /// Texts of the project, for tables that have none.
    pub texts: KnownTexts,
    /// What offsets count; found out from the texts where nobody says it.
    pub unit: Option<OffsetUnit>,
    /// Where things stand in JSON that is of no known format.
    pub mapping: Option<Arc<JsonMapping>>,
    /// Ids of documents that are files of their own begin with the names of these, and not with the first words of their texts.
    pub named_by_file: bool,
    /// [`import_files`] refuses more labels that the codebook does not have; none for as many as there are.
    pub most_new_labels: Option<usize>,
}

impl ImportOptions {
    /// Annotations of `coder`, everything else guessed.
    #[must_use]
    pub fn new(coder: CoderKey) -> Self {
        let (columns, texts) = (Columns::default(), KnownTexts::default());
        Self {
            coder,
            coder_pattern: None,
            format: None,
            encoding: None,
            columns,
            texts,
            unit: None,
            mapping: None,
            named_by_file: false,
            most_new_labels: None,
        }
    }

    /// Reads JSON by the mapping in a file.
    ///
    /// # Errors
    /// When the file cannot be read, or holds no mapping.
    pub fn map_json(&mut self, path: &Path) -> Result<(), String> {
        if path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("toml")) {
            return Err(format!("{}: a mapping is written in RON, not in TOML; docs/json-mapping.md says how", path.display()));
        }
        let content = head_of(path, MAX_MAPPING_BYTES);
        let content = content.map_err(|cause| format!("{}: the mapping cannot be read: {}", path.display(), system_reason(&cause)))?;
        let mapping = JsonMapping::from_ron(&String::from_utf8_lossy(&content));
        let mapping = mapping.map_err(|why| format!("{}: the mapping cannot be used: {why}", path.display()))?;
        (self.format, self.mapping) = (Some(&format::MAPPED_JSON), Some(Arc::new(mapping)));
        Ok(())
    }
}

/// What an import will bring. Shown before it is added; can cross threads.
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
    read_each(paths, known, options, ids, control, &mut batch)?;
    Ok(ImportPlan { batch })
}

/// Reads files and folders as [`read_import`] does, and hands over what is in them one by one.
///
/// # Errors
/// As [`read_import`].
pub fn read_each(
    paths: &[PathBuf],
    known: &Tables,
    options: &ImportOptions,
    ids: IdSource,
    control: (&Progress, &CancelToken),
    receiver: &mut dyn Receiver,
) -> Result<(), FormatError> {
    let mut read_options = read_options(known, options, ids, control);
    let mut findings = Vec::new();
    let groups = group_files(paths, how_to_group(options), &mut findings)?;
    findings.into_iter().for_each(|finding| receiver.finding(finding));
    let only_one = groups.len() == 1;
    for group in groups {
        match read_by_pattern(group.format, &group.files, &mut read_options, receiver) {
            Err(error) if only_one || matches!(error, FormatError::Cancelled) => return Err(error),
            Err(error) => receiver.finding(error.to_finding()),
            Ok(()) => {}
        }
    }
    Ok(())
}

fn how_to_group(options: &ImportOptions) -> (Option<&'static Format>, Names) {
    (options.format, if options.coder_pattern.is_some() { Names::OfCoders } else { Names::OfOneCoder })
}

fn read_options(known: &Tables, options: &ImportOptions, ids: IdSource, (progress, cancel): (&Progress, &CancelToken)) -> ReadOptions {
    ReadOptions {
        coder_pattern: options.coder_pattern.clone(),
        known: known.clone(),
        encoding: options.encoding.clone(),
        columns: options.columns.clone(),
        mapping: options.mapping.clone(),
        named_by_file: options.named_by_file,
        texts: options.texts.clone(),
        unit: options.unit,
        progress: progress.clone(),
        cancel: cancel.clone(),
        ..ReadOptions::new(options.coder.clone(), ids)
    }
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
