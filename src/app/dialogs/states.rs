//! Earlier states of a project: when, whose, how much was done, and what differs from now.

use std::path::Path;

use eframe::egui::{ComboBox, Label, RichText, Role, ScrollArea, Sense, Ui, WidgetInfo, vec2};

use super::{Next, path_ui, title_ui, typed_path};
use crate::app::lists::line_ui;
use crate::app::queue::{Action, Queue};
use crate::app::words::{tr, tr_count, tr_with};
use crate::store::local_text;
use crate::text::with_symbols;
use crate::workspace::states::{Fate, FileChange, KnownProject, ProjectState, RowCounts, StateId, What};

/// Height of a row, in points.
const ROW: f32 = 24.0;
/// So many differences are shown; more are counted.
const MAX_CHANGES: usize = 200;

/// Which project and which of its states.
#[derive(Default)]
pub(crate) struct StatesForm {
    // None while they are read.
    projects: Option<Vec<KnownProject>>,
    project: usize,
    // The place of the project that is open in the window.
    open: Option<usize>,
    selected: Option<StateId>,
    // What differs between the selected state and now; none while it is worked out.
    changes: Option<Result<Vec<FileChange>, String>>,
    folder: String,
}

impl StatesForm {
    /// The projects of this machine; that at `open` is shown first.
    pub(crate) fn take_projects(&mut self, projects: Vec<KnownProject>, open: Option<&Path>) {
        self.open = projects.iter().position(|project| Some(project.place.as_path()) == open);
        self.project = self.open.unwrap_or(0);
        self.projects = Some(projects);
    }

    pub(crate) fn take_changes(&mut self, state: &StateId, changes: Result<Vec<FileChange>, String>) {
        if self.selected.as_ref() == Some(state) {
            self.changes = Some(changes);
        }
    }

    pub(super) fn set_folder(&mut self, folder: &Path) {
        let name = self.folder.rsplit('/').next().unwrap_or("copy").to_owned();
        self.folder = folder.join(name).display().to_string();
    }

    pub(super) fn ui(&mut self, ui: &mut Ui, queue: &mut Queue) -> Next {
        title_ui(ui, "Earlier states", 680.0);
        let Some(projects) = self.projects.take() else {
            ui.weak(tr("Reading…"));
            return close_ui(ui);
        };
        let next = self.projects_ui(ui, &projects, queue);
        self.projects = Some(projects);
        next
    }

    fn projects_ui(&mut self, ui: &mut Ui, projects: &[KnownProject], queue: &mut Queue) -> Next {
        let before = self.project;
        if projects.len() > 1 {
            let name = |index: usize| projects.get(index).map(name_of).unwrap_or_default();
            let list = ComboBox::from_id_salt("projects").width(ui.available_width()).selected_text(name(self.project));
            let list = list.truncate().show_index(ui, &mut self.project, projects.len(), name);
            list.widget_info(|| WidgetInfo::labeled(Role::ComboBox, true, tr("Project")));
        }
        if self.project != before {
            (self.selected, self.changes) = (None, None);
        }
        let Some(project) = projects.get(self.project).filter(|project| !project.states.is_empty()) else {
            ui.weak(tr(
                "There are no earlier states yet. They are kept in your own folder while you work: the last ten, and one a day for thirty days.",
            ));
            return close_ui(ui);
        };
        self.states_ui(ui, project, queue);
        ui.separator();
        self.state_ui(ui, project, queue)
    }

    fn states_ui(&mut self, ui: &mut Ui, project: &KnownProject, queue: &mut Queue) {
        ui.spacing_mut().item_spacing.y = 0.0;
        let mut clicked = None;
        ScrollArea::vertical().id_salt("states").max_height(190.0).auto_shrink([false, true]).show_rows(
            ui,
            ROW,
            project.states.len(),
            |ui, shown| {
                for state in project.states.get(shown).unwrap_or_default() {
                    if row_ui(ui, state, self.selected.as_ref() == Some(&state.id)) {
                        clicked = Some(state.id.clone());
                    }
                }
            },
        );
        ui.spacing_mut().item_spacing.y = 4.0;
        if let Some(id) = clicked {
            self.folder = proposed_folder(project, &id);
            (self.selected, self.changes) = (Some(id.clone()), None);
            queue.push(Action::CompareState(Box::new(project.clone()), id));
        }
    }

