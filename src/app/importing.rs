//! Files come into the project: looked at first, then read as a job, and added by `adding`.

use std::path::PathBuf;

use super::App;
use super::dialogs::{Dialog, EncodingForm, ImportChoice, ImportForm};
use super::jobs::{Done, ImportRead, ImportSeen, UndecodedFiles};
use super::words::{tr, tr_count};
use crate::format::{self, KnownTexts, Undecoded};
use crate::store::random_ids;
use crate::workspace::Workspace;
use crate::workspace::import::{self, ImportOptions, ImportPreview, ImportReport};

/// Bytes that the preview of an encoding needs.
const PREVIEW_BYTES: u64 = 8192;

impl App {
    /// Looks at files that come to the open project. Plain texts are added at once; for everything else the user first sees
    /// what it is taken for and what it would bring.
    pub(crate) fn look_at_files(&mut self, paths: Vec<PathBuf>, encoding: Option<String>) {
        if !paths.is_empty() {
            self.preview_import(paths, ImportChoice::with_encoding(encoding));
        }
    }

    /// Works out what an import would bring.
    pub(crate) fn preview_import(&mut self, paths: Vec<PathBuf>, choice: ImportChoice) {
        let Some(session) = &self.session else { return };
        let tables = import::tables_of(session.workspace.state());
        let options = import_options(&session.workspace, &choice);
        self.jobs.start(&self.ctx, tr("Looking at the files"), move |progress, cancel| {
            let preview = match with_mapping(options, &choice) {
                Ok(options) => import::preview_import(&paths, &tables, &options, random_ids(), (progress, cancel)),
                Err(why) => ImportPreview::failed(&paths, why),
            };
            Done::ImportSeen(Box::new(ImportSeen { paths, choice, preview }))
        });
    }

    /// Files were looked at: for a form that waits for it, or for the first time.
    pub(crate) fn import_seen(&mut self, seen: ImportSeen) {
        match &mut self.dialog {
            Some(Dialog::Import(form)) if form.is_of(&seen.paths) => form.take_preview(seen.choice, seen.preview),
            _ if seen.preview.files.is_empty() && seen.preview.error.is_some() => self.alarm(seen.preview.error.unwrap_or_default()),
            _ if seen.preview.is_plain() => self.import_files(seen.paths, seen.choice),
            _ => self.looked_at.push_back(seen),
        }
    }

    /// Asks how the next files are to be read, when nothing else is asked and what was found about those before can be shown.
    pub(crate) fn ask_about_files(&mut self) {
        if self.dialog.is_some() || self.adding.is_some() {
            return;
        }
        let Some(session) = &self.session else { return self.looked_at.clear() };
        let Some(ImportSeen { paths, choice, preview }) = self.looked_at.pop_front() else { return };
        let coder = session.workspace.coder();
        let name = session.workspace.state().coders.get(coder).map_or_else(|| coder.to_string(), |row| row.name.clone());
        self.dialog = Some(Dialog::Import(Box::new(ImportForm::new(paths, choice, preview, name))));
    }

    /// Adds articles and annotations to the open project. Where an encoding is not certain, it is asked for.
    pub(crate) fn import_files(&mut self, paths: Vec<PathBuf>, choice: ImportChoice) {
        let Some(session) = &mut self.session else { return };
        let options = import_options(&session.workspace, &choice);
        let base = match session.workspace.import_base() {
            Ok(base) => base,
            Err(error) => return self.alarm(error.to_string()),
        };
        let tables = import::tables_of(session.workspace.state());
        self.jobs.start(&self.ctx, tr("Importing"), move |progress, cancel| {
            let ready = with_mapping(options, &choice).and_then(|options| {
                import::read_ready(&paths, base, &tables, &options, random_ids(), (progress, cancel)).map_err(|error| error.to_string())
            });
            let undecoded = ready.as_ref().map(|ready| ready.undecoded().to_vec()).unwrap_or_default();
            Done::ImportRead(Box::new(ImportRead { ready, undecoded: undecoded_files(&paths, &undecoded) }))
        });
    }

    pub(crate) fn imported(&mut self, report: &ImportReport, undecoded: Option<UndecodedFiles>) {
        let count = report.documents.len();
        if count > 0 {
            let labels = if report.new_labels.is_empty() {
                String::new()
            } else {
                format!("; {}", tr_count("{} new label", "{} new labels", report.new_labels.len()))
            };
            let place = self.session.as_ref().map(|session| session.workspace.dir().display().to_string()).unwrap_or_default();
            let added = tr_count("{} document was added", "{} documents were added", count);
            self.say(format!("{added}{labels} · {place}"));
        }
        if let Some(session) = &mut self.session {
            session.findings.extend(report.findings.iter().cloned());
        }
        if let Some(undecoded) = undecoded {
            self.dialog = Some(Dialog::Encoding(EncodingForm::new(undecoded)));
        } else if !report.findings.is_empty() && self.dialog.is_none() {
            self.dialog = Some(Dialog::Findings);
        }
        if let Some(first) = report.documents.first() {
            self.open_document(&first.clone());
        }
    }
}

fn import_options(workspace: &Workspace, choice: &ImportChoice) -> ImportOptions {
    let loader = workspace.loader();
    ImportOptions {
        coder_pattern: choice.coder_pattern.clone(),
        format: choice.format.and_then(format::find),
        encoding: choice.encoding.clone(),
        columns: choice.columns.clone(),
        texts: KnownTexts::new(move |id| loader.text(id).ok()),
        unit: choice.unit,
        ..ImportOptions::new(workspace.coder().clone())
    }
}

/// The mapping is read where the files are, not on the window's thread.
fn with_mapping(mut options: ImportOptions, choice: &ImportChoice) -> Result<ImportOptions, String> {
    choice.mapping.as_ref().map_or(Ok(()), |path| options.map_json(path)).map(|()| options)
}

/// The files that look like the first of them; those that look otherwise wait for a question of their own.
fn undecoded_files(paths: &[PathBuf], undecoded: &[Undecoded]) -> Option<UndecodedFiles> {
    let first = undecoded.first()?;
    let (same, other): (Vec<&Undecoded>, Vec<&Undecoded>) = undecoded.iter().partition(|file| file.guess == first.guess);
    let (same, later) = (import::undecoded_paths(paths, same), import::undecoded_paths(paths, other));
    let head = same.first().and_then(|path| import::head_of(path, PREVIEW_BYTES).ok()).unwrap_or_default();
    Some(UndecodedFiles { name: first.file.clone(), guess: first.guess, paths: same, head, later })
}
