//! Import, export and copies: the operations that the verbs use too, as jobs.

use std::path::PathBuf;

use super::App;
use super::dialogs::{Dialog, ExportChoice};
use super::words::tr_with;
use crate::format::ExportReport;
use crate::model::Finding;
use crate::store::StoreError;

impl App {
    pub(crate) fn import_files(&mut self, _paths: Vec<PathBuf>, _encoding: Option<String>) {}
    pub(crate) fn import_read(&mut self, _paths: Vec<PathBuf>, _result: Result<(), String>) {}
    pub(crate) fn add_text(&mut self, _title: String, _text: String) {}
    pub(crate) fn plan_export(&mut self, _choice: ExportChoice) {}
    pub(crate) fn export_planned(&mut self, result: Result<ExportReport, String>) {
        if let Some(Dialog::Export(form)) = &mut self.dialog {
            form.take_report(result);
        }
    }
    pub(crate) fn export(&mut self, _choice: ExportChoice) {}
    pub(crate) fn exported(&mut self, result: Result<(PathBuf, Vec<Finding>), String>) {
        match result {
            Ok((path, _)) => self.say(tr_with("Exported to {}", path.display())),
            Err(error) => self.say(error),
        }
    }
    pub(crate) fn save_project_as(&mut self, _dir: PathBuf) {}
    pub(crate) fn saved_as(&mut self, _result: Result<PathBuf, StoreError>) {}
    pub(crate) fn keep_mine(&mut self) {}
    pub(crate) fn take_theirs(&mut self) {}
}
