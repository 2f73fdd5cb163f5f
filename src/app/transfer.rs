//! Export, copies and typed articles: the operations that the verbs use too, as jobs. Files come in by `importing`.

use std::path::PathBuf;

use super::App;
use super::dialogs::{Dialog, ExportChoice};
use super::jobs::Done;
use super::queue::Action;
use super::words::{tr, tr_count, tr_with};
use crate::format::{self, ExportReport};
use crate::model::Document;
use crate::progress::{CancelToken, Progress};
use crate::store::{StoreError, random_ids};
use crate::text::Text;
use crate::workspace::export::{self, ExportDone, ExportPlan, ExportSource};
use crate::workspace::{NewDocument, OpenOptions, Who, Workspace};

impl App {
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
    pub(crate) fn plan_export(&mut self, choice: ExportChoice) {
        match self.export_source(&choice) {
            Ok(source) => self.jobs.start(&self.ctx, tr("Looking through the project"), move |progress, cancel| {
                let report = plan(source, &choice, (progress, cancel)).map(|plan| plan.report);
                Done::ExportPlanned(Box::new(choice), report)
            }),
            Err(error) => self.export_planned(&choice, Err(error)),
        }
    }

    fn export_source(&self, choice: &ExportChoice) -> Result<ExportSource, String> {
        let session = self.session.as_ref().ok_or_else(|| tr("No project is open").into_owned())?;
        ExportSource::new(&session.workspace, &choice.scope).map_err(|error| error.to_string())
    }

    pub(crate) fn export_planned(&mut self, choice: &ExportChoice, result: Result<ExportReport, String>) {
        if let Some(Dialog::Export(form)) = &mut self.dialog {
            form.take_report(choice, result);
        }
    }

    /// Writes an export with its report.
    pub(crate) fn export(&mut self, choice: ExportChoice) {
        match self.export_source(&choice) {
            Ok(source) => self.jobs.start(&self.ctx, tr("Exporting"), move |progress, cancel| {
                let plan = plan(source, &choice, (progress, cancel));
                let done = plan.and_then(|plan| export::run_export(&plan, &choice.path, (progress, cancel)).map_err(|error| error.to_string()));
                Done::Exported(done.map(|done| (choice.path, done)))
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
                let kept = done.before.kept.len();
                let earlier = match kept {
                    0 => String::new(),
                    _ => tr_count("; {} changed file of an earlier export stays there", "; {} changed files of an earlier export stay there", kept),
                };
                self.say(format!("{}; {lossless}{earlier}", tr_with("Exported to {}", path.display())));
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

fn plan(source: ExportSource, choice: &ExportChoice, control: (&Progress, &CancelToken)) -> Result<ExportPlan, String> {
    let format = format::find(choice.format).ok_or_else(|| choice.format.to_owned())?;
    let source = match &choice.split {
        Some(split) => source.split(split),
        None => Ok(source),
    };
    source.and_then(|source| export::plan_export(source, format, choice.writing.clone(), control)).map_err(|error| error.to_string())
}
