//! What the checks find: live for the shown article, and by a job for the whole project.

use super::App;
use super::jobs::Done;
use super::session::Session;
use super::words::{tr, tr_count};
use crate::check::{are_fixable, check_sheet, check_sheet_fully, fix_all, ignore_name};
use crate::edit::ops;
use crate::model::{Finding, Node, SheetKey, State};
use crate::store::MERGE_RESIDUE;

/// The shown article is checked when nothing has changed for so long, in seconds.
const REST: f64 = 0.15;
/// The rule that finds what both sides of a git merge had changed.
const MERGED: &str = "changed-by-both";

/// More findings of an article are counted, but not listed.
const MAX_LISTED: usize = 500;

/// What was found, and which of it is shown.
#[derive(Default)]
pub(crate) struct Problems {
    /// Of the shown article.
    pub(crate) of_article: SheetProblems,
    /// Of all articles, once they were checked.
    pub(crate) everywhere: Option<Vec<Finding>>,
    pub(crate) shown: ShownProblems,
    made_from: Option<Source>,
    being_checked: Option<Source>,
    waiting_for: Option<(Source, f64)>,
}

/// What is wrong with an article.
#[derive(Default)]
pub(crate) struct SheetProblems {
    /// But for what is ignored.
    pub(crate) here: Vec<Problem>,
    /// What is ignored.
    pub(crate) ignored: Vec<Problem>,
    /// How many more there are than are listed.
    pub(crate) unlisted: usize,
    /// How many of those here can be mended.
    pub(crate) fixable: usize,
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
pub(crate) type Source = (SheetKey, u64, u64, u64);

fn source_of(state: &State, key: &SheetKey) -> Source {
    (key.clone(), state.sheet_revision(key), state.schema_revision, state.entities_revision)
}

/// What is to be done about the shown article.
enum Due {
    Nothing,
    /// Wait so many seconds for the hands to rest.
    Wait(f64),
    Check(Source),
}

impl Problems {
    /// The shown article is checked again when it has changed and the hands rest.
    fn due(&mut self, session: &Session, now: f64) -> Due {
        let Some(key) = session.current() else {
            (self.of_article, self.made_from) = (SheetProblems::default(), None);
            return Due::Nothing;
        };
        let source = source_of(session.workspace.state(), key);
        if self.made_from.as_ref() == Some(&source) || self.being_checked.is_some() {
            return Due::Nothing;
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
            return Due::Wait(REST - (now - since));
        }
        (self.being_checked, self.waiting_for) = (Some(source.clone()), None);
        Due::Check(source)
    }

    /// How many there are in the shown article.
    pub(crate) fn count(&self) -> usize {
        self.of_article.here.len() + self.of_article.unlisted
    }

    /// Looks again at once.
    fn forget(&mut self) {
        self.made_from = None;
    }
}

impl SheetProblems {
    /// Checks a sheet. `merged` are findings of a merge by git, which somebody has to look at.
    fn of(state: &State, key: &SheetKey, merged: Vec<Finding>) -> Self {
        let names = &state.sheet(key).info.ignored;
        let is_ignored = |finding: &Finding| !names.is_empty() && ignore_name(finding).is_some_and(|name| names.contains(&name));
        let (mut ignored, found): (Vec<Finding>, Vec<Finding>) = check_sheet_fully(state, key).into_iter().partition(is_ignored);
        let mut here = merged;
        here.extend(found);
        let can_fix = are_fixable(state, &here);
        let mut here: Vec<Problem> =
            here.into_iter().zip(can_fix).map(|(finding, can_fix)| Problem { is_fixable: can_fix || finding.rule == MERGED, finding }).collect();
        let fixable = here.iter().filter(|problem| problem.is_fixable).count();
        let unlisted = here.len().saturating_sub(MAX_LISTED);
        here.truncate(MAX_LISTED);
        here.shrink_to_fit();
        ignored.truncate(MAX_LISTED);
        let ignored = ignored.into_iter().map(|finding| Problem { finding, is_fixable: false }).collect();
        Self { here, ignored, unlisted, fixable }
    }
}

impl App {
    pub(crate) fn refresh_problems(&mut self) {
        let now = self.ctx.input(|input| input.time);
        let Some(session) = &self.session else { return };
        match self.panels.problems.due(session, now) {
            Due::Nothing => {}
            Due::Wait(seconds) => self.ctx.request_repaint_after(std::time::Duration::from_secs_f64(seconds)),
            Due::Check(source) => {
                let key = source.0.clone();
                let is_about = |finding: &&Finding| finding.document.as_ref().is_none_or(|document| *document == key.document);
                let merged = session.findings.iter().filter(|finding| finding.rule == MERGED).filter(is_about).cloned().collect();
                let state = session.workspace.state().around(&key);
                self.jobs.start(&self.ctx, tr("Checking"), move |_, _| Done::SheetChecked(source, Box::new(SheetProblems::of(&state, &key, merged))));
            }
        }
    }

    /// The shown article was checked, or one that was shown before.
    pub(crate) fn sheet_checked(&mut self, source: Source, found: SheetProblems) {
        let problems = &mut self.panels.problems;
        problems.being_checked = None;
        if self.session.as_ref().and_then(|session| session.current()) == Some(&source.0) {
            (problems.of_article, problems.made_from) = (found, Some(source));
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
        let Some(key) = session.current() else { return };
        let state = session.workspace.state();
        // Not only what is listed.
        let (transaction, count) = fix_all(state, &check_sheet(state, key));
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
