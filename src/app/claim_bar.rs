//! The slots of what is under work, next to the text, each with its key: roles and attributes of a claim, entity and
//! attributes of a mention; or, while one of them is being filled, the choices.
//!
//! The bar has the same height whatever it shows, so that the text above it never moves.

use eframe::egui::{Align, Button, FontSelection, Key, Panel, RichText, Role, ScrollArea, Stroke, TextEdit, Ui, WidgetInfo, text::LayoutJob, vec2};

use super::App;
use super::offer::{Choice, Offer, Origin, Pick, Purpose, Search};
use super::queue::{Action, Queue};
use super::session::Session;
use super::words::tr;
use crate::edit::ops::AttributeOwner;
use crate::model::{
    AttributeDef, AttributeKey, AttributeKind, AttributeValue, Attributes, Claim, ClaimId, Filler, LabelKind, MarkId, RoleKey, SheetKey, Span,
    SpanId, Target,
};
use crate::text::{one_line, with_symbols};

/// Three rows of slots.
const HEIGHT: f32 = 92.0;
/// In a small window two.
const SMALL_HEIGHT: f32 = 64.0;
/// Values are cut here.
const MAX_VALUE_CHARS: usize = 26;

/// How urgent a slot is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Need {
    Filled,
    Open,
    Required,
}

impl Need {
    fn of(value: &str, is_required: bool) -> Self {
        match (value.is_empty(), is_required) {
            (false, _) => Self::Filled,
            (true, true) => Self::Required,
            (true, false) => Self::Open,
        }
    }
}

impl App {
    pub(crate) fn claim_bar_ui(&mut self, ui: &mut Ui, queue: &mut Queue) {
        let height = if ui.ctx().content_rect().height() < 600.0 { SMALL_HEIGHT } else { HEIGHT };
        let Some(session) = &mut self.session else { return };
        Panel::bottom("claim bar").exact_size(height).show(ui, |ui| {
            ScrollArea::vertical().id_salt("claim bar").auto_shrink([false, false]).show(ui, |ui| {
                ui.spacing_mut().item_spacing = vec2(5.0, 4.0);
                let mut offer = session.offer.take();
                match &mut offer {
                    Some(offer) => offer_ui(ui, offer, queue),
                    None => slots_ui(ui, session, queue),
                }
                session.offer = offer;
            });
        });
    }
}

fn offer_ui(ui: &mut Ui, offer: &mut Offer, queue: &mut Queue) {
    ui.horizontal_wrapped(|ui| {
        ui.strong(format!("{}:", offer.title));
        if let Some(search) = &mut offer.search {
            search_ui(ui, search, &offer.choices, queue);
        }
        let best = offer.best();
        for (index, choice) in offer.choices.iter().enumerate() {
            choice_ui(ui, choice, best == Some(index), index, queue);
        }
        if offer.search.is_none() && offer.is_searchable() && ui.button(key_and_text(ui, "/", &tr("Search"))).clicked() {
            queue.run("search-offer");
        }
        let leave = ui.button(key_and_text(ui, "Esc", &tr("Leave")));
        leave.widget_info(|| WidgetInfo::labeled(Role::Button, true, tr("Leave the choices")));
        if leave.clicked() {
            queue.push(Action::CloseOffer);
        }
    });
    ui.horizontal_wrapped(|ui| {
        for hint in hints(offer) {
            ui.label(RichText::new(hint).small().color(ui.visuals().weak_text_color()));
        }
    });
}

/// What keys do now, where it is not written on the choices.
fn hints(offer: &Offer) -> Vec<String> {
    let mut hints = Vec::new();
    if let Some(best) = offer.best().and_then(|best| offer.choices.get(best)) {
        hints.push(format!("Enter: {}", best.title));
    }
    if matches!(offer.purpose, Purpose::Fill(..)) && offer.search.is_none() {
        hints.push(tr(if offer.origin == Origin::Asked { "or click a mark, or select the words" } else { "or click a mark" }).into_owned());
    }
    hints
}

fn search_ui(ui: &mut Ui, search: &mut Search, choices: &[Choice], queue: &mut Queue) {
    let mut typed = search.typed.clone();
    let field = ui.add(TextEdit::singleline(&mut typed).desired_width(170.0).hint_text(tr("Name, alias or id")));
    field.widget_info(|| WidgetInfo::labeled(Role::TextInput, true, tr("Search for another choice")));
    if std::mem::take(&mut search.is_new) {
        field.request_focus();
    }
    let (up, down, enter) = ui.input(|input| (input.key_pressed(Key::ArrowUp), input.key_pressed(Key::ArrowDown), input.key_pressed(Key::Enter)));
    if down || up {
        search.row = if down { search.row + 1 } else { search.row.saturating_sub(1) }.min(choices.len().saturating_sub(1));
    }
    if field.lost_focus() && ui.input(|input| input.key_pressed(Key::Escape)) {
        queue.run("leave");
    } else if typed != search.typed {
        queue.push(Action::SearchOffer(typed));
    } else if field.lost_focus() && enter {
        let wants_new = ui.input(|input| input.modifiers.shift);
        let new = choices.iter().position(|choice| matches!(choice.pick, Pick::NewEntity(_)));
        queue.push(Action::TakeChoice(new.filter(|_| wants_new).unwrap_or(search.row)));
    }
}

