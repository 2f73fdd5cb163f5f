//! A character for which no font has a glyph shows its code, so that nobody takes it for another one.

use eframe::egui::{Align2, FontFamily, FontId, Painter, Rect, Ui, pos2, vec2};

use super::view::{ArticleView, Reading};
use crate::text::hidden::is_hidden;

/// The least width of a code, in sizes of the letters. Marks that stand on others have none.
const MIN_WIDTH: f32 = 0.2;
/// Width of a digit, in sizes of the letters.
const DIGIT_EMS: f32 = 0.61;

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

/// The code on a ground of its own, two digits a line: what stands there otherwise is narrow.
fn paint_code(painter: &Painter, ui: &Ui, body: Rect, letter: char) {
    let code = code_of(letter);
    let lines = code.len() / 2;
    let ground = body.shrink2(vec2(0.5, body.height() * 0.06));
    #[expect(clippy::cast_precision_loss, reason = "two or three")]
    let line_height = ground.height() / lines as f32;
    painter.rect_filled(ground, 1.0, ui.visuals().faint_bg_color);
    let size = (line_height * 0.95).min(ground.width() / (2.0 * DIGIT_EMS));
    let mut y = ground.top() + line_height / 2.0;
    for at in (0..code.len()).step_by(2) {
        let line = code.get(at..at + 2).unwrap_or_default();
        painter.text(pos2(ground.center().x, y), Align2::CENTER_CENTER, line, FontId::new(size, FontFamily::Monospace), ui.visuals().text_color());
        y += line_height;
    }
}

/// Four or six hexadecimal digits.
fn code_of(letter: char) -> String {
    let code = u32::from(letter);
    if code > 0xffff { format!("{code:06X}") } else { format!("{code:04X}") }
}
