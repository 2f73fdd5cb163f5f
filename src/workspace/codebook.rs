//! Codebooks from files and into files, and how often the codebook of a project is used.
//!
//! A codebook is read from `schema.ron` of any project, from any other file in that form, from brat's `annotation.conf`, or
//! from the `.qdc` of REFI-QDA. Reading changes nothing; `edit::ops::adopt_schema` takes it over.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use thiserror::Error;

use super::Workspace;
use super::dictionaries::read_file_of;
use super::fit_schema::fit_schema;
use crate::format::{brat_codebook, qdc_codebook, write_qdc};
use crate::model::{CodebookUses, Entity, Finding, Schema, Severity, Sheet, SheetKey};
use crate::progress::{CancelToken, Progress};
use crate::store::layout::SCHEMA;
use crate::store::schema_file::{SchemaFileError, read_schema, write_schema};
use crate::store::{Loader, Places, StoreError};

/// No codebook is longer.
const MAX_BYTES: u64 = 16 << 20;

/// A codebook that was read.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ReadCodebook {
    /// The codebook.
    pub schema: Schema,
    /// What there is to say about it.
    pub findings: Vec<Finding>,
}

/// Why a file gave no codebook.
#[derive(Debug, Error)]
pub enum CodebookError {
    /// The file cannot be read.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// It is not UTF-8.
    #[error("{}: this is not text in UTF-8. Nothing was read; save it as UTF-8", file.display())]
    NotUtf8 {
        /// Which file.
        file: PathBuf,
    },
    /// It is not a codebook.
    #[error("{}: {cause}. Nothing was read", file.display())]
    Unreadable {
        /// Which file.
        file: PathBuf,
        /// What is wrong with it.
        cause: SchemaFileError,
    },
    /// It is no codebook of REFI-QDA.
    #[error("{}: this is no codebook of REFI-QDA: {why}. Nothing was read", file.display())]
    BadQdc {
        /// Which file.
        file: PathBuf,
        /// What is wrong with it.
        why: String,
    },
    /// A folder without a codebook.
    #[error("{}: there is neither schema.ron nor annotation.conf in this folder; choose the file itself", dir.display())]
    NoCodebook {
        /// Which folder.
        dir: PathBuf,
    },
    /// It has no label.
    #[error("{}: no label was found in it. Nothing was read; choose a codebook in RON, an annotation.conf of brat or a .qdc of REFI-QDA", file.display())]
    Empty {
        /// Which file.
        file: PathBuf,
    },
}

/// Reads a codebook: a file in the form of `schema.ron`, an `annotation.conf` with the `visual.conf` and the
/// `kb_shortcuts.conf` beside it, or a folder that has one of them. What a `.qdc` cannot say stays as `known` has it.
///
/// # Errors
/// When there is none or it cannot be understood; partial trouble is findings.
pub fn read_codebook(path: &Path, known: &Schema) -> Result<ReadCodebook, CodebookError> {
    let path = codebook_file(path)?;
    let read = match extension(&path).as_str() {
        "conf" => read_brat(&path)?,
        "qdc" => read_qdc(&path, known)?,
        _ => read_ron(&path)?,
    };
    if read.schema.labels.is_empty() {
        return Err(CodebookError::Empty { file: path });
    }
    Ok(read)
}

fn extension(path: &Path) -> String {
    path.extension().map(|extension| extension.to_string_lossy().to_lowercase()).unwrap_or_default()
}

fn codebook_file(path: &Path) -> Result<PathBuf, CodebookError> {
    if !path.is_dir() {
        return Ok(path.to_owned());
    }
    let candidates = [SCHEMA, "annotation.conf"].map(|name| path.join(name));
    candidates.into_iter().find(|file| file.is_file()).ok_or_else(|| CodebookError::NoCodebook { dir: path.to_owned() })
}

fn text_of(path: &Path) -> Result<String, CodebookError> {
    String::from_utf8(read_file_of(path, MAX_BYTES)?).map_err(|_| CodebookError::NotUtf8 { file: path.to_owned() })
}

fn read_ron(path: &Path) -> Result<ReadCodebook, CodebookError> {
    let schema = read_schema(&text_of(path)?).map_err(|cause| CodebookError::Unreadable { file: path.to_owned(), cause })?;
    Ok(ReadCodebook { schema, findings: Vec::new() })
}