    /// The selected state: what differs, and what can be done with it.
    fn state_ui(&mut self, ui: &mut Ui, project: &KnownProject, queue: &mut Queue) -> Next {
        let Some(id) = self.selected.clone() else {
            ui.weak(tr("Choose a state to see what differs from now."));
            return close_ui(ui);
        };
        ui.strong(tr("From this state to now"));
        match &self.changes {
            None => drop(ui.weak(tr("Comparing…"))),
            Some(Err(error)) => drop(ui.label(error)),
            Some(Ok(changes)) => changes_ui(ui, changes),
        }
        ui.add_space(4.0);
        if path_ui(ui, "Open it as a copy in (new or empty folder)", &mut self.folder) {
            return Next::Pick(super::PathUse::StateCopy);
        }
        ui.add_space(6.0);
        ui.horizontal(|ui| {
            let path = typed_path(&self.folder);
            if ui.add_enabled(path.is_some(), eframe::egui::Button::new(tr("Open a copy"))).clicked() {
                queue.push(Action::CopyState { project: Box::new(project.clone()), state: id.clone(), target: path.unwrap_or_default() });
                return Next::Close;
            }
            let hint = tr("The open project becomes what it was then. Nothing is lost: undo takes it back, and the present becomes a state too.");
            let can_restore = self.open == Some(self.project);
            if ui.add_enabled(can_restore, eframe::egui::Button::new(tr("Restore"))).on_hover_text(hint).clicked() {
                queue.push(Action::RestoreState(id.clone()));
                return Next::Close;
            }
            if ui.button(tr("Close")).clicked() { Next::Close } else { Next::Stay }
        })
        .inner
    }
}

fn close_ui(ui: &mut Ui) -> Next {
    ui.add_space(8.0);
    if ui.button(tr("Close")).clicked() { Next::Close } else { Next::Stay }
}

/// One state; true when it was clicked.
fn row_ui(ui: &mut Ui, state: &ProjectState, is_selected: bool) -> bool {
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), ROW), Sense::click());
    let (time, what) = (local_text(state.time), contents(state));
    let name = format!("{time} {} {what}", state.id.coder);
    response.widget_info(|| WidgetInfo::selected(Role::ListBoxOption, true, is_selected, &name));
    if is_selected || response.hovered() {
        let fill = if is_selected { ui.visuals().selection.bg_fill } else { ui.visuals().faint_bg_color };
        ui.painter().rect_filled(rect, 3.0, fill);
    }
    let (left, right) = rect.shrink2(vec2(6.0, 0.0)).split_left_right_at_fraction(0.36);
    line_ui(ui, left, RichText::new(format!("{time}   {}", state.id.coder)));
    line_ui(ui, right, RichText::new(what).color(ui.visuals().weak_text_color()));
    response.clicked()
}

/// What a state is, and how much was done since the one before.
fn contents(state: &ProjectState) -> String {
    let counts = counts(&state.rows);
    let incomplete = if state.is_complete { None } else { Some(tr("incomplete").into_owned()) };
    std::iter::once(tr(state.occasion.as_str()).into_owned()).chain(counts).chain(incomplete).collect::<Vec<_>>().join(" · ")
}

fn counts(rows: &RowCounts) -> Option<String> {
    let counts = [
        (rows.spans, "{} span", "{} spans"),
        (rows.claims, "{} claim", "{} claims"),
        (rows.relations, "{} relation", "{} relations"),
        (rows.entities, "{} entity", "{} entities"),
    ];
    let counts: Vec<String> = counts.iter().filter(|(count, ..)| *count > 0).map(|(count, one, many)| tr_count(one, many, *count)).collect();
    (!counts.is_empty()).then(|| counts.join(", "))
}

fn changes_ui(ui: &mut Ui, changes: &[FileChange]) {
    if changes.is_empty() {
        ui.weak(tr("Nothing differs."));
        return;
    }
    ScrollArea::vertical().id_salt("changes").max_height(130.0).auto_shrink([false, true]).show(ui, |ui| {
        for change in changes.iter().take(MAX_CHANGES) {
            ui.add(Label::new(change_text(change)).truncate());
        }
        if changes.len() > MAX_CHANGES {
            ui.weak(tr_with("and {} more", changes.len() - MAX_CHANGES));
        }
    });
}

/// `City closes bridge: annotations of ann, 3 spans, changed`.
fn change_text(change: &FileChange) -> String {
    let what = match &change.what {
        What::Project => tr("Project and coders"),
        What::Codebook => tr("Codebook"),
        What::Guidelines => tr("Guidelines"),
        What::Entities => tr("Entities"),
        What::Fields => tr("fields"),
        What::Text => tr("text"),
        What::Sheet(coder) => tr_with("annotations of {}", coder).into(),
        What::Other => change.path.clone().into(),
    };
    let fate = match change.fate {
        Fate::Added => tr("added since"),
        Fate::Changed => tr("changed since"),
        Fate::Gone => tr("gone since"),
    };
    let title = if change.title.is_empty() { String::new() } else { format!("{}: ", with_symbols(&change.title)) };
    let rows = counts(&change.rows).map_or_else(String::new, |rows| format!(", {rows}"));
    format!("{title}{what}{rows}, {fate}")
}

fn name_of(project: &KnownProject) -> String {
    let gone = if project.is_there() { String::new() } else { format!(" ({})", tr("the folder is gone")) };
    format!("{} · {}{gone}", with_symbols(&project.name), project.place.display())
}

/// Beside the project, named after the time of the state.
fn proposed_folder(project: &KnownProject, id: &StateId) -> String {
    let time = project.states.iter().find(|state| state.id == *id).map(|state| local_text(state.time)).unwrap_or_default();
    format!("{}-{}", project.place.display(), time.replace([' ', ':'], "-"))
}
