//! The problems of the shown article, or of the project: a click goes there; buttons mend or ignore.

use eframe::egui::{Align2, Button, Color32, FontId, Rect, RichText, Role, ScrollArea, Sense, Stroke, TextWrapMode, Ui, WidgetInfo, pos2, vec2};

use super::line_ui;
use crate::app::problems::{Problem, Problems, ShownProblems};
use crate::app::queue::{Action, Queue};
use crate::app::session::Session;
use crate::app::words::{tr, tr_count, tr_with};
use crate::check;
use crate::model::{Finding, Severity};

/// Height of a row, in points.
const ROW: f32 = 42.0;

pub(super) fn problems_ui(ui: &mut Ui, session: &Session, problems: &Problems, queue: &mut Queue) {
    head_ui(ui, problems, queue);
    ui.spacing_mut().item_spacing.y = 0.0;
    let can_change = session.is_writable();
    match problems.shown {
        ShownProblems::Here => list_ui(ui, &problems.of_article.here, problems.of_article.unlisted, can_change, false, queue),
        ShownProblems::Ignored => list_ui(ui, &problems.of_article.ignored, 0, can_change, true, queue),
        ShownProblems::Everywhere => everywhere_ui(ui, session, problems.everywhere.as_deref(), queue),
    }
}

fn head_ui(ui: &mut Ui, problems: &Problems, queue: &mut Queue) {
    ui.horizontal_wrapped(|ui| {
        let tabs = [
            (ShownProblems::Here, tr("This article").into_owned()),
            (ShownProblems::Ignored, format!("{} {}", tr("Ignored"), problems.of_article.ignored.len())),
            (ShownProblems::Everywhere, tr("Project").into_owned()),
        ];
        for (shown, name) in tabs {
            if ui.selectable_label(problems.shown == shown, name).clicked() {
                queue.push(Action::ShowProblems(shown));
            }
        }
    });
    let fixable = problems.of_article.fixable;
    match problems.shown {
        ShownProblems::Here if fixable > 0 => {
            let fix = ui.button(tr_with("Mend what is safe to mend ({})", fixable));
            if fix.on_hover_text(tr("Nothing that somebody has said is lost. One step to undo.")).clicked() {
                queue.push(Action::FixAllProblems);
            }
        }
        ShownProblems::Everywhere => drop(ui.horizontal_wrapped(|ui| {
            if ui.button(tr("Check all articles")).clicked() {
                queue.run("check-project");
            }
            if problems.everywhere.as_ref().is_some_and(|found| !found.is_empty()) && ui.button(tr("Mend all articles…")).clicked() {
                queue.run("mend-project");
            }
        })),
        _ => {}
    }
    ui.add_space(2.0);
}

fn list_ui(ui: &mut Ui, problems: &[Problem], unlisted: usize, can_change: bool, is_ignored: bool, queue: &mut Queue) {
    if problems.is_empty() {
        ui.weak(tr(if is_ignored { "Nothing is ignored here." } else { "No problems here." }));
        return;
    }
    if unlisted > 0 {
        ui.weak(tr_count("1 more is not listed.", "{} more are not listed.", unlisted));
    }
    ScrollArea::vertical().id_salt("problems").auto_shrink([false, false]).show_rows(ui, ROW, problems.len(), |ui, shown| {
        for problem in problems.get(shown).unwrap_or_default() {
            row_ui(ui, &problem.finding, None, queue, |ui, right, queue| {
                let mut right = right;
                if can_change && check::ignore_name(&problem.finding).is_some() {
                    let (name, hover) =
                        if is_ignored { ("Look again", "Show it among the problems again") } else { ("Ignore", "Do not show this one again") };
                    if small_button(ui, &mut right, name, hover) {
                        queue.push(Action::IgnoreProblem(Box::new(problem.finding.clone()), !is_ignored));
                    }
                }
                if can_change && problem.is_fixable && !is_ignored {
                    let name = if check::rule(problem.finding.rule).is_some() { "Mend" } else { "Settled" };
                    if small_button(ui, &mut right, name, "Nothing that somebody has said is lost") {
                        queue.push(Action::FixProblem(Box::new(problem.finding.clone())));
                    }
                }
                right
            });
        }
    });
}