fn read_qdc(path: &Path, known: &Schema) -> Result<ReadCodebook, CodebookError> {
    let content = text_of(path)?;
    let read = qdc_codebook(content.trim_start_matches('\u{feff}'), known);
    let (mut schema, mut findings) = read.map_err(|why| CodebookError::BadQdc { file: path.to_owned(), why })?;
    for why in fit_schema(&Schema::default(), &mut schema) {
        findings.push(Finding::new(Severity::Warning, "codebook-mended", why));
    }
    schema.info = known.info.clone();
    if schema.info.name.is_empty() {
        schema.info.name = path.file_stem().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    }
    Ok(ReadCodebook { schema, findings })
}

fn read_brat(path: &Path) -> Result<ReadCodebook, CodebookError> {
    let beside = |name| {
        let path = path.with_file_name(name);
        if path.is_file() { text_of(&path).map(Some) } else { Ok(None) }
    };
    let (visual, shortcuts) = (beside("visual.conf")?, beside("kb_shortcuts.conf")?);
    let (mut schema, mut findings) = brat_codebook(&text_of(path)?, visual.as_deref(), shortcuts.as_deref());
    for why in fit_schema(&Schema::default(), &mut schema) {
        findings.push(Finding::new(Severity::Warning, "codebook-mended", why));
    }
    // The folder says what the configuration is for; the file never does.
    let folder = path.parent().and_then(Path::file_name).map(|name| name.to_string_lossy().into_owned());
    schema.info.name = folder.unwrap_or_default();
    Ok(ReadCodebook { schema, findings })
}

/// Writes a codebook as a file of its own: for REFI-QDA where its name ends in `.qdc`, in the form of `schema.ron` otherwise. What
/// has no place in that file is said.
///
/// # Errors
/// When the file cannot be written.
pub fn write_codebook(schema: &Schema, path: &Path, places: &Places) -> Result<Vec<Finding>, StoreError> {
    let (page, losses) = if extension(path) == "qdc" { write_qdc(schema) } else { (write_schema(schema), Vec::new()) };
    places.disk().replace(path, page.as_bytes())?;
    Ok(losses)
}

/// Counts the uses of the codebook in all sheets.
#[derive(Clone, Debug)]
pub struct UsesJob {
    loader: Loader,
    keys: Vec<SheetKey>,
    // What is newer in memory.
    loaded: BTreeMap<SheetKey, Arc<Sheet>>,
    entities: Vec<Entity>,
}

impl UsesJob {
    /// Reads sheet after sheet. What cannot be read is a finding: its uses are not known.
    #[must_use]
    pub fn run(&self, progress: &Progress, cancel: &CancelToken) -> (CodebookUses, Vec<Finding>) {
        let (mut uses, mut findings) = (CodebookUses::default(), Vec::new());
        progress.set_total(self.keys.len() as u64);
        self.entities.iter().for_each(|entity| uses.add_entity(entity));
        for key in self.keys.iter().take_while(|_| !cancel.is_cancelled()) {
            match self.loaded.get(key) {
                Some(sheet) => uses.add_sheet(sheet),
                None => match self.loader.sheet(key) {
                    Ok(sheet) => sheet.iter().for_each(|sheet| uses.add_sheet(sheet)),
                    Err(error) => findings.push(Finding::new(Severity::Error, "unreadable", error.to_string()).about(&key.document).by(&key.coder)),
                },
            }
            progress.add(1);
        }
        (uses, findings)
    }
}

impl Workspace {
    /// Counts the uses of the codebook: by all coders, also in documents in the trash.
    #[must_use]
    pub fn codebook_uses(&self) -> UsesJob {
        let coders = || self.state.coders.keys();
        let keys = self.state.documents.keys().flat_map(|document| coders().map(move |coder| SheetKey::new(document, coder))).collect();
        let loaded = self.loaded.iter().map(|key| (key.clone(), self.state.sheet(key).clone())).collect();
        UsesJob { loader: self.loader(), keys, loaded, entities: self.state.entities.values().cloned().collect() }
    }
}
