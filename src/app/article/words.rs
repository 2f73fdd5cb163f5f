//! Blocks drawn word by word, for scripts where one character is not one glyph.
//!
//! Lines are filled in reading order with measured words; each line is put into visual order by the Unicode
//! bidirectional algorithm (UAX 9, crate `unicode-bidi`); each word is a galley of its own. Inside a word the
//! places of its graphemes are spread evenly, so that going from an offset to a place and back always
//! returns to the same offset, whatever the font did.

use std::ops::Range;
use std::sync::Arc;

use eframe::egui::text::{LayoutJob, TextFormat};
use eframe::egui::{Color32, Context, Galley, Painter, Pos2, Rect, Vec2, pos2, vec2};
use unicode_bidi::{BidiInfo, ParagraphInfo};
use unicode_segmentation::UnicodeSegmentation;

use super::layout::{TextStyle, caret_rect};
use super::layouts::WordsOfHeight;

/// Longest piece of a word without blanks, in graphemes: lines may break behind it.
const MAX_GRAPHEMES: usize = 12;

/// A block laid out word by word.
pub(super) struct WordLayout {
    // Row by row, from left to right. Together the words are the whole block.
    words: Vec<Word>,
    rows: usize,
    row_height: f32,
    // Where the caret stands in an empty block.
    start_x: f32,
}

struct Word {
    bytes: Range<usize>,
    row: usize,
    x: f32,
    width: f32,
    direction: Direction,
    galley: Arc<Galley>,
    // Byte offsets of the graphemes inside the block, and of the end: at least two.
    stops: Vec<usize>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Direction {
    LeftToRight,
    RightToLeft,
}

impl WordLayout {
    /// `known` are words that were set before, in this style.
    pub(super) fn new(ctx: &Context, source: &str, style: &TextStyle, known: &mut WordsOfHeight) -> Self {
        let bidi = BidiInfo::new(source, None);
        let mut layout = Self { words: Vec::new(), rows: 0, row_height: style.row_height, start_x: 0.0 };
        let mut galleys = Galleys { ctx, style, known };
        for paragraph in &bidi.paragraphs {
            for line in fill_lines(source, paragraph, &mut galleys) {
                layout.push_line(source, &bidi, paragraph, line, &mut galleys);
            }
        }
        layout.rows = layout.rows.max(1);
        layout
    }

    fn push_line(&mut self, source: &str, bidi: &BidiInfo<'_>, paragraph: &ParagraphInfo, line: Range<usize>, galleys: &mut Galleys<'_>) {
        let (levels, runs) = bidi.visual_runs(paragraph, line);
        let mut placed = Vec::new();
        for run in runs {
            let is_rtl = levels.get(run.start).is_some_and(unicode_bidi::Level::is_rtl);
            let direction = if is_rtl { Direction::RightToLeft } else { Direction::LeftToRight };
            let mut pieces = pieces(source, run, direction);
            if is_rtl {
                pieces.reverse();
            }
            placed.extend(pieces.into_iter().map(|bytes| word(source, bytes, direction, galleys)));
        }
        let total: f32 = placed.iter().map(|word| word.width).sum();
        let mut x = if paragraph.level.is_rtl() { (galleys.style.width - total).max(0.0) } else { 0.0 };
        for word in placed {
            let width = word.width;
            self.words.push(Word { x, row: self.rows, ..word });
            x += width;
        }
        self.rows += 1;
    }

    #[expect(clippy::cast_precision_loss, reason = "few rows")]
    pub(super) fn height(&self) -> f32 {
        self.rows as f32 * self.row_height
    }

    pub(super) fn rects(&self, range: Range<usize>) -> Vec<Rect> {
        let mut rects: Vec<Rect> = Vec::new();
        for word in &self.words {
            let (from, to) = (range.start.max(word.bytes.start), range.end.min(word.bytes.end));
            if from >= to {
                continue;
            }
            let (a, b) = (word.x_of(from), word.x_of(to));
            let top = self.top(word.row);
            let rect = Rect::from_min_max(pos2(a.min(b), top), pos2(a.max(b), top + self.row_height));
            match rects.last_mut() {
                Some(last) if last.top() == top && (rect.left() - last.right()).abs() < 0.5 => *last = last.union(rect),
                _ => rects.push(rect),
            }
        }
        rects
    }

    pub(super) fn hit(&self, position: Vec2) -> usize {
        let row = ((position.y / self.row_height).max(0.0) as usize).min(self.rows - 1);
        let distance = |word: &&Word| (word.x - position.x).max(position.x - word.x - word.width).max(0.0);
        let nearest = self.words.iter().filter(|word| word.row == row).min_by(|a, b| distance(a).total_cmp(&distance(b)));
        nearest.map_or(0, |word| word.hit(position.x))
    }

