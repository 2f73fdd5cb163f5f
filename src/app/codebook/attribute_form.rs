//! The form of an attribute.

use eframe::egui::{ComboBox, Role, Ui, WidgetInfo};

use super::parts::{TYPES, labels_ui, set_ui, shortcut_ui, small_button, type_name};
use super::{BigChange, CodebookAction, CodebookField, CodebookView};
use crate::app::queue::{Action, Queue};
use crate::app::words::{tr, tr_with};
use crate::model::{AttributeDef, AttributeKey, AttributeKind, AttributeValue, Choice, ChoiceKey, CodebookKey, Schema, Target};
use crate::text::with_symbols;

const TARGETS: [(Target, &str); 5] = [
    (Target::Span, "spans"),
    (Target::Claim, "claims"),
    (Target::Relation, "relations"),
    (Target::Entity, "entities"),
    (Target::Document, "documents"),
];

impl CodebookView {
    pub(super) fn attribute_form_ui(&mut self, ui: &mut Ui, schema: &Schema, key: &AttributeKey, queue: &mut Queue) {
        let Some(def) = schema.attributes.get(key) else { return };
        let row = CodebookKey::Attribute(key.clone());
        self.title_ui(ui, schema, &row, def.retired, queue);
        let mut changed = def.clone();
        self.text_ui(ui, Some(&row), &CodebookField::Name, "Name", &def.name, queue);
        ui.horizontal(|ui| {
            type_ui(ui, key, def, queue);
            if let Some(shortcut) = shortcut_ui(ui, schema, &row, def.shortcut) {
                changed.shortcut = shortcut;
            }
        });
        set_ui(ui, "Can be set on", &TARGETS, &mut changed.applies_to);
        labels_ui(ui, schema, "Only on rows with these labels", |_| true, &mut changed.labels);
        ui.checkbox(&mut changed.required, tr("Required: a check complains where it is unset"));
        if matches!(def.kind, AttributeKind::Choice | AttributeKind::Choices) {
            self.choices_ui(ui, &row, &mut changed, queue);
        }
        match def.kind {
            AttributeKind::Integer | AttributeKind::Number | AttributeKind::Text | AttributeKind::Date => {
                let value = def.default.as_ref().map(ToString::to_string).unwrap_or_default();
                self.text_ui(ui, Some(&row), &CodebookField::Default, "New rows get (empty: nothing)", &value, queue);
            }
            AttributeKind::YesNo | AttributeKind::Choice | AttributeKind::Choices => default_ui(ui, def, &mut changed),
        }
        self.text_ui(ui, Some(&row), &CodebookField::Description, "When to use which value", &def.description, queue);
        if changed != *def {
            queue.push(Action::Codebook(CodebookAction::Attribute(key.clone(), Box::new(changed))));
        }
    }

    fn choices_ui(&mut self, ui: &mut Ui, row: &CodebookKey, def: &mut AttributeDef, queue: &mut Queue) {
        ui.add_space(4.0);
        ui.weak(tr("Choices"));
        let mut gone: Option<usize> = None;
        let mut swapped: Option<usize> = None;
        for (n, choice) in def.choices.iter_mut().enumerate() {
            ui.horizontal(|ui| {
                ui.vertical(|ui| {
                    ui.set_max_width((ui.available_width() - 150.0).max(120.0));
                    let field = CodebookField::ChoiceName(choice.key.clone());
                    let key = super::Key::Codebook(Some(row.clone()), field);
                    let response = self.drafts.singleline_ui(ui, &key, &choice.name, "", queue);
                    response.widget_info(|| WidgetInfo::labeled(Role::TextInput, true, tr_with("Name of choice {}", &choice.key)));
                    let key = super::Key::Codebook(Some(row.clone()), CodebookField::ChoiceDescription(choice.key.clone()));
                    let response = self.drafts.singleline_ui(ui, &key, &choice.description, &tr("When to choose it"), queue);
                    response.widget_info(|| WidgetInfo::labeled(Role::TextInput, true, tr_with("When to choose {}", &choice.key)));
                });
                let mut shortcut = choice.shortcut.map(String::from).unwrap_or_default();
                let field = ui.add(eframe::egui::TextEdit::singleline(&mut shortcut).desired_width(24.0).hint_text(tr("key").into_owned()));
                field.widget_info(|| WidgetInfo::labeled(Role::TextInput, true, tr_with("Key of choice {}", &choice.key)));
                if field.changed() {
                    choice.shortcut = shortcut.chars().rfind(char::is_ascii_alphanumeric);
                }
                if small_button(ui, "⬆", "Move this choice up") && n > 0 {
                    swapped = Some(n);
                }
                if small_button(ui, "×", "Take this choice out; values that have it stay and are listed by the checks") {
                    gone = Some(n);
                }
            });
        }
        if let Some(n) = swapped {
            def.choices.swap(n - 1, n);
        }
        if let Some(n) = gone {
            let choice = def.choices.remove(n);
            forget_default(def, &choice.key);
        }
        if ui.button(tr("Add choice")).clicked() {
            def.choices.push(new_choice(&def.choices));
        }
    }
}

