//! The panel: what is looked for, the lines with the place in the middle, and the answers.

use eframe::egui::{
    Align, Align2, Button, ComboBox, FontId, Key, Layout, Panel, Rect, RichText, Role, ScrollArea, Sense, TextEdit, TextStyle, Ui, WidgetInfo, pos2,
    vec2,
};

use super::lines::{Answer, Line, Source};
use super::{Order, Quest, Scope};
use crate::app::App;
use crate::app::label_hint::with_label_hint;
use crate::app::queue::{Action, Queue};
use crate::app::theme;
use crate::app::words::{tr, tr_count};
use crate::model::LabelKind;
use crate::text::concordance::Concordance;
use crate::text::search::Case;
use crate::text::with_symbols;

/// Height of a line, in points.
const ROW: f32 = 22.0;
/// Characters shown on each side of the place.
const CONTEXT: usize = 80;

impl App {
    pub(crate) fn concordance_ui(&mut self, ui: &mut Ui, queue: &mut Queue) {
        if !self.concordance.is_open() || self.session.is_none() {
            return;
        }
        let height = (ui.available_height() * 0.42).clamp(150.0, 330.0);
        Panel::bottom("concordance").resizable(true).default_size(height).min_size(height.min(230.0)).show(ui, |ui| {
            ui.add_space(4.0);
            self.head_ui(ui, queue);
            self.answers_ui(ui, queue);
            ui.separator();
            self.lines_ui(ui, queue);
        });
    }

    /// The buttons on the right come first, so that a long heading is cut where they begin.
    fn head_ui(&mut self, ui: &mut Ui, queue: &mut Queue) {
        ui.horizontal(|ui| {
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                if ui.add(Button::new("✕").frame(false)).on_hover_text(tr("Close")).clicked() {
                    queue.run("leave");
                }
                self.order_ui(ui, queue);
                for (scope, name) in [(Scope::Project, "Project"), (Scope::Article, "This article")] {
                    if ui.selectable_label(self.concordance.scope == scope, tr(name)).clicked() {
                        queue.push(Action::SetScope(scope));
                    }
                }
                ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
                    if matches!(self.concordance.quest, Quest::Occurrences(_)) {
                        let title = self.quest_title();
                        ui.add(eframe::egui::Label::new(RichText::new(&title).strong()).truncate()).on_hover_text(title);
                    } else {
                        self.field_ui(ui, queue);
                    }
                });
            });
        });
    }

    fn field_ui(&mut self, ui: &mut Ui, queue: &mut Queue) {
        let mut typed = self.concordance.typed.clone();
        let field =
            ui.add(TextEdit::singleline(&mut typed).desired_width(240.0_f32.min(ui.available_width() * 0.6)).hint_text(tr("Words in the project")));
        field.widget_info(|| WidgetInfo::labeled(Role::TextInput, true, tr("Find in the project")));
        if std::mem::take(&mut self.concordance.wants_field) {
            field.request_focus();
        }
        if typed != self.concordance.typed {
            queue.push(Action::LookFor(typed));
        }
        if field.has_focus() && ui.input(|input| input.key_pressed(Key::Enter) || input.key_pressed(Key::ArrowDown)) {
            field.surrender_focus();
        }
        let mut matters = self.concordance.case == Case::Matters;
        if ui.checkbox(&mut matters, tr("Match case")).changed() {
            queue.push(Action::SetSearchCase(if matters { Case::Matters } else { Case::Ignored }));
        }
    }

    fn order_ui(&self, ui: &mut Ui, queue: &mut Queue) {
        for (order, name, hint) in [
            (Order::Right, "Right", "Sort by the words behind the place"),
            (Order::Left, "Left", "Sort by the words before the place"),
            (Order::Text, "Text", "In the order of the documents"),
        ] {
            let choice = ui.selectable_label(self.concordance.order == order, tr(name)).on_hover_text(tr(hint));
            choice.widget_info(|| WidgetInfo::selected(Role::RadioButton, true, self.concordance.order == order, tr(hint)));
            if choice.clicked() {
                queue.push(Action::SortLines(order));
            }
        }
        ui.weak(tr("Sort:"));
    }

    fn answers_ui(&mut self, ui: &mut Ui, queue: &mut Queue) {
        ui.horizontal_wrapped(|ui| {
            self.label_choice_ui(ui);
            for (command, key, name) in
                [("answer-yes", "Y", "Yes"), ("answer-no", "N", "No"), ("answer-later", "S", "Skip"), ("answer-all", "A", "All")]
            {
                let button = ui.add_enabled(self.concordance.is_asking(), Button::new(format!("{key} {}", tr(name))));
                button.widget_info(|| WidgetInfo::labeled(Role::Button, true, tr(name)));
                if button.clicked() {
                    queue.run(command);
                }
            }
            if ui.add_enabled(!self.concordance.answered.is_empty(), Button::new(format!("⌫ {}", tr("Back")))).clicked() {
                queue.run("answer-back");
            }
            let lines = &self.concordance.lines;
            let left = lines.open();
            let more = if self.concordance.stream.is_some() { " …" } else { "" };
            let cut = if lines.is_cut() { format!(" ({})", tr("there are more")) } else { String::new() };
            ui.weak(format!(
                "{}{more} · {}{cut}",
                tr_count("{} place left", "{} places left", left),
                tr_count("in {} document", "in {} documents", lines.documents())
            ));
        });
    }

    /// The label that yes gives.
    fn label_choice_ui(&mut self, ui: &mut Ui) {
        let Some(session) = &self.session else { return };
        let schema = &session.workspace.state().schema;
        let name = self.concordance.label.as_ref().and_then(|label| schema.labels.get(label)).map(|def| with_symbols(&def.name).into_owned());
        if matches!(self.concordance.quest, Quest::Occurrences(_)) {
            ui.weak(name.unwrap_or_default());
            return;
        }
        let shown = name.unwrap_or_else(|| tr("Label…").into_owned());
        let combo = ComboBox::from_id_salt("label of places").selected_text(&shown).width(130.0);
        let mut chosen = None;
        let response = combo.show_ui(ui, |ui| {
            for (key, def) in schema.offered_labels().into_iter().filter(|(_, def)| def.kind != LabelKind::Claim) {
                let item = ui.selectable_label(self.concordance.label.as_ref() == Some(key), with_symbols(&def.name));
                if with_label_hint(item, def).clicked() {
                    chosen = Some(key.clone());
                }
            }
        });
        response.response.widget_info(|| WidgetInfo::labeled(Role::ComboBox, true, format!("{}: {shown}", tr("Label that yes gives"))));
        if chosen.is_some() {
            self.concordance.label = chosen;
        }
    }

    fn lines_ui(&mut self, ui: &mut Ui, queue: &mut Queue) {
        let Some(state) = self.session.as_ref().map(|session| session.workspace.state()) else { return };
        let panel = &mut self.concordance;
        if panel.lines.len() == 0 {
            let text = match &panel.quest {
                Quest::Nothing => "Type what you look for. Y labels a place, N does not, S skips, A labels all.",
                Quest::Typed(_) => "Nothing is found.",
                Quest::Occurrences(_) => "Every other place is labelled already, or was answered with no.",
            };
            ui.weak(tr(text));
            return;
        }
        ui.spacing_mut().item_spacing.y = 0.0;
        let mut area = ScrollArea::vertical().id_salt("lines").auto_shrink([false, false]);
        if std::mem::take(&mut panel.is_following) {
            #[expect(clippy::cast_precision_loss, reason = "a scroll offset")]
            let middle = (panel.at as f32 + 0.5) * ROW;
            area = area.vertical_scroll_offset((middle - ui.available_height() / 2.0).max(0.0));
        }
        let mut clicked = None;
        area.show_rows(ui, ROW, panel.lines.len(), |ui, shown| {
            for index in shown {
                let Some((line, source)) = panel.lines.get(index) else { continue };
                let title = state.document(&source.document).map(|document| with_symbols(&document.title)).unwrap_or_default();
                if line_ui(ui, line, (source, &title), index == panel.at) {
                    clicked = Some(index);
                }
            }
        });
        if let Some(index) = clicked {
            panel.at = index;
            queue.run("go-to-line");
        }
    }
}

