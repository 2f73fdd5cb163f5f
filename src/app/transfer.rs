//! Import, export and copies: the operations that the verbs use too, as jobs.

use std::path::PathBuf;

use super::App;
use super::dialogs::{Dialog, EncodingForm, ExportChoice};
use super::jobs::{Done, ImportRead, UndecodedFiles};
use super::queue::Action;
use super::words::{tr, tr_count, tr_with};
use crate::format::{self, ExportReport, Undecoded};
use crate::model::Document;
use crate::store::{StoreError, random_ids};
use crate::text::Text;
use crate::workspace::export::{self, ExportDone, ExportSource};
use crate::workspace::import::{self, ImportOptions, ImportReport};
use crate::workspace::{NewDocument, OpenOptions, Who, Workspace};

/// Bytes that the preview of an encoding needs.
const PREVIEW_BYTES: u64 = 8192;

impl App {
    /// Adds articles and annotations to the open project. Where an encoding is not certain, it is asked for.
    pub(crate) fn import_files(&mut self, paths: Vec<PathBuf>, encoding: Option<String>) {
        let Some(session) = &mut self.session else { return };
        let base = match session.workspace.import_base() {
            Ok(base) => base,
            Err(error) => return self.alarm(error.to_string()),
        };
        let tables = import::tables_of(session.workspace.state());
        let options = ImportOptions { encoding, ..ImportOptions::new(session.workspace.coder().clone()) };
        self.jobs.start(&self.ctx, tr("Importing"), move |progress, cancel| {
            let plan = import::read_import(&paths, &tables, &options, random_ids(), (progress, cancel)).map_err(|error| error.to_string());
            let undecoded = plan.as_ref().map_or_else(|_| Default::default(), |plan| plan.undecoded().to_vec());
            let ready = plan.and_then(|plan| base.prepare(plan, (progress, cancel)).map_err(|error| error.to_string()));
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

    /// Reads the files that wait behind an answered question; each encoding has a question of its own.
    pub(crate) fn go_on_importing(&mut self, paths: Vec<PathBuf>) {
        if !paths.is_empty() {
            self.import_files(paths, None);
        }
    }

    /// A typed or pasted text becomes an article, in a new project where none is open.
    pub(crate) fn add_text(&mut self, title: String, text: String) {
        if self.coder_or_ask(|| Some(Action::AddText { title: title.clone(), text: text.clone() })).is_none() {
            return;
        }
        let Some(session) = &mut self.session else {
            self.waiting_text = Some((title.clone(), text));
            return self.create_project_for(&title);
        };
        let text = Text::new(text);
        let id = session.workspace.new_document_id(&title);
        let new = NewDocument { id: id.clone(), document: Document::new(title, text.hash().clone()), text, original: None };
        match session.workspace.add_documents("add article", vec![new], Vec::new()) {
            Ok(_) => self.open_document(&id),
            Err(error) => self.say(error.to_string()),
        }
        self.autosave.changed(&self.ctx);
    }

    /// Works out what an export would keep, change and drop.
    pub(crate) fn plan_export(&mut self, choice: &ExportChoice) {
        let (name, offsets) = (choice.format, choice.offsets);
        match self.export_source(choice) {
            Ok(source) => self.jobs.start(&self.ctx, tr("Looking through the project"), move |progress, cancel| {
                let plan = format::find(name)
                    .ok_or_else(|| name.to_owned())
                    .and_then(|format| export::plan_export(source, format, offsets, (progress, cancel)).map_err(|error| error.to_string()));
                Done::ExportPlanned(plan.map(|plan| plan.report))
            }),
            Err(error) => self.export_planned(Err(error)),
        }
    }

    fn export_source(&self, choice: &ExportChoice) -> Result<ExportSource, String> {
        let session = self.session.as_ref().ok_or_else(|| tr("No project is open").into_owned())?;
        let scope = export::ExportChoice { coder: None, document: choice.document.clone(), boilerplate: choice.boilerplate };
        ExportSource::new(&session.workspace, &scope).map_err(|error| error.to_string())
    }

    pub(crate) fn export_planned(&mut self, result: Result<ExportReport, String>) {
        if let Some(Dialog::Export(form)) = &mut self.dialog {
            form.take_report(result);
        }
    }

    /// Writes an export with its report.
    pub(crate) fn export(&mut self, choice: ExportChoice) {
        match self.export_source(&choice) {
            Ok(source) => self.jobs.start(&self.ctx, tr("Exporting"), move |progress, cancel| {
                let Some(format) = format::find(choice.format) else { return Done::Exported(Err(choice.format.to_owned())) };
                let plan = export::plan_export(source, format, choice.offsets, (progress, cancel));
                let done = plan.and_then(|plan| export::run_export(&plan, &choice.path, (progress, cancel)));
                Done::Exported(done.map(|done| (choice.path, done)).map_err(|error| error.to_string()))
            }),
            Err(error) => self.alarm(error),
        }
    }

    pub(crate) fn exported(&mut self, result: Result<(PathBuf, ExportDone), String>) {
        match result {
            Ok((path, done)) => {
                let lossless = if done.report.is_lossless() {
                    tr("everything was carried over")
                } else {
                    tr("see the report beside it for what could not be carried over")
                };
                self.say(format!("{}; {lossless}", tr_with("Exported to {}", path.display())));
            }
            Err(error) => self.alarm(error),
        }
    }

    /// Copies the project and goes on with the copy.
    pub(crate) fn save_project_as(&mut self, dir: PathBuf) {
        self.remember_place();
        let Some(session) = &self.session else { return };
        let name = dir.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        match session.workspace.save_as(&dir, &name, &mut random_ids()) {
            Ok(job) => {
                self.jobs.start(&self.ctx, tr("Copying the project"), move |progress, cancel| Done::SavedAs(job.run(progress, cancel).map(|()| dir)))
            }
            Err(error) => self.alarm(error.to_string()),
        }
    }

    pub(crate) fn saved_as(&mut self, result: Result<PathBuf, StoreError>) {
        let dir = match result {
            Ok(dir) => dir,
            Err(error) => return self.alarm(error.to_string()),
        };
        let Some(session) = &self.session else { return };
        let options = OpenOptions::read_write(Who::Coder(session.workspace.coder().clone()));
        let places = self.places.clone();
        self.close_session();
        self.jobs.start(&self.ctx, tr("Opening"), move |_, _| Done::opened(Workspace::open(&dir, options, &places)));
    }

    pub(crate) fn keep_mine(&mut self) {
        let kept = self.session.as_mut().map(|session| session.workspace.keep_mine());
        if let Some(Err(error)) = kept {
            self.alarm(error.to_string());
        }
        self.save_now();
    }

    pub(crate) fn take_theirs(&mut self) {
        let taken = self.session.as_mut().map(|session| session.workspace.take_theirs());
        if let Some(Err(error)) = taken {
            self.alarm(error.to_string());
        }
        self.save_now();
    }
}

/// The files that look like the first of them; those that look otherwise wait for a question of their own.
fn undecoded_files(paths: &[PathBuf], undecoded: &[Undecoded]) -> Option<UndecodedFiles> {
    let first = undecoded.first()?;
    let (same, other): (Vec<&Undecoded>, Vec<&Undecoded>) = undecoded.iter().partition(|file| file.guess == first.guess);
    let (same, later) = (import::undecoded_paths(paths, same), import::undecoded_paths(paths, other));
    let head = same.first().and_then(|path| import::head_of(path, PREVIEW_BYTES).ok()).unwrap_or_default();
    Some(UndecodedFiles { name: first.file.clone(), guess: first.guess, paths: same, head, later })
}