/// A button that ends at `right`; the next one ends before it.
fn small_button(ui: &mut Ui, right: &mut f32, name: &str, hover: &str) -> bool {
    let galley = ui.painter().layout_no_wrap(tr(name).into_owned(), FontId::proportional(11.0), Color32::PLACEHOLDER);
    let size = vec2(galley.size().x + 14.0, 18.0);
    let top = ui.min_rect().bottom() - ROW + 3.0;
    let rect = Rect::from_min_size(pos2(*right - size.x, top), size);
    *right = rect.left() - 4.0;
    let button = Button::new(RichText::new(tr(name)).size(11.0)).min_size(size).small().wrap_mode(TextWrapMode::Extend);
    ui.scope(|ui| {
        ui.spacing_mut().button_padding.x = 6.0;
        ui.put(rect, button).on_hover_text(tr(hover)).clicked()
    })
    .inner
}

fn everywhere_ui(ui: &mut Ui, session: &Session, findings: Option<&[Finding]>, queue: &mut Queue) {
    let Some(findings) = findings else {
        ui.weak(tr("The articles were not checked yet."));
        return;
    };
    if findings.is_empty() {
        ui.weak(tr("No problems in the project."));
        return;
    }
    ui.weak(tr_count("1 problem when it was checked", "{} problems when it was checked", findings.len()));
    let documents = &session.workspace.state().documents;
    ScrollArea::vertical().id_salt("problems everywhere").auto_shrink([false, false]).show_rows(ui, ROW, findings.len(), |ui, shown| {
        for finding in findings.get(shown).unwrap_or_default() {
            let title = finding.document.as_ref().and_then(|id| documents.get(id)).map(|document| document.title.as_str());
            row_ui(ui, finding, title, queue, |_, right, _| right);
        }
    });
}

/// The rule's title, with room for buttons at its right, and under it what was found.
fn row_ui(ui: &mut Ui, finding: &Finding, document: Option<&str>, queue: &mut Queue, buttons: impl FnOnce(&mut Ui, f32, &mut Queue) -> f32) {
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), ROW), Sense::click());
    let rule = check::rule(finding.rule);
    let title = rule.map_or_else(|| tr("Changed by both sides of a merge").into_owned(), |rule| tr(rule.title).into_owned());
    response.widget_info(|| WidgetInfo::selected(Role::ListBoxOption, true, false, format!("{title}: {}", finding.message)));
    if response.hovered() {
        ui.painter().rect_filled(rect, 3.0, ui.visuals().faint_bg_color);
    }
    let (sign, color) = match finding.severity {
        Severity::Error => ("!", ui.visuals().error_fg_color),
        Severity::Warning => ("!", ui.visuals().warn_fg_color),
        Severity::Note => ("·", ui.visuals().weak_text_color()),
    };
    let center = pos2(rect.left() + 9.0, rect.top() + 12.0);
    ui.painter().circle_stroke(center, 6.5, Stroke::new(1.5, color));
    ui.painter().text(center, Align2::CENTER_CENTER, sign, FontId::proportional(11.0), color);
    let (left, middle) = (rect.left() + 20.0, rect.top() + 21.0);
    let right = buttons(ui, rect.right() - 4.0, queue);
    let above = document.map_or_else(|| title.clone(), |document| format!("{title} · {}", crate::text::with_symbols(document)));
    line_ui(ui, Rect::from_min_max(pos2(left, rect.top() + 2.0), pos2(right, middle)), RichText::new(above).small().color(color));
    line_ui(ui, Rect::from_min_max(pos2(left, middle), pos2(rect.right() - 4.0, rect.bottom() - 3.0)), RichText::new(&finding.message));
    let response = response.on_hover_ui(|ui| {
        ui.set_max_width(360.0);
        ui.label(&finding.message);
        ui.weak(rule.map_or_else(|| tr("Look at both values; then say that it is settled.").into_owned(), |rule| tr(rule.explanation).into_owned()));
    });
    if response.clicked() {
        queue.push(Action::GoToProblem(Box::new(finding.clone())));
    }
}
