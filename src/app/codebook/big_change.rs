//! Changes that reach into the sheets of all documents: what they touch is counted and shown first, then they are done by a
//! job, all or nothing, and are one step to undo.

use eframe::egui::{Button, ProgressBar, Ui, vec2};

use super::CodebookAction;
use super::parts::type_name;
use crate::app::App;
use crate::app::dialogs::{Dialog, Next};
use crate::app::jobs::{Done, Job};
use crate::app::queue::{Action, Queue};
use crate::app::words::{tr, tr_count, tr_with};
use crate::check::{check_sheet, fix_all};
use crate::edit::ops::{self, KindChange, LabelMerge, OpError};
use crate::model::{AttributeKey, AttributeKind, CodebookKey, CodebookUses, CoderKey, LabelKey, RelationKey, Schema, Sheet, State};
use crate::text::with_symbols;
use crate::workspace::{ChangeAllError, ChangeOfAll, Uses};

/// The job that works a change out.
const JOB: &str = "Changing all documents";

/// A change of many sheets.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum BigChange {
    /// One label becomes another.
    Merge { winner: LabelKey, loser: LabelKey },
    /// One type of relation becomes another.
    MergeTypes { winner: RelationKey, loser: RelationKey },
    /// An attribute gets another type.
    Kind(AttributeKey, AttributeKind),
    /// A row leaves the codebook, if nothing uses it.
    Delete(CodebookKey),
    /// What is safe to mend is mended everywhere.
    MendAll,
}

/// What a change would touch.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub(crate) struct Counted {
    /// In the coder's own sheets.
    own: Uses,
    /// In those of others.
    others: Uses,
    /// Values that would stay as text.
    unfit: usize,
}

/// Asks before a change is made, and shows how far it is.
pub(crate) struct BigChangeForm {
    change: BigChange,
    counted: Option<Result<Counted, String>>,
    is_running: bool,
}

impl BigChangeForm {
    pub(crate) fn ui(&mut self, ui: &mut Ui, schema: &Schema, jobs: &[Job], queue: &mut Queue) -> Next {
        ui.set_width(440.0_f32.min(ui.ctx().content_rect().width() - 60.0));
        ui.heading(self.change.title(schema));
        ui.add_space(6.0);
        if self.is_running {
            return running_ui(ui, jobs);
        }
        match &self.counted {
            None => drop(ui.weak(tr("Counting…"))),
            Some(Err(error)) => drop(ui.colored_label(ui.visuals().error_fg_color, error)),
            Some(Ok(counted)) => self.change.effects(schema, counted).iter().for_each(|line| drop(ui.label(line))),
        }
        ui.add_space(10.0);
        ui.horizontal(|ui| {
            let counted = self.counted.as_ref().and_then(|counted| counted.as_ref().ok());
            let mut next = Next::Stay;
            let done = self.change.button(counted);
            let is_ready = counted.is_some();
            if ui.add_enabled(is_ready, Button::new(tr(done)).min_size(vec2(90.0, 26.0))).clicked() {
                next = match (&self.change, counted.is_some_and(Counted::is_used)) {
                    (BigChange::Delete(row), true) => {
                        queue.push(Action::Codebook(CodebookAction::Retire(row.clone(), true)));
                        Next::Close
                    }
                    (change, _) => {
                        queue.push(Action::Codebook(CodebookAction::Do(change.clone())));
                        self.is_running = true;
                        Next::Stay
                    }
                };
            }
            if ui.button(tr("Cancel")).clicked() {
                next = Next::Close;
            }
            next
        })
        .inner
    }
}

fn running_ui(ui: &mut Ui, jobs: &[Job]) -> Next {
    let job = jobs.iter().find(|job| job.name == tr(JOB));
    ui.add(ProgressBar::new(job.and_then(|job| job.progress.fraction()).unwrap_or_default()).show_percentage());
    ui.add_space(8.0);
    let is_stopped = ui.button(tr("Stop")).on_hover_text(tr("Nothing is changed then")).clicked();
    if let Some(job) = job.filter(|_| is_stopped) {
        job.cancel.cancel();
    }
    Next::Stay
}

impl Counted {
    fn is_used(&self) -> bool {
        self.own.rows + self.others.rows > 0
    }
}

impl BigChange {
    fn title(&self, schema: &Schema) -> String {
        match self {
            Self::Merge { .. } | Self::MergeTypes { .. } => {
                let (winner, loser) = self.merged().unzip();
                let name = |row: Option<CodebookKey>| row.map(|row| name_of(schema, &row)).unwrap_or_default();
                tr_with(&tr_with("Merge “{}” into “{}”", name(loser)), name(winner))
            }
            Self::Kind(key, kind) => {
                let name = schema.attributes.get(key).map_or(key.as_str(), |def| &def.name);
                tr_with(&tr_with("Change “{}” into: {}", with_symbols(name)), tr(type_name(*kind)))
            }
            Self::Delete(row) => tr_with("Delete “{}”", name_of(schema, row)),
            Self::MendAll => tr("Mend all documents").into_owned(),
        }
    }