fn new_choice(choices: &[Choice]) -> Choice {
    let is_free = |n: &usize| choices.iter().all(|choice| choice.key.as_str() != format!("choice-{n}"));
    let n = (choices.len() + 1..).find(is_free).unwrap_or_default();
    Choice { key: ChoiceKey::from_text(&format!("choice-{n}")), name: tr_with("Choice {}", n), shortcut: None, description: String::new() }
}

fn forget_default(def: &mut AttributeDef, gone: &ChoiceKey) {
    def.default = match def.default.take() {
        Some(AttributeValue::Choice(key)) if key == *gone => None,
        Some(AttributeValue::Choices(mut keys)) => {
            keys.remove(gone);
            (!keys.is_empty()).then_some(AttributeValue::Choices(keys))
        }
        other => other,
    };
}

/// Another type takes the values with it, so it asks first.
fn type_ui(ui: &mut Ui, key: &AttributeKey, def: &AttributeDef, queue: &mut Queue) {
    ui.vertical(|ui| {
        ui.weak(tr("Type"));
        let mut kind = def.kind;
        let combo = ComboBox::from_id_salt("type").selected_text(tr(type_name(kind))).width(140.0);
        let response = combo.show_ui(ui, |ui| {
            for (other, name) in TYPES {
                ui.selectable_value(&mut kind, other, tr(name));
            }
        });
        response.response.widget_info(|| WidgetInfo::labeled(Role::ComboBox, true, format!("{}: {}", tr("Type"), tr(type_name(def.kind)))));
        if kind != def.kind {
            queue.push(Action::Codebook(CodebookAction::Ask(BigChange::Kind(key.clone(), kind))));
        }
    });
}

/// What a new row gets, for types with few values.
fn default_ui(ui: &mut Ui, def: &AttributeDef, changed: &mut AttributeDef) {
    let choices = || def.choices.iter().map(|choice| (choice.key.clone(), with_symbols(&choice.name).into_owned()));
    ui.horizontal_wrapped(|ui| {
        ui.weak(tr("New rows get"));
        if ui.selectable_label(changed.default.is_none(), tr("unset")).clicked() {
            changed.default = None;
        }
        let values: Vec<(AttributeValue, String)> = match def.kind {
            AttributeKind::YesNo => vec![(AttributeValue::Bool(true), tr("yes").into_owned()), (AttributeValue::Bool(false), tr("no").into_owned())],
            AttributeKind::Choice => choices().map(|(key, name)| (AttributeValue::Choice(key), name)).collect(),
            _ => Vec::new(),
        };
        for (value, name) in values {
            if ui.selectable_label(changed.default.as_ref() == Some(&value), name).clicked() {
                changed.default = Some(value);
            }
        }
        if def.kind == AttributeKind::Choices {
            for (key, name) in choices() {
                let mut chosen = match &changed.default {
                    Some(AttributeValue::Choices(keys)) => keys.clone(),
                    _ => std::collections::BTreeSet::new(),
                };
                if ui.selectable_label(chosen.contains(&key), name).clicked() {
                    if !chosen.remove(&key) {
                        chosen.insert(key);
                    }
                    changed.default = (!chosen.is_empty()).then_some(AttributeValue::Choices(chosen));
                }
            }
        }
    });
}
