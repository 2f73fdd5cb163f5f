//! Every command by name.

use eframe::egui::{Align, Button, Key, Role, ScrollArea, TextEdit, Ui, WidgetInfo};

use super::Next;
use crate::app::App;
use crate::app::command::COMMANDS;
use crate::app::keys::shortcut_chord;
use crate::app::label_hint::with_label_hint;
use crate::app::queue::{Action, Queue};
use crate::app::words::{tr, tr_with};
use crate::model::Label;
use crate::text::with_symbols;

/// What is looked for, and the row that Enter takes.
#[derive(Default)]
pub(crate) struct PaletteForm {
    needle: String,
    row: usize,
    has_focus: bool,
}

impl PaletteForm {
    pub(super) fn ui(&mut self, ui: &mut Ui, app: &App, queue: &mut Queue) -> Next {
        ui.set_width(460.0);
        let field = ui.add(TextEdit::singleline(&mut self.needle).desired_width(f32::INFINITY).hint_text(tr("What do you want to do?")));
        field.widget_info(|| WidgetInfo::labeled(Role::TextInput, true, tr("Find a command")));
        if !std::mem::replace(&mut self.has_focus, true) {
            field.request_focus();
        }
        if field.changed() {
            self.row = 0;
        }
        let found = self.found(app);
        let (up, down, enter) = ui.input(|input| (input.key_pressed(Key::ArrowUp), input.key_pressed(Key::ArrowDown), input.key_pressed(Key::Enter)));
        self.row = if down { self.row + 1 } else { self.row.saturating_sub(usize::from(up)) }.min(found.len().saturating_sub(1));
        let mut chosen = enter.then_some(self.row);
        ScrollArea::vertical().max_height(380.0).auto_shrink([false, true]).show(ui, |ui| {
            for (i, entry) in found.iter().enumerate() {
                let button = Button::new(&entry.title)
                    .shortcut_text(&entry.keys)
                    .selected(i == self.row)
                    .min_size(eframe::egui::vec2(ui.available_width(), 0.0));
                let row = ui.add_enabled(entry.is_enabled, button);
                if i == self.row && (up || down) {
                    row.scroll_to_me(Some(Align::Center));
                }
                if row.clicked() {
                    chosen = Some(i);
                }
                if let Some(label) = entry.label(app) {
                    with_label_hint(row, label);
                }
            }
        });
        match chosen.and_then(|row| found.into_iter().nth(row)).filter(|entry| entry.is_enabled) {
            Some(entry) => {
                queue.push(entry.action);
                Next::Close
            }
            None => Next::Stay,
        }
    }

    /// Entries whose title has all the typed words; those that can be used come first.
    fn found(&self, app: &App) -> Vec<Entry> {
        let needle = self.needle.to_lowercase();
        let words: Vec<&str> = needle.split_whitespace().collect();
        let fits = |entry: &Entry| words.iter().all(|word| entry.title.to_lowercase().contains(word));
        let mut found: Vec<Entry> = commands(app).chain(of_codebook(app)).filter(fits).collect();
        found.sort_by_key(|entry| !entry.is_enabled);
        found
    }
}

/// Something that can be done.
struct Entry {
    title: String,
    keys: String,
    is_enabled: bool,
    action: Action,
}

impl Entry {
    /// The label that it gives.
    fn label<'a>(&self, app: &'a App) -> Option<&'a Label> {
        match &self.action {
            Action::GiveLabel(key) => app.session.as_ref()?.workspace.state().schema.labels.get(key),
            _ => None,
        }
    }
}

fn commands(app: &App) -> impl Iterator<Item = Entry> {
    let offered = COMMANDS.iter().filter(|command| command.id != "palette" && command.id != "leave");
    offered.map(|command| Entry {
        title: tr(command.title).into_owned(),
        keys: command.chords(app).first().map(ToString::to_string).unwrap_or_default(),
        is_enabled: command.is_enabled(app),
        action: Action::Run(command),
    })
}

/// What the keys of labels, roles and attributes do.
fn of_codebook(app: &App) -> Vec<Entry> {
    let Some(session) = app.session.as_ref().filter(|session| session.article.is_some()) else { return Vec::new() };
    let schema = &session.workspace.state().schema;
    let keys = |shortcut: Option<char>| shortcut.and_then(shortcut_chord).map(|chord| chord.to_string()).unwrap_or_default();
    let entry = |title: String, shortcut, action| Entry { title, keys: keys(shortcut), is_enabled: session.is_writable(), action };
    let labels = schema.offered_labels().into_iter();
    let labels = labels.map(|(key, def)| entry(tr_with("Label: {}", with_symbols(&def.name)), def.shortcut, Action::GiveLabel(key.clone())));
    let roles = schema.roles.iter().filter(|(_, def)| !def.retired);
    let roles = roles.map(|(key, def)| entry(tr_with("Fill: {}", with_symbols(&def.name)), def.shortcut, Action::UseRole(key.clone())));
    let attributes = schema.attributes.iter().filter(|(_, def)| !def.retired);
    let attributes = attributes.map(|(key, def)| entry(tr_with("Set: {}", with_symbols(&def.name)), def.shortcut, Action::UseAttribute(key.clone())));
    labels.chain(roles).chain(attributes).collect()
}