    /// What stays and what goes in a merge.
    fn merged(&self) -> Option<(CodebookKey, CodebookKey)> {
        match self {
            Self::Merge { winner, loser } => Some((CodebookKey::Label(winner.clone()), CodebookKey::Label(loser.clone()))),
            Self::MergeTypes { winner, loser } => Some((CodebookKey::RelationType(winner.clone()), CodebookKey::RelationType(loser.clone()))),
            Self::Kind(..) | Self::Delete(_) | Self::MendAll => None,
        }
    }

    /// What it does, in sentences.
    fn effects(&self, schema: &Schema, counted: &Counted) -> Vec<String> {
        let Counted { own, others, unfit } = counted;
        let mut lines = Vec::new();
        let places = |uses: &Uses, rows: (&str, &str)| {
            format!("{} {}", tr_count(rows.0, rows.1, uses.rows), tr_count("in 1 document", "in {} documents", uses.documents))
        };
        match self {
            Self::Merge { .. } | Self::MergeTypes { .. } => {
                let is_label = matches!(self, Self::Merge { .. });
                let rows = if is_label { ("1 mark", "{} marks") } else { ("1 relation", "{} relations") };
                let name = self.merged().map(|(winner, _)| name_of(schema, &winner)).unwrap_or_default();
                lines.push(match own.rows {
                    0 if is_label => tr("None of your marks has it.").into_owned(),
                    0 => tr("None of your relations has it.").into_owned(),
                    _ if is_label => tr_with("{} get the other label.", places(own, rows)),
                    _ => tr_with("{} get the other type.", places(own, rows)),
                });
                if others.rows > 0 {
                    lines.push(tr_with("{} of other coders keep it; the checks offer them to mend it.", places(others, rows)));
                }
                lines.push(tr_with("Its name becomes another name of “{}”. One step to undo.", name));
            }
            Self::Kind(..) => {
                lines.push(match own.rows {
                    0 => tr("You have set no value of it.").into_owned(),
                    _ => tr_with("{} are converted.", places(own, ("1 value", "{} values"))),
                });
                if *unfit > 0 {
                    lines.push(tr_count(
                        "1 of them does not fit: it stays as text, and the checks list it.",
                        "{} of them do not fit: they stay as text, and the checks list them.",
                        *unfit,
                    ));
                }
                if others.rows > 0 {
                    lines.push(tr_with("{} of other coders stay as they are; the checks list them.", places(others, ("1 value", "{} values"))));
                }
                lines.push(tr("One step to undo.").into_owned());
            }
            Self::Delete(_) if counted.is_used() => {
                let all = Uses { rows: own.rows + others.rows, documents: own.documents.max(others.documents) };
                lines.push(tr_with("It is used: {}.", places(&all, ("once", "{} times"))));
                lines.push(tr("Retire it instead: it is not offered any more, and what has it keeps it.").into_owned());
            }
            Self::Delete(_) => lines.push(tr("Nothing uses it. One step to undo.").into_owned()),
            Self::MendAll => {
                lines.push(match own.rows {
                    0 => tr("Nothing is safe to mend.").into_owned(),
                    _ => places(own, ("1 problem is mended", "{} problems are mended")),
                });
                lines.push(tr("Nothing that somebody has said is lost. One step to undo.").into_owned());
            }
        }
        lines
    }

    fn button(&self, counted: Option<&Counted>) -> &'static str {
        match self {
            Self::Merge { .. } | Self::MergeTypes { .. } => "Merge",
            Self::Kind(..) => "Change",
            Self::Delete(_) if counted.is_some_and(Counted::is_used) => "Retire instead",
            Self::Delete(_) => "Delete",
            Self::MendAll => "Mend",
        }
    }

    /// How often it would touch a row of a sheet.
    fn uses_in(&self, sheet: &Sheet) -> usize {
        let row = match self {
            Self::Merge { loser, .. } => &CodebookKey::Label(loser.clone()),
            Self::MergeTypes { loser, .. } => &CodebookKey::RelationType(loser.clone()),
            Self::Kind(key, _) => &CodebookKey::Attribute(key.clone()),
            Self::Delete(row) => row,
            Self::MendAll => return 0,
        };
        let mut uses = CodebookUses::default();
        uses.add_sheet(sheet);
        uses.of(row)
    }
}

fn name_of(schema: &Schema, row: &CodebookKey) -> String {
    with_symbols(schema.name_of(row).unwrap_or(row.as_str())).into_owned()
}

/// What a change does to one sheet.
enum Work {
    Merge(LabelMerge),
    Kind(KindChange),
    Mend,
}

