//! Deleted documents, to take back.

use eframe::egui::{ScrollArea, Ui};

use super::{Next, title_ui};
use crate::app::queue::{Action, Queue};
use crate::app::session::Session;
use crate::app::words::tr;
use crate::text::with_symbols;

pub(super) fn ui(ui: &mut Ui, session: Option<&Session>, queue: &mut Queue) -> Next {
    title_ui(ui, "Trash", 520.0);
    let documents = session.map(|session| &session.workspace.state().documents);
    let deleted: Vec<_> = documents.into_iter().flatten().filter(|(_, document)| document.in_trash).collect();
    if deleted.is_empty() {
        ui.weak(tr("The trash is empty."));
    }
    ScrollArea::vertical().max_height(360.0).show(ui, |ui| {
        for (id, document) in deleted {
            ui.horizontal(|ui| {
                if ui.button(tr("Take back")).clicked() {
                    queue.push(Action::Restore(id.clone()));
                }
                ui.label(with_symbols(&document.title));
            });
        }
    });
    ui.add_space(6.0);
    ui.weak(tr("Deleted documents and all that was said about them wait in the project's trash folder until somebody empties it by hand."));
    ui.add_space(6.0);
    if ui.button(tr("Close")).clicked() { Next::Close } else { Next::Stay }
}
