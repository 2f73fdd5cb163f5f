//! The codebook, in the place of the article: labels, attributes, roles and types of relations in a list, the selected one
//! in a form beside it. What a form changes is done at once, and one step to undo.

mod act;
mod attribute_form;
mod big_change;
mod label_form;
mod list;
mod parts;
mod relation_form;
mod role_form;
mod uses;

pub(crate) use act::CodebookAction;
pub(crate) use big_change::{BigChange, BigChangeForm, Counted};
use eframe::egui::{Align, Frame, Layout, Panel, ScrollArea, Ui};
pub(crate) use uses::RowUses;

use super::drafts::{Drafts, Key};
use super::queue::{Action, Queue};
use super::session::Session;
use super::words::tr;
use crate::model::{ChoiceKey, CodebookKey, LabelKind, Schema, tree_of};

/// Width of a form, in points.
const FORM: f32 = 620.0;

/// A table of the codebook.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub(crate) enum Table {
    #[default]
    Labels,
    Attributes,
    Roles,
    RelationTypes,
    /// Name and description of the whole.
    About,
}

impl Table {
    const ALL: [(Self, &'static str); 5] = [
        (Self::Labels, "Labels"),
        (Self::Attributes, "Attributes"),
        (Self::Roles, "Roles"),
        (Self::RelationTypes, "Relations"),
        (Self::About, "About"),
    ];

    /// The table of a row.
    fn of(row: &CodebookKey) -> Self {
        match row {
            CodebookKey::Label(_) => Self::Labels,
            CodebookKey::Attribute(_) => Self::Attributes,
            CodebookKey::Role(_) => Self::Roles,
            CodebookKey::RelationType(_) => Self::RelationTypes,
        }
    }

    /// Its rows in the order of the list, each with how far it is set in.
    fn rows(self, schema: &Schema) -> Vec<(usize, CodebookKey)> {
        match self {
            Self::Labels => schema.label_tree().into_iter().map(|(depth, key)| (depth, CodebookKey::Label(key.clone()))).collect(),
            Self::Attributes => sorted(schema.attributes.iter().map(|(key, def)| (def.position, CodebookKey::Attribute(key.clone())))),
            Self::Roles => sorted(schema.roles.iter().map(|(key, def)| (def.position, CodebookKey::Role(key.clone())))),
            Self::RelationTypes => {
                let tree = tree_of(&schema.relation_types).into_iter();
                tree.map(|(depth, key)| (depth, CodebookKey::RelationType(key.clone()))).collect()
            }
            Self::About => Vec::new(),
        }
    }
}

fn sorted(rows: impl Iterator<Item = (u32, CodebookKey)>) -> Vec<(usize, CodebookKey)> {
    let mut rows: Vec<(u32, CodebookKey)> = rows.collect();
    rows.sort();
    rows.into_iter().map(|(_, row)| (0, row)).collect()
}

/// A field of the codebook that is typed.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) enum CodebookField {
    Name,
    Short,
    Description,
    /// One a line.
    Examples,
    /// One a line.
    Aliases,
    /// One a line.
    Values,
    ChoiceName(ChoiceKey),
    ChoiceDescription(ChoiceKey),
    /// What a new row gets.
    Default,
}

/// What the view remembers between frames.
#[derive(Default)]
pub(crate) struct CodebookView {
    is_open: bool,
    table: Table,
    selected: Option<CodebookKey>,
    drafts: Drafts,
    new_name: String,
    new_kind: NewKind,
    // Why what was typed into a field could not be kept.
    fault: Option<(Option<CodebookKey>, CodebookField, String)>,
    uses: Option<RowUses>,
    is_following: bool,
    wants_name: bool,
    wants_new: bool,
}

/// What a new label is for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
struct NewKind(LabelKind);

impl Default for NewKind {
    fn default() -> Self {
        Self(LabelKind::Entity)
    }
}

impl CodebookView {
    pub(crate) fn is_open(&self) -> bool {
        self.is_open
    }

    pub(crate) fn open(&mut self) {
        self.is_open = true;
        self.uses = None;
    }

    pub(crate) fn set_uses(&mut self, uses: RowUses) {
        self.uses = Some(uses);
    }

    /// True when there was something to close.
    pub(crate) fn close(&mut self) -> bool {
        std::mem::take(&mut self.is_open)
    }

    /// The row whose form is shown.
    pub(crate) fn selected(&self) -> Option<&CodebookKey> {
        self.selected.as_ref()
    }

    pub(crate) fn select(&mut self, row: CodebookKey) {
        self.table = Table::of(&row);
        self.selected = Some(row);
        self.is_following = true;
    }

