//! What was laid out, kept: blocks while they are seen, words longer, because an article says most of its words again and again.

use std::collections::{HashMap, VecDeque};
use std::sync::Arc;

use eframe::egui::text::LayoutJob;
use eframe::egui::{Color32, Context, FontId, Galley};

use super::layout::{BlockLayout, TextStyle};

/// So many words are kept of each height of a row, and as many that were asked for before them.
const MAX_WORDS: usize = 700;
/// Blocks with relations have higher rows; of so many heights words are kept.
const MAX_HEIGHTS: usize = 4;

/// Blocks and words as egui has set them.
#[derive(Default)]
pub(super) struct Layouts {
    style: Option<TextStyle>,
    blocks: HashMap<usize, Kept>,
    words: Words,
    // Another one as soon as egui's fonts are others, and places in their picture with them.
    sign: Option<Arc<Galley>>,
    pass: u64,
}

struct Kept {
    layout: Arc<BlockLayout>,
    row_height: f32,
    // The pass in which it was asked for.
    pass: u64,
}

impl Layouts {
    /// The layout of a block, whose rows may be higher than those of other blocks.
    pub(super) fn get(&mut self, ctx: &Context, (block, source): (usize, &str), style: &TextStyle, row_height: f32) -> Arc<BlockLayout> {
        self.begin(ctx, style);
        if let Some(kept) = self.blocks.get_mut(&block).filter(|kept| kept.row_height == row_height) {
            kept.pass = self.pass;
            return kept.layout.clone();
        }
        let style = TextStyle { row_height, ..style.clone() };
        let layout = Arc::new(BlockLayout::new(ctx, source, &style, self.words.of_height(row_height)));
        self.blocks.insert(block, Kept { layout: layout.clone(), row_height, pass: self.pass });
        layout
    }

    /// The text is another one.
    pub(super) fn forget_blocks(&mut self) {
        self.blocks.clear();
    }

    fn forget(&mut self) {
        self.words = Words::default();
        self.blocks.clear();
    }

    /// Once a pass, lets go what was not asked for in the last one; and all, where letters would look otherwise now.
    fn begin(&mut self, ctx: &Context, style: &TextStyle) {
        if self.style.as_ref() != Some(style) {
            self.forget();
            self.style = Some(style.clone());
        }
        let pass = ctx.cumulative_pass_nr();
        if std::mem::replace(&mut self.pass, pass) == pass && self.sign.is_some() {
            return;
        }
        let job = LayoutJob::simple_singleline("☞".to_owned(), FontId::proportional(10.0), Color32::PLACEHOLDER);
        let sign = ctx.fonts_mut(|fonts| fonts.layout_job(job));
        if self.sign.as_ref().is_none_or(|old| !Arc::ptr_eq(old, &sign)) {
            self.forget();
        }
        self.sign = Some(sign);
        self.blocks.retain(|_, kept| kept.pass + 1 >= pass);
    }
}

/// Words by the height of their rows.
#[derive(Default)]
struct Words {
    current: (f32, WordsOfHeight),
    // The last asked for comes first.
    others: VecDeque<(f32, WordsOfHeight)>,
}

impl Words {
    fn of_height(&mut self, row_height: f32) -> &mut WordsOfHeight {
        if self.current.0 != row_height {
            let place = self.others.iter().position(|(height, _)| *height == row_height);
            let next = place.and_then(|place| self.others.remove(place)).unwrap_or_else(|| (row_height, WordsOfHeight::default()));
            self.others.push_front(std::mem::replace(&mut self.current, next));
            self.others.truncate(MAX_HEIGHTS - 1);
        }
        &mut self.current.1
    }
}

/// Words of one height. Where they become too many, those go that were not asked for lately.
#[derive(Default)]
pub(super) struct WordsOfHeight {
    new: HashMap<Box<str>, Arc<Galley>>,
    old: HashMap<Box<str>, Arc<Galley>>,
}

impl WordsOfHeight {
    /// A word, set by `set` where it is not known.
    pub(super) fn get(&mut self, word: &str, set: impl FnOnce() -> Arc<Galley>) -> Arc<Galley> {
        if let Some(galley) = self.new.get(word) {
            return galley.clone();
        }
        let (word, galley) = self.old.remove_entry(word).unwrap_or_else(|| (word.into(), set()));
        if self.new.len() == MAX_WORDS {
            self.old = std::mem::take(&mut self.new);
        }
        self.new.insert(word, galley.clone());
        galley
    }
}

