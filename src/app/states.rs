//! Earlier states of this and of other projects: listed, compared, copied, restored.

use std::path::PathBuf;

use super::App;
use super::dialogs::Dialog;
use super::jobs::Done;
use super::queue::Action;
use super::words::{tr, tr_count};
use crate::model::Finding;
use crate::store::{StoreError, random_ids};
use crate::workspace::states::{FileChange, KnownProject, StateId, known_projects};
use crate::workspace::{RestorePlan, SaveState};

impl App {
    /// Shows the states of the open project, or of those that are known on this machine.
    pub(crate) fn show_states(&mut self) {
        let places = self.places.clone();
        self.dialog = Some(Dialog::States(Box::default()));
        self.jobs.start(&self.ctx, tr("Looking for earlier states"), move |_, _| Done::StatesRead(known_projects(&places)));
    }

    pub(crate) fn states_read(&mut self, projects: Vec<KnownProject>) {
        let open = self.session.as_ref().map(|session| session.workspace.dir().to_owned());
        if let Some(Dialog::States(form)) = &mut self.dialog {
            form.take_projects(projects, open.as_deref());
        }
    }

    /// What differs between a state and the files as they are now.
    pub(crate) fn compare_state(&mut self, project: KnownProject, state: StateId) {
        self.jobs.start(&self.ctx, tr("Comparing"), move |progress, cancel| {
            // Finding out what there is now reads every file.
            let changes = project.compare(&state, None).and_then(|job| job.run(progress, cancel));
            Done::StateCompared(state, changes)
        });
    }

    pub(crate) fn state_compared(&mut self, state: &StateId, changes: Result<Vec<FileChange>, StoreError>) {
        if let Some(Dialog::States(form)) = &mut self.dialog {
            form.take_changes(state, changes.map_err(|error| error.to_string()));
        }
    }

    /// Writes a state as a project of its own, and opens it.
    pub(crate) fn copy_state(&mut self, project: KnownProject, state: StateId, target: PathBuf) {
        let places = self.places.clone();
        self.jobs.start(&self.ctx, tr("Copying"), move |progress, cancel| {
            let copied = project.copy(&state, &target, &places, &mut random_ids()).and_then(|job| job.run(progress, cancel));
            Done::StateCopied(copied.map(|copied| (target, copied.findings)))
        });
    }

    pub(crate) fn state_copied(&mut self, result: Result<(PathBuf, Vec<Finding>), StoreError>) {
        match result {
            Ok((dir, findings)) => {
                self.note_findings(findings);
                self.queue.push(Action::OpenPaths(vec![dir]));
            }
            Err(error) => self.alarm(error.to_string()),
        }
    }

    /// Brings the open project back to a state, once everything is saved.
    pub(crate) fn restore_state(&mut self, state: StateId) {
        self.to_restore = Some(state);
        self.save_now();
        self.go_on_restoring();
    }

    /// Goes on when nothing is left to be saved.
    pub(crate) fn go_on_restoring(&mut self) {
        let (Some(session), Some(state)) = (&mut self.session, self.to_restore.take()) else { return };
        match session.workspace.save_state() {
            SaveState::Saved => match session.workspace.begin_restore(&state) {
                Ok(job) => self
                    .jobs
                    .start(&self.ctx, tr("Reading the state"), move |progress, cancel| Done::RestorePlanned(job.run(progress, cancel).map(Box::new))),
                Err(error) => self.alarm(error.to_string()),
            },
            SaveState::Failed { .. } => {
                self.alarm(tr("What is not saved yet must be saved before a state can be restored. See the line at the bottom."))
            }
            // A checkpoint runs; it comes back here.
            SaveState::Journalled | SaveState::Saving => self.to_restore = Some(state),
        }
    }

    pub(crate) fn restore_planned(&mut self, result: Result<Box<RestorePlan>, StoreError>) {
        let Some(session) = &mut self.session else { return };
        let restored = match result.map_err(Into::into).and_then(|plan| session.workspace.finish_restore(*plan)) {
            Ok(restored) => restored,
            Err(error) => return self.alarm(error.to_string()),
        };
        session.forget_gone_marks();
        self.autosave.changed(&self.ctx);
        let others = if restored.others == 0 {
            String::new()
        } else {
            format!(" {}", tr_count("{} sheet of another coder stays as it is.", "{} sheets of other coders stay as they are.", restored.others))
        };
        let rows = tr_count("{} row is as it was. Undo takes this back.", "{} rows are as they were. Undo takes this back.", restored.rows);
        self.say(format!("{rows}{others}"));
    }
}
