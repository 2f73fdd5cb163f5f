//! The menus above the list of documents: what is shown, and in which order.

use std::collections::BTreeMap;

use eframe::egui::{Button, RichText, ScrollArea, Ui};

use super::view::{Field, Filter, Progress, Sort, View};
use crate::app::session::Session;
use crate::app::words::{tr, tr_with};
use crate::model::{LabelKey, State};
use crate::text::with_symbols;

/// More values of a field are not offered; typed words find the rest.
const MOST_VALUES: usize = 60;

/// The two menus.
pub(super) fn menus_ui(ui: &mut Ui, session: &Session, view: &mut View) {
    ui.menu_button(tr("Filter"), |ui| {
        ui.weak(tr("Status"));
        for progress in Progress::ALL {
            let mut is_wanted = view.filter.progress.contains(&progress);
            if ui.checkbox(&mut is_wanted, tr(progress.name())).changed() {
                if is_wanted {
                    view.filter.progress.insert(progress)
                } else {
                    view.filter.progress.remove(&progress)
                };
            }
        }
        ui.separator();
        ui.menu_button(tr("Label"), |ui| labels_ui(ui, session.workspace.state(), &mut view.filter));
        for (field, name) in Field::ALL {
            ui.menu_button(tr(name), |ui| values_ui(ui, session.workspace.state(), field, &mut view.filter));
        }
        ui.separator();
        if ui.add_enabled(!view.filter.is_empty(), Button::new(tr("Show all documents"))).clicked() {
            view.filter = Filter::default();
            ui.close();
        }
    });
    ui.menu_button(tr("Sort"), |ui| {
        for (sort, name) in Sort::ALL {
            if ui.radio(view.sort == sort, tr(name)).clicked() {
                view.sort = sort;
                ui.close();
            }
        }
        ui.separator();
        ui.checkbox(&mut view.is_reversed, tr("The other way round"));
    });
}

fn labels_ui(ui: &mut Ui, state: &State, filter: &mut Filter) {
    ScrollArea::vertical().max_height(320.0).show(ui, |ui| {
        for (key, label) in state.schema.labels.iter().filter(|(_, label)| !label.retired) {
            if ui.radio(filter.label.as_ref() == Some(key), with_symbols(&label.name)).clicked() {
                filter.label = Some(key.clone());
                ui.close();
            }
        }
    });
}

/// The values that documents have, the most frequent first.
fn values_ui(ui: &mut Ui, state: &State, field: Field, filter: &mut Filter) {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    state.present_documents().for_each(|(_, document)| *counts.entry(field.value(document)).or_default() += 1);
    let mut values: Vec<(&str, usize)> = counts.into_iter().collect();
    values.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    ScrollArea::vertical().max_height(320.0).show(ui, |ui| {
        for (value, count) in values.into_iter().take(MOST_VALUES) {
            let name = format!("{} ({count})", value_name(value));
            if ui.radio(filter.fields.get(&field).is_some_and(|wanted| wanted == value), name).clicked() {
                filter.fields.insert(field, value.to_owned());
                ui.close();
            }
        }
    });
}

fn value_name(value: &str) -> String {
    if value.is_empty() { tr("Not known").into_owned() } else { with_symbols(value).into_owned() }
}

/// What the list is filtered by, each with a way to take it away.
pub(super) fn chips_ui(ui: &mut Ui, session: &Session, filter: &mut Filter) {
    if filter.progress.is_empty() && filter.label.is_none() && filter.fields.is_empty() {
        return;
    }
    ui.horizontal_wrapped(|ui| {
        let chosen: Vec<Progress> = filter.progress.iter().copied().collect();
        for progress in chosen {
            if chip_ui(ui, &tr(progress.name())) {
                filter.progress.remove(&progress);
            }
        }
        if let Some(label) = &filter.label
            && chip_ui(ui, &label_name(session, label))
        {
            filter.label = None;
        }
        let values: Vec<(Field, String)> = filter.fields.iter().map(|(field, value)| (*field, value_name(value))).collect();
        for (field, value) in values {
            if chip_ui(ui, &value) {
                filter.fields.remove(&field);
            }
        }
    });
}

fn label_name(session: &Session, label: &LabelKey) -> String {
    session.workspace.state().schema.labels.get(label).map_or_else(|| label.to_string(), |label| with_symbols(&label.name).into_owned())
}

fn chip_ui(ui: &mut Ui, text: &str) -> bool {
    ui.add(Button::new(RichText::new(format!("{text} ✕")).small())).on_hover_text(tr_with("No longer filter by {}", text)).clicked()
}