impl Work {
    fn of(state: &State, change: &BigChange) -> Result<Self, OpError> {
        match change {
            BigChange::Merge { winner, loser } => ops::merge_labels(state, winner, std::slice::from_ref(loser)).map(Self::Merge),
            BigChange::MergeTypes { winner, loser } => ops::merge_relation_types(state, winner, std::slice::from_ref(loser)).map(Self::Merge),
            BigChange::Kind(key, kind) => ops::change_attribute_kind(state, key, *kind).map(Self::Kind),
            BigChange::Delete(_) | BigChange::MendAll => Ok(Self::Mend),
        }
    }
}

impl App {
    /// Counts what a change touches, and asks.
    pub(crate) fn ask_about_change(&mut self, change: BigChange) {
        let Some(session) = &self.session else { return };
        let state = session.workspace.state();
        let work = match Work::of(state, &change) {
            Ok(work) => work,
            Err(error) => return self.say(error.to_string()),
        };
        let entities = match &change {
            BigChange::Delete(row) => {
                let mut uses = CodebookUses::default();
                state.entities.values().for_each(|entity| uses.add_entity(entity));
                uses.of(row)
            }
            _ => 0,
        };
        let own = session.workspace.change_all();
        let others: Vec<CoderKey> = state.coders.keys().filter(|coder| *coder != session.workspace.coder()).cloned().collect();
        let others: Vec<_> = others.iter().map(|coder| session.workspace.change_all_of(coder)).collect();
        self.dialog = Some(Dialog::BigChange(BigChangeForm { change: change.clone(), counted: None, is_running: false }));
        self.jobs.start(&self.ctx, tr("Counting"), move |progress, cancel| {
            let count = || -> Result<Counted, ChangeAllError> {
                let mut counted = Counted::default();
                if change == BigChange::MendAll {
                    counted.own = own.uses(&|state, key| fix_all(state, &check_sheet(state, key)).1, (progress, cancel))?;
                    return Ok(counted);
                }
                counted.own = own.count(&|sheet| change.uses_in(sheet), (progress, cancel))?;
                counted.own.rows += entities;
                if let Work::Kind(kind) = &work {
                    counted.unfit = own.count(&|sheet| kind.unfit_in(sheet), (progress, cancel))?.rows;
                }
                for other in &others {
                    let uses = other.count(&|sheet| change.uses_in(sheet), (progress, cancel))?;
                    counted.others.rows += uses.rows;
                    counted.others.documents += uses.documents;
                }
                Ok(counted)
            };
            let counted = count().map_err(|error| error.to_string());
            Done::ChangeCounted(change, counted)
        });
    }

    pub(crate) fn change_counted(&mut self, change: &BigChange, counted: Result<Counted, String>) {
        if let Some(Dialog::BigChange(form)) = &mut self.dialog
            && form.change == *change
        {
            form.counted = Some(counted);
        }
    }

    /// Works the change out on another thread; see [`Self::all_changed`].
    pub(crate) fn do_big_change(&mut self, change: &BigChange) {
        let Some(session) = &self.session else { return };
        let state = session.workspace.state();
        if let BigChange::Delete(row) = change {
            let transaction = ops::remove_row(state, row, 0);
            self.dialog = None;
            self.commit(transaction);
            return;
        }
        let work = match Work::of(state, change) {
            Ok(work) => work,
            Err(error) => {
                self.dialog = None;
                return self.say(error.to_string());
            }
        };
        let job = session.workspace.change_all();
        self.jobs.start(&self.ctx, tr(JOB), move |progress, cancel| {
            let done = match &work {
                Work::Merge(merge) => {
                    job.run((merge.name.clone(), merge.tables.clone()), &|state, key| merge.edits_of(key, state.sheet(key)), (progress, cancel))
                }
                Work::Kind(kind) => {
                    job.run((kind.name.clone(), kind.tables.clone()), &|state, key| kind.edits_of(key, state.sheet(key)), (progress, cancel))
                }
                Work::Mend => {
                    let mend = |state: &State, key: &_| fix_all(state, &check_sheet(state, key)).0.edits;
                    job.run(("mend all documents".to_owned(), Vec::new()), &mend, (progress, cancel))
                }
            };
            Done::AllChanged(done.map(Box::new).map_err(|error| error.to_string()))
        });
    }

    /// A change was worked out: it is applied, unless its dialog was left.
    pub(crate) fn all_changed(&mut self, result: Result<Box<ChangeOfAll>, String>) {
        let is_wanted = matches!(&self.dialog, Some(Dialog::BigChange(form)) if form.is_running);
        if !is_wanted {
            return self.say(tr("Stopped; nothing was changed"));
        }
        self.dialog = None;
        let Some(session) = &mut self.session else { return };
        let result = result.and_then(|change| {
            let documents = change.documents();
            session.workspace.apply_change(*change).map(|findings| (documents, findings)).map_err(|error| error.to_string())
        });
        match result {
            Ok((documents, findings)) => {
                self.say(tr_count("1 document was changed; Undo takes it back", "{} documents were changed; Undo takes it back", documents));
                self.note_findings(findings);
                self.forget_gone_marks();
                self.count_codebook_uses();
            }
            Err(error) => self.alarm(error),
        }
        self.autosave.changed(&self.ctx);
    }
}
