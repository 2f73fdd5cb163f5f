//! Who fills the claim's roles, to see, to go to, to take out and to add.

use eframe::egui::{Button, Grid, RichText, Ui};

use crate::app::claim_bar::filler_name;
use crate::app::offer::Purpose;
use crate::app::queue::{Action, Queue};
use crate::app::session::Session;
use crate::app::words::{tr, tr_with};
use crate::model::{Claim, ClaimId, Filler, MarkId, RoleKey, SheetKey};
use crate::text::with_symbols;

/// Fillers are cut here.
const MAX_NAME_CHARS: usize = 60;

pub(super) fn roles_ui(ui: &mut Ui, session: &Session, key: &SheetKey, (id, claim): (ClaimId, &Claim), queue: &mut Queue) {
    let schema = &session.workspace.state().schema;
    let offered = schema.roles_of(&claim.label);
    // Roles that the codebook does not offer here are shown, so that nothing is hidden.
    let unknown = claim.roles.keys().filter(|role| offered.iter().all(|(known, _)| known != role)).map(|role| (role, role.to_string(), false));
    let known = offered.iter().map(|(role, def)| (*role, with_symbols(&def.name).into_owned(), def.required));
    Grid::new("roles").num_columns(2).spacing([10.0, 4.0]).show(ui, |ui| {
        for (role, name, is_required) in known.chain(unknown) {
            let is_open = claim.fillers(role).is_empty();
            let name_text =
                RichText::new(&name).color(if is_open && is_required { ui.visuals().warn_fg_color } else { ui.visuals().weak_text_color() });
            ui.label(name_text);
            ui.horizontal_wrapped(|ui| {
                for filler in claim.fillers(role) {
                    filler_ui(ui, session, key, (id, role, filler), &name, queue);
                }
                let add = ui.add(Button::new(if is_open { tr("Fill…") } else { "+".into() }).small());
                add.widget_info(|| eframe::egui::WidgetInfo::labeled(eframe::egui::Role::Button, true, tr_with("Fill {}", &name)));
                if add.clicked() {
                    queue.push(Action::SelectMark(Some(MarkId::Claim(id))));
                    queue.push(Action::OpenOffer(Purpose::Fill(id, role.clone())));
                }
            });
            ui.end_row();
        }
    });
}

/// A click on a filler that has a place jumps there; the cross takes it out.
fn filler_ui(
    ui: &mut Ui,
    session: &Session,
    key: &SheetKey,
    (claim, role, filler): (ClaimId, &RoleKey, &Filler),
    role_name: &str,
    queue: &mut Queue,
) {
    let name: String = filler_name(session, key, filler).chars().take(MAX_NAME_CHARS).collect();
    let takes_out = format!("{role_name}: {}", tr_with("take out {}", &name));
    match filler {
        Filler::Span(id) => link_ui(ui, name, Action::GoToMark(MarkId::Span(*id)), queue),
        Filler::Claim(id) => link_ui(ui, name, Action::GoToMark(MarkId::Claim(*id)), queue),
        Filler::Entity(id) => link_ui(ui, name, Action::SelectEntity(Some(*id)), queue),
        Filler::Value(_) => drop(ui.label(name)),
    }
    let cross = ui.add(Button::new("✕").small().frame(false)).on_hover_text(tr("Take out"));
    cross.widget_info(|| eframe::egui::WidgetInfo::labeled(eframe::egui::Role::Button, true, &takes_out));
    if cross.clicked() {
        queue.push(Action::EmptyRole { claim, role: role.clone(), filler: filler.clone() });
    }
}

fn link_ui(ui: &mut Ui, name: String, action: Action, queue: &mut Queue) {
    if ui.link(name).clicked() {
        queue.push(action);
    }
}
