//! Asked before a document is done while claims are unfinished.

use eframe::egui::{ScrollArea, Ui};

use super::{Next, Pressed, buttons_ui, title_ui};
use crate::app::lists::{mark_name, missing_of};
use crate::app::queue::{Action, Queue};
use crate::app::session::Session;
use crate::app::words::{tr, tr_count};
use crate::model::{MarkId, Status};

pub(super) fn ui(ui: &mut Ui, session: Option<&Session>, queue: &mut Queue) -> Next {
    let Some((session, key)) = session.and_then(|session| Some((session, session.current()?))) else { return Next::Close };
    let unfinished = session.workspace.state().schema.unfinished_claims(session.sheet_of(key));
    title_ui(ui, "Not everything is finished", 560.0);
    ui.label(tr_count(
        "{} claim lacks something that the codebook requires:",
        "{} claims lack something that the codebook requires:",
        unfinished.len(),
    ));
    ui.add_space(4.0);
    let mut next = Next::Stay;
    ScrollArea::vertical().max_height(300.0).auto_shrink([false, true]).show(ui, |ui| {
        for claim in &unfinished {
            let mark = MarkId::Claim(*claim);
            ui.horizontal(|ui| {
                if ui.link(mark_name(session, mark)).on_hover_text(tr("Go there")).clicked() {
                    queue.push(Action::GoToMark(mark));
                    next = Next::Close;
                }
                ui.weak(missing_of(session, key, *claim));
            });
        }
    });
    ui.weak(tr("“Done anyway” is kept with the document, so that it can be found again."));
    match buttons_ui(ui, "Done anyway", true) {
        Some(Pressed::Done) => {
            queue.push(Action::SetStatus(Status::DoneAnyway));
            Next::Close
        }
        Some(Pressed::Cancel) => Next::Close,
        None => next,
    }
}
