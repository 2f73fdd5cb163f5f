//! Mentions and claims of the shown document; a click jumps.

use eframe::egui::{Color32, Rect, RichText, Role, ScrollArea, Sense, Ui, WidgetInfo, pos2, vec2};

use super::claim_groups::ClaimGroups;
use super::entities::EntitiesHere;
use super::line_ui;
use crate::app::label_hint::with_label_hint;
use crate::app::offer::Purpose;
use crate::app::problems::Problems;
use crate::app::queue::{Action, Queue};
use crate::app::session::{Article, Session};
use crate::app::theme;
use crate::app::words::tr;
use crate::model::{ClaimId, LabelKey, LabelKind, MarkId, SheetKey};
use crate::text::{one_line, with_symbols};

/// Height of a row, in points.
const ROW: f32 = 24.0;
/// Quotes are cut here.
const MAX_QUOTE_CHARS: usize = 160;

/// Which list is shown. Its rows are the marks of the article in text order, then the claims without a place.
#[derive(Default)]
pub(crate) struct MarkLists {
    tab: Tab,
    claims: ClaimGroups,
    entities: EntitiesHere,
}

#[derive(Clone, Copy, PartialEq, Eq, Default)]
enum Tab {
    #[default]
    Mentions,
    Claims,
    Unfinished,
    Entities,
    Relations,
    Problems,
    Others,
}

impl Tab {
    const ALL: [(Self, &str); 7] = [
        (Self::Mentions, "Mentions"),
        (Self::Claims, "Claims"),
        (Self::Unfinished, "Unfinished"),
        (Self::Entities, "Entities"),
        (Self::Relations, "Relations"),
        (Self::Problems, "Problems"),
        (Self::Others, "Other spans"),
    ];

    /// What an empty list says.
    fn hint(self) -> &'static str {
        match self {
            Self::Mentions => "Nothing is labelled yet. Select some text and press a label's key.",
            Self::Claims => "No claims yet. Put the caret into a sentence and press the claim key.",
            Self::Unfinished => "Every claim has what the codebook requires.",
            Self::Entities => "No mention says yet whom it means. Select one and press =.",
            Self::Relations => "No relations yet. Select a mark, press - and choose where it leads to, or drag from its name to another mark.",
            Self::Problems => "No problems.",
            Self::Others => "No spans with labels that are neither entities nor claims.",
        }
    }
}

impl MarkLists {
    pub(crate) fn ui(&mut self, ui: &mut Ui, session: &Session, problems: &Problems, queue: &mut Queue) {
        let Some(article) = &session.article else { return };
        let key = &article.key;
        self.claims.refresh(&session.workspace, key);
        ui.add_space(2.0);
        if self.tab == Tab::Entities {
            self.entities.refresh(session, key);
        }
        ui.horizontal_wrapped(|ui| {
            for (tab, name) in Tab::ALL {
                let text = if tab == Tab::Entities {
                    tr(name).into_owned()
                } else {
                    format!("{} {}", tr(name), self.count(tab, session, article, problems))
                };
                if ui.selectable_label(self.tab == tab, text).clicked() {
                    self.tab = tab;
                }
            }
        });
        ui.separator();
        if self.tab == Tab::Entities && !self.entities.is_empty() {
            return self.entities.ui(ui, session, queue);
        }
        if self.tab == Tab::Unfinished {
            super::unfinished::project_ui(ui, session, queue);
        }
        if self.tab == Tab::Problems {
            return super::problems::problems_ui(ui, session, problems, queue);
        }
        if self.tab == Tab::Relations && !session.sheet_of(key).relations.is_empty() {
            return super::relations::relations_ui(ui, session, key, queue);
        }
        let rows = self.rows(self.tab, session, article, problems);
        if rows.count == 0 {
            ui.weak(tr(self.tab.hint()));
            return;
        }
        ui.spacing_mut().item_spacing.y = 0.0;
        ScrollArea::vertical().id_salt("marks").auto_shrink([false, false]).show_rows(ui, ROW, rows.count, |ui, shown| {
            for mark in shown.filter_map(|row| (rows.get)(row)) {
                row_ui(ui, session, key, mark, queue);
            }
        });
    }

    /// True while the list counts other documents too.
    pub(crate) fn shows_project(&self) -> bool {
        self.tab == Tab::Unfinished
    }

    fn count(&self, tab: Tab, session: &Session, article: &Article, problems: &Problems) -> usize {
        let marks = article.view.marks();
        match tab {
            Tab::Mentions => marks.mentions.len(),
            Tab::Claims => marks.claims.len() + self.claims.unplaced.len(),
            Tab::Unfinished => self.claims.unfinished.len(),
            Tab::Entities => 0,
            Tab::Problems => problems.count(),
            Tab::Relations => session.sheet_of(&article.key).relations.len(),
            Tab::Others => marks.others.len(),
        }
    }

    fn rows<'a>(&'a self, tab: Tab, session: &Session, article: &'a Article, problems: &Problems) -> RowsOf<'a> {
        let marks = article.view.marks();
        let unplaced = |row: usize| self.claims.unplaced.iter().nth(row).copied().map(MarkId::Claim);
        let get: Box<dyn Fn(usize) -> Option<MarkId> + 'a> = match tab {
            Tab::Mentions | Tab::Entities | Tab::Relations | Tab::Problems => Box::new(|row| marks.mentions.get(row)),
            Tab::Claims => Box::new(move |row| marks.claims.get(row).or_else(|| unplaced(row.checked_sub(marks.claims.len())?))),
            Tab::Unfinished => {
                let unfinished = self.claims.unfinished_in_order(session.sheet_of(&article.key));
                Box::new(move |row| unfinished.get(row).copied())
            }
            Tab::Others => Box::new(|row| marks.others.get(row)),
        };
        RowsOf { count: self.count(tab, session, article, problems), get }
    }
}

