//! The selected mark: label, exact quote, offsets, entity, roles, attributes, words.

use eframe::egui::{ComboBox, Grid, RichText, Ui};

use super::Inspector;
use crate::app::queue::{Action, Queue};
use crate::app::session::Session;
use crate::app::words::tr;
use crate::edit::ops::{AttributeOwner, Words};
use crate::model::{Claim, Filler, LabelKey, MarkId, SheetKey, Span, Target};
use crate::text::offsets::{OffsetMap, OffsetUnit};
use crate::text::{Ranges, Text};

/// Longer quotes are cut in the middle when shown; the text itself shows them whole.
const MAX_QUOTE_CHARS: usize = 400;

impl Inspector {
    pub(super) fn mark_ui(&mut self, ui: &mut Ui, session: &Session, key: &SheetKey, mark: MarkId, queue: &mut Queue) {
        let sheet = session.sheet_of(key);
        match mark {
            MarkId::Span(id) => {
                if let Some(span) = sheet.spans.get(&id) {
                    self.span_ui(ui, session, key, mark, span, queue);
                }
            }
            MarkId::Claim(id) => {
                if let Some(claim) = sheet.claims.get(&id) {
                    self.claim_ui(ui, session, key, id, claim, queue);
                }
            }
        }
    }

    fn span_ui(&mut self, ui: &mut Ui, session: &Session, key: &SheetKey, mark: MarkId, span: &Span, queue: &mut Queue) {
        head_ui(ui, session, &span.label, queue);
        self.place_ui(ui, session, key, mark);
        if let Some((_, entity)) = span.entity.and_then(|id| session.workspace.state().entity(id)) {
            ui.horizontal_wrapped(|ui| {
                ui.weak(tr("Entity"));
                ui.label(RichText::new(&entity.name).strong());
            });
        }
        let defs = session.workspace.state().schema.attributes_of(Target::Span, Some(&span.label));
        self.attributes_ui(ui, &defs, span.attributes(), AttributeOwner::Mark(mark), queue);
        self.words_ui(ui, "Note", Words::Note(mark), span.note(), queue);
    }

    fn claim_ui(&mut self, ui: &mut Ui, session: &Session, key: &SheetKey, id: crate::model::ClaimId, claim: &Claim, queue: &mut Queue) {
        head_ui(ui, session, &claim.label, queue);
        let mark = MarkId::Claim(id);
        self.place_ui(ui, session, key, mark);
        roles_ui(ui, session, key, claim, queue);
        let defs = session.workspace.state().schema.attributes_of(Target::Claim, Some(&claim.label));
        self.attributes_ui(ui, &defs, &claim.attributes, AttributeOwner::Mark(mark), queue);
        self.words_ui(ui, "In the coder's words", Words::Normalized(id), &claim.normalized, queue);
        self.words_ui(ui, "Note", Words::Note(mark), &claim.note, queue);
    }

    fn place_ui(&mut self, ui: &mut Ui, session: &Session, key: &SheetKey, mark: MarkId) {
        let (Some(ranges), Some(text)) = (session.sheet_of(key).ranges_of(mark), session.text_of(key)) else {
            ui.weak(tr("Not in the text"));
            return;
        };
        ui.label(RichText::new(format!("“{}”", shortened(&text.quote(ranges)))).italics());
        let of = (key.clone(), session.workspace.state().sheet_revision(key), mark);
        ui.weak(self.places.words(of, &text, ranges))
            .on_hover_text(tr("Offsets in characters (code points) and in bytes of UTF-8; the end is exclusive."));
    }
}

/// Offsets of the selected mark in words. Counting characters reads the text from its start, so it is done once.
#[derive(Default)]
pub(super) struct Places {
    words: String,
    of: Option<(SheetKey, u64, MarkId)>,
}

impl Places {
    fn words(&mut self, of: (SheetKey, u64, MarkId), text: &Text, ranges: &Ranges) -> &str {
        if self.of.as_ref() != Some(&of) {
            *self = Self { words: places(text, ranges), of: Some(of) };
        }
        &self.words
    }
}

