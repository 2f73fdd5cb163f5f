//! Searching the shown article: the bar, and the hits that the article view paints.

use eframe::egui::{Key, Role, TextEdit, Ui, WidgetInfo, vec2};

use super::queue::{Action, Queue};
use super::words::{tr, tr_with};
use crate::text::search::{Case, find_all};
use crate::text::{Text, TextHash, TextRange};

/// What was searched for and where it is.
#[derive(Default)]
pub(crate) struct Find {
    /// What is searched for.
    pub(crate) needle: String,
    /// Where it is, in text order.
    pub(crate) hits: Vec<TextRange>,
    /// The hit that the reader is at.
    pub(crate) current: Option<usize>,
    state: BarState,
    case: Case,
    // The text that was searched.
    searched: Option<TextHash>,
    // The current hit was gone to; until then the next one is the current one.
    is_visited: bool,
}

#[derive(Default, PartialEq, Eq)]
enum BarState {
    #[default]
    Closed,
    /// Opened in this frame: the field takes the keyboard.
    Opening,
    Open,
}

impl Find {
    pub(crate) fn open(&mut self) {
        self.state = BarState::Opening;
    }

    /// True when there was something to close.
    pub(crate) fn close(&mut self) -> bool {
        let was_open = self.state != BarState::Closed;
        if was_open {
            *self = Self { needle: std::mem::take(&mut self.needle), case: self.case, ..Self::default() };
        }
        was_open
    }

    pub(crate) fn is_open(&self) -> bool {
        self.state != BarState::Closed
    }

    /// Searches; the hit at or after `from` becomes the current one.
    pub(crate) fn search(&mut self, text: &Text, needle: &str, from: usize) -> Option<TextRange> {
        needle.clone_into(&mut self.needle);
        self.hits = find_all(text, needle, self.case);
        self.searched = Some(text.hash().clone());
        let after = self.hits.partition_point(|hit| hit.start() < from);
        self.current = if self.hits.is_empty() { None } else { Some(after % self.hits.len()) };
        self.is_visited = false;
        self.current_hit()
    }

    /// Searches again where the text was corrected since.
    pub(crate) fn follow(&mut self, text: &Text) {
        if self.searched.as_ref().is_some_and(|searched| searched != text.hash()) && !self.hits.is_empty() {
            let (from, needle) = (self.current_hit().map_or(0, TextRange::start), self.needle.clone());
            self.search(text, &needle, from);
        }
    }

    /// Goes to another hit, round and round.
    pub(crate) fn step(&mut self, step: isize) -> Option<TextRange> {
        let count = isize::try_from(self.hits.len()).ok().filter(|count| *count > 0)?;
        if !std::mem::replace(&mut self.is_visited, true) && self.current.is_some() && step > 0 {
            return self.current_hit();
        }
        let current = self.current.and_then(|current| isize::try_from(current).ok()).unwrap_or(-1);
        self.current = usize::try_from((current + step).rem_euclid(count)).ok();
        self.current_hit()
    }

    fn current_hit(&self) -> Option<TextRange> {
        self.hits.get(self.current?).copied()
    }

    /// The bar above the article.
    pub(crate) fn bar_ui(&mut self, ui: &mut Ui, queue: &mut Queue) {
        ui.horizontal(|ui| {
            let label = ui.label(tr("Find"));
            let mut needle = self.needle.clone();
            let field = ui.add(TextEdit::singleline(&mut needle).desired_width(260.0).hint_text(tr("Words in this article"))).labelled_by(label.id);
            if self.state == BarState::Opening {
                field.request_focus();
                self.state = BarState::Open;
            }
            if needle != self.needle {
                queue.push(Action::Find(needle));
            }
            if field.lost_focus() && ui.input(|input| input.key_pressed(Key::Escape)) {
                self.close();
                return;
            }
            if field.lost_focus() && ui.input(|input| input.key_pressed(Key::Enter)) {
                queue.run(if ui.input(|input| input.modifiers.shift) { "find-previous" } else { "find-next" });
                field.request_focus();
            }
            for (sign, name, command) in [("⬆", "Previous hit", "find-previous"), ("⬇", "Next hit", "find-next")] {
                let button = ui.button(sign).on_hover_text(tr(name));
                button.widget_info(|| WidgetInfo::labeled(Role::Button, true, tr(name)));
                if button.clicked() {
                    queue.run(command);
                }
            }
            let mut matters = self.case == Case::Matters;
            if ui.checkbox(&mut matters, tr("Match case")).changed() {
                self.case = if matters { Case::Matters } else { Case::Ignored };
                queue.push(Action::Find(self.needle.clone()));
            }
            ui.weak(self.summary());
            ui.add_space((ui.available_width() - 28.0).max(0.0));
            if ui.add_sized(vec2(22.0, 22.0), eframe::egui::Button::new("✕").frame(false)).on_hover_text(tr("Close search")).clicked() {
                self.close();
            }
        });
    }

    fn summary(&self) -> String {
        match (self.current, self.needle.is_empty()) {
            (_, true) => String::new(),
            (None, _) => tr("No hits").into_owned(),
            (Some(current), _) => format!("{} {}", current + 1, tr_with("of {}", self.hits.len())),
        }
    }
}