/// The rows of one list.
struct RowsOf<'a> {
    count: usize,
    get: Box<dyn Fn(usize) -> Option<MarkId> + 'a>,
}

fn row_ui(ui: &mut Ui, session: &Session, key: &SheetKey, mark: MarkId, queue: &mut Queue) {
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), ROW), Sense::click());
    let (tag, color) = tag_of(session, key, mark);
    let quote = quote_of(session, key, mark);
    let is_selected = session.selected == Some(mark);
    let name = format!("{tag} {quote}");
    response.widget_info(|| WidgetInfo::selected(Role::ListBoxOption, true, is_selected, &name));
    if is_selected || response.hovered() {
        let fill = if is_selected { ui.visuals().selection.bg_fill } else { ui.visuals().faint_bg_color };
        ui.painter().rect_filled(rect, 3.0, fill);
    }
    let line = theme::readable(ui.visuals(), color);
    ui.painter().vline(rect.left() + 3.0, rect.shrink(4.0).y_range(), eframe::egui::Stroke::new(3.0, line));
    let split = rect.left() + 62.0;
    line_ui(ui, Rect::from_min_max(pos2(rect.left() + 11.0, rect.top()), pos2(split - 4.0, rect.bottom())), RichText::new(tag).small().color(line));
    line_ui(ui, Rect::from_min_max(pos2(split, rect.top()), pos2(rect.right() - 4.0, rect.bottom())), RichText::new(quote));
    if response.clicked() {
        queue.push(Action::GoToMark(mark));
    }
    if let MarkId::Claim(claim) = mark {
        let missing = missing_of(session, key, claim);
        let response = if missing.is_empty() { response } else { response.on_hover_text(format!("{} {missing}", tr("Missing:"))) };
        response.context_menu(|ui| claim_menu_ui(ui, session, claim, queue));
    }
}

/// What a claim lacks, in words; empty for a finished one.
pub(crate) fn missing_of(session: &Session, key: &SheetKey, claim: ClaimId) -> String {
    let schema = &session.workspace.state().schema;
    let missing = session.sheet_of(key).claims.get(&claim).map(|claim| schema.missing_of(claim)).unwrap_or_default();
    missing.iter().map(|missing| schema.name_of_missing(missing)).collect::<Vec<_>>().join(", ")
}

/// What can be done with a claim as a whole.
pub(crate) fn claim_menu_ui(ui: &mut Ui, session: &Session, claim: ClaimId, queue: &mut Queue) {
    let actions = [
        ("Duplicate claim", Action::DuplicateClaim(claim)),
        ("Split claim", Action::SplitClaim(claim)),
        ("Merge with…", Action::OpenOffer(Purpose::Merge(claim))),
    ];
    for (name, action) in actions {
        if ui.button(tr(name)).clicked() {
            queue.push(Action::GoToMark(MarkId::Claim(claim)));
            queue.push(action);
            ui.close();
        }
    }
    ui.menu_button(tr("Content becomes a span"), |ui| {
        let labels = session.workspace.state().schema.offered_labels();
        for (label, def) in labels.into_iter().filter(|(_, def)| def.kind != LabelKind::Claim) {
            if with_label_hint(ui.button(with_symbols(&def.name)), def).clicked() {
                queue.push(Action::ContentIntoSpan { claim, label: label.clone() });
                ui.close();
            }
        }
    });
}

/// The label of a mark.
pub(crate) fn label_of<'s>(session: &'s Session, key: &SheetKey, mark: MarkId) -> Option<&'s LabelKey> {
    let sheet = session.sheet_of(key);
    match mark {
        MarkId::Span(id) => sheet.spans.get(&id).map(|span| &span.label),
        MarkId::Claim(id) => sheet.claims.get(&id).map(|claim| &claim.label),
    }
}

fn tag_of(session: &Session, key: &SheetKey, mark: MarkId) -> (String, Color32) {
    let Some(label) = label_of(session, key, mark) else { return (String::new(), Color32::GRAY) };
    match session.workspace.state().schema.labels.get(label) {
        Some(def) => (def.tag().to_owned(), Color32::from_rgb(def.color.red, def.color.green, def.color.blue)),
        None => (label.to_string(), Color32::GRAY),
    }
}

/// The quote, or the coder's words for a claim without a place.
pub(crate) fn quote_of(session: &Session, key: &SheetKey, mark: MarkId) -> String {
    let sheet = session.sheet_of(key);
    let quote = match (sheet.ranges_of(mark), session.text_of(key)) {
        (Some(ranges), Some(text)) => text.quote(ranges),
        _ => String::new(),
    };
    let words = match mark {
        MarkId::Claim(id) if quote.is_empty() => sheet.claims.get(&id).map(|claim| claim.normalized.clone()).unwrap_or_default(),
        _ => quote,
    };
    one_line(&words, MAX_QUOTE_CHARS)
}

/// A mark for a list: `Person: John Kerry`.
pub(crate) fn mark_name(session: &Session, mark: MarkId) -> String {
    let Some(key) = session.current() else { return String::new() };
    let schema = &session.workspace.state().schema;
    let label = label_of(session, key, mark)
        .map(|label| schema.labels.get(label).map_or_else(|| label.to_string(), |def| with_symbols(&def.name).into_owned()));
    let kind = label_of(session, key, mark).map_or(LabelKind::Span, |label| schema.kind_of(label));
    let limit = if kind == LabelKind::Claim { 60 } else { 40 };
    let quote = quote_of(session, key, mark);
    let cut: String = quote.chars().take(limit).collect();
    let dots = if cut.len() < quote.len() { "…" } else { "" };
    format!("{}: {cut}{dots}", label.unwrap_or_default())
}