    pub(super) fn caret(&self, offset: usize) -> Rect {
        let word = self.words.iter().find(|word| word.bytes.contains(&offset)).or_else(|| self.words.iter().max_by_key(|word| word.bytes.end));
        word.map_or_else(|| caret_rect(self.start_x, 0.0, self.row_height), |word| caret_rect(word.x_of(offset), self.top(word.row), self.row_height))
    }

    pub(super) fn paint(&self, painter: &Painter, origin: Pos2, color: Color32) {
        // Half of the words are blanks.
        for word in self.words.iter().filter(|word| word.galley.num_vertices > 0) {
            painter.galley(origin + vec2(word.x, self.top(word.row)), Arc::clone(&word.galley), color);
        }
    }

    #[expect(clippy::cast_precision_loss, reason = "few rows")]
    fn top(&self, row: usize) -> f32 {
        row as f32 * self.row_height
    }
}

impl Word {
    #[expect(clippy::cast_precision_loss, reason = "few graphemes")]
    fn x_of(&self, offset: usize) -> f32 {
        let index = self.stops.partition_point(|stop| *stop < offset).min(self.stops.len() - 1);
        let part = index as f32 / (self.stops.len() - 1) as f32;
        let part = if self.direction == Direction::RightToLeft { 1.0 - part } else { part };
        self.x + part * self.width
    }

    #[expect(clippy::cast_precision_loss, clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "few graphemes")]
    fn hit(&self, x: f32) -> usize {
        let part = if self.width > 0.0 { ((x - self.x) / self.width).clamp(0.0, 1.0) } else { 0.0 };
        let part = if self.direction == Direction::RightToLeft { 1.0 - part } else { part };
        let index = (part * (self.stops.len() - 1) as f32).round() as usize;
        self.stops.get(index).copied().unwrap_or(self.bytes.end)
    }
}

/// Lines in reading order: words are measured and put on a line while they fit.
fn fill_lines(source: &str, paragraph: &ParagraphInfo, galleys: &mut Galleys<'_>) -> Vec<Range<usize>> {
    let mut lines = Vec::new();
    let mut start = paragraph.range.start;
    let mut x = 0.0;
    for piece in pieces(source, paragraph.range.clone(), Direction::LeftToRight) {
        let part = source.get(piece.clone()).unwrap_or_default();
        let width = galleys.of(part).intrinsic_size().x;
        if x > 0.0 && x + width > galleys.style.width && !part.trim().is_empty() {
            lines.push(start..piece.start);
            start = piece.start;
            x = 0.0;
        }
        x += width;
    }
    lines.push(start..paragraph.range.end);
    lines
}

/// Words and runs of blanks, long words in parts. In right-to-left runs words are also split where letters meet
/// other characters, because egui sets the parts of a word that need different fonts from left to right.
fn pieces(source: &str, run: Range<usize>, direction: Direction) -> Vec<Range<usize>> {
    let part = source.get(run.clone()).unwrap_or_default();
    let mut pieces: Vec<Range<usize>> = Vec::new();
    let mut last_kind = None;
    let mut count = 0;
    for (i, grapheme) in part.grapheme_indices(true) {
        let kind = kind_of(grapheme, direction);
        let end = run.start + i + grapheme.len();
        match pieces.last_mut() {
            Some(last) if last_kind == Some(kind) && count < MAX_GRAPHEMES => last.end = end,
            _ => {
                pieces.push(run.start + i..end);
                count = 0;
            }
        }
        last_kind = Some(kind);
        // Words of scripts that join letters are kept whole; only scripts without blanks are cut.
        count += usize::from(is_unspaced(grapheme));
    }
    pieces
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Blank,
    Letter,
    Other,
}

fn kind_of(grapheme: &str, direction: Direction) -> Kind {
    if grapheme.trim().is_empty() {
        Kind::Blank
    } else if direction == Direction::RightToLeft && !grapheme.chars().any(char::is_alphanumeric) {
        Kind::Other
    } else {
        Kind::Letter
    }
}

/// Thai, Lao, Burmese, Khmer, Han and Kana are written without blanks between words.
fn is_unspaced(grapheme: &str) -> bool {
    let first = grapheme.chars().next().unwrap_or(' ');
    matches!(first, '\u{e00}'..='\u{eff}' | '\u{1000}'..='\u{109f}' | '\u{1780}'..='\u{17ff}' | '\u{3040}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}')
}

fn word(source: &str, bytes: Range<usize>, direction: Direction, galleys: &mut Galleys<'_>) -> Word {
    let part = source.get(bytes.clone()).unwrap_or_default();
    let is_mirrored = direction == Direction::RightToLeft && !part.chars().any(char::is_alphanumeric);
    let galley = if is_mirrored { galleys.of(&part.chars().rev().map(mirrored).collect::<String>()) } else { galleys.of(part) };
    let stops = part.grapheme_indices(true).map(|(i, _)| bytes.start + i).chain([bytes.end]).collect();
    Word { width: galley.intrinsic_size().x, row: 0, x: 0.0, bytes, direction, galley, stops }
}

/// Words set by egui, each once.
struct Galleys<'g> {
    ctx: &'g Context,
    style: &'g TextStyle,
    known: &'g mut WordsOfHeight,
}