#[cfg(test)]
mod tests {
    use eframe::egui::{RawInput, vec2};

    use super::*;

    fn style(size: f32) -> TextStyle {
        TextStyle { font: FontId::proportional(size), color: Color32::BLACK, row_height: 34.0, width: 300.0 }
    }

    /// Layouts of blocks 0, 1, … in one pass.
    fn pass(ctx: &Context, layouts: &mut Layouts, sources: &[&str], style: &TextStyle) -> Vec<Arc<BlockLayout>> {
        let mut found = Vec::new();
        let mut output = ctx.run_ui(RawInput::default(), |ui| {
            found = sources.iter().enumerate().map(|(block, source)| layouts.get(ui.ctx(), (block, source), style, 34.0)).collect();
        });
        // Nobody paints it.
        output.textures_delta.clear();
        found
    }

    #[test]
    fn a_block_is_laid_out_once_while_it_is_seen() {
        let (ctx, mut layouts) = (Context::default(), Layouts::default());
        let first = pass(&ctx, &mut layouts, &["a b", "קול"], &style(17.0));
        let again = pass(&ctx, &mut layouts, &["a b", "קול"], &style(17.0));
        assert!(first.iter().zip(&again).all(|(a, b)| Arc::ptr_eq(a, b)));
        pass(&ctx, &mut layouts, &["a b"], &style(17.0));
        pass(&ctx, &mut layouts, &["a b"], &style(17.0));
        assert_eq!(layouts.blocks.len(), 1);
        layouts.forget_blocks();
        let other = pass(&ctx, &mut layouts, &["a c"], &style(17.0));
        assert!(!Arc::ptr_eq(&first[0], &other[0]));
    }

    #[test]
    fn other_letters_are_laid_out_anew() {
        let (ctx, mut layouts) = (Context::default(), Layouts::default());
        let small = pass(&ctx, &mut layouts, &["قول"], &style(10.0));
        let large = pass(&ctx, &mut layouts, &["قول"], &style(20.0));
        assert!(large[0].caret(0).left() != small[0].caret(0).left() || !Arc::ptr_eq(&small[0], &large[0]));
        let mut fonts = eframe::egui::FontDefinitions::default();
        fonts.families.values_mut().for_each(|family| family.reverse());
        ctx.set_fonts(fonts);
        pass(&ctx, &mut layouts, &["قول"], &style(20.0));
        let anew = pass(&ctx, &mut layouts, &["قول"], &style(20.0));
        assert!(!Arc::ptr_eq(&large[0], &anew[0]));
        let zoomed = {
            ctx.set_pixels_per_point(2.0);
            pass(&ctx, &mut layouts, &["قول"], &style(20.0));
            pass(&ctx, &mut layouts, &["قول"], &style(20.0))
        };
        assert!(!Arc::ptr_eq(&zoomed[0], &anew[0]));
        assert_eq!(zoomed[0].hit("قول", vec2(0.0, 5.0)), anew[0].hit("قول", vec2(0.0, 5.0)));
    }

    #[test]
    fn words_go_that_were_not_asked_for_lately() {
        let mut words = WordsOfHeight::default();
        let ctx = Context::default();
        let mut output = ctx.run_ui(RawInput::default(), |ui| {
            let mut set = 0;
            let mut get = |word: String| {
                words.get(&word, || {
                    set += 1;
                    let job = LayoutJob::simple_singleline(word.clone(), FontId::proportional(10.0), Color32::BLACK);
                    ui.ctx().fonts_mut(|fonts| fonts.layout_job(job))
                });
                set
            };
            for nth in 0..3 * MAX_WORDS {
                assert_eq!(get(nth.to_string()), nth + 1);
                // Asked for again and again: it stays.
                assert_eq!(get("0".to_owned()), nth + 1);
            }
            assert_eq!(get("1".to_owned()), 3 * MAX_WORDS + 1);
        });
        output.textures_delta.clear();
        assert!(words.new.len() + words.old.len() <= 2 * MAX_WORDS);
    }
}
