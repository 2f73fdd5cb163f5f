//! Where an entity is used: shown before it is deleted, and to choose from when it is split.

use eframe::egui::{Checkbox, ScrollArea, Ui};

use super::{Next, Pressed, buttons_ui, field_ui, title_ui};
use crate::app::lists::quote_of;
use crate::app::queue::{Action, Queue};
use crate::app::session::Session;
use crate::app::words::{tr, tr_count, tr_with};
use crate::model::{EntityId, EntityUse, MarkId, SheetKey};
use crate::text::with_symbols;

/// What the uses are shown for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum UsesPurpose {
    Split,
    Delete,
}

/// The uses, once they are read, and what was chosen.
pub(crate) struct UsesForm {
    entity: EntityId,
    name: String,
    purpose: UsesPurpose,
    new_name: String,
    uses: Option<Vec<UseRow>>,
    sheets: Vec<SheetKey>,
}

struct UseRow {
    sheet: SheetKey,
    place: EntityUse,
    text: String,
    is_chosen: bool,
}

impl UsesForm {
    pub(crate) fn new(entity: EntityId, name: String, purpose: UsesPurpose) -> Self {
        Self { entity, name, purpose, new_name: String::new(), uses: None, sheets: Vec::new() }
    }

    /// All sheets with uses are in memory.
    pub(crate) fn show(&mut self, session: &Session, sheets: &[SheetKey]) {
        let state = session.workspace.state();
        let mut rows = Vec::new();
        for key in sheets {
            let title = state.document(&key.document).map(|document| with_symbols(&document.title).into_owned()).unwrap_or_default();
            for place in state.uses_of_entity(key, self.entity) {
                let text = match &place {
                    EntityUse::Mention(id) => format!("{} — {title}", quote_of(session, key, MarkId::Span(*id))),
                    EntityUse::Role(id, role) => {
                        let role = state.schema.roles.get(role).map_or_else(|| role.to_string(), |def| with_symbols(&def.name).into_owned());
                        format!("{role}: {} — {title}", quote_of(session, key, MarkId::Claim(*id)))
                    }
                };
                rows.push(UseRow { sheet: key.clone(), place, text, is_chosen: false });
            }
        }
        (self.uses, self.sheets) = (Some(rows), sheets.to_vec());
    }

    pub(super) fn ui(&mut self, ui: &mut Ui, queue: &mut Queue) -> Next {
        let title = if self.purpose == UsesPurpose::Split {
            tr_with("Split {}", with_symbols(&self.name))
        } else {
            tr_with("Delete {}", with_symbols(&self.name))
        };
        title_ui(ui, &title, 620.0);
        let Some(uses) = &mut self.uses else {
            ui.weak(tr("Looking for uses…"));
            return if ui.button(tr("Cancel")).clicked() { Next::Close } else { Next::Stay };
        };
        let text = match self.purpose {
            UsesPurpose::Split => tr("Choose the uses that mean somebody else:").into_owned(),
            UsesPurpose::Delete if uses.is_empty() => tr("You use it nowhere.").into_owned(),
            UsesPurpose::Delete => {
                tr_count("You use it in {} place, which will mean nobody then:", "You use it in {} places, which will mean nobody then:", uses.len())
            }
        };
        ui.label(text);
        ScrollArea::vertical().max_height(300.0).auto_shrink([false, true]).show_rows(ui, 22.0, uses.len(), |ui, shown| {
            for row in uses.get_mut(shown).unwrap_or_default() {
                if self.purpose == UsesPurpose::Split {
                    ui.add(Checkbox::new(&mut row.is_chosen, &row.text));
                } else {
                    ui.add(eframe::egui::Label::new(&row.text).truncate());
                }
            }
        });
        self.end_ui(ui, queue)
    }

    fn end_ui(&mut self, ui: &mut Ui, queue: &mut Queue) -> Next {
        let (done, is_ready) = match self.purpose {
            UsesPurpose::Split => {
                field_ui(ui, "Name of the new entity", &mut self.new_name, "");
                ("Split", !self.new_name.trim().is_empty() && self.uses.iter().flatten().any(|row| row.is_chosen))
            }
            UsesPurpose::Delete => {
                ui.weak(tr("What other coders said stays as it is and is shown by the checks. Undo takes the deletion back."));
                ("Delete", true)
            }
        };
        match buttons_ui(ui, done, is_ready) {
            Some(Pressed::Done) => {
                queue.push(self.action());
                Next::Close
            }
            Some(Pressed::Cancel) => Next::Close,
            None => Next::Stay,
        }
    }

    fn action(&mut self) -> Action {
        match self.purpose {
            UsesPurpose::Split => {
                let chosen = self.uses.iter().flatten().filter(|row| row.is_chosen);
                let uses = chosen.map(|row| (row.sheet.clone(), row.place.clone())).collect();
                Action::SplitEntity { entity: self.entity, uses, name: self.new_name.clone() }
            }
            UsesPurpose::Delete => Action::DeleteEntity { entity: self.entity, sheets: std::mem::take(&mut self.sheets) },
        }
    }
}
