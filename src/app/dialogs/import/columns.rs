//! Which column of a table means what.

use std::collections::BTreeMap;

use eframe::egui::{ComboBox, Grid, Ui};

use crate::app::words::tr;
use crate::format::{Columns, FIELDS, Field, Format};

/// A field and its name in the form.
type Row = (Field, &'static str);

const OF_ARTICLES: [Row; FIELDS.len()] = [
    (Field::Text, "Text"),
    (Field::Title, "Title"),
    (Field::Source, "Source"),
    (Field::Author, "Author"),
    (Field::Date, "Date"),
    (Field::Url, "URL"),
    (Field::Language, "Language"),
    (Field::FileName, "File name"),
];
/// Those that tables of others have; the format knows more, under the names of our own exports.
const OF_SPANS: [Row; 10] = [
    (Field::Document, "Document"),
    (Field::Label, "Label"),
    (Field::Start, "Start"),
    (Field::End, "End"),
    (Field::Quote, "Words"),
    (Field::Coder, "Coder"),
    (Field::Text, "Text"),
    (Field::Title, "Title"),
    (Field::Entity, "Entity"),
    (Field::Note, "Note"),
];
/// Fields side by side.
const IN_A_ROW: usize = 2;

/// What the rows of a table are.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Table {
    Articles,
    Spans,
}

impl Table {
    /// Of files in this format with these columns; none where they have no columns.
    pub(super) fn of(format: &Format, names: &[String]) -> Option<Self> {
        let has_places = || Columns::default().find_spans(names).is_ok_and(|fields| fields.contains_key(&Field::Start));
        match format.name {
            "csv" => Some(Self::Spans),
            "xlsx" if has_places() => Some(Self::Spans),
            "articles-csv" | "articles-jsonl" | "xlsx" => Some(Self::Articles),
            _ => None,
        }
    }

    fn fields(self) -> &'static [Row] {
        match self {
            Self::Articles => &OF_ARTICLES,
            Self::Spans => &OF_SPANS,
        }
    }

    fn find(self, columns: &Columns, names: &[String]) -> BTreeMap<Field, usize> {
        let found = match self {
            Self::Articles => columns.find(names),
            Self::Spans => columns.find_spans(names),
        };
        found.unwrap_or_default()
    }
}

/// A choice for each field; `names` are those of the table.
pub(super) fn ui(ui: &mut Ui, table: Table, names: &[String], columns: &mut Columns) {
    if names.is_empty() {
        return;
    }
    let (fields, found) = (table.fields(), table.find(columns, names));
    ui.add_space(8.0);
    ui.weak(tr("Columns of the table"));
    Grid::new("columns of tables").num_columns(2 * IN_A_ROW).spacing([14.0, 6.0]).show(ui, |ui| {
        for row in fields.chunks(IN_A_ROW) {
            for (field, name) in row {
                let found = found.get(field).and_then(|index| names.get(*index));
                field_ui(ui, (*field, name), found.map(String::as_str), names, columns);
            }
            ui.end_row();
        }
    });
}

fn field_ui(ui: &mut Ui, (field, name): Row, found: Option<&str>, names: &[String], columns: &mut Columns) {
    let label = ui.label(tr(name));
    let nothing = || tr("none");
    let mut chosen = columns.0.get(&field).map(String::as_str).or(found);
    let before = chosen;
    let shown = chosen.map_or_else(nothing, Into::into);
    let response = ComboBox::from_id_salt(("column", name)).selected_text(shown).width(200.0).truncate().show_ui(ui, |ui| {
        for column in names {
            ui.selectable_value(&mut chosen, Some(column.as_str()), column);
        }
    });
    response.response.labelled_by(label.id);
    if let Some(column) = chosen.filter(|_| chosen != before) {
        columns.0.insert(field, column.to_owned());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::format::SPAN_FIELDS;

    #[test]
    fn every_field_of_articles_is_offered_and_fields_of_spans_are_such() {
        assert!(FIELDS.iter().all(|(field, ..)| OF_ARTICLES.iter().any(|(offered, _)| offered == field)));
        assert!(OF_SPANS.iter().all(|(offered, _)| SPAN_FIELDS.iter().any(|(field, ..)| field == offered)));
    }
}
