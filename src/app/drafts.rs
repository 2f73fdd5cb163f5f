//! Texts that are being typed: kept every moment, on leaving the field, and when something else is selected.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use eframe::egui::{Key as EguiKey, KeyboardShortcut, Modifiers, Response, TextEdit, Ui};

use super::codebook::{CodebookAction, CodebookField};
use super::queue::{Action, EntityField, Queue};
use super::words::tr;
use crate::edit::ops::{AttributeOwner, Words};
use crate::model::{AttributeKey, AttributeKind, AttributeValue, CodebookKey, EntityId, Finite};

/// Typing is kept at least so often: the most that a crash can lose.
const EVERY: Duration = Duration::from_millis(200);

/// What is being typed.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) enum Key {
    Words(Words),
    Attribute(AttributeOwner, AttributeKey, AttributeKind),
    Entity(EntityId, EntityField),
    /// Of a row of the codebook; none for the codebook itself.
    Codebook(Option<CodebookKey>, CodebookField),
}

struct Draft {
    text: String,
    // Typed and not kept yet, since when.
    changed: Option<Instant>,
    // Begun with a text that nobody has typed.
    is_begun: bool,
    is_shown: bool,
}

/// All fields that are shown.
#[derive(Default)]
pub(crate) struct Drafts(BTreeMap<Key, Draft>);

impl Drafts {
    /// A field of several lines.
    pub(crate) fn multiline_ui(&mut self, ui: &mut Ui, key: &Key, value: &str, queue: &mut Queue) -> Response {
        self.field_ui(ui, key, value, queue, |text| TextEdit::multiline(text).desired_rows(2).desired_width(f32::INFINITY))
    }

    /// Puts a text into a field that is empty, as a start: it is kept only when somebody changes it or presses Enter.
    pub(crate) fn begin_with(&mut self, key: Key, text: String) {
        self.0.insert(key, Draft { text, changed: None, is_begun: true, is_shown: true });
    }

    /// A field of one line.
    pub(crate) fn singleline_ui(&mut self, ui: &mut Ui, key: &Key, value: &str, hint: &str, queue: &mut Queue) -> Response {
        let hint = hint.to_owned();
        self.field_ui(ui, key, value, queue, |text| TextEdit::singleline(text).desired_width(f32::INFINITY).hint_text(hint))
    }

    /// A field whose Enter keeps and leaves; Shift+Enter begins a new line.
    pub(crate) fn sentence_ui(&mut self, ui: &mut Ui, key: &Key, value: &str, queue: &mut Queue) -> Response {
        let new_line = KeyboardShortcut::new(Modifiers::SHIFT, EguiKey::Enter);
        self.field_ui(ui, key, value, queue, |text| TextEdit::multiline(text).desired_rows(2).desired_width(f32::INFINITY).return_key(new_line))
    }

    fn field_ui(&mut self, ui: &mut Ui, key: &Key, value: &str, queue: &mut Queue, field: impl FnOnce(&mut String) -> TextEdit<'_>) -> Response {
        let draft = self.0.entry(key.clone()).or_insert_with(|| Draft { text: value.to_owned(), changed: None, is_begun: false, is_shown: true });
        draft.is_shown = true;
        let response = ui.add(field(&mut draft.text));
        if response.changed() {
            // The first letter that is not kept yet counts: who types without a rest must not lose more.
            draft.changed.get_or_insert_with(Instant::now);
            ui.ctx().request_repaint_after(EVERY);
        }
        let is_sentence = matches!(key, Key::Words(Words::Normalized(_)));
        let is_taken = is_sentence && response.has_focus() && ui.input(|input| input.key_pressed(EguiKey::Enter) && !input.modifiers.shift);
        if is_taken {
            draft.changed = Some(Instant::now());
            response.surrender_focus();
        }
        if !response.has_focus() && !response.gained_focus() && response.lost_focus() {
            draft.is_begun = false;
        }
        let is_due = draft.changed.is_some_and(|since| since.elapsed() >= EVERY);
        if draft.changed.is_some() && (is_due || is_taken || response.lost_focus()) {
            keep(key, draft, queue);
        } else if draft.changed.is_none() && !response.has_focus() && !draft.is_begun && draft.text != value {
            value.clone_into(&mut draft.text);
        }
        if let Key::Attribute(_, _, kind) = key
            && !draft.text.is_empty()
            && parse(*kind, &draft.text).is_none()
        {
            ui.colored_label(ui.visuals().warn_fg_color, tr(wish(*kind)));
        }
        response
    }

    /// Keeps what belongs to fields that are no longer shown, and forgets them. Called once a frame.
    pub(crate) fn flush_left(&mut self, queue: &mut Queue) {
        for (key, draft) in &mut self.0 {
            if !draft.is_shown && draft.changed.is_some() {
                keep(key, draft, queue);
            }
        }
        self.0.retain(|_, draft| std::mem::take(&mut draft.is_shown));
    }
}

fn keep(key: &Key, draft: &mut Draft, queue: &mut Queue) {
    draft.changed = None;
    match key {
        Key::Words(words) => queue.push(Action::SetWords { words: *words, text: draft.text.clone() }),
        Key::Entity(entity, field) => queue.push(Action::SetEntityField { entity: *entity, field: *field, text: draft.text.clone() }),
        Key::Codebook(row, field) => {
            queue.push(Action::Codebook(CodebookAction::Type { row: row.clone(), field: field.clone(), text: draft.text.clone() }));
        }
        Key::Attribute(owner, key, kind) => {
            let value = parse(*kind, &draft.text);
            if value.is_some() || draft.text.trim().is_empty() {
                queue.push(Action::SetAttribute { owner: *owner, key: key.clone(), value });
            }
        }
    }
}

/// The value that a text stands for; none for an empty text and for one that does not fit.
pub(crate) fn parse(kind: AttributeKind, text: &str) -> Option<AttributeValue> {
    let trimmed = text.trim();
    match kind {
        AttributeKind::Integer => trimmed.parse().ok().map(AttributeValue::Int),
        AttributeKind::Number => trimmed.replace(',', ".").parse().ok().and_then(Finite::new).map(AttributeValue::Number),
        AttributeKind::Date => trimmed.parse().ok().map(AttributeValue::Date),
        AttributeKind::Text => (!trimmed.is_empty()).then(|| AttributeValue::Text(text.to_owned())),
        AttributeKind::YesNo | AttributeKind::Choice | AttributeKind::Choices => None,
    }
}

fn wish(kind: AttributeKind) -> &'static str {
    match kind {
        AttributeKind::Integer => "Write a whole number",
        AttributeKind::Number => "Write a number",
        AttributeKind::Date => "Write 2016-05-17, 2016-05 or 2016",
        _ => "",
    }
}
