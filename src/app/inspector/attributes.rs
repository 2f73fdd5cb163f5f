//! The attributes of a mark or document. Unset is a state of its own, never "no".

use std::collections::BTreeSet;

use eframe::egui::{ComboBox, Ui};

use super::{Focus, Inspector, drafts};
use crate::app::queue::{Action, Queue};
use crate::app::words::tr;
use crate::edit::ops::AttributeOwner;
use crate::model::{AttributeDef, AttributeKey, AttributeKind, AttributeValue, Attributes, ChoiceKey};
use crate::text::with_symbols;

impl Inspector {
    pub(super) fn attributes_ui(
        &mut self,
        ui: &mut Ui,
        defs: &[(&AttributeKey, &AttributeDef)],
        values: &Attributes,
        owner: AttributeOwner,
        queue: &mut Queue,
    ) {
        for (key, def) in defs {
            let value = values.get(*key);
            ui.horizontal_wrapped(|ui| {
                let label = ui.weak(with_symbols(&def.name));
                if !def.description.is_empty() {
                    label.clone().on_hover_text(with_symbols(&def.description));
                }
                match def.kind {
                    AttributeKind::YesNo => yes_no_ui(ui, def, value, owner, key, queue),
                    AttributeKind::Choice => choice_ui(ui, def, value, owner, key, queue),
                    AttributeKind::Choices => choices_ui(ui, def, value, owner, key, queue),
                    AttributeKind::Integer | AttributeKind::Number | AttributeKind::Text | AttributeKind::Date => {
                        let text = value.map(ToString::to_string).unwrap_or_default();
                        let draft = drafts::Key::Attribute(owner, (*key).clone(), def.kind);
                        let field = self.drafts.singleline_ui(ui, &draft, &text, &tr("unset"), queue).labelled_by(label.id);
                        self.take_focus(&Focus::Attribute((*key).clone()), &field);
                    }
                }
            });
        }
        unknown_ui(ui, defs, values);
    }
}

fn set(queue: &mut Queue, owner: AttributeOwner, key: &AttributeKey, value: Option<AttributeValue>) {
    queue.push(Action::SetAttribute { owner, key: key.clone(), value });
}

fn yes_no_ui(ui: &mut Ui, def: &AttributeDef, value: Option<&AttributeValue>, owner: AttributeOwner, key: &AttributeKey, queue: &mut Queue) {
    for (name, choice) in [("unset", None), ("yes", Some(true)), ("no", Some(false))] {
        let choice = choice.map(AttributeValue::Bool);
        let response = ui.selectable_label(value == choice.as_ref(), tr(name));
        response.widget_info(|| {
            let is_on = value == choice.as_ref();
            eframe::egui::WidgetInfo::selected(eframe::egui::Role::RadioButton, true, is_on, format!("{}: {}", with_symbols(&def.name), tr(name)))
        });
        if response.clicked() {
            set(queue, owner, key, choice);
        }
    }
}

fn choice_ui(ui: &mut Ui, def: &AttributeDef, value: Option<&AttributeValue>, owner: AttributeOwner, key: &AttributeKey, queue: &mut Queue) {
    let chosen = value.map(|value| name_of(def, value));
    let shown = chosen.unwrap_or_else(|| tr("unset").into_owned());
    let combo = ComboBox::from_id_salt(("choice", key.as_str())).selected_text(&shown).width(150.0);
    let response = combo.show_ui(ui, |ui| {
        if ui.selectable_label(value.is_none(), tr("unset")).clicked() {
            set(queue, owner, key, None);
        }
        for choice in &def.choices {
            let candidate = AttributeValue::Choice(choice.key.clone());
            let item = ui.selectable_label(value == Some(&candidate), with_symbols(&choice.name));
            let item = if choice.description.is_empty() { item } else { item.on_hover_text(with_symbols(&choice.description)) };
            if item.clicked() {
                set(queue, owner, key, Some(candidate));
            }
        }
    });
    response
        .response
        .widget_info(|| eframe::egui::WidgetInfo::labeled(eframe::egui::Role::ComboBox, true, format!("{}: {shown}", with_symbols(&def.name))));
}

fn choices_ui(ui: &mut Ui, def: &AttributeDef, value: Option<&AttributeValue>, owner: AttributeOwner, key: &AttributeKey, queue: &mut Queue) {
    let chosen: BTreeSet<ChoiceKey> = match value {
        Some(AttributeValue::Choices(chosen)) => chosen.clone(),
        _ => BTreeSet::new(),
    };
    for choice in &def.choices {
        let is_on = chosen.contains(&choice.key);
        if ui.selectable_label(is_on, with_symbols(&choice.name)).clicked() {
            let mut changed = chosen.clone();
            if !changed.remove(&choice.key) {
                changed.insert(choice.key.clone());
            }
            set(queue, owner, key, (!changed.is_empty()).then_some(AttributeValue::Choices(changed)));
        }
    }
    if chosen.is_empty() {
        ui.weak(tr("unset"));
    }
}

fn name_of(def: &AttributeDef, value: &AttributeValue) -> String {
    let choice = def.choices.iter().find(|choice| *value == AttributeValue::Choice(choice.key.clone()));
    choice.map_or_else(|| value.to_string(), |choice| with_symbols(&choice.name).into_owned())
}

/// Values that the codebook does not offer here are shown, so that nothing is hidden.
fn unknown_ui(ui: &mut Ui, defs: &[(&AttributeKey, &AttributeDef)], values: &Attributes) {
    for (key, value) in values.iter().filter(|(key, _)| defs.iter().all(|(known, _)| known != key)) {
        ui.horizontal(|ui| {
            ui.weak(key.as_str());
            ui.label(value.to_string()).on_hover_text(tr("The codebook does not offer this here."));
        });
    }
}
