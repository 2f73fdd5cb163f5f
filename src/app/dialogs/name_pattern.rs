//! Fields from the names of files: a pattern, and what it finds.

use std::time::{Duration, Instant};

use eframe::egui::{Checkbox, Grid, Label, RichText, ScrollArea, Ui};

use super::{Next, Pressed, buttons_ui, field_ui, title_ui};
use crate::app::queue::{Action, Queue};
use crate::app::session::Session;
use crate::app::words::{tr, tr_count};
use crate::model::{DocumentId, NameFields, NamePattern, Underscores};
use crate::text::one_line;

/// So many names are shown of those that fit, and of those that do not.
const SHOWN: usize = 50;
/// So long a frame may read names.
const BUDGET: Duration = Duration::from_millis(4);
/// Of longer names and values only the beginning is shown.
const MOST_CHARS: usize = 80;

/// The pattern, and what was found with it so far.
pub(crate) struct NamePatternForm {
    ids: Vec<DocumentId>,
    pattern: String,
    has_blanks: bool,
    found: Option<Found>,
}

/// A field's name, and its value.
type Column = (&'static str, fn(&NameFields) -> Option<String>);

/// What a pattern has found.
struct Found {
    pattern: String,
    underscores: Underscores,
    read: Result<NamePattern, String>,
    // How many documents were looked at.
    done: usize,
    fitting: usize,
    nameless: usize,
    fits: Vec<(String, NameFields)>,
    others: Vec<String>,
}

impl NamePatternForm {
    pub(crate) fn new(ids: Vec<DocumentId>) -> Self {
        Self { ids, pattern: "{date}_{source}_{title}".to_owned(), has_blanks: true, found: None }
    }

    pub(super) fn ui(&mut self, ui: &mut Ui, session: Option<&Session>, queue: &mut Queue) -> Next {
        let Some(session) = session else { return Next::Close };
        title_ui(ui, "Fields from file names", 680.0);
        field_ui(ui, "Pattern", &mut self.pattern, "{date}_{source}_{title}");
        ui.weak(tr("Fields: {title} {source} {author} {date} {language}, and {skip} for what is not wanted. All else stands as in the names."));
        ui.add(Checkbox::new(&mut self.has_blanks, tr("Underscores inside a field stand for blanks")));
        ui.add_space(6.0);
        self.go_on(ui, session);
        let Some(found) = &self.found else { return Next::Stay };
        let pattern = match &found.read {
            Ok(pattern) => {
                found_ui(ui, found, self.ids.len());
                Some(pattern.clone())
            }
            Err(why) => {
                ui.colored_label(ui.visuals().error_fg_color, why);
                None
            }
        };
        let (fitting, underscores) = (found.fitting, found.underscores);
        match (buttons_ui(ui, "Take the fields", pattern.is_some() && fitting > 0), pattern) {
            (Some(Pressed::Done), Some(pattern)) => {
                queue.push(Action::FieldsFromNames { ids: std::mem::take(&mut self.ids), pattern, underscores });
                Next::Close
            }
            (Some(_), _) => Next::Close,
            (None, _) => Next::Stay,
        }
    }

    /// Reads names for a part of a frame; from the first one on where the pattern has changed.
    fn go_on(&mut self, ui: &Ui, session: &Session) {
        let underscores = if self.has_blanks { Underscores::AreBlanks } else { Underscores::Stay };
        let is_same = |found: &Found| found.pattern == self.pattern && found.underscores == underscores;
        if !self.found.as_ref().is_some_and(is_same) {
            self.found = Some(Found::new(&self.pattern, underscores));
        }
        let Some(found) = &mut self.found else { return };
        let start = Instant::now();
        while let (Some(id), true) = (self.ids.get(found.done), found.read.is_ok()) {
            if start.elapsed() > BUDGET {
                return ui.ctx().request_repaint();
            }
            let name = session.workspace.state().document(id).map(|document| document.file_name.as_str());
            found.take(name.unwrap_or_default());
        }
    }
}

impl Found {
    fn new(pattern: &str, underscores: Underscores) -> Self {
        let read = NamePattern::parse(pattern).map_err(|error| error.to_string());
        Self { pattern: pattern.to_owned(), underscores, read, done: 0, fitting: 0, nameless: 0, fits: Vec::new(), others: Vec::new() }
    }

    fn take(&mut self, name: &str) {
        self.done += 1;
        let fields = self.read.as_ref().ok().and_then(|pattern| pattern.read(name, self.underscores));
        match fields {
            Some(fields) => {
                self.fitting += 1;
                if self.fits.len() < SHOWN {
                    self.fits.push((name.to_owned(), fields));
                }
            }
            None if name.is_empty() => self.nameless += 1,
            None if self.others.len() < SHOWN => self.others.push(name.to_owned()),
            None => {}
        }
    }
}

fn found_ui(ui: &mut Ui, found: &Found, all: usize) {
    let left = all.saturating_sub(found.done);
    if left > 0 {
        ui.weak(tr_count("Reading names, {} left", "Reading names, {} left", left));
    }
    ui.label(tr_count("{} name fits", "{} names fit", found.fitting));
    if !found.fits.is_empty() {
        ScrollArea::both().id_salt("fitting names").max_height(190.0).auto_shrink([false, true]).show(ui, |ui| fits_ui(ui, found));
    }
    others_ui(ui, found);
}

/// The fields that the pattern has, name by name.
fn fits_ui(ui: &mut Ui, found: &Found) {
    let columns: [Column; 5] = [
        ("Title", |fields| fields.title.clone()),
        ("Source", |fields| fields.source.clone()),
        ("Author", |fields| fields.author.clone()),
        ("Date", |fields| fields.date.as_ref().map(ToString::to_string)),
        ("Language", |fields| fields.language.clone()),
    ];
    let is_used = |column: &&Column| found.fits.iter().any(|(_, fields)| column.1(fields).is_some());
    let used: Vec<&Column> = columns.iter().filter(is_used).collect();
    Grid::new("fields of names").num_columns(used.len() + 1).striped(true).spacing([14.0, 4.0]).show(ui, |ui| {
        ui.label(RichText::new(tr("File")).small().weak());
        for (heading, _) in &used {
            ui.label(RichText::new(tr(heading)).small().weak());
        }
        ui.end_row();
        for (name, fields) in &found.fits {
            ui.label(one_line(name, MOST_CHARS));
            for (_, value) in &used {
                ui.label(value(fields).map_or_else(String::new, |value| one_line(&value, MOST_CHARS)));
            }
            ui.end_row();
        }
    });
}

/// What stays as it is.
fn others_ui(ui: &mut Ui, found: &Found) {
    let others = found.done - found.fitting - found.nameless;
    if others > 0 {
        ui.add_space(4.0);
        let text = tr_count("{} name does not fit; its document stays as it is:", "{} names do not fit; their documents stay as they are:", others);
        ui.label(RichText::new(text).color(ui.visuals().warn_fg_color));
        ScrollArea::vertical().id_salt("other names").max_height(90.0).auto_shrink([false, true]).show(ui, |ui| {
            for name in &found.others {
                ui.add(Label::new(one_line(name, MOST_CHARS)).truncate());
            }
        });
    }
    if found.nameless > 0 {
        ui.weak(tr_count("{} document has no file name.", "{} documents have no file name.", found.nameless));
    }
}
