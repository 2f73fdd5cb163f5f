//! What an import would bring: files, what offsets count, the first documents, and what there is to say about them.

use eframe::egui::{RichText, ScrollArea, Ui};

use crate::app::dialogs::finding_ui;
use crate::app::words::{tr, tr_count, tr_with};
use crate::format::Evidence;
use crate::model::{CoderKey, Finding};
use crate::text::{one_line, with_symbols};
use crate::workspace::import::{DocumentSeen, ImportPreview};

/// Findings that are shown; all of them are when the import is made.
const SHOWN_FINDINGS: usize = 20;
/// New labels that are named.
const SHOWN_LABELS: usize = 12;

/// The files by format, one line each.
pub(super) fn files_ui(ui: &mut Ui, seen: &ImportPreview) {
    for files in &seen.files {
        ui.horizontal_wrapped(|ui| {
            ui.label(RichText::new(files.format.title).strong());
            let first = one_line(&files.first, 60);
            match files.count {
                0 | 1 => ui.weak(first),
                count => ui.weak(format!("{} · {first} …", tr_count("{} file", "{} files", count))),
            };
        });
    }
}

/// How sure it is what offsets count.
pub(super) fn evidence_ui(ui: &mut Ui, evidence: &[Evidence]) {
    let said: Vec<String> = evidence.iter().map(said).collect();
    let is_sure = evidence.iter().all(|evidence| evidence.fits == evidence.of);
    let color = if is_sure { ui.visuals().weak_text_color() } else { ui.visuals().warn_fg_color };
    if let Some(first) = said.first() {
        ui.label(RichText::new(first).color(color)).on_hover_text(said.join("\n"));
    }
}

fn said(evidence: &Evidence) -> String {
    let Evidence { counting, by_words, fits, of, next } = evidence;
    let how = if *by_words { tr("annotations have their words") } else { tr("annotations begin and end at words") };
    let next = next.as_ref().map(|(next, fits)| format!("; {next}: {fits}")).unwrap_or_default();
    format!("{counting}: {fits} / {of} {how}{next}")
}

/// The documents, or that they are being read.
pub(super) fn ui(ui: &mut Ui, seen: &ImportPreview, is_seen: bool) {
    if let Some(error) = seen.error.as_ref().filter(|_| is_seen) {
        ui.colored_label(ui.visuals().error_fg_color, error);
    }
    let count = seen.documents.len();
    let heading = match (is_seen, seen.has_more) {
        (false, _) => tr("Reading the first documents…").into_owned(),
        (true, true) => tr_count("The first document", "The first {} documents", count),
        (true, false) => tr_count("{} document", "{} documents", count),
    };
    ui.label(RichText::new(heading).strong());
    let height = (ui.ctx().content_rect().height() - 460.0).clamp(90.0, 260.0);
    ScrollArea::vertical().id_salt("first documents").max_height(height).auto_shrink([false, true]).show(ui, |ui| {
        seen.documents.iter().for_each(|document| document_ui(ui, document));
    });
    labels_ui(ui, seen);
    findings_ui(ui, &seen.findings);
}

fn document_ui(ui: &mut Ui, document: &DocumentSeen) {
    ui.add_space(4.0);
    ui.horizontal_wrapped(|ui| {
        ui.label(RichText::new(&document.title).strong());
        document.coders.iter().for_each(|(coder, counts)| drop(ui.weak(coder_said(coder, *counts))));
    });
    if document.begin != document.title {
        ui.weak(&document.begin);
    }
    if !document.marks.is_empty() {
        ui.horizontal_wrapped(|ui| {
            for (label, quote) in &document.marks {
                ui.label(RichText::new(label.as_str()).small().strong());
                ui.label(RichText::new(format!("“{quote}”")).small());
            }
        });
    }
}

fn coder_said(coder: &CoderKey, [spans, claims, relations]: [usize; 3]) -> String {
    let counts = [
        (spans, tr_count("{} span", "{} spans", spans)),
        (claims, tr_count("{} claim", "{} claims", claims)),
        (relations, tr_count("{} relation", "{} relations", relations)),
    ];
    let said: Vec<String> = counts.into_iter().filter(|(count, _)| *count > 0).map(|(_, said)| said).collect();
    if said.is_empty() { coder.to_string() } else { format!("{coder}: {}", said.join(", ")) }
}

fn labels_ui(ui: &mut Ui, seen: &ImportPreview) {
    if seen.new_labels.is_empty() {
        return;
    }
    let names: Vec<_> = seen.new_labels.iter().take(SHOWN_LABELS).map(|label| with_symbols(label.as_str())).collect();
    let more = if seen.new_labels.len() > SHOWN_LABELS { ", …" } else { "" };
    ui.add_space(4.0);
    ui.label(tr_with("New in the codebook: {}", format!("{}{more}", names.join(", "))));
}

fn findings_ui(ui: &mut Ui, findings: &[Finding]) {
    if findings.is_empty() {
        return;
    }
    ui.add_space(4.0);
    ui.label(RichText::new(tr_count("{} thing to look at", "{} things to look at", findings.len())).strong());
    ScrollArea::vertical().id_salt("findings of the preview").max_height(84.0).auto_shrink([false, true]).show(ui, |ui| {
        findings.iter().take(SHOWN_FINDINGS).for_each(|finding| finding_ui(ui, finding));
    });
}
