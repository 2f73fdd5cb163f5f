//! Codebooks from files and into files, as the verb `schema` does it.

use std::path::{Path, PathBuf};

use super::App;
use super::dialogs::{Dialog, Found, Looked};
use super::jobs::Done;
use super::words::{tr, tr_with};
use crate::edit::ops::{Adoption, Others, adopt_schema, plan_adoption};
use crate::model::{CodebookUses, Finding, Severity};
use crate::text::with_symbols;
use crate::workspace::codebook::{ReadCodebook, read_codebook, write_codebook};

/// A codebook that was read, the uses of the project's own, and what could not be counted.
pub(crate) type CodebookLooked = Result<(ReadCodebook, CodebookUses, Vec<Finding>), String>;

impl App {
    /// Reads another codebook and counts the uses of the project's own.
    pub(crate) fn look_at_codebook(&mut self, path: PathBuf) {
        let Some(session) = &self.session else { return };
        let (job, known) = (session.workspace.codebook_uses(), session.workspace.state().schema.clone());
        self.jobs.start(&self.ctx, tr("Reading the codebook"), move |progress, cancel| {
            let looked = read_codebook(&path, &known).map_err(|error| error.to_string()).and_then(|read| {
                let (uses, findings) = job.run(progress, cancel);
                if cancel.is_cancelled() { Err(tr("Stopped; nothing was changed").into_owned()) } else { Ok((read, uses, findings)) }
            });
            Done::CodebookLooked(path, Box::new(looked))
        });
    }

    pub(crate) fn codebook_looked(&mut self, path: &Path, looked: CodebookLooked) {
        let Some(Dialog::ImportCodebook(form)) = &mut self.dialog else { return };
        let looked = match looked {
            Ok((read, uses, unread)) => {
                let findings = read.findings.into_iter().chain(unread).collect();
                Looked::Good(Box::new(Found { schema: read.schema, uses, findings, plan: Adoption::default() }))
            }
            Err(why) => Looked::Bad(why),
        };
        form.take(path, looked);
        self.plan_codebook();
    }

    /// Works out again what would happen, after the file was read or another choice was made.
    pub(crate) fn plan_codebook(&mut self) {
        let (Some(session), Some(Dialog::ImportCodebook(form))) = (&self.session, &mut self.dialog) else { return };
        let others = form.others();
        if let Some(found) = form.found_mut() {
            // What a sheet uses that cannot be read is not known: nothing is taken out then.
            let is_known = found.findings.iter().all(|finding| finding.severity < Severity::Error);
            let others = if is_known { others } else { Others::Keep };
            found.plan = plan_adoption(&session.workspace.state().schema, &found.schema, &found.uses, others);
        }
    }

    /// The codebook becomes what was planned: one step to undo.
    pub(crate) fn adopt_codebook(&mut self, plan: &Adoption) {
        let name = plan.schema.info.name.clone();
        let before = self.session.as_ref().map(|session| session.workspace.state().schema_revision);
        self.change(|state| Ok(adopt_schema(state, plan)));
        let is_new = self.session.as_ref().map(|session| session.workspace.state().schema_revision) != before;
        if is_new {
            self.say(tr_with("The codebook is “{}” now; Undo takes it back", with_symbols(&name)));
        }
    }

    /// Writes the codebook as a file.
    pub(crate) fn export_codebook(&mut self, path: PathBuf) {
        let Some(session) = &self.session else { return };
        let (schema, places) = (session.workspace.state().schema.clone(), self.places.clone());
        self.jobs.start(&self.ctx, tr("Exporting"), move |_, _| {
            let written = write_codebook(&schema, &path, &places);
            Done::Written(written.map(|losses| (path, losses)).map_err(|error| error.to_string()))
        });
    }
}
