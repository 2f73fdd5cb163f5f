//! What the checks find: live for the shown article, and by a job for the whole project.

use super::App;
use super::jobs::Done;
use super::session::Session;
use super::words::{tr, tr_count};
use crate::check::{check_sheet_fully, fix_all, ignore_name, is_fixable};
use crate::edit::ops;
use crate::model::{Finding, Node, SheetKey};
use crate::store::MERGE_RESIDUE;

/// The shown article is checked when nothing has changed for so long, in seconds.
const REST: f64 = 0.15;
/// The rule that finds what both sides of a git merge had changed.
const MERGED: &str = "changed-by-both";

/// What was found, and which of it is shown.
#[derive(Default)]
pub(crate) struct Problems {
    /// Of the shown article, but for what is ignored.
    pub(crate) here: Vec<Problem>,
    /// Of the shown article, ignored.
    pub(crate) ignored: Vec<Problem>,
    /// Of all articles, once they were checked.
    pub(crate) everywhere: Option<Vec<Finding>>,
    pub(crate) shown: ShownProblems,
    made_from: Option<Source>,
    waiting_for: Option<(Source, f64)>,
}

/// A finding and what can be done about it at once.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Problem {
    pub(crate) finding: Finding,
    pub(crate) is_fixable: bool,
}

#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub(crate) enum ShownProblems {
    #[default]
    Here,
    Ignored,
    Everywhere,
}

/// The sheet, and the revisions of sheet, codebook and entities.
type Source = (SheetKey, u64, u64, u64);

impl Problems {
    /// Checks the shown article again when it has changed and the hands rest. Returns how long to wait for that, in seconds.
    fn refresh(&mut self, session: &Session, now: f64) -> Option<f64> {
        let Some(key) = session.current() else {
            (self.here, self.ignored, self.made_from) = (Vec::new(), Vec::new(), None);
            return None;
        };
        let state = session.workspace.state();
        let source: Source = (key.clone(), state.sheet_revision(key), state.schema_revision, state.entities_revision);
        if self.made_from.as_ref() == Some(&source) {
            return None;
        }
        let is_other_article = self.made_from.as_ref().is_none_or(|(known, ..)| known != key);
        let since = match &self.waiting_for {
            Some((waiting, since)) if *waiting == source => *since,
            _ => {
                self.waiting_for = Some((source.clone(), now));
                now
            }
        };
        if !is_other_article && now - since < REST {
            return Some(REST - (now - since));
        }
        let names = &state.sheet(key).info.ignored;
        let (ignored, here): (Vec<Finding>, Vec<Finding>) =
            check_sheet_fully(state, key).into_iter().partition(|finding| ignore_name(finding).is_some_and(|name| names.contains(&name)));
        let merged = session
            .findings
            .iter()
            .filter(|finding| finding.rule == MERGED && (finding.document.is_none() || finding.document.as_ref() == Some(&key.document)));
        let problem = |finding: Finding| Problem { is_fixable: finding.rule == MERGED || is_fixable(state, &finding), finding };
        self.here = merged.cloned().chain(here).map(problem).collect();
        self.ignored = ignored.into_iter().map(problem).collect();
        (self.made_from, self.waiting_for) = (Some(source), None);
        None
    }

    /// Looks again at once.
    fn forget(&mut self) {
        self.made_from = None;
    }
}

impl App {
    pub(crate) fn refresh_problems(&mut self) {
        let now = self.ctx.input(|input| input.time);
        if let Some(wait) = self.session.as_ref().and_then(|session| self.panels.problems.refresh(session, now)) {
            self.ctx.request_repaint_after(std::time::Duration::from_secs_f64(wait));
        }
    }

    /// Goes to what a finding is about.
    pub(crate) fn go_to_problem(&mut self, finding: &Finding) {
        let here = self.session.as_ref().and_then(|session| session.current()).cloned();
        let is_here = here.is_some_and(|key| finding.document.as_ref() == Some(&key.document));
        match (&finding.document, finding.node) {
            (_, Some(node @ (Node::Relation(_) | Node::Entity(_)))) if is_here || finding.document.is_none() => self.go_to_node(node),
            (Some(document), Some(node)) => match node.mark() {
                Some(mark) => self.open_at(document, super::session::Place::Mark(mark)),
                None => self.open_document(document),
            },
            (Some(document), None) => self.open_document(document),
            (None, _) => {}
        }
    }

    /// Mends one finding, where that is safe.
    pub(crate) fn fix_problem(&mut self, finding: &Finding) {
        if finding.rule == MERGED {
            return self.settle_merge(finding);
        }
        self.change(|state| Ok(fix_all(state, [finding]).0));
        self.forget_gone_marks();
    }

    /// Mends all that is safe to mend in the shown article.
    pub(crate) fn fix_all_problems(&mut self) {
        let Some(session) = &self.session else { return };
        let findings: Vec<&Finding> = self.panels.problems.here.iter().filter(|problem| problem.is_fixable).map(|problem| &problem.finding).collect();
        let (transaction, count) = fix_all(session.workspace.state(), findings.into_iter().filter(|finding| finding.rule != MERGED));
        if self.commit(Ok(transaction)) {
            self.say(tr_count("1 problem is mended; Undo takes it back", "{} problems are mended; Undo takes it back", count));
        }
        self.forget_gone_marks();
    }

    /// What both sides of a merge had changed was looked at.
    fn settle_merge(&mut self, finding: &Finding) {
        let Some(session) = &self.session else { return };
        let transaction = ops::settle_merge(session.workspace.state(), finding, MERGE_RESIDUE);
        if self.commit(transaction)
            && let Some(session) = &mut self.session
        {
            session.findings.retain(|other| other != finding);
            self.panels.problems.forget();
        }
    }

    pub(crate) fn ignore_problem(&mut self, finding: &Finding, is_ignored: bool) {
        if let Some(name) = ignore_name(finding) {
            self.change_sheet(|state, key| Ok(ops::ignore_finding(state, key, &name, is_ignored)));
        }
    }

    /// Checks all articles, off the window's thread.
    pub(crate) fn check_project(&mut self) {
        let Some(session) = &self.session else { return };
        let job = session.workspace.check_all();
        self.panels.problems.shown = ShownProblems::Everywhere;
        self.jobs.start(&self.ctx, tr("Checking"), move |progress, cancel| Done::Checked(job.run(progress, cancel)));
    }

    pub(crate) fn checked(&mut self, findings: Vec<Finding>) {
        self.say(tr_count("1 problem in the project", "{} problems in the project", findings.len()));
        self.panels.problems.everywhere = Some(findings);
    }
}
