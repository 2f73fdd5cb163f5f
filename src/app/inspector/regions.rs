//! The parts of the text: those that are marked, and those that are proposed.

use eframe::egui::{Align, Layout, RichText, Ui, WidgetInfo, vec2};

use super::Inspector;
use crate::app::queue::{Action, Queue};
use crate::app::session::{Place, Session};
use crate::app::words::{tr, tr_count};
use crate::model::{Region, SheetKey};
use crate::text::{Text, one_line};

/// Quotes are cut here.
const MAX_QUOTE_CHARS: usize = 48;
/// More are not listed; the article shows them.
const MAX_SHOWN: usize = 40;

impl Inspector {
    pub(super) fn regions_ui(&mut self, ui: &mut Ui, session: &Session, key: &SheetKey, queue: &mut Queue) {
        self.proposals.refresh(session);
        let (Some(text), Some(document)) = (session.text_of(key), session.workspace.state().document(&key.document)) else { return };
        ui.add_space(6.0);
        ui.label(RichText::new(tr("Parts of the text")).strong());
        if document.regions.is_empty() && self.proposals.regions.is_empty() {
            ui.weak(tr("Select a title, caption or boilerplate and mark it as such in the menu Document."));
            return;
        }
        for region in document.regions.iter().take(MAX_SHOWN) {
            region_ui(ui, &text, region, queue, |ui, name, queue| {
                if small_button(ui, "×", &format!("{}: {name}", tr("Unmark"))) {
                    queue.push(Action::ClearRegion(region.range));
                }
            });
        }
        self.proposals_ui(ui, &text, queue);
    }

    fn proposals_ui(&self, ui: &mut Ui, text: &Text, queue: &mut Queue) {
        let proposed = &self.proposals.regions;
        if proposed.is_empty() {
            return;
        }
        ui.horizontal_wrapped(|ui| {
            ui.weak(tr_count("{} part is proposed:", "{} parts are proposed:", proposed.len()));
            if ui.button(tr("Confirm all")).clicked() {
                queue.push(Action::SetRegions(proposed.clone()));
            }
        });
        for region in proposed.iter().take(MAX_SHOWN) {
            region_ui(ui, text, region, queue, |ui, name, queue| {
                if small_button(ui, "✔", &format!("{}: {name}", tr("Confirm"))) {
                    queue.push(Action::SetRegions(vec![region.clone()]));
                }
                if small_button(ui, "×", &format!("{}: {name}", tr("Turn down"))) {
                    queue.push(Action::RejectRegion(region.clone()));
                }
            });
        }
    }
}

/// The part, the words; a click goes there.
fn region_ui(ui: &mut Ui, text: &Text, region: &Region, queue: &mut Queue, buttons: impl FnOnce(&mut Ui, &str, &mut Queue)) {
    let kind = tr(region.kind.title());
    let quote = one_line(text.slice(region.range), MAX_QUOTE_CHARS);
    ui.horizontal(|ui| {
        buttons(ui, &format!("{kind}: {quote}"), queue);
        ui.allocate_ui_with_layout(vec2(74.0, 18.0), Layout::left_to_right(Align::Center), |ui| {
            ui.set_min_width(74.0);
            ui.weak(format!("{kind}:"));
        });
        let link = ui.add(eframe::egui::Label::new(&quote).truncate().sense(eframe::egui::Sense::click()));
        if link.on_hover_cursor(eframe::egui::CursorIcon::PointingHand).clicked() {
            queue.push(Action::GoToPlace(Place::Range(region.range)));
        }
    });
}

fn small_button(ui: &mut Ui, sign: &str, name: &str) -> bool {
    let button = ui.small_button(sign);
    button.widget_info(|| WidgetInfo::labeled(eframe::egui::Role::Button, true, name));
    let is_clicked = button.clicked();
    button.on_hover_text(name);
    is_clicked
}
