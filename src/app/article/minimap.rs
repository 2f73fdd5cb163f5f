//! The article in its scrollbar: where the labels are, in their colours, what the search found, and the lit mentions.
//!
//! The bar has so few rows of pixels that a row looks at a few of its marks only, however many there are.

use eframe::egui::{Color32, Rect, Ui, pos2};

use super::view::{ArticleView, BAR, Reading};
use crate::app::theme;

/// Height of a row in the bar, in points.
const ROW: f32 = 2.0;
/// Marks of a row that have a say in its colour.
const VOTERS: usize = 5;
/// Width of the stripe of labels, in points.
const LABELS: f32 = 4.0;

/// Changes of marks show when nothing has changed for so long, in seconds: a frame in which somebody works has better to do.
const REST: f64 = 0.3;

/// The colours of the bar's rows.
#[derive(Default)]
pub(super) struct Minimap {
    made_from: Option<Source>,
    // Marks that are newer than the rows, and since when.
    waiting_for: Option<(u64, f64)>,
    rows: Vec<Option<Color32>>,
}

/// What the rows are made from.
#[derive(Clone, Copy, PartialEq)]
struct Source {
    marks: u64,
    height: f64,
    rows: usize,
}

impl Minimap {
    /// True when the rows are to be made anew.
    fn is_due(&mut self, ui: &Ui, source: Source) -> bool {
        let Some(made_from) = self.made_from else { return true };
        // Heights become exact while somebody reads; that moves a row by a pixel, which is not worth looking at all again.
        let is_same_bar = made_from.rows == source.rows && (made_from.height - source.height).abs() <= source.height / 100.0;
        if !is_same_bar || made_from.marks == source.marks {
            return !is_same_bar;
        }
        let now = ui.input(|input| input.time);
        let since = match self.waiting_for {
            Some((marks, since)) if marks == source.marks => since,
            _ => now,
        };
        self.waiting_for = Some((source.marks, since));
        let left = REST - (now - since);
        if left > 0.0 {
            ui.ctx().request_repaint_after(std::time::Duration::from_secs_f64(left));
        }
        left <= 0.0
    }
}

impl ArticleView {
    /// Everything in the bar but its thumb.
    pub(super) fn minimap_ui(&mut self, ui: &Ui, bar: Rect, reading: &Reading<'_>) {
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "rows of pixels")]
        let count = (bar.height() / ROW).max(0.0) as usize;
        let source = Source { marks: self.marks_revision, height: self.heights.total(), rows: count };
        if self.minimap.is_due(ui, source) {
            self.minimap = Minimap { made_from: Some(source), waiting_for: None, rows: self.label_rows(count, reading) };
        }
        let stripe = |from: usize, to: usize, left: f32, width: f32| {
            let (top, bottom) = (bar.top() + row_top(from), bar.top() + row_top(to));
            Rect::from_min_max(pos2(bar.left() + left, top), pos2(bar.left() + left + width, bottom))
        };
        let mut from = 0;
        for run in self.minimap.rows.chunk_by(|one, other| one == other) {
            if let Some(Some(color)) = run.first() {
                ui.painter().rect_filled(stripe(from, from + run.len(), 0.0, LABELS), 0.0, *color);
            }
            from += run.len();
        }
        let hits = theme::hit_color(ui.visuals(), true);
        for row in self.rows_with(count, reading.hits, |hit| hit.start()) {
            ui.painter().rect_filled(stripe(row, row + 1, LABELS + 1.0, BAR - LABELS - 1.0), 0.0, hits);
        }
        let mentions = &reading.chain.mentions;
        if mentions.len() > 1 {
            let color = ui.visuals().hyperlink_color;
            for row in self.rows_with(count, mentions, |mention| mention.0) {
                ui.painter().rect_filled(stripe(row, row + 1, 1.0, BAR - 2.0), 0.0, color);
            }
        }
    }

    /// The commonest colour among the first marks of each row.
    fn label_rows(&self, count: usize, reading: &Reading<'_>) -> Vec<Option<Color32>> {
        let mut start = 0;
        let row = |row: usize| {
            let end = self.byte_at(row + 1, count).max(start);
            let marks = self.index.all.starting_in(start..end).take(VOTERS);
            start = end;
            let colors: Vec<Color32> = marks.filter_map(|mark| self.styles.of(reading.sheet, mark)).map(|style| style.color).collect();
            colors.iter().copied().max_by_key(|color| colors.iter().filter(|other| *other == color).count())
        };
        (0..count).map(row).collect()
    }

    /// The rows that have one of these places, which are in text order.
    fn rows_with<T>(&self, count: usize, places: &[T], start_of: impl Fn(&T) -> usize) -> Vec<usize> {
        let (mut next, mut rows) = (0, Vec::new());
        for row in 0..count {
            if next == places.len() {
                break;
            }
            let end = self.byte_at(row + 1, count);
            let after = places.partition_point(|place| start_of(place) < end);
            if after > next {
                rows.push(row);
                next = after;
            }
        }
        rows
    }

    /// About the byte at which a row of the bar begins.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, clippy::cast_precision_loss, reason = "a place in a scrollbar")]
    fn byte_at(&self, row: usize, count: usize) -> usize {
        let (block, inside) = self.heights.find(row as f64 / count.max(1) as f64 * self.heights.total());
        let range = self.blocks.range(block);
        let part = inside / f64::from(self.heights.get(block).max(1.0));
        range.start + (range.len() as f64 * part).ceil() as usize
    }
}

#[expect(clippy::cast_precision_loss, reason = "rows of pixels")]
fn row_top(row: usize) -> f32 {
    row as f32 * ROW
}