    fn show(&mut self, table: Table) {
        if self.table != table {
            (self.table, self.selected) = (table, None);
        }
    }

    /// Puts the keyboard into the name of the selected row.
    pub(crate) fn rename(&mut self) {
        self.wants_name = self.selected.is_some();
    }

    /// Puts the keyboard into the name of a new row.
    pub(crate) fn add(&mut self) {
        self.wants_new = self.table != Table::About;
    }

    /// Selects the row so many places below.
    pub(crate) fn step(&mut self, schema: &Schema, step: isize) {
        let rows = self.table.rows(schema);
        let Some(last) = rows.len().checked_sub(1) else { return };
        let now = self.selected.as_ref().and_then(|selected| rows.iter().position(|(_, row)| row == selected));
        let next = now.map_or(0, |now| now.saturating_add_signed(step).min(last));
        if let Some((_, row)) = rows.into_iter().nth(next) {
            self.select(row);
        }
    }

    /// Keeps what is being typed: the window closes.
    pub(crate) fn flush(&mut self, queue: &mut Queue) {
        self.drafts.flush_left(queue);
    }

    pub(crate) fn ui(&mut self, ui: &mut Ui, session: &Session, queue: &mut Queue) {
        let schema = &session.workspace.state().schema;
        // The selected row may have gone, by an undo or by somebody else.
        self.selected = self.selected.take().filter(|row| schema.name_of(row).is_some());
        if self.selected.is_none() {
            self.selected = self.table.rows(schema).into_iter().next().map(|(_, row)| row);
        }
        Frame::new().inner_margin(12.0).show(ui, |ui| {
            self.head_ui(ui, schema, queue);
            ui.add_space(4.0);
            let can_write = session.is_writable();
            if self.table == Table::About {
                ui.add_enabled_ui(can_write, |ui| self.about_ui(ui, schema, queue));
            } else {
                let widest = (ui.available_width() * 0.45).max(180.0);
                Panel::left("codebook rows").resizable(true).default_size(270.0).size_range(180.0..=widest).frame(Frame::new()).show(ui, |ui| {
                    ui.add_enabled_ui(can_write, |ui| self.add_ui(ui, queue));
                    self.list_ui(ui, schema, queue);
                });
                ScrollArea::vertical().id_salt(("codebook form", self.selected.as_ref().map(CodebookKey::as_str))).auto_shrink([false, false]).show(
                    ui,
                    |ui| {
                        Frame::new().inner_margin(eframe::egui::Margin { left: 14, right: 6, top: 0, bottom: 10 }).show(ui, |ui| {
                            ui.set_max_width(FORM.min(ui.available_width()));
                            ui.add_enabled_ui(can_write, |ui| self.form_ui(ui, schema, queue));
                        });
                    },
                );
            }
        });
        self.drafts.flush_left(queue);
    }

    fn head_ui(&mut self, ui: &mut Ui, schema: &Schema, queue: &mut Queue) {
        ui.horizontal(|ui| {
            ui.heading(tr("Codebook"));
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                if ui.button(tr("Back to the article")).on_hover_text(tr("Escape")).clicked() {
                    queue.run("codebook");
                }
            });
        });
        ui.horizontal_wrapped(|ui| {
            for (table, name) in Table::ALL {
                let count = table.rows(schema).len();
                let name = if table == Table::About { tr(name).into_owned() } else { format!("{} {count}", tr(name)) };
                if ui.selectable_label(self.table == table, name).clicked() {
                    queue.push(Action::Codebook(CodebookAction::Show(table)));
                }
            }
        });
    }

    fn about_ui(&mut self, ui: &mut Ui, schema: &Schema, queue: &mut Queue) {
        ui.set_max_width(FORM.min(ui.available_width()));
        self.text_ui(ui, None, &CodebookField::Name, "Name of the codebook", &schema.info.name, queue);
        self.text_ui(ui, None, &CodebookField::Description, "What it is for", &schema.info.description, queue);
    }

    fn form_ui(&mut self, ui: &mut Ui, schema: &Schema, queue: &mut Queue) {
        match self.selected.clone() {
            Some(CodebookKey::Label(key)) => self.label_form_ui(ui, schema, &key, queue),
            Some(CodebookKey::Attribute(key)) => self.attribute_form_ui(ui, schema, &key, queue),
            Some(CodebookKey::Role(key)) => self.role_form_ui(ui, schema, &key, queue),
            Some(CodebookKey::RelationType(key)) => self.relation_form_ui(ui, schema, &key, queue),
            None => drop(ui.weak(tr("Nothing here yet. Write a name on the left and press Enter."))),
        }
    }
}
