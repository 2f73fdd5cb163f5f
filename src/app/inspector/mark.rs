//! The selected mark: label, exact quote, offsets, entity, roles, attributes, words.

use eframe::egui::{ComboBox, RichText, Ui};

use super::{Focus, Inspector, drafts};
use crate::app::label_hint::with_label_hint;
use crate::app::lists::claim_menu_ui;
use crate::app::offer::{Purpose, name_in_text};
use crate::app::queue::{Action, Queue};
use crate::app::session::Session;
use crate::app::words::tr;
use crate::edit::ops::{AttributeOwner, Words};
use crate::model::{Claim, ClaimId, LabelKey, LabelKind, MarkId, Node, SheetKey, Span, Target};
use crate::text::offsets::{Checkpoints, OffsetMap, OffsetUnit};
use crate::text::{Ranges, Text, TextHash, with_symbols};

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
        link_ui(ui, session, (mark, span), queue);
        let defs = session.workspace.state().schema.attributes_of(Target::Span, Some(&span.label));
        self.attributes_ui(ui, &defs, span.attributes(), AttributeOwner::Mark(mark), queue);
        self.words_ui(ui, "Note", Words::Note(mark), span.note(), queue);
        super::relation::relations_ui(ui, session, key, Node::from(mark), queue);
    }

    fn claim_ui(&mut self, ui: &mut Ui, session: &Session, key: &SheetKey, id: ClaimId, claim: &Claim, queue: &mut Queue) {
        ui.horizontal(|ui| {
            head_ui(ui, session, &claim.label, queue);
            let menu = ui.menu_button("⋯", |ui| claim_menu_ui(ui, session, id, queue)).response;
            menu.widget_info(|| eframe::egui::WidgetInfo::labeled(eframe::egui::Role::Button, true, tr("Claim as a whole")));
            menu.on_hover_text(tr("Duplicate, split, merge, turn into a span"));
        });
        let mark = MarkId::Claim(id);
        self.place_ui(ui, session, key, mark);
        occurrences_ui(ui, session, key, (id, claim), queue);
        super::roles::roles_ui(ui, session, key, (id, claim), queue);
        let defs = session.workspace.state().schema.attributes_of(Target::Claim, Some(&claim.label));
        self.attributes_ui(ui, &defs, &claim.attributes, AttributeOwner::Mark(mark), queue);
        self.normalized_ui(ui, session, (id, claim), queue);
        self.words_ui(ui, "Note", Words::Note(mark), &claim.note, queue);
        super::relation::relations_ui(ui, session, key, Node::from(mark), queue);
    }

    /// What is claimed, in the coder's words; begins with the article's.
    fn normalized_ui(&mut self, ui: &mut Ui, session: &Session, (id, claim): (ClaimId, &Claim), queue: &mut Queue) {
        let start = || {
            let text = session.current().and_then(|key| session.text_of(key));
            claim.content.as_ref().zip(text).map(|(content, text)| name_in_text(&text.quote(content)))
        };
        if self.focus == Some(Focus::Normalized) && claim.normalized.is_empty() {
            self.drafts.begin_with(drafts::Key::Words(Words::Normalized(id)), start().unwrap_or_default());
        }
        self.words_ui(ui, "In the coder's words", Words::Normalized(id), &claim.normalized, queue);
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

/// Where else the claim is made, to take away.
fn occurrences_ui(ui: &mut Ui, session: &Session, key: &SheetKey, (id, claim): (ClaimId, &Claim), queue: &mut Queue) {
    let Some(text) = session.text_of(key).filter(|_| !claim.occurrences.is_empty()) else { return };
    for (index, place) in claim.occurrences.iter().enumerate() {
        ui.horizontal_wrapped(|ui| {
            ui.weak(tr("Said again:"));
            ui.label(RichText::new(format!("“{}”", shortened(&text.quote(place)))).italics());
            if ui.small_button("✕").on_hover_text(tr("The claim is not said here")).clicked() {
                queue.push(Action::RemoveOccurrence { claim: id, index });
            }
        });
    }
}

/// Whom a mention means, and the way to the offers and to the entity.
fn link_ui(ui: &mut Ui, session: &Session, (mark, span): (MarkId, &Span), queue: &mut Queue) {
    let state = session.workspace.state();
    let MarkId::Span(id) = mark else { return };
    if state.schema.kind_of(&span.label) != LabelKind::Entity {
        if session.claim_at_work.is_some() && ui.button(tr("Becomes content of the claim")).clicked() {
            queue.push(Action::SpanIntoContent(id));
        }
        return;
    }
    ui.horizontal_wrapped(|ui| {
        ui.weak(tr("Entity"));
        match span.entity.map(|entity| state.entity(entity)) {
            Some(Some((entity, row))) => {
                let name =
                    if row.deleted { format!("{} {}", with_symbols(&row.name), tr("(deleted)")) } else { with_symbols(&row.name).into_owned() };
                if ui.link(RichText::new(name).strong()).on_hover_text(tr("Show this entity")).clicked() {
                    queue.push(Action::SelectEntity(Some(entity)));
                }
            }
            Some(None) => {
                ui.colored_label(ui.visuals().warn_fg_color, tr("(gone)"));
            }
            None => {
                ui.weak(tr("unset"));
            }
        }
        if ui.button(tr("Choose…")).on_hover_text(tr("Say whom this mention means")).clicked() {
            queue.push(Action::OpenOffer(Purpose::Link(id)));
        }
    });
}

/// Offsets of the selected mark in words. Counting characters reads the text, so it is done once.
#[derive(Default)]
pub(super) struct Places {
    words: String,
    of: Option<(SheetKey, u64, MarkId)>,
    counted: Option<(TextHash, Checkpoints)>,
}

impl Places {
    pub(super) fn take_counted(&mut self, characters: (TextHash, Checkpoints)) {
        self.counted = Some(characters);
    }

    fn words(&mut self, of: (SheetKey, u64, MarkId), text: &Text, ranges: &Ranges) -> &str {
        if self.of.as_ref() != Some(&of) {
            let known = self.counted.take().filter(|(hash, _)| hash == text.hash());
            let map = match known {
                Some((_, checkpoints)) => OffsetMap::with(text.as_str(), checkpoints),
                None => OffsetMap::new(text.as_str(), OffsetUnit::CodePoints),
            };
            self.counted = Some((text.hash().clone(), map.checkpoints()));
            (self.words, self.of) = (places(&map, ranges), Some(of));
        }
        &self.words
    }
}

/// The label, to see and to change, and the way to delete.
fn head_ui(ui: &mut Ui, session: &Session, current: &LabelKey, queue: &mut Queue) {
    let schema = &session.workspace.state().schema;
    let name = schema.labels.get(current).map_or_else(|| current.to_string(), |label| with_symbols(&label.name).into_owned());
    ui.horizontal(|ui| {
        let combo = ComboBox::from_id_salt("label")
            .selected_text(RichText::new(&name).strong())
            .width((ui.available_width() - 120.0).clamp(50.0, 170.0))
            .truncate();
        let response = combo.show_ui(ui, |ui| {
            for (key, label) in schema.offered_labels() {
                let item = with_label_hint(ui.selectable_label(key == current, with_symbols(&label.name)), label);
                if item.clicked() && key != current {
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
        return with_symbols(quote).into_owned();
    }
    let half = MAX_QUOTE_CHARS / 2;
    let (head, tail): (String, String) = (quote.chars().take(half).collect(), quote.chars().skip(count - half).collect());
    format!("{} […] {}", with_symbols(&head), with_symbols(&tail))
}

/// `characters 12–40, bytes 12–43`, for each range.
fn places(map: &OffsetMap<'_>, ranges: &Ranges) -> String {
    let each = ranges.iter().map(|range| map.to_unit_range(range)).map(|(start, end)| format!("{start}–{end}"));
    let bytes = ranges.iter().map(|range| format!("{}–{}", range.start(), range.end()));
    let join = |parts: Vec<String>| parts.join(", ");
    format!("{} {} · {} {}", tr("characters"), join(each.collect()), tr("bytes"), join(bytes.collect()))
}