/// The label, to see and to change, and the way to delete.
fn head_ui(ui: &mut Ui, session: &Session, current: &LabelKey, queue: &mut Queue) {
    let schema = &session.workspace.state().schema;
    let name = schema.labels.get(current).map_or_else(|| current.to_string(), |label| label.name.clone());
    ui.horizontal(|ui| {
        let combo = ComboBox::from_id_salt("label").selected_text(RichText::new(&name).strong()).width(170.0);
        let response = combo.show_ui(ui, |ui| {
            for (key, label) in schema.offered_labels() {
                if ui.selectable_label(key == current, &label.name).clicked() && key != current {
                    queue.push(Action::GiveLabel(key.clone()));
                }
            }
        });
        response.response.widget_info(|| eframe::egui::WidgetInfo::labeled(eframe::egui::Role::ComboBox, true, format!("{}: {name}", tr("Label"))));
        if ui.button(tr("Delete")).on_hover_text(tr("Delete this mark")).clicked() {
            queue.run("delete-mark");
        }
    });
}

fn shortened(quote: &str) -> String {
    let count = quote.chars().count();
    if count <= MAX_QUOTE_CHARS {
        return quote.to_owned();
    }
    let half = MAX_QUOTE_CHARS / 2;
    let (head, tail): (String, String) = (quote.chars().take(half).collect(), quote.chars().skip(count - half).collect());
    format!("{head} […] {tail}")
}

/// `characters 12–40, bytes 12–43`, for each range.
fn places(text: &Text, ranges: &Ranges) -> String {
    let map = OffsetMap::new(text.as_str(), OffsetUnit::CodePoints);
    let each = ranges.iter().map(|range| map.to_unit_range(range)).map(|(start, end)| format!("{start}–{end}"));
    let bytes = ranges.iter().map(|range| format!("{}–{}", range.start(), range.end()));
    let join = |parts: Vec<String>| parts.join(", ");
    format!("{} {} · {} {}", tr("characters"), join(each.collect()), tr("bytes"), join(bytes.collect()))
}

/// Who fills the claim's roles; a click on a filler that has a place jumps there.
fn roles_ui(ui: &mut Ui, session: &Session, key: &SheetKey, claim: &Claim, queue: &mut Queue) {
    if claim.roles.is_empty() {
        return;
    }
    let schema = &session.workspace.state().schema;
    Grid::new("roles").num_columns(2).spacing([12.0, 3.0]).show(ui, |ui| {
        for (role, fillers) in &claim.roles {
            ui.weak(schema.roles.get(role).map_or_else(|| role.to_string(), |def| def.name.clone()));
            ui.horizontal_wrapped(|ui| fillers.iter().for_each(|filler| filler_ui(ui, session, key, filler, queue)));
            ui.end_row();
        }
    });
}

fn filler_ui(ui: &mut Ui, session: &Session, key: &SheetKey, filler: &Filler, queue: &mut Queue) {
    let quote = |mark: MarkId| session.sheet_of(key).ranges_of(mark).zip(session.text_of(key)).map(|(ranges, text)| shortened(&text.quote(ranges)));
    let (name, mark) = match filler {
        Filler::Span(id) => (quote(MarkId::Span(*id)), Some(MarkId::Span(*id))),
        Filler::Claim(id) => (quote(MarkId::Claim(*id)), Some(MarkId::Claim(*id))),
        Filler::Entity(id) => (session.workspace.state().entity(*id).map(|(_, entity)| entity.name.clone()), None),
        Filler::Value(value) => (Some(value.clone()), None),
    };
    let name = name.unwrap_or_else(|| tr("(gone)").into_owned());
    match mark {
        Some(mark) => {
            if ui.link(name).clicked() {
                queue.push(Action::GoToMark(mark));
            }
        }
        None => drop(ui.label(name)),
    }
}