fn choice_ui(ui: &mut Ui, choice: &Choice, is_best: bool, index: usize, queue: &mut Queue) {
    let key = match (choice.key, &choice.pick) {
        (Some(key), _) => key.to_uppercase().to_string(),
        (None, Pick::NewEntity(_)) => "⇧⏎".to_owned(),
        (None, _) => String::new(),
    };
    let mut text = key_and_text(ui, &key, &if choice.is_on { format!("✔ {}", choice.title) } else { choice.title.clone() });
    if !choice.detail.is_empty() {
        append(ui, &mut text, RichText::new(format!(" {}", choice.detail)).small().color(ui.visuals().weak_text_color()));
    }
    let stroke = if is_best { Stroke::new(2.0, ui.visuals().hyperlink_color) } else { ui.visuals().widgets.inactive.bg_stroke };
    let button = ui.add(Button::new(text).selected(choice.is_on).stroke(stroke));
    button.widget_info(|| WidgetInfo::selected(Role::Button, true, choice.is_on, &choice.title));
    if button.clicked() {
        queue.push(Action::TakeChoice(index));
    }
}

/// The key in bold, then the text.
fn key_and_text(ui: &Ui, key: &str, text: &str) -> LayoutJob {
    let mut job = LayoutJob::default();
    if !key.is_empty() {
        append(ui, &mut job, RichText::new(format!("{key} ")).strong());
    }
    append(ui, &mut job, RichText::new(text));
    job
}

fn append(ui: &Ui, job: &mut LayoutJob, text: RichText) {
    text.append_to(job, ui.style(), FontSelection::Default, Align::Center);
}

fn slots_ui(ui: &mut Ui, session: &Session, queue: &mut Queue) {
    let (Some(key), Some(sheet)) = (session.current(), session.current_sheet()) else { return };
    match session.subject() {
        Some(MarkId::Claim(id)) => {
            if let Some(claim) = sheet.claims.get(&id) {
                claim_ui(ui, session, key, (id, claim), queue);
            }
        }
        Some(MarkId::Span(id)) => {
            if let Some(span) = sheet.spans.get(&id) {
                span_ui(ui, session, (id, span), queue);
            }
        }
        None => nothing_ui(ui, session, queue),
    }
}

/// Nothing is selected: what is said of the document as a whole, and how to begin.
fn nothing_ui(ui: &mut Ui, session: &Session, queue: &mut Queue) {
    let has_attributes = !session.workspace.state().schema.attributes_of(Target::Document, None).is_empty();
    if let Some(sheet) = session.current_sheet().filter(|_| has_attributes) {
        ui.horizontal_wrapped(|ui| {
            ui.weak(tr("Document:"));
            attributes_ui(ui, session, AttributeOwner::Document, &sheet.info.attributes, queue);
        });
    } else {
        ui.add_space(4.0);
    }
    ui.weak(tr("Select words and press the key of a label: a mention asks whom it means, a claim who claims it."));
    ui.weak(tr("With the caret in a sentence, the claim key takes the sentence. F1 shows all keys."));
}

fn claim_ui(ui: &mut Ui, session: &Session, key: &SheetKey, (id, claim): (ClaimId, &Claim), queue: &mut Queue) {
    let schema = &session.workspace.state().schema;
    ui.horizontal_wrapped(|ui| {
        for (role, def) in schema.roles_of(&claim.label) {
            let fillers = claim.fillers(role);
            let value = fillers.iter().map(|filler| filler_name(session, key, filler)).collect::<Vec<_>>().join(", ");
            let need = Need::of(&value, def.required);
            if slot_ui(ui, def.shortcut, &with_symbols(&def.name), &value, need, &with_symbols(&def.description)) {
                open_role(session, id, role, queue);
            }
        }
        attributes_ui(ui, session, AttributeOwner::Mark(MarkId::Claim(id)), &claim.attributes, queue);
        let need =
            if claim.places().next().is_none() && claim.normalized.trim().is_empty() { Need::Required } else { Need::of(&claim.normalized, false) };
        if slot_ui(
            ui,
            None,
            &tr("In your words"),
            &claim.normalized,
            need,
            &tr("The claim on its own, so that it can be read without the article. Shift+Enter"),
        ) {
            queue.run("edit-normalized");
        }
    });
}

fn open_role(session: &Session, claim: ClaimId, role: &RoleKey, queue: &mut Queue) {
    // With a mention in hand a click is as good as the key.
    let has_text = session.selected_text().is_some();
    let in_hand = has_text || matches!(session.selected, Some(MarkId::Span(_)));
    queue.push(if in_hand { Action::UseRole(role.clone()) } else { Action::OpenOffer(Purpose::Fill(claim, role.clone())) });
}