/// One line; true when it was clicked.
fn line_ui(ui: &mut Ui, line: &Line, (source, document): (&Source, &str), is_in_hand: bool) -> bool {
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), ROW), Sense::click());
    let shown = Concordance::new(source.text.as_str(), &line.range.as_range(), CONTEXT);
    let name = format!("{}{}{}", shown.left, shown.hit, shown.right);
    response.widget_info(|| WidgetInfo::selected(Role::ListBoxOption, true, is_in_hand, &name));
    let visuals = ui.visuals();
    if is_in_hand || response.hovered() {
        ui.painter().rect_filled(rect, 3.0, if is_in_hand { visuals.selection.bg_fill } else { visuals.faint_bg_color });
    }
    let (sign, is_faded) = match line.answer {
        Answer::Open => ("", false),
        Answer::Yes(_) => ("✔", false),
        Answer::No => ("✕", true),
        Answer::Skipped => ("–", true),
    };
    let color = if is_faded { visuals.weak_text_color() } else { visuals.text_color() };
    let font = TextStyle::Body.resolve(ui.style());
    let painter = ui.painter();
    painter.text(pos2(rect.left() + 12.0, rect.center().y), Align2::CENTER_CENTER, sign, font.clone(), color);
    let title = Rect::from_min_max(pos2(rect.right() - rect.width() * 0.2, rect.top()), rect.right_bottom());
    let body = Rect::from_min_max(pos2(rect.left() + 24.0, rect.top()), pos2(title.left() - 8.0, rect.bottom()));
    // The place stands in the middle, a little to the left, as in every concordance.
    let middle = body.left() + body.width() * 0.45;
    let clipped = painter.with_clip_rect(body.intersect(painter.clip_rect()));
    clipped.text(pos2(middle - 3.0, body.center().y), Align2::RIGHT_CENTER, &shown.left, font.clone(), color);
    let hit = clipped.layout_no_wrap(shown.hit, FontId { ..font.clone() }, visuals.strong_text_color());
    let place = Align2::LEFT_CENTER.anchor_size(pos2(middle, body.center().y), hit.size());
    clipped.rect_filled(place.expand2(vec2(1.0, 0.0)), 2.0, theme::hit_color(visuals, is_in_hand));
    clipped.galley(place.min, hit, color);
    clipped.text(pos2(place.right() + 3.0, body.center().y), Align2::LEFT_CENTER, &shown.right, font, color);
    crate::app::lists::line_ui(ui, title, RichText::new(document).small().color(ui.visuals().weak_text_color()));
    response.clicked()
}
