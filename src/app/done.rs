//! What finished jobs bring: one line per kind.

use std::path::PathBuf;

use eframe::egui::Context;

use super::App;
use super::jobs::Done;

impl App {
    pub(crate) fn take_finished_jobs(&mut self) {
        for done in self.jobs.finished() {
            self.job_done(done);
        }
    }

    pub(crate) fn job_done(&mut self, done: Done) {
        match done {
            Done::Opened(result) => self.project_opened(result),
            Done::WhoWanted(dir, coders) => self.ask_who(dir, coders),
            Done::TextRead(key, result) => self.text_read(&key, result),
            Done::Loaded(key, result, ready) => self.document_loaded(&key, result, ready),
            Done::Surveyed(read, findings) => {
                self.surveyed(*read);
                self.note_findings(findings);
            }
            Done::SheetChecked(source, found) => self.sheet_checked(source, *found),
            Done::Checked(findings) => self.checked(findings),
            Done::ChangeCounted(change, counted) => self.change_counted(&change, counted),
            Done::CodebookCounted(uses) => self.codebook_counted(uses),
            Done::AllChanged(result) => self.all_changed(result),
            Done::DuplicatesFound(revision, pairs) => self.panels.entities.take_duplicates(revision, pairs),
            Done::DictionaryRead(dictionary, findings) => self.dictionary_read(*dictionary, findings),
            Done::UsesRead(documents, sheets) => self.uses_read(&documents, sheets),
            Done::SheetsRead(document, sheets) => self.sheets_read(&document, sheets),
            Done::TextsRead => {}
            Done::Watched(watched, took) => self.watched(watched, took),
            Done::BackedUp(result) => self.backed_up(result),
            Done::ActivityRead(seconds) => self.activity_read(seconds),
            Done::StatesRead(projects) => self.states_read(projects),
            Done::StateCompared(state, result) => self.state_compared(&state, result),
            Done::StateCopied(result) => self.state_copied(result),
            Done::RestorePlanned(result) => self.restore_planned(result),
            Done::GuidelinesRead(read) => self.guidelines_read(read),
            Done::GuidelinesSaved(saved) => self.guidelines_saved(saved),
            Done::CodebookLooked(path, looked) => self.codebook_looked(&path, *looked),
            Done::SerifFound(face) => self.serif_found(face.map(|face| *face)),
            Done::Written(result) => self.written(result),
            Done::Searched(findings) => self.note_findings(findings),
            Done::Sorted(generation, order) => self.lines_sorted(generation, order),
            Done::Checkpoint(done) => self.checkpoint_done(*done),
            Done::ImportSeen(seen) => self.import_seen(*seen),
            Done::ImportRead(read) => self.import_read(*read),
            Done::ExportPlanned(choice, result) => self.export_planned(&choice, result),
            Done::Exported(result) => self.exported(result),
            Done::SavedAs(result) => self.saved_as(result),
            Done::Picked(path_use, paths) => self.take_paths(path_use, &paths),
        }
    }

    /// Files that were dropped on the window.
    pub(crate) fn take_dropped_files(&mut self, ctx: &Context) {
        let dropped: Vec<PathBuf> = ctx.input(|input| input.raw.dropped_files.iter().map(|file| file.path().to_owned()).collect());
        if !dropped.is_empty() {
            self.open_paths(dropped);
        }
    }
}
