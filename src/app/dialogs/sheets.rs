//! Dialogs that only show: keys, findings, about.

use eframe::egui::{Grid, RichText, ScrollArea, Ui};

use super::{Next, finding_ui, title_ui};
use crate::app::App;
use crate::app::command::COMMANDS;
use crate::app::keys::codebook_keys;
use crate::app::session::Session;
use crate::app::words::tr;
use crate::model::{CodebookKey, Schema};
use crate::text::with_symbols;

/// All keys, the codebook's labels first.
pub(super) fn cheat_sheet_ui(ui: &mut Ui, app: &App) -> Next {
    title_ui(ui, "Keys", 620.0);
    ScrollArea::vertical().max_height(460.0).show(ui, |ui| {
        if let Some(session) = &app.session {
            codebook_keys_ui(ui, &session.workspace.state().schema);
        }
        ui.strong(tr("Commands"));
        Grid::new("command keys").num_columns(2).spacing([24.0, 3.0]).striped(true).show(ui, |ui| {
            for command in COMMANDS {
                let chords = command.chords(app);
                if !chords.is_empty() {
                    let keys: Vec<String> = chords.iter().map(ToString::to_string).collect();
                    row_ui(ui, &tr(command.title), &keys.join("   "));
                }
            }
        });
    });
    ui.add_space(4.0);
    ui.weak(tr("Open choices have digits: 0 for none or the author; Enter takes the first."));
    ui.weak(tr("A label's letter comes before a command with the same letter. Letters are silent while you type in a field."));
    close_ui(ui)
}

/// A heading, and which keys stand under it.
type Part = (&'static str, fn(&CodebookKey) -> bool);

/// The keys of labels, roles and attributes.
fn codebook_keys_ui(ui: &mut Ui, schema: &Schema) {
    let keys = codebook_keys(schema);
    let parts: [Part; 3] = [
        ("Labels", |what| matches!(what, CodebookKey::Label(_))),
        ("Roles of claims", |what| matches!(what, CodebookKey::Role(_))),
        ("Attributes", |what| matches!(what, CodebookKey::Attribute(_))),
    ];
    for (title, belongs) in parts {
        ui.strong(tr(title));
        Grid::new(title).num_columns(2).spacing([24.0, 3.0]).striped(true).show(ui, |ui| {
            for (what, chord) in keys.iter().filter(|(what, _)| belongs(what)) {
                row_ui(ui, &with_symbols(schema.name_of(what).unwrap_or_default()), &chord.to_string());
            }
        });
        ui.add_space(8.0);
    }
}

fn row_ui(ui: &mut Ui, name: &str, keys: &str) {
    ui.label(name);
    ui.label(RichText::new(keys).monospace());
    ui.end_row();
}

/// What opening, importing and exporting had to say.
pub(super) fn findings_ui(ui: &mut Ui, session: Option<&Session>) -> Next {
    title_ui(ui, "Findings", 680.0);
    let findings = session.map(|session| session.findings.as_slice()).unwrap_or_default();
    if findings.is_empty() {
        ui.weak(tr("Nothing was found wrong."));
    }
    ScrollArea::vertical().max_height(420.0).auto_shrink([false, true]).show_rows(ui, 22.0, findings.len(), |ui, rows| {
        findings.get(rows).unwrap_or_default().iter().for_each(|finding| finding_ui(ui, finding));
    });
    close_ui(ui)
}

/// What could not be done, and why.
pub(super) fn trouble_ui(ui: &mut Ui, why: &str) -> Next {
    title_ui(ui, "That could not be done", 560.0);
    ui.label(why);
    close_ui(ui)
}

/// What this program is.
pub(super) fn about_ui(ui: &mut Ui) -> Next {
    title_ui(ui, "Manicule", 460.0);
    ui.label(format!("{} {}", tr("Version"), env!("CARGO_PKG_VERSION")));
    ui.label(tr("Label entities and claims in news articles by hand and turn them into datasets."));
    ui.label(tr("The manicule ☞ is the little hand that readers drew in margins."));
    ui.weak("MIT OR Apache-2.0");
    close_ui(ui)
}

fn close_ui(ui: &mut Ui) -> Next {
    ui.add_space(8.0);
    if ui.button(tr("Close")).clicked() { Next::Close } else { Next::Stay }
}
