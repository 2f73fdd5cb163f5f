//! A character for which no font has a glyph shows its code, so that nobody takes it for another one.

use eframe::egui::{Align2, FontFamily, FontId, Painter, Rect, Stroke, StrokeKind, Ui, pos2, vec2};

use super::view::{ArticleView, Reading};
use crate::text::hidden::is_hidden;

/// The least width of a code, in sizes of the letters. Marks that stand on others have none.
const MIN_WIDTH: f32 = 0.2;

impl ArticleView {
    /// Paints codes over what the fonts put there instead.
    pub(super) fn paint_missing(&self, painter: &Painter, ui: &Ui, reading: &Reading<'_>) {
        for visible in &self.visible {
            let source = self.source(reading.text, visible.block);
            if source.is_ascii() {
                continue;
            }
            let foreign = source.char_indices().filter(|(_, letter)| !letter.is_ascii() && !letter.is_whitespace() && !is_hidden(*letter));
            let missing: Vec<(usize, char)> =
                ui.ctx().fonts_mut(|fonts| foreign.filter(|(_, letter)| !fonts.has_glyph(&self.style.font, *letter)).collect());
            for (at, letter) in missing {
                let rects = visible.layout.rects(at..at + letter.len_utf8());
                if let Some(rect) = rects.first().filter(|rect| rect.width() >= MIN_WIDTH * self.style.font.size) {
                    let row = rect.translate(vec2(self.column.left(), visible.top));
                    paint_code(painter, ui, self.body(row), letter);
                }
            }
        }
    }
}

/// A frame with the code in two lines.
fn paint_code(painter: &Painter, ui: &Ui, body: Rect, letter: char) {
    let code = code_of(letter);
    let digits = code.len() / 2;
    let (top, bottom) = code.split_at(digits);
    let frame = body.shrink2(vec2(0.5, body.height() * 0.08));
    #[expect(clippy::cast_precision_loss, reason = "two or three")]
    let size = (frame.height() * 0.46).min(frame.width() / (digits as f32 * 0.58));
    let color = ui.visuals().weak_text_color();
    painter.rect(frame, 1.0, ui.visuals().extreme_bg_color, Stroke::new(1.0, color), StrokeKind::Inside);
    for (line, y) in [(top, 0.29), (bottom, 0.71)] {
        let at = pos2(frame.center().x, frame.top() + frame.height() * y);
        painter.text(at, Align2::CENTER_CENTER, line, FontId::new(size, FontFamily::Monospace), ui.visuals().text_color());
    }
}

/// Four or six hexadecimal digits.
fn code_of(letter: char) -> String {
    let code = u32::from(letter);
    if code > 0xffff { format!("{code:06X}") } else { format!("{code:04X}") }
}
