//! Documents of the project with unfinished claims, above those of the shown document.

use eframe::egui::{RichText, ScrollArea, Ui};

use crate::app::queue::{Action, Queue};
use crate::app::session::Session;
use crate::app::survey::Reading;
use crate::app::words::{tr, tr_count};
use crate::model::MarkId;
use crate::text::with_symbols;

/// At most so high, in points: the claims of the shown document stand below.
const MAX_HEIGHT: f32 = 110.0;

/// One line a document; a click goes to its first unfinished claim.
pub(super) fn project_ui(ui: &mut Ui, session: &Session, queue: &mut Queue) {
    match session.survey.progress {
        Reading::NotYet => {
            if ui.button(tr("Look in the whole project")).clicked() {
                queue.run("survey");
            }
            return;
        }
        Reading::Wanted | Reading::Running => {
            ui.weak(tr("counting…"));
            return;
        }
        Reading::Done => {}
    }
    let current = session.current().map(|key| &key.document);
    let others: Vec<_> = session.survey.unfinished().filter(|(id, _)| Some(*id) != current).collect();
    if others.is_empty() {
        ui.weak(tr("No other document has unfinished claims."));
        return;
    }
    ScrollArea::vertical().id_salt("unfinished elsewhere").max_height(MAX_HEIGHT).auto_shrink([false, true]).show_rows(
        ui,
        20.0,
        others.len(),
        |ui, shown| {
            for (id, digest) in others.get(shown).unwrap_or_default() {
                let title = session.workspace.state().document(id).map(|document| with_symbols(&document.title).into_owned()).unwrap_or_default();
                let text = format!("{} · {title}", tr_count("{} unfinished", "{} unfinished", digest.unfinished.len()));
                if let (true, Some(claim)) = (
                    ui.add(eframe::egui::Label::new(RichText::new(&text)).truncate().sense(eframe::egui::Sense::click()))
                        .on_hover_text(&text)
                        .clicked(),
                    digest.unfinished.first(),
                ) {
                    queue.push(Action::OpenAt((*id).clone(), MarkId::Claim(*claim)));
                }
            }
        },
    );
    ui.separator();
}