fn span_ui(ui: &mut Ui, session: &Session, (id, span): (SpanId, &Span), queue: &mut Queue) {
    let state = session.workspace.state();
    ui.horizontal_wrapped(|ui| {
        if state.schema.kind_of(&span.label) == LabelKind::Entity {
            let name =
                span.entity.and_then(|entity| state.entity(entity)).map(|(_, entity)| with_symbols(&entity.name).into_owned()).unwrap_or_default();
            if slot_ui(ui, Some('='), &tr("Entity"), &name, Need::of(&name, false), &tr("Whom this mention means, in the whole project")) {
                queue.push(Action::OpenOffer(Purpose::Link(id)));
            }
        }
        attributes_ui(ui, session, AttributeOwner::Mark(MarkId::Span(id)), span.attributes(), queue);
    });
    if let Some(claim) = session.claim_at_work {
        let name = super::lists::mark_name(session, MarkId::Claim(claim));
        ui.label(RichText::new(format!("{} {name}", tr("Keys of roles fill this claim:"))).small().color(ui.visuals().weak_text_color()));
    }
}

fn attributes_ui(ui: &mut Ui, session: &Session, owner: AttributeOwner, values: &Attributes, queue: &mut Queue) {
    let Some(key) = session.current() else { return };
    let (target, label) = match owner {
        AttributeOwner::Mark(mark @ MarkId::Span(_)) => (Target::Span, super::lists::label_of(session, key, mark)),
        AttributeOwner::Mark(mark @ MarkId::Claim(_)) => (Target::Claim, super::lists::label_of(session, key, mark)),
        AttributeOwner::Document => (Target::Document, None),
        AttributeOwner::Relation(_) | AttributeOwner::Entity(_) => return,
    };
    for (attribute, def) in session.workspace.state().schema.attributes_of(target, label) {
        let value = values.get(attribute).map(|value| value_name(def, value)).unwrap_or_default();
        let need = Need::of(&value, def.required);
        if slot_ui(ui, def.shortcut, &with_symbols(&def.name), &value, need, &with_symbols(&def.description)) {
            queue.push(open_attribute(owner, attribute, def));
        }
    }
}

fn open_attribute(owner: AttributeOwner, key: &AttributeKey, def: &AttributeDef) -> Action {
    match def.kind {
        AttributeKind::Choice | AttributeKind::Choices => Action::OpenOffer(Purpose::Set(owner, key.clone())),
        _ => Action::UseAttribute(key.clone()),
    }
}

/// One slot; true when it was clicked.
fn slot_ui(ui: &mut Ui, key: Option<char>, name: &str, value: &str, need: Need, hint: &str) -> bool {
    let key = key.map(key_name).unwrap_or_default();
    let weak = ui.visuals().weak_text_color();
    let mut text = LayoutJob::default();
    if !key.is_empty() {
        append(ui, &mut text, RichText::new(format!("{key} ")).strong());
    }
    append(ui, &mut text, if need == Need::Filled { RichText::new(format!("{name}: ")).color(weak) } else { RichText::new(name).color(weak) });
    append(ui, &mut text, RichText::new(one_line(value, MAX_VALUE_CHARS)).strong());
    let stroke = match need {
        Need::Required => Stroke::new(1.5, ui.visuals().warn_fg_color),
        Need::Open | Need::Filled => ui.visuals().widgets.inactive.bg_stroke,
    };
    let fill = if need == Need::Filled { ui.visuals().widgets.inactive.weak_bg_fill } else { eframe::egui::Color32::TRANSPARENT };
    let button = ui.add(Button::new(text).fill(fill).stroke(stroke));
    let said = if value.is_empty() { tr("open").into_owned() } else { value.to_owned() };
    button.widget_info(|| WidgetInfo::labeled(Role::Button, true, format!("{name}: {said}")));
    let is_clicked = button.clicked();
    if !hint.is_empty() {
        button.on_hover_text(hint);
    }
    is_clicked
}

/// `A`, `⇧U`.
fn key_name(key: char) -> String {
    if key.is_uppercase() { format!("⇧{key}") } else { key.to_uppercase().to_string() }
}

fn value_name(def: &AttributeDef, value: &AttributeValue) -> String {
    let name = |key: &crate::model::ChoiceKey| {
        def.choices.iter().find(|choice| choice.key == *key).map_or_else(|| key.to_string(), |choice| with_symbols(&choice.name).into_owned())
    };
    match value {
        AttributeValue::Choice(key) => name(key),
        AttributeValue::Choices(keys) => keys.iter().map(name).collect::<Vec<_>>().join(", "),
        AttributeValue::Bool(value) => tr(if *value { "yes" } else { "no" }).into_owned(),
        other => other.to_string(),
    }
}

/// A filler in few words.
pub(crate) fn filler_name(session: &Session, key: &SheetKey, filler: &Filler) -> String {
    let name = match filler {
        Filler::Span(id) => super::lists::quote_of(session, key, MarkId::Span(*id)),
        Filler::Claim(id) => super::lists::quote_of(session, key, MarkId::Claim(*id)),
        Filler::Entity(id) => session.workspace.state().entity(*id).map(|(_, entity)| with_symbols(&entity.name).into_owned()).unwrap_or_default(),
        Filler::Value(value) => value.clone(),
    };
    if name.is_empty() { tr("(gone)").into_owned() } else { name }
}
