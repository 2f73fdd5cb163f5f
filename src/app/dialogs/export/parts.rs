//! How an export is split into train, dev and test.

use eframe::egui::{ComboBox, DragValue, TextEdit, Ui};

use crate::app::words::tr;
use crate::format::{DocumentField, Fractions, SplitOptions};
use crate::model::{Schema, Target};

/// The split as it is being chosen.
pub(super) struct Parts {
    is_wanted: bool,
    // As typed: `80/10/10`.
    shares: String,
    seed: u64,
    stratify: Option<DocumentField>,
    group: Option<DocumentField>,
    fields: Vec<(DocumentField, String)>,
}

impl Parts {
    /// No split. Attributes of documents are fields, too.
    pub(super) fn new(schema: &Schema) -> Self {
        let mut fields: Vec<(DocumentField, String)> = [
            (DocumentField::Source, "Source"),
            (DocumentField::Author, "Author"),
            (DocumentField::Language, "Language"),
            (DocumentField::Year, "Year"),
            (DocumentField::Date, "Date"),
        ]
        .map(|(field, name)| (field, tr(name).into_owned()))
        .to_vec();
        let of_documents = schema.attributes.iter().filter(|(_, def)| def.applies_to.contains(&Target::Document));
        fields.extend(of_documents.map(|(key, def)| (DocumentField::Attribute(key.clone()), def.name.clone())));
        Self { is_wanted: false, shares: "80/10/10".to_owned(), seed: 0, stratify: None, group: None, fields }
    }

    /// None for no split.
    ///
    /// # Errors
    /// When what is typed are no shares.
    pub(super) fn options(&self) -> Result<Option<SplitOptions>, String> {
        if !self.is_wanted {
            return Ok(None);
        }
        let fractions: Fractions = self.shares.trim().parse()?;
        Ok(Some(SplitOptions { fractions, seed: self.seed, stratify: self.stratify.clone(), group: self.group.clone() }))
    }

    /// Rows of a grid: a name and what can be chosen.
    pub(super) fn rows_ui(&mut self, ui: &mut Ui) {
        ui.label(tr("Split"));
        ui.horizontal(|ui| {
            ui.checkbox(&mut self.is_wanted, tr("Into train, dev and test"));
            if self.is_wanted {
                let shares = ui.add(TextEdit::singleline(&mut self.shares).desired_width(80.0));
                shares.on_hover_text(tr("Shares of all documents: train/dev/test, or train/test"));
                let seed = ui.label(tr("Seed"));
                ui.add(DragValue::new(&mut self.seed)).labelled_by(seed.id).on_hover_text(tr("Another seed splits differently"));
            }
        });
        ui.end_row();
        if self.is_wanted {
            let rows = [
                ("Even in all parts", "Each part gets its share of each value", &mut self.stratify),
                ("Kept together", "Documents with the same value come into the same part", &mut self.group),
            ];
            for (name, hint, field) in rows {
                field_ui(ui, (name, hint), &self.fields, field);
            }
            if let Err(why) = self.options() {
                ui.label("");
                ui.colored_label(ui.visuals().error_fg_color, why);
                ui.end_row();
            }
        }
    }
}

fn field_ui(ui: &mut Ui, (name, hint): (&str, &str), fields: &[(DocumentField, String)], chosen: &mut Option<DocumentField>) {
    let label = ui.label(tr(name)).on_hover_text(tr(hint));
    let nothing = || tr("Nothing");
    let named = |chosen: &DocumentField| fields.iter().find(|(field, _)| field == chosen).map(|(_, name)| name.clone());
    let shown = chosen.as_ref().and_then(named).map_or_else(nothing, Into::into);
    let response = ComboBox::from_id_salt(name).selected_text(shown).width(160.0).show_ui(ui, |ui| {
        ui.selectable_value(chosen, None, nothing());
        for (field, name) in fields {
            ui.selectable_value(chosen, Some(field.clone()), name);
        }
    });
    response.response.labelled_by(label.id).on_hover_text(tr(hint));
    ui.end_row();
}
