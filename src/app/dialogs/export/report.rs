//! What an export would keep, change and drop.

use eframe::egui::{RichText, ScrollArea, Ui};

use crate::app::words::tr;
use crate::format::{ExportReport, Fate, ReportLine};

/// The report; none while it is being worked out.
pub(super) fn ui(ui: &mut Ui, report: Option<&Result<ExportReport, String>>) {
    match report {
        None => drop(ui.weak(tr("Working out what the format can carry…"))),
        Some(Err(error)) => drop(ui.colored_label(ui.visuals().error_fg_color, error)),
        Some(Ok(report)) => {
            let said = if report.is_lossless() { "Everything is carried over." } else { "Not everything can be carried over:" };
            ui.label(RichText::new(tr(said)).strong());
            let height = (ui.ctx().content_rect().height() - 540.0).clamp(80.0, 180.0);
            ScrollArea::vertical().max_height(height).auto_shrink([false, true]).show(ui, |ui| {
                report.lines.iter().for_each(|line| line_ui(ui, line));
            });
            ui.weak(tr("The same report is written beside the export."));
        }
    }
}

fn line_ui(ui: &mut Ui, line: &ReportLine) {
    let color = match line.fate {
        Fate::Dropped => ui.visuals().error_fg_color,
        Fate::Changed => ui.visuals().warn_fg_color,
        Fate::Kept => ui.visuals().weak_text_color(),
    };
    ui.horizontal_wrapped(|ui| {
        ui.label(RichText::new(tr(line.fate.as_str())).color(color).strong());
        ui.label(format!("{} {}", line.count, line.what));
        if !line.why.is_empty() {
            ui.weak(line.why);
        }
    })
    .response
    .on_hover_text(line.examples.join("\n"));
}