impl Galleys<'_> {
    fn of(&mut self, text: &str) -> Arc<Galley> {
        let TextStyle { font, color, row_height, .. } = self.style;
        self.known.get(text, || {
            let format = TextFormat { font_id: font.clone(), color: *color, line_height: Some(*row_height), ..TextFormat::default() };
            let mut job = LayoutJob { break_on_newline: false, ..LayoutJob::default() };
            job.wrap.max_width = f32::INFINITY;
            job.append(&crate::text::with_symbols(text), 0.0, format);
            self.ctx.fonts_mut(|fonts| fonts.layout_job(job))
        })
    }
}

/// Brackets open the other way in right-to-left text.
fn mirrored(c: char) -> char {
    const PAIRS: [(char, char); 8] = [('(', ')'), ('[', ']'), ('{', '}'), ('<', '>'), ('«', '»'), ('‹', '›'), ('“', '”'), ('‘', '’')];
    PAIRS.iter().find_map(|(a, b)| if c == *a { Some(*b) } else { (c == *b).then_some(*a) }).unwrap_or(c)
}

#[cfg(test)]
mod tests {
    use eframe::egui::{FontId, RawInput};

    use super::*;

    const SENTENCES: [&str; 8] = [
        "قالت الوزيرة إن الضرائب «سترتفع» في عام 2016.",
        "שר החוץ אמר: \"לא ננהל משא ומתן\" (שוב) ב-3.5 מיליון.",
        "abc العربية def, then 12 العدد 34.",
        "รัฐมนตรีกล่าวว่าน้ำใจของประชาชนสำคัญมาก",
        "मंत्री ने कहा कि कर नहीं बढ़ेंगे।",
        "মন্ত্রী বলেছেন কর বাড়বে না।",
        "வரி உயராது என்று அமைச்சர் கூறினார்.",
        "ဝန်ကြီးက အခွန်မတိုးဘူးဟု ပြောသည်။",
    ];

    fn with_layout(text: &str, width: f32, test: impl Fn(&WordLayout)) {
        let ctx = Context::default();
        let mut once = Some(test);
        let mut output = ctx.run_ui(RawInput::default(), |ui| {
            let style = TextStyle { font: FontId::proportional(17.0), color: Color32::BLACK, row_height: 34.0, width };
            if let Some(test) = once.take() {
                test(&WordLayout::new(ui.ctx(), text, &style, &mut WordsOfHeight::default()));
            }
        });
        // Nobody paints it.
        output.textures_delta.clear();
    }

    #[test]
    fn offset_to_place_to_offset_returns() {
        for text in SENTENCES {
            for width in [700.0, 120.0] {
                with_layout(text, width, |layout| {
                    for (offset, grapheme) in text.grapheme_indices(true) {
                        // Inside the grapheme, near its leading edge.
                        let rect = layout.rects(offset..offset + grapheme.len())[0];
                        let caret = layout.caret(offset);
                        let inside = caret.left() + (rect.center().x - caret.left()) * 0.2;
                        assert_eq!(layout.hit(vec2(inside, caret.center().y)), offset, "{text:?} {grapheme:?} at {offset}, width {width}");
                    }
                });
            }
        }
    }

    #[test]
    fn words_cover_the_block_once() {
        for text in SENTENCES {
            with_layout(text, 150.0, |layout| {
                let mut ranges: Vec<Range<usize>> = layout.words.iter().map(|word| word.bytes.clone()).collect();
                ranges.sort_by_key(|range| range.start);
                let ends = ranges.iter().try_fold(0, |end, range| (range.start == end).then_some(range.end));
                assert_eq!(ends, Some(text.len()), "{text:?}");
            });
        }
    }

    #[test]
    fn right_to_left_starts_at_the_right() {
        with_layout("שלום עולם", 400.0, |layout| {
            assert!(layout.caret(0).left() > layout.caret("שלום ".len()).left());
            assert!((layout.caret(0).left() - 400.0).abs() < 0.5);
        });
    }

    #[test]
    fn an_empty_block_has_a_place() {
        with_layout("", 400.0, |layout| assert_eq!((layout.hit(vec2(9.0, 9.0)), layout.caret(0).left()), (0, 0.0)));
    }
}
